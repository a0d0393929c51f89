/** The question of a run, beside its other facts: who can answer it, and why nobody can. */
import { cleanup, render, screen } from "@testing-library/react";
import { defineWorkflow, humanResponseEvent, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle } from "tickwork/testing";
import { afterEach, expect, test } from "vitest";
import { RunOverview } from "../../inspector/detail/RunOverview.tsx";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { ModelContext } from "../../inspector/ui/model-context.ts";

const Answer = humanResponseEvent("Answer");
const asking = defineWorkflow("asking", { timeout: null }).step(
  "ask",
  { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
  async (_event, ctx) => StopEvent((await ctx.waitForEvent(Answer, { timeout: null })).data),
);

afterEach(cleanup);

test("a question can be answered while the run goes on, and only in its newest state", async () => {
  const engine = await createEngine({ asking }, { journal: new MemoryJournal() });
  await engine.startRun("asking", null, { runId: "r" });
  await settle();
  const model = createInspectorModel(engine);
  const stop = model.start();
  model.navigation.openRun("r");
  render(
    <ModelContext value={model}>
      <RunOverview />
    </ModelContext>,
  );
  await screen.findByRole("button", { name: "Send Answer" });
  model.navigation.setPosition(2);
  await screen.findByText(/This is the past/);
  model.navigation.setPosition("live");
  await screen.findByRole("button", { name: "Send Answer" });
  // A cancelled run keeps what it had not done.
  await engine.cancelRun("r");
  await screen.findByText("The run has ended, so nothing takes an answer.");
  expect(screen.queryByText(/This is the past/)).toBeNull();
  stop();
});
