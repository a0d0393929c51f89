import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("../../inspector/ui/tokens.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--tw-([\w-]+): light-dark\((#[\da-f]{6}), (#[\da-f]{6})\)/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, [light, dark] as const],
  ),
);

const TEXTS = ["text", "text-muted", "accent", "ok", "warn", "danger", "retry"];
const SURFACES = ["bg", "surface", "surface-2"];
const PAIRS: [string, string][] = [
  ...TEXTS.flatMap((text) => SURFACES.map((surface): [string, string] => [text, surface])),
  ["accent", "accent-soft"],
  ["ok", "ok-soft"],
  ["warn", "warn-soft"],
  ["danger", "danger-soft"],
  ["retry", "retry-soft"],
  ["sandbox", "surface"],
  ["sandbox", "sandbox-soft"],
  ["text", "sandbox-soft"],
  ["text", "accent-soft"],
  ["text", "warn-soft"],
  ["text", "danger-soft"],
  ["text-muted", "accent-soft"],
  ["text-muted", "danger-soft"],
  ["accent-text", "accent"],
];

test.each(["light", "dark"])("text is readable on what it stands on: AA, %s", (theme) => {
  const at = theme === "light" ? 0 : 1;
  const low = PAIRS.map(
    ([text, surface]) =>
      [`${text} on ${surface}`, contrast(tokens.get(text)?.[at], tokens.get(surface)?.[at])] as const,
  ).filter(([, ratio]) => ratio < 4.5);
  expect(low).toEqual([]);
});

test.each(["light", "dark"])("borders of fields stand out: 3 to 1, %s", (theme) => {
  const at = theme === "light" ? 0 : 1;
  expect(contrast(tokens.get("border-strong")?.[at], tokens.get("surface")?.[at])).toBeGreaterThanOrEqual(3);
});

function contrast(a = "#000000", b = "#000000"): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
