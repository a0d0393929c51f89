/** Steps that a hint is about are marked where they stand, with a real engine. */
import { cleanup, render, screen, within } from "@testing-library/react";
import { defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { afterEach, expect, test, vi } from "vitest";
import { StepRow } from "../../inspector/graph/StepRow.tsx";
import * as hints from "../../inspector/store/hints.ts";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { ModelContext } from "../../inspector/ui/model-context.ts";
import { Answer } from "../engine/fixtures.ts";

vi.mock("../../inspector/store/hints.ts", { spy: true });

const asking = defineWorkflow("asking", { timeout: null })
  .step("ask", { accepts: StartEvent, emits: StopEvent, waitsFor: Answer }, async (_event, ctx) => {
    await ctx.waitForEvent(Answer, { timeout: null });
    return StopEvent();
  })
  .step("idle", { accepts: Answer, emits: StopEvent }, () => undefined);

let stop: () => void = () => undefined;
afterEach(() => {
  stop();
  cleanup();
});

/** A question that is asked for so many seconds. */
async function open(seconds: number) {
  const clock = new SimulatedClock();
  const engine = await createEngine({ asking }, { journal: new MemoryJournal(), clock });
  await engine.start("asking", null, { runId: "r" });
  await settle();
  await clock.advance(seconds * 1_000);
  const model = createInspectorModel(engine, { now: () => clock.now() });
  stop = model.start();
  model.navigation.openRun("r");
  render(
    <ModelContext value={model}>
      <table>
        <tbody>
          <StepRow id="1" step="ask" row={0} />
          <StepRow id="2" step="idle" row={1} />
        </tbody>
      </table>
    </ModelContext>,
  );
  await vi.waitFor(() => expect(model.store.getState().view).not.toBeNull());
  await screen.findByRole("rowheader", { name: /^ask/ });
  return { model, engine };
}

test("a step whose answer is owed for long has the mark and its words, and no other has", async () => {
  const { model, engine } = await open(61);
  const row = await screen.findByRole("rowheader", { name: /^ask ?, hint: Answer is still missing/ });
  expect(within(row).getByTitle("Hint: Answer is still missing")).toBeTruthy();
  expect(screen.getByRole("rowheader", { name: "idle" })).toBeTruthy();
  expect([...model.hintMarks(model.store.getState())]).toEqual([["ask", "Answer is still missing"]]);
  await engine.sendEvent("r", Answer());
  expect(await screen.findByRole("rowheader", { name: "ask" })).toBeTruthy();
});

test("a step in which all is well has none", async () => {
  await open(1);
  expect(screen.getByRole("rowheader", { name: "ask" })).toBeTruthy();
});

test("what the hints are made from is looked through once for all steps, not once each", async () => {
  const { model } = await open(61);
  const state = model.store.getState();
  model.hintMarks(state);
  vi.mocked(hints.hintsOf).mockClear();
  for (let step = 0; step < 100; step += 1) model.hintMarks({ ...state, announcement: String(step) });
  expect(hints.hintsOf).not.toHaveBeenCalled();
  model.hintMarks({ ...state, now: state.now + 1_000 });
  expect(hints.hintsOf).toHaveBeenCalledTimes(1);
});
