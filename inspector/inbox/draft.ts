/**
 * What someone is typing, before it is a value: numbers and JSON are text until they are read; undefined is a
 * field left out. `readDraft` gives the value or says what is wrong where.
 */
import type { Json } from "tickwork/client";
import type { Field, NumberField, TextField } from "./schema-field.ts";

export type Draft = undefined | string | boolean | number | readonly Draft[] | { readonly [name: string]: Draft };

export interface Problem {
  /** Names and indices from the root, joined by "/". */
  readonly path: string;
  readonly message: string;
}

export function emptyDraft(field: Field, isRequired: boolean): Draft {
  if (field.default !== undefined) return toDraft(field, field.default);
  switch (field.kind) {
    case "text":
    case "number":
    case "json":
      return "";
    case "boolean":
      return isRequired ? false : undefined;
    case "choice":
      return isRequired && field.options.length === 1 ? 0 : undefined;
    case "list":
      return Array.from({ length: isRequired ? Math.min(20, field.minItems ?? 0) : 0 }, () =>
        emptyDraft(field.item, true),
      );
    case "object":
      return isRequired
        ? Object.fromEntries(field.members.map((member) => [member.name, emptyDraft(member.field, member.isRequired)]))
        : undefined;
  }
}

export function toDraft(field: Field, value: Json): Draft {
  switch (field.kind) {
    case "text":
      return typeof value === "string" ? value : "";
    case "number":
      return typeof value === "number" ? String(value) : "";
    case "boolean":
      return value === true;
    case "choice": {
      const index = field.options.findIndex((option) => JSON.stringify(option) === JSON.stringify(value));
      return index < 0 ? undefined : index;
    }
    case "list":
      return Array.isArray(value) ? value.map((item) => toDraft(field.item, item as Json)) : [];
    case "object": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return emptyDraft(field, true);
      const given = value as { readonly [name: string]: Json };
      return Object.fromEntries(
        field.members.map(({ name, field: member, isRequired }) => {
          const known = given[name];
          return [name, known === undefined ? emptyDraft(member, isRequired) : toDraft(member, known)];
        }),
      );
    }
    case "json":
      return JSON.stringify(value, null, 2);
  }
}

export interface Reading {
  readonly value: Json | undefined;
  readonly problems: readonly Problem[];
}

export function readDraft(field: Field, draft: Draft, isRequired: boolean, path = ""): Reading {
  const ok = (value: Json | undefined): Reading => ({ value, problems: [] });
  const bad = (message: string): Reading => ({ value: undefined, problems: [{ path, message }] });
  const absent = (): Reading =>
    field.isNullable === true && isRequired ? ok(null) : isRequired ? bad("This is needed.") : ok(undefined);

  switch (field.kind) {
    case "text": {
      const text = typeof draft === "string" ? draft : "";
      if (text === "" && (!isRequired || field.isNullable === true)) return absent();
      const message = checkText(field, text);
      return message === null ? ok(text) : bad(message);
    }
    case "number": {
      const text = typeof draft === "string" ? draft.trim() : "";
      if (text === "") return absent();
      const value = Number(text);
      const message = checkNumber(field, value);
      return message === null ? ok(value) : bad(message);
    }
    case "boolean":
      return typeof draft === "boolean" ? ok(draft) : isRequired ? ok(false) : ok(undefined);
    case "choice": {
      const option = typeof draft === "number" ? field.options[draft] : undefined;
      if (option !== undefined) return ok(option);
      return field.isNullable === true && isRequired ? ok(null) : isRequired ? bad("Choose one.") : ok(undefined);
    }
    case "list": {
      const drafts = Array.isArray(draft) ? (draft as readonly Draft[]) : [];
      if (drafts.length === 0 && !isRequired) return ok(undefined);
      const readings = drafts.map((item, index) => readDraft(field.item, item, true, join(path, index)));
      const problems = readings.flatMap((reading) => reading.problems);
      if (field.minItems !== undefined && drafts.length < field.minItems)
        problems.unshift({ path, message: `At least ${field.minItems} needed.` });
      if (field.maxItems !== undefined && drafts.length > field.maxItems)
        problems.unshift({ path, message: `At most ${field.maxItems} allowed.` });
      return { value: readings.map((reading) => reading.value ?? null), problems };
    }
    case "object": {
      if (draft === undefined)
        return isRequired ? readDraft(field, emptyDraft(field, true), true, path) : ok(undefined);
      const drafts = draft as { readonly [name: string]: Draft };
      const entries: [string, Json][] = [];
      const problems: Problem[] = [];
      for (const { name, field: member, isRequired: isNeeded } of field.members) {
        const reading = readDraft(member, drafts[name], isNeeded, join(path, name));
        problems.push(...reading.problems);
        if (reading.value !== undefined) entries.push([name, reading.value]);
      }
      return { value: Object.fromEntries(entries), problems };
    }
    case "json": {
      const text = typeof draft === "string" ? draft.trim() : "";
      if (text === "") return absent();
      try {
        return ok(JSON.parse(text) as Json);
      } catch (error) {
        return bad(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}

export function join(path: string, name: string | number): string {
  return path === "" ? String(name) : `${path}/${name}`;
}

function checkText(field: TextField, text: string): string | null {
  if (field.minLength !== undefined && text.length < field.minLength) {
    return text === "" ? "This is needed." : `At least ${field.minLength} characters needed.`;
  }
  if (field.maxLength !== undefined && text.length > field.maxLength)
    return `At most ${field.maxLength} characters allowed.`;
  if (field.pattern !== undefined && field.format === undefined && !matches(field.pattern, text))
    return `It must match ${field.pattern}.`;
  return null;
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    // A pattern this browser cannot read is the engine's to check.
    return true;
  }
}

function checkNumber(field: NumberField, value: number): string | null {
  if (!Number.isFinite(value)) return "This is not a number.";
  if (field.isInteger && !Number.isInteger(value)) return "A whole number is needed.";
  if (field.minimum !== undefined && value < field.minimum) return `At least ${field.minimum}.`;
  if (field.maximum !== undefined && value > field.maximum) return `At most ${field.maximum}.`;
  if (field.exclusiveMinimum !== undefined && value <= field.exclusiveMinimum)
    return `More than ${field.exclusiveMinimum}.`;
  if (field.exclusiveMaximum !== undefined && value >= field.exclusiveMaximum)
    return `Less than ${field.exclusiveMaximum}.`;
  return null;
}
