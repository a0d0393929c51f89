/** Differences and sandboxes of stored runs, asked of an engine. What a sandbox comes to: `inspection/sandbox.test.ts`. */
import { defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import type { Redact } from "tickwork/engine";
import { expect, test, vi } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { failureOf } from "./fixtures.ts";

const Page = defineEvent("Page");
const Note = defineEvent("Note");
const started: unknown[] = [];
const fetching = defineWorkflow("fetching", { timeout: null })
  .step("begin", { accepts: StartEvent, emits: [Note, Page] }, () => undefined)
  .step("note", { accepts: Note, emits: Page }, async ({ data }, ctx) => {
    started.push(data);
    await ctx.store.set("notes", [data]);
    return Page(data);
  })
  .step("fetch", { accepts: Page, emits: StopEvent }, ({ data }) => (data === "last" ? StopEvent("done") : undefined));

async function recorded(redact?: Redact, notes: readonly string[] = ["first", "last"]) {
  const journal = new MemoryJournal();
  const engine = await createEngine({ fetching }, { journal, clock: new SimulatedClock() }, redact ? { redact } : {});
  const handler = await engine.start("fetching", null, { runId: "r" });
  await settle();
  for (const data of notes) {
    await handler.sendEvent({ type: "Note", data });
    await settle();
  }
  await handler.result();
  const { ticks } = await engine.readTicks("r", { from: 1, limit: 100 });
  const of = (kind: string, step?: string) => ticks.find((tick) => tick.kind === kind && tick.step === step)!.sequence;
  return { engine, journal, ticks, of, last: ticks.length };
}

test("a difference says what one tick changed, and what many did", async () => {
  const { engine, of, last } = await recorded();
  const edit = of("EditState", "note");
  const { store, workItemCount } = await engine.stateDifference("r", { from: edit - 1, to: edit });
  expect(store).toEqual([
    { kind: "added", path: ["notes"], after: { preview: '["first"]', size: 10, value: ["first"] } },
  ]);
  expect(workItemCount).toBe(0);
  const whole = await engine.stateDifference("r", { from: 0, to: last });
  expect(whole).toMatchObject({
    from: { sequence: 0, status: "queued" },
    to: { status: "completed" },
    result: { value: "done" },
  });
  expect((await engine.stateDifference("r", { from: last, to: 0 })).steps.length).toBe(whole.steps.length);
});

test("a difference beyond the end is one with the newest tick", async () => {
  const { engine, last } = await recorded();
  expect((await engine.stateDifference("r", { from: -5, to: 1e9 })).to.sequence).toBe(last);
});

test("a sandbox runs no step, writes nothing, and says what is not known", async () => {
  const { engine, of, last } = await recorded();
  const before = [started.length, JSON.stringify(await engine.exportRun("r"))];
  const atSequence = of("AddEvent");
  const { tick } = await engine.readTick("r", atSequence);
  const event = { type: "Note", data: "other" };
  const answer = await engine.whatIf("r", { atSequence, change: { kind: "replace", tick: { ...tick, event } } });
  await settle();
  expect([started.length, JSON.stringify(await engine.exportRun("r"))]).toEqual(before);
  expect(answer).toMatchObject({
    atSequence,
    isWhole: true,
    openWork: [{ step: "note", eventType: "Note", isNew: true }],
  });
  expect(answer.view.graph).toMatchObject({ sequence: last, status: "completed" });
  expect(answer.difference.from.sequence).toBe(answer.difference.to.sequence);
});

test("a sandbox is seen after each of its ticks, beside the run at the same one", async () => {
  const { engine, of, last } = await recorded();
  const atSequence = of("AddEvent");
  const change = { kind: "skip" } as const;
  const end = await engine.whatIf("r", { atSequence, change });
  expect(end.lastSequence).toBe(last);
  const steps = [];
  for (let viewAt = last + 1; viewAt >= atSequence; viewAt -= 1) {
    const { view, difference, withoutEffect } = await engine.whatIf("r", { atSequence, change, viewAt });
    expect(withoutEffect).toEqual(end.withoutEffect);
    const run = await engine.stateAt("r", viewAt);
    expect(difference.from).toMatchObject({ sequence: view.graph.sequence, status: run.graph.status });
    steps.unshift([view.graph.sequence, view.graph.steps["note"]?.completed, run.graph.steps["note"]?.completed]);
  }
  expect(steps[0]).toEqual([atSequence, 0, 0]);
  expect(steps.at(-1)).toEqual([last, 1, 2]);
  expect(steps.map(([sequence]) => sequence)).toEqual([
    ...Array.from({ length: last - atSequence + 1 }, (_, index) => atSequence + index),
    last,
  ]);
  expect((await engine.whatIf("r", { atSequence, change, viewAt: 1 })).view.graph.sequence).toBe(atSequence);
});

test("going through a sandbox reads no more of the history than the way to the tick", async () => {
  const { engine, journal, of, last } = await recorded();
  const atSequence = of("AddEvent");
  const change = { kind: "skip" } as const;
  await engine.whatIf("r", { atSequence, change });
  const read = vi.spyOn(journal, "read");
  await engine.whatIf("r", { atSequence, change, viewAt: last });
  expect(read).not.toHaveBeenCalled();
  await engine.whatIf("r", { atSequence, change, viewAt: atSequence + 2 });
  expect(read.mock.calls).toEqual([["r", { from: atSequence + 1, to: atSequence + 2 }]]);
});

test.each<[string, number, JsonObject | null, RegExp]>([
  ["leaves out the first", 1, null, /begins the run/],
  ["is no tick", 2, { text: 1 }, /no tick|none/],
  ["is a tick of another kind", 2, { kind: "Timeout" }, /kind must stay "StepResult"/],
  ["has a field of another type", 2, { outputs: 3 }, /outputs: /],
  ["is of another work item", 2, { workItem: 99 }, /workItem must stay 1/],
])("a change that %s is refused", async (_, atSequence, fields, message) => {
  const { engine } = await recorded();
  const { tick } = await engine.readTick("r", atSequence);
  const merged = fields && ("text" in fields ? fields : { ...tick, ...fields });
  const change = merged ? ({ kind: "replace", tick: merged } as const) : ({ kind: "skip" } as const);
  await expect(engine.whatIf("r", { atSequence, change })).rejects.toMatchObject({
    code: "WHAT_IF_INVALID",
    message: expect.stringMatching(message),
  });
});

test("a tick that is not there cannot be another", async () => {
  const { engine, last } = await recorded();
  for (const atSequence of [0, last + 1]) {
    await expect(engine.whatIf("r", { atSequence, change: { kind: "skip" } })).rejects.toMatchObject({
      code: "TICK_UNKNOWN",
    });
  }
});

test("a tick so large that its parts are sent one by one is not changed, but can be skipped", async () => {
  const { engine } = await recorded(undefined, ["first", "x".repeat(400_000), "last"]);
  const { ticks } = await engine.readTicks("r", { from: 1, limit: 100 });
  const large = ticks.find(({ kind, size }) => kind === "AddEvent" && size > 300_000)!.sequence;
  const { tick } = await engine.readTick("r", large);
  const refused = engine.whatIf("r", { atSequence: large, change: { kind: "replace", tick } });
  await expect(refused).rejects.toMatchObject({ code: "WHAT_IF_INVALID", message: expect.stringMatching(/so large/) });
  await engine.whatIf("r", { atSequence: large, change: { kind: "skip" } });
});

test("where data of a tick is hidden it is not changed, but can be skipped", async () => {
  const { engine, of } = await recorded((value) => (value === "first" ? "hidden" : value));
  const atSequence = of("AddEvent");
  const { tick } = await engine.readTick("r", atSequence);
  const refused = engine.whatIf("r", { atSequence, change: { kind: "replace", tick } });
  await expect(refused).rejects.toMatchObject({ code: "WHAT_IF_HIDDEN" });
  expect((await engine.whatIf("r", { atSequence, change: { kind: "skip" } })).withoutEffectCount).toBeGreaterThan(0);
});

test("a long one gives way between its pages, and ends when it is not wanted any more", async () => {
  const journal = new MemoryJournal();
  const engine = await createEngine({ fetching }, { journal, clock: new SimulatedClock() });
  const handler = await engine.start("fetching", null, { runId: "long" });
  await Promise.all(Array.from({ length: 2_000 }, (_, n) => handler.sendEvent({ type: "Page", data: n })));
  await settle();
  const unwanted = new AbortController();
  const asked = engine.whatIf("long", { atSequence: 3, change: { kind: "skip" } }, unwanted.signal);
  let turns = 0;
  const count = setInterval(() => {
    turns += 1;
    if (turns === 2) unwanted.abort();
  }, 0);
  expect(await failureOf({ result: () => asked })).toMatchObject({ name: "AbortError" });
  clearInterval(count);
  expect((await engine.whatIf("long", { atSequence: 3, change: { kind: "skip" } })).withoutEffectCount).toBe(1);
});
