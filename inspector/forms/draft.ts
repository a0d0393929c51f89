/**
 * What someone is typing, before it is a value: numbers and JSON are text until they are read. undefined: left out;
 * null: the value null. `readDraft` gives the value or says what is wrong where.
 */
import type { Json } from "tickwork/client";
import type { Field, ListField, ObjectField, UnionField } from "./field.ts";
import { itemField } from "./field.ts";
import { toNumberText } from "./number-text.ts";
import { hasFormOf } from "./value-fits.ts";

export type Draft =
  | undefined
  | null
  | string
  | boolean
  | number
  | readonly Draft[]
  | { readonly [name: string]: Draft };

/** `members` by name; `extras` are the members with names of their own. */
export interface ObjectDraft {
  readonly [part: string]: Draft;
  readonly members: { readonly [name: string]: Draft };
  readonly extras: readonly ExtraDraft[];
}

export interface ExtraDraft {
  readonly [part: string]: Draft;
  readonly name: Draft;
  readonly value: Draft;
}

export interface UnionDraft {
  readonly [part: string]: Draft;
  /** null: not chosen yet. */
  readonly variant: number | null;
  readonly draft: Draft;
}

/** Redaction puts this in place of what is hidden: nobody means to send it. */
const HIDDEN = "[redacted]";

/** Deeper than this nothing is filled in by itself: a schema may ask for itself without end. */
const MOST_DEPTH = 12;

/** What a field begins with. */
export function emptyDraft(field: Field, isRequired: boolean, depth = 0): Draft {
  if (field.default !== undefined) return toDraft(field, field.default);
  if (!isRequired || depth > MOST_DEPTH) return undefined;
  if (field.isNullable === true) return null;
  switch (field.kind) {
    case "text":
    case "number":
    case "json":
      return "";
    case "boolean":
      return false;
    case "choice":
      return field.options.length === 1 ? 0 : undefined;
    case "list": {
      const count = Math.min(20, Math.max(field.minItems, field.rest === null ? field.first.length : 0));
      return Array.from({ length: count }, (_, index) => emptyItem(field, index, depth + 1));
    }
    case "object":
      return {
        members: Object.fromEntries(
          field.members.map((member) => [member.name, emptyDraft(member.field(), member.isRequired, depth + 1)]),
        ),
        extras: [],
      };
    case "union":
      return { variant: null, draft: undefined };
  }
}

/** Of a list's new item. */
export function emptyItem(field: ListField, index: number, depth = 0): Draft {
  const item = itemField(field, index);
  return item === null ? undefined : emptyDraft(item, index < field.minItems || index >= field.first.length, depth);
}

/** A value as it would have been typed. */
export function toDraft(field: Field, value: Json): Draft {
  if (value === HIDDEN) return emptyDraft(withoutDefault(field), true);
  if (value === null && field.isNullable === true) return null;
  switch (field.kind) {
    case "text":
      return textOf(value);
    case "number":
      return typeof value === "number" ? toNumberText(value) : "";
    case "boolean":
      return value === true;
    case "choice": {
      const text = JSON.stringify(value);
      const index = field.options.findIndex((option) => JSON.stringify(option.value) === text);
      return index < 0 ? undefined : index;
    }
    case "list":
      return Array.isArray(value)
        ? value.map((item, index) => {
            const known = itemField(field, index);
            return known === null ? JSON.stringify(item) : toDraft(known, item as Json);
          })
        : [];
    case "object":
      return toObjectDraft(field, value);
    case "union":
      return toUnionDraft(field, value);
    case "json":
      return JSON.stringify(value, null, 2);
  }
}

function withoutDefault({ default: _default, ...field }: Field): Field {
  return field;
}

/** Dates come as they are, or written down with their kind. */
function textOf(value: Json): string {
  if (typeof value === "string") return value;
  const tagged = typeof value === "object" && value !== null && "value" in value ? value.value : value;
  const date = (tagged as unknown) instanceof Date ? tagged : typeof tagged === "number" ? new Date(tagged) : null;
  return date instanceof Date && !Number.isNaN(date.getTime()) ? date.toISOString() : "";
}

