/** The controls that hold a run, with a real engine. */
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { afterEach, expect, test } from "vitest";
import { EventOverview } from "../../inspector/detail/EventOverview.tsx";
import { StepOverview } from "../../inspector/detail/StepOverview.tsx";
import { BreakpointDot } from "../../inspector/graph/BreakpointDot.tsx";
import { readStep, STEP_PARTS } from "../../inspector/graph/node-facts.ts";
import { DebugControls } from "../../inspector/scrubber/DebugControls.tsx";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { Banners } from "../../inspector/shell/Banners.tsx";
import { ModelContext, useFacts } from "../../inspector/ui/model-context.ts";
import { Answer } from "../engine/fixtures.ts";

const Next = defineEvent("Next");
const asking = defineWorkflow("asking", { timeout: null })
  .step("ask", { accepts: StartEvent, emits: Next, waitsFor: Answer }, async (_event, ctx) => {
    await ctx.waitForEvent(Answer);
    return Next();
  })
  .step("end", { accepts: Next, emits: StopEvent }, () => StopEvent("done"));

function EndDot() {
  const { isDebugging, isBreakpoint } = useFacts(STEP_PARTS, readStep, "end");
  return isDebugging && <BreakpointDot step="end" isSet={isBreakpoint} />;
}

async function open(canDebug = true) {
  const engine = await createEngine({ asking }, { journal: new MemoryJournal(), clock: new SimulatedClock() });
  await engine.start("asking", null, { runId: "r" });
  await settle();
  if (!canDebug) Object.defineProperty(engine, "debugRun", { value: undefined });
  const model = createInspectorModel(engine);
  const stop = model.start();
  model.navigation.openRun("r");
  render(
    <ModelContext value={model}>
      <Banners />
      <EndDot />
      <StepOverview step="end" />
      <EventOverview type="Next" />
      <DebugControls />
    </ModelContext>,
  );
  await waitFor(() => expect(model.store.getState().view).not.toBeNull());
  return { engine, model, stop };
}
const button = (name: string | RegExp) => screen.queryByRole("button", { name });

afterEach(cleanup);

test("debug, breakpoint, held, one step, continue", async () => {
  const { engine, stop } = await open();
  await screen.findByRole("button", { name: /^Debug/ });
  expect([button("Breakpoint before end"), button("Break before this step"), button(/^One step/)]).toEqual([
    null,
    null,
    null,
  ]);
  fireEvent.click(screen.getByRole("button", { name: /^Debug/ }));
  fireEvent.click(await screen.findByRole("button", { name: "Breakpoint before end" }));
  await waitFor(() => expect(button("Breakpoint before end")?.getAttribute("aria-pressed")).toBe("true"));
  expect(button("Break before this step")?.getAttribute("aria-pressed")).toBe("true");
  await engine.sendEvent("r", Answer());
  await screen.findByText(/1 work item waits before end/);
  expect(screen.getByText("Held by you:")).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: /^One step/ }));
  expect(await engine.result("r")).toBe("done");
  await waitFor(() => expect([button(/^Debug/), button("Breakpoint before end")]).toEqual([null, null]));
  stop();
});

test("an event's breakpoint holds the steps that take it, and is taken away again", async () => {
  const { engine, model, stop } = await open();
  expect(button(/^Hold the steps/)).toBeNull();
  fireEvent.click(await screen.findByRole("button", { name: /^Debug/ }));
  fireEvent.click(await screen.findByRole("button", { name: "Hold the steps that take this event" }));
  await waitFor(() => expect(button(/^Hold the steps/)?.getAttribute("aria-pressed")).toBe("true"));
  expect(model.store.getState().runs["r"]?.held?.breakpoints).toEqual([{ step: "end", eventType: "Next" }]);
  await engine.sendEvent("r", Answer());
  await screen.findByText(/1 work item waits before end/);
  fireEvent.click(screen.getByRole("button", { name: /^Hold the steps/ }));
  expect(await engine.result("r")).toBe("done");
  stop();
});

test("Continue in the banner lets a paused run go on", async () => {
  const { engine, stop } = await open();
  fireEvent.click(await screen.findByRole("button", { name: /^Debug/ }));
  fireEvent.click(await screen.findByRole("button", { name: "Pause the run" }));
  await screen.findByText("Paused by you:");
  expect(screen.queryByText(/time limit/)).toBeNull();
  await engine.sendEvent("r", Answer());
  await screen.findByText(/1 work item waits before ask/);
  fireEvent.click(screen.getByRole("button", { name: "Continue" }));
  expect(await engine.result("r")).toBe("done");
  stop();
});

test("says that another inspector holds the run, and shows the controls for it", async () => {
  const { engine, stop } = await open();
  await engine.debugRun("r", { kind: "pause" });
  await screen.findByText("Paused by another inspector:");
  expect(button(/^Debug/)?.getAttribute("aria-pressed")).toBe("true");
  stop();
});

test("a source that cannot hold runs has no controls", async () => {
  const { stop } = await open(false);
  expect(button(/^Debug/)).toBeNull();
  stop();
});
