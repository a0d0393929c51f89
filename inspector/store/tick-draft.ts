/** The text of a changed tick: what of a tick can be changed, as JSON a person edits, kept over a reload. */
import type { Json, JsonObject } from "tickwork/client";

/** What makes it this tick and no other; it stays as it was recorded. */
const FIXED = new Set([
  "kind",
  "sequence",
  "at",
  "causedBy",
  "step",
  "workerId",
  "workItem",
  "invocation",
  "childRunId",
  "runId",
  "workflow",
  "version",
  "program",
  "parent",
  "tagged",
]);

/** The changeable part of a tick, as `readTick` gives it. */
export function draftOf(tick: JsonObject): string {
  return JSON.stringify(
    pick(tick, (name) => !FIXED.has(name)),
    null,
    2,
  );
}

export type ParsedDraft = { readonly tick: JsonObject } | { readonly problem: string };

/** The recorded tick with what the text says in place of its changeable part. */
export function parseDraft(recorded: JsonObject, text: string): ParsedDraft {
  let edited: Json;
  try {
    edited = JSON.parse(text) as Json;
  } catch (error) {
    return { problem: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (!isObject(edited)) return { problem: "Write an object: { … }" };
  const fixed = Object.keys(edited).find((name) => FIXED.has(name));
  if (fixed !== undefined) return { problem: `${fixed} stays as it was recorded: leave it out.` };
  return { tick: { ...pick(recorded, (name) => FIXED.has(name)), ...edited } };
}

/** The event that a changed tick brings from outside; null: it brings none, or one that JSON alone does not say. */
export function eventOfDraft(recorded: JsonObject, text: string): DraftEvent | null {
  const parsed = parseDraft(recorded, text);
  if (recorded["kind"] !== "AddEvent" || !("tick" in parsed)) return null;
  const { event, target, waiter } = parsed.tick;
  if (!isObject(event)) return null;
  const { type, data } = event;
  if (typeof type !== "string") return null;
  return {
    event: { type, data },
    ...(typeof target === "string" && { step: target }),
    ...(typeof waiter === "number" && { waiter }),
  };
}

export interface DraftEvent {
  readonly event: { readonly type: string; readonly data: unknown };
  readonly step?: string;
  readonly waiter?: number;
}

/** Of this tab; null where the browser keeps nothing. */
export function readDraft(runId: string, sequence: number): string | null {
  return attempt(() => sessionStorage.getItem(keyOf(runId, sequence)));
}

export function writeDraft(runId: string, sequence: number, text: string): void {
  attempt(() => sessionStorage.setItem(keyOf(runId, sequence), text));
}

function keyOf(runId: string, sequence: number): string {
  return `tickwork-what-if ${runId} ${sequence}`;
}

/** Where storage is forbidden or full, the text is only in memory. */
function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}

function pick(object: JsonObject, isWanted: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => isWanted(name)));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
