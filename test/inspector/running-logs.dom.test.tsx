/** The tab of logs while a step is at work, with a real engine. */
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import { defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle } from "tickwork/testing";
import { afterEach, expect, test } from "vitest";
import LogRecords from "../../inspector/detail/LogRecords.tsx";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { ModelContext } from "../../inspector/ui/model-context.ts";
import { gate } from "../engine/fixtures.ts";

let stop: () => void = () => undefined;
afterEach(() => {
  stop();
  cleanup();
});

async function open() {
  const [second, end] = [gate(), gate()];
  const work = defineWorkflow("work", { timeout: null }).step(
    "load",
    { accepts: StartEvent, emits: StopEvent },
    async (_event, ctx) => {
      ctx.log("begun");
      await second.promise;
      ctx.log("half way", "<img src=x onerror=alert(1)>");
      await end.promise;
      return StopEvent();
    },
  );
  const engine = await createEngine({ work }, { journal: new MemoryJournal() });
  const handler = await engine.start("work", null, { runId: "r" });
  await settle();
  const model = createInspectorModel(engine);
  stop = model.start();
  model.navigation.openRun("r");
  render(
    <ModelContext value={model}>
      <LogRecords selection={{ kind: "step", step: "load" }} />
    </ModelContext>,
  );
  return { engine, handler, model, second, end };
}

test("lines are shown as they are written, as text, and stay when the attempt is over", async () => {
  const { handler, second, end } = await open();
  const running = await screen.findByRole("region", { name: "Under way" });
  await waitFor(() =>
    expect(
      within(running)
        .getAllByRole("listitem")
        .map((each) => each.textContent),
    ).toHaveLength(1),
  );
  second.open();
  await waitFor(() => expect(running.textContent).toContain("half way"));
  expect(running.querySelector("img")).toBeNull();
  expect(running.textContent).toContain("under way");
  end.open();
  await handler.result();
  await waitFor(() => expect(running.textContent).toContain("over: its tick has all of it"));
  expect(within(running).getAllByRole("listitem")).toHaveLength(2);
});

test("in the past nothing is under way", async () => {
  const { model } = await open();
  await screen.findByRole("region", { name: "Under way" });
  model.navigation.setPosition(1);
  await waitFor(() => expect(screen.queryByRole("region", { name: "Under way" })).toBeNull());
});
