/** Numbers as people of the reader's locale type them, read without losing a digit. */
import type { NumberField } from "./field.ts";

export interface NumberLocale {
  /** Between the whole and its decimals. */
  readonly decimal: string;
  /** From 0 to 9. */
  readonly digits: readonly string[];
}

export function numberLocale(locale?: string): NumberLocale {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  const digits = new Intl.NumberFormat(locale, { useGrouping: false });
  return {
    decimal: parts.find(({ type }) => type === "decimal")?.value ?? ".",
    digits: Array.from({ length: 10 }, (_, digit) => digits.format(digit)),
  };
}

const readersLocale = numberLocale();

export function toNumberText(value: number, { decimal }: NumberLocale = readersLocale): string {
  return String(value).replace(".", decimal);
}

/** The number, or what is wrong with the text. */
export function readNumber(
  field: NumberField,
  text: string,
  { decimal, digits }: NumberLocale = readersLocale,
): number | { readonly problem: string } {
  const plain = text
    .trim()
    .replace(/\p{Nd}/gu, (digit) => (digits.includes(digit) ? String(digits.indexOf(digit)) : digit));
  // In a locale with a decimal comma 1.234 may mean either: nobody is to guess.
  if (decimal !== "." && /^[+-]?\d{1,3}(\.\d{3})+$/.test(plain))
    return { problem: `Write it without a sign between thousands, and with “${decimal}” before decimals.` };
  const normal = plain.replace("−", "-").replace(decimal, ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(normal)) return { problem: "This is not a number." };
  const value = Number(normal);
  if (!Number.isFinite(value)) return { problem: "This number is too large." };
  if (shapeOf(normal) !== shapeOf(String(value)))
    return {
      problem: `This has more digits than can be kept: it would become ${toNumberText(value, { decimal, digits })}.`,
    };
  const problem = checkNumber(field, value);
  return problem === null ? value : { problem };
}

/** Digits and place of the decimal point, whatever way they are written. */
function shapeOf(text: string): string {
  const [, sign = "", whole = "", part = "", power = "0"] = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const all = `${whole}${part}`.replace(/^0+/, "");
  const digits = all.replace(/0+$/, "");
  if (digits === "") return "0";
  return `${sign === "-" ? "-" : ""}${digits}e${Number(power) - part.length + all.length - digits.length}`;
}

export function checkNumber(field: NumberField, value: number): string | null {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = field;
  if (field.isInteger && !Number.isInteger(value)) return "A whole number is needed.";
  if (minimum !== undefined && value < minimum) return `At least ${toNumberText(minimum)}.`;
  if (maximum !== undefined && value > maximum) return `At most ${toNumberText(maximum)}.`;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum)
    return `More than ${toNumberText(exclusiveMinimum)}.`;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum)
    return `Less than ${toNumberText(exclusiveMaximum)}.`;
  if (multipleOf !== undefined && multipleOf > 0) {
    const times = value / multipleOf;
    // Decimal steps such as 0.1 are not exact in binary.
    if (Math.abs(times - Math.round(times)) > 1e-9 * Math.max(1, Math.abs(times)))
      return `A multiple of ${toNumberText(multipleOf)}.`;
  }
  return null;
}

/** What a number may be, in short: "0 to 10, in steps of 0.5"; empty: anything. */
export function rangeWords({ minimum, maximum, multipleOf }: NumberField): string {
  const least = isTold(minimum) ? toNumberText(minimum) : null;
  const most = isTold(maximum) ? toNumberText(maximum) : null;
  const range =
    least !== null && most !== null
      ? `${least} to ${most}`
      : least !== null
        ? `${least} or more`
        : most !== null
          ? `${most} or less`
          : "";
  const steps = multipleOf === undefined || multipleOf === 1 ? "" : `in steps of ${toNumberText(multipleOf)}`;
  return [range, steps].filter((word) => word !== "").join(", ");
}

/** The bounds of what is exact say nothing to people. */
function isTold(bound: number | undefined): bound is number {
  return bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
}