function toObjectDraft(field: ObjectField, value: Json): Draft {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return emptyDraft(field, true);
  const given = value as { readonly [name: string]: Json };
  const names = new Set(field.members.map(({ name }) => name));
  const { extra } = field;
  return {
    members: Object.fromEntries(
      field.members.map(({ name, field: member }) => [
        name,
        // What was left out stays so, whatever would be filled in for a new one.
        Object.hasOwn(given, name) ? toDraft(member(), given[name] ?? null) : undefined,
      ]),
    ),
    extras:
      extra === null
        ? []
        : Object.entries(given)
            .filter(([name]) => !names.has(name))
            .map(([name, each]) => ({ name: toDraft(extra.name(), name), value: toDraft(extra.value(), each) })),
  };
}

function toUnionDraft({ variants }: UnionField, value: Json): Draft {
  const exact = variants.findIndex((variant) => hasFormOf(variant.field(), value, true));
  const found = exact >= 0 ? exact : variants.findIndex((variant) => hasFormOf(variant.field(), value, false));
  const field = variants[found]?.field();
  return field === undefined ? { variant: null, draft: undefined } : { variant: found, draft: toDraft(field, value) };
}

/** The fields of a wait that its answer must have, beside those to be filled in. */
export function draftWith(field: Field, known: Json | undefined): Draft {
  const empty = emptyDraft(field, true);
  if (known === undefined) return empty;
  if (field.kind !== "object" || typeof known !== "object" || known === null) return toDraft(field, known);
  const { members, extras } = toDraft(field, known) as ObjectDraft;
  const filled = Object.entries(members).filter(([, draft]) => draft !== undefined);
  return { members: { ...(empty as ObjectDraft).members, ...Object.fromEntries(filled) }, extras };
}

/** Another variant was chosen: what fits it stays. */
export function switchVariant({ variants }: UnionField, { variant, draft }: UnionDraft, to: number): UnionDraft {
  const before = variant === null ? undefined : variants[variant]?.field();
  const after = variants[to]?.field();
  if (after === undefined) return { variant: null, draft: undefined };
  return { variant: to, draft: before === undefined ? emptyDraft(after, true) : carryOver(before, draft, after) };
}

function carryOver(before: Field, draft: Draft, after: Field): Draft {
  if (before.kind === "object" && after.kind === "object" && isObjectDraft(draft)) {
    const empty = emptyDraft(after, true) as ObjectDraft;
    const members = after.members.map(({ name, field, isRequired }): [string, Draft] => {
      const old = before.members.find((member) => member.name === name);
      const typed = Object.hasOwn(draft.members, name) ? draft.members[name] : undefined;
      if (old === undefined || typed === undefined) return [name, empty.members[name]];
      const kept = carryOver(old.field(), typed, field());
      return [name, kept === undefined ? emptyDraft(field(), isRequired) : kept];
    });
    return { members: Object.fromEntries(members), extras: after.extra === null ? [] : draft.extras };
  }
  if (before.kind === "choice" && after.kind === "choice") {
    const option = typeof draft === "number" ? before.options[draft] : undefined;
    const kept = option === undefined ? undefined : toDraft(after, option.value);
    return kept ?? emptyDraft(after, true);
  }
  if (before.kind === "list" && after.kind === "list" && Array.isArray(draft)) {
    const same = draft.every((_, index) => itemField(before, index)?.kind === itemField(after, index)?.kind);
    return same ? draft : emptyDraft(after, true);
  }
  const isTyped = (kind: Field["kind"]): boolean => kind === "text" || kind === "number";
  const isKept = before.kind === after.kind || (isTyped(before.kind) && isTyped(after.kind));
  return isKept && draft !== undefined ? draft : emptyDraft(after, true);
}

export function isObjectDraft(draft: Draft): draft is ObjectDraft {
  return (
    typeof draft === "object" && draft !== null && !Array.isArray(draft) && "members" in draft && "extras" in draft
  );
}

export function isUnionDraft(draft: Draft): draft is UnionDraft {
  return typeof draft === "object" && draft !== null && !Array.isArray(draft) && "variant" in draft;
}

export function isListDraft(draft: Draft): draft is readonly Draft[] {
  return Array.isArray(draft);
}

/** Names and indices from the root, as the engine writes them where it refuses a value. */
export function join(path: string, name: string | number): string {
  return path === "" ? String(name) : `${path}.${name}`;
}

/** Of a member with a name of its own: while it has none, its place stands for it. */
export function joinExtra(path: string, { name }: ExtraDraft, index: number): string {
  return join(path, typeof name === "string" && name !== "" ? name : `#${index}`);
}
