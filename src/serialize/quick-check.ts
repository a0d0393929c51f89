/**
 * Whether a value has a schema's form, without a copy of it: reading a run of 100,000 ticks spends most of its time on
 * the copies that zod makes. A yes is to be relied on; after a no, ask the schema itself, which knows why and where.
 */
import * as z from "zod/mini";

type Check = (value: unknown) => boolean;
type Schema = z.core.$ZodType;

/** Kinds of schemas that it does not know are answered by zod. */
export function quickCheck(schema: Schema): Check {
  const known = checks.get(schema);
  if (known) return known;
  const check = make(schema);
  checks.set(schema, check);
  return check;
}

const checks = new WeakMap<Schema, Check>();

type Definition = z.core.$ZodTypes["_zod"]["def"];

function definitionOf({ _zod: inside }: Schema): Definition {
  return inside.def as Definition;
}

function make(schema: Schema): Check {
  const def = definitionOf(schema);
  const refined = (def.checks ?? []).map(({ _zod: inside }) => quickRefinement(inside.def as RefinementDef));
  const own = ofType(def);
  if (own === null || refined.includes(null)) return (value) => z.safeParse(schema, value).success;
  const [refinement, ...more] = refined as Check[];
  if (refinement === undefined) return own;
  if (more.length === 0) return (value) => own(value) && refinement(value);
  return (value) => own(value) && refinement(value) && more.every((each) => each(value));
}

interface RefinementDef {
  readonly check: string;
  readonly value?: unknown;
  readonly inclusive?: boolean;
  readonly fn?: Check;
}

function quickRefinement({ check, value: limit, inclusive, fn }: RefinementDef): Check | null {
  if (check === "custom" && fn !== undefined) return fn;
  if (check === "greater_than" && typeof limit === "number") {
    return inclusive ? (value) => (value as number) >= limit : (value) => (value as number) > limit;
  }
  return null;
}

function ofType(def: Definition): Check | null {
  switch (def.type) {
    case "unknown":
      return () => true;
    case "string":
      return "check" in def ? null : (value) => typeof value === "string";
    case "boolean":
      return (value) => typeof value === "boolean";
    case "number":
      if (!("check" in def)) return Number.isFinite;
      return "format" in def && def.format === "safeint" ? Number.isSafeInteger : null;
    case "literal":
      return oneOf(def.values);
    case "enum":
      return oneOf(Object.values(def.entries));
    case "optional": {
      const inner = quickCheck(def.innerType);
      return (value) => value === undefined || inner(value);
    }
    case "nullable": {
      const inner = quickCheck(def.innerType);
      return (value) => value === null || inner(value);
    }
    case "custom":
      return "fn" in def ? (def.fn as Check) : null;
    case "array": {
      const element = quickCheck(def.element);
      return (value) => Array.isArray(value) && value.every(element);
    }
    case "record":
      return isAnyText(def.keyType) ? quickRecord(quickCheck(def.valueType)) : null;
    case "object":
      return def.catchall === undefined || definitionOf(def.catchall).type === "unknown"
        ? quickObject(def.shape)
        : null;
    case "union":
      return "discriminator" in def
        ? quickChoice(String(def.discriminator), def.options)
        : anyOf(def.options.map((option) => quickCheck(option)));
    default:
      return null;
  }
}

function isAnyText(schema: Schema): boolean {
  const def = definitionOf(schema);
  return def.type === "string" && !("check" in def) && (def.checks ?? []).length === 0;
}

function oneOf(values: readonly unknown[]): Check {
  if (values.length === 1) return (value) => value === values[0];
  const all = new Set(values);
  return (value) => all.has(value);
}

function anyOf(options: readonly Check[]): Check {
  return (value) => options.some((option) => option(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function quickRecord(isValue: Check): Check {
  return (value) =>
    isObject(value) && Object.entries(value).every(([key, item]) => key !== "__proto__" && isValue(item));
}

function quickObject(shape: z.core.$ZodShape): Check {
  let fields: readonly (readonly [string, Check])[] | null = null;
  return (value) => {
    if (!isObject(value)) return false;
    // Only now: a schema may contain itself, and does so by a getter.
    fields ??= Object.keys(shape).map((key) => [key, quickCheck(shape[key] as Schema)] as const);
    for (const [key, isField] of fields) if (!isField(value[key])) return false;
    return true;
  };
}

/** Each option is known by the literal under one key; null where one is not. */
function quickChoice(discriminator: string, options: readonly Schema[]): Check | null {
  const byValue = new Map<unknown, Check>();
  for (const option of options) {
    const def = definitionOf(option);
    const key = def.type === "object" ? def.shape[discriminator] : undefined;
    const literal = key === undefined ? undefined : definitionOf(key);
    if (literal?.type !== "literal") return null;
    for (const value of literal.values) byValue.set(value, quickCheck(option));
  }
  return (value) => isObject(value) && (byValue.get(value[discriminator])?.(value) ?? false);
}
