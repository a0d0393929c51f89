import { describe, expect, test } from "vitest";
import { migrateState, pendingEvents } from "../../src/core/migrate-state.ts";
import { brokenInvariants } from "../../src/core/invariants.ts";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decodeState } from "../../src/serialize/decode-state.ts";
import { parseContext } from "../../src/serialize/serialized-context.ts";
import { encodeState } from "../../src/serialize/state-codec.ts";
import type { RecordedHistory } from "../histories/record.ts";
import { compile } from "../../src/workflow/compile.ts";
import { histories } from "../histories/workflows.ts";

const folder = fileURLToPath(new URL("../histories/format-2/", import.meta.url));
const moments = readdirSync(folder).flatMap((file) => {
  const { name, contexts } = JSON.parse(readFileSync(folder + file, "utf8")) as RecordedHistory;
  return contexts.map(({ moment, context }) => ({ name, moment, context }));
});

describe.each(moments)("$name, $moment", ({ name, context }) => {
  const { program } = compile(histories[name]?.workflow as never);
  const state = decodeState(program, parseContext(context));

  test("renamed there and back again is what it was, and sound in between", () => {
    const types = Object.fromEntries(Object.keys(state.program.roles).map((type) => [type, `${type}New`]));
    const steps = Object.fromEntries(state.program.steps.map((step) => [step.name, `${step.name}New`]));
    const back = (table: object) => Object.fromEntries(Object.entries(table).map(([from, to]) => [to as string, from]));
    const renamed = migrateState(state, { types, steps }, state.sequence + 1);
    expect(brokenInvariants(renamed)).toEqual(brokenInvariants(state));
    expect(pendingEvents(renamed).every(({ type }) => type.endsWith("New") || !(type in types))).toBe(true);
    const again = migrateState(renamed, { types: back(types), steps: back(steps) }, state.sequence + 2);
    expect(encodeState(again)).toEqual(encodeState(state));
  });

  test("an event that is rewritten is so wherever it stands, and stands in the new tick", () => {
    const events = pendingEvents(state).map(({ tick, index, type }) => ({ tick, index, event: { type, data: "new" } }));
    const migrated = migrateState(state, { events }, 1_000);
    expect(brokenInvariants(migrated)).toEqual(brokenInvariants(state));
    const places = pendingEvents(migrated).map(({ tick, data }) => [tick, data]);
    expect(places).toEqual(events.map(() => [1_000, "new"]));
  });
});
