/** The value someone typed, or what is wrong with it and where. */
import type { Json } from "tickwork/client";
import type { Draft, ObjectDraft } from "./draft.ts";
import { isListDraft, isObjectDraft, isUnionDraft, join, joinExtra } from "./draft.ts";
import type { Field, ListField, ObjectField, TextField, UnionField } from "./field.ts";
import { itemField } from "./field.ts";
import { readNumber } from "./number-text.ts";
import { checkText } from "./text-format.ts";

export interface Problem {
  /** As `join` writes it; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** What is sent: JSON, and Dates where the schema asks for them. undefined: left out. */
export type Value = Json | Date | undefined | readonly Value[] | { readonly [name: string]: Value };

export interface Reading {
  readonly value: Value;
  readonly problems: readonly Problem[];
}

const NEEDED = "This is needed.";

export function readDraft(field: Field, draft: Draft, isRequired: boolean, path = ""): Reading {
  const bad = (message: string): Reading => ({ value: undefined, problems: [{ path, message }] });
  if (draft === null && field.isNullable === true) return ok(null);
  const isBlank = draft === undefined || draft === null;
  if (isBlank && !isRequired) return ok(undefined);
  switch (field.kind) {
    case "text":
      return readText(field, typeof draft === "string" ? draft : "", bad);
    case "number": {
      if (typeof draft !== "string" || draft.trim() === "") return bad(NEEDED);
      const read = readNumber(field, draft);
      return typeof read === "number" ? ok(read) : bad(read.problem);
    }
    case "boolean":
      return ok(draft === true);
    case "choice": {
      const option = typeof draft === "number" ? field.options[draft] : undefined;
      return option === undefined ? bad("Choose one.") : ok(option.value);
    }
    case "list":
      return readList(field, isListDraft(draft) ? draft : [], path);
    case "object":
      return isObjectDraft(draft) ? readObject(field, draft, path) : bad(NEEDED);
    case "union":
      return readUnion(field, draft, path);
    case "json": {
      const text = typeof draft === "string" ? draft.trim() : "";
      if (text === "") return bad(NEEDED);
      try {
        return ok(JSON.parse(text) as Json);
      } catch (error) {
        return bad(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}

function ok(value: Value): Reading {
  return { value, problems: [] };
}

function readText(field: TextField, text: string, bad: (message: string) => Reading): Reading {
  const message = checkText(field, text);
  if (message !== null) return bad(message);
  if (field.isDate !== true) return ok(text);
  const date = new Date(text);
  return text === "" ? bad(NEEDED) : Number.isNaN(date.getTime()) ? bad("This must be a date and a time.") : ok(date);
}

function readList(field: ListField, drafts: readonly Draft[], path: string): Reading {
  const { minItems, maxItems, areUnique } = field;
  const readings = drafts.map((draft, index) => {
    const item = itemField(field, index);
    // Optional are only the last of its first items, and only as long as none follows.
    const isRequired = index >= field.first.length || index < Math.max(minItems, lastGiven(drafts));
    return item === null ? ok(undefined) : readDraft(item, draft, isRequired, join(path, index));
  });
  const given = readings.slice(0, Math.max(minItems, lastGiven(drafts))).map(({ value }) => value ?? null);
  const problems = readings.flatMap((reading) => reading.problems);
  const isRepeated = areUnique === true && new Set(given.map((each) => JSON.stringify(each))).size < given.length;
  const whole = [
    ...(drafts.length < minItems ? [`At least ${minItems} needed.`] : []),
    ...(drafts.length > maxItems ? [`At most ${maxItems} allowed.`] : []),
    ...(isRepeated ? ["The same is there twice."] : []),
  ];
  return { value: given, problems: [...whole.map((message) => ({ path, message })), ...problems] };
}

/** How many items there are without those at the end that are left out. */
function lastGiven(drafts: readonly Draft[]): number {
  return drafts.findLastIndex((draft) => draft !== undefined) + 1;
}

function readObject(field: ObjectField, { members, extras }: ObjectDraft, path: string): Reading {
  const entries: [string, Value][] = [];
  const problems: Problem[] = [];
  for (const { name, field: member, isRequired } of field.members) {
    const draft = Object.hasOwn(members, name) ? members[name] : undefined;
    const reading = readDraft(member(), draft, isRequired, join(path, name));
    problems.push(...reading.problems);
    if (reading.value !== undefined) entries.push([name, reading.value]);
  }
  const taken = new Set(field.members.map(({ name }) => name));
  for (const [index, draft] of (field.extra === null ? [] : extras).entries()) {
    if (field.extra === null) break;
    const at = joinExtra(path, draft, index);
    const name = readDraft(field.extra.name(), draft.name, true, join(at, "name"));
    const value = readDraft(field.extra.value(), draft.value, true, at);
    const isTaken = typeof name.value === "string" && taken.has(name.value);
    if (isTaken) problems.push({ path: join(at, "name"), message: "This name is there twice." });
    problems.push(...name.problems, ...value.problems);
    if (typeof name.value !== "string" || isTaken) continue;
    taken.add(name.value);
    if (value.value !== undefined) entries.push([name.value, value.value]);
  }
  return { value: Object.fromEntries(entries), problems };
}

function readUnion({ variants }: UnionField, draft: Draft, path: string): Reading {
  const chosen = isUnionDraft(draft) && draft.variant !== null ? variants[draft.variant] : undefined;
  if (chosen === undefined || !isUnionDraft(draft)) {
    return { value: undefined, problems: [{ path, message: "Choose what it is." }] };
  }
  return readDraft(chosen.field(), draft.draft, true, path);
}

/** What is typed in secret is not to be written down. */
export function withoutSecrets(field: Field, draft: Draft): Draft {
  if (field.isSecret === true) return undefined;
  switch (field.kind) {
    case "list":
      return isListDraft(draft)
        ? draft.map((each, index) => {
            const item = itemField(field, index);
            return item === null ? each : withoutSecrets(item, each);
          })
        : draft;
    case "object": {
      if (!isObjectDraft(draft)) return draft;
      const members = field.members.flatMap(({ name, field: member }): [string, Draft][] =>
        Object.hasOwn(draft.members, name) ? [[name, withoutSecrets(member(), draft.members[name])]] : [],
      );
      const { extra } = field;
      const extras = draft.extras.map((each) =>
        extra === null ? each : { ...each, value: withoutSecrets(extra.value(), each.value) },
      );
      return { members: Object.fromEntries(members), extras };
    }
    case "union": {
      if (!isUnionDraft(draft) || draft.variant === null) return draft;
      const chosen = field.variants[draft.variant];
      return chosen === undefined ? draft : { ...draft, draft: withoutSecrets(chosen.field(), draft.draft) };
    }
    default:
      return draft;
  }
}
