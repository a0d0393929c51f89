import { constantDelay, defineEvent, defineWorkflow, StartEvent, StopEvent, WorkflowError } from "tickwork";
import { expect, test } from "vitest";
import { Answer, conformanceWorkflows } from "../../src/testing/conformance-workflows.ts";
import type { JournalOperation } from "../../src/testing/fault-injecting-journal.ts";
import { passing, play, ways, type How, type Scene } from "./fault-everywhere.ts";

const Asked = defineEvent("Asked");

/** Publishes, waits for an answer, and does something once. Edits that count are left out: they count attempts. */
const asks = defineWorkflow("asks", { timeout: null })
  .step("ask", { accepts: StartEvent, emits: Asked, waitsFor: Answer }, async (_event, ctx) => {
    await ctx.store.set("phase", "asked");
    const { data } = await ctx.waitForEvent(Answer, { waiterEvent: Asked(), timeout: null });
    return Asked(data);
  })
  .step("act", { accepts: Asked, emits: StopEvent }, async ({ data }, ctx) => {
    ctx.writeEventToStream(Asked(data));
    return StopEvent([await ctx.once("pay", () => "paid"), await ctx.store.get("phase")]);
  });

const { echo } = conformanceWorkflows;
const parent = defineWorkflow("parent", { timeout: null }).step(
  "step",
  { accepts: StartEvent, emits: StopEvent, runs: echo },
  async (_event, ctx) =>
    StopEvent(await Promise.all(["a", "b"].map((text) => ctx.runWorkflow(echo, { text }, { key: text })))),
);

const flaky = defineWorkflow("flaky").step(
  "try",
  { accepts: StartEvent, emits: StopEvent, retryPolicy: constantDelay({ maximumAttempts: 4, delay: 20 }) },
  (_event, ctx) => {
    if (ctx.retryInfo().attempt < 2) throw new RangeError("again");
    return StopEvent(ctx.retryInfo().attempt);
  },
);

const workflows = { ...conformanceWorkflows, asks, parent, flaky };
const scenes: Scene[] = [
  {
    workflows,
    workflow: "asks",
    input: null,
    answer: ({ type, data }) => (type === "Asked" && !data ? Answer({ who: "anybody", yes: true }) : undefined),
  },
  { workflows, workflow: "parent", input: null },
  { workflows, workflow: "keep", input: { deep: [1, 2] } },
  { workflows, workflow: "flaky", input: null },
  { workflows, workflow: "notes", input: { count: 4, pause: 0 } },
  { workflows, workflow: "broken", input: { how: "error" } },
];

const WRITES: ReadonlySet<JournalOperation> = new Set(["append", "saveSnapshot"]);
const nameOf = ({ kind, ...how }: How): string =>
  `${kind} ${"error" in how ? (how.error instanceof WorkflowError ? how.error.code : "bug") : ""}`;
const mayPass = (how: How): boolean =>
  how.kind === "hang" || (how.error instanceof WorkflowError && passing.includes(how.error.code));

test.each(scenes)(
  "$workflow: a fault at any call, of any kind, loses and doubles nothing and leaves nobody waiting",
  async (scene) => {
    const undisturbed = await play(scene, null);
    expect(undisturbed.wrong).toEqual([]);
    const usual = new Set(undisturbed.told.map(String));
    const wrong: string[] = [];
    let trials = 0;
    for (const [on, count] of undisturbed.calls) {
      for (const [call, how] of numbers(count).flatMap((n) => ways.map((way) => [n, way] as const))) {
        trials += 1;
        const played = await play(scene, { on, call, how });
        const found = { result: played.result, published: played.published };
        const expected = { result: undisturbed.result, published: undisturbed.published };
        const problems = [...played.wrong];
        if (JSON.stringify(found) !== JSON.stringify(expected)) problems.push(`it gave ${JSON.stringify(found)}`);
        const told = played.told.filter((error) => !usual.has(String(error)));
        const isNamed = (error: unknown): boolean =>
          error instanceof WorkflowError || ("error" in how && error === how.error);
        problems.push(...told.filter((error) => !isNamed(error)).map((error) => `somebody was told ${String(error)}`));
        // The engine gets over what may pass; only who starts the run may have to start it again.
        const isOfTheStart = on === "append" && call === 1;
        if (WRITES.has(on) && !isOfTheStart && mayPass(how) && told.length > 0) problems.push("somebody had to know");
        wrong.push(...problems.map((problem) => `${nameOf(how)} at ${on} ${call}: ${problem}`));
      }
    }
    expect(wrong).toEqual([]);
    expect(trials).toBeGreaterThanOrEqual(80);
  },
  60_000,
);

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
