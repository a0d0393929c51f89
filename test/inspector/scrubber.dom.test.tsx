/** The field that jumps to a tick, over a run that goes on. */
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { Scrubber } from "../../inspector/scrubber/Scrubber.tsx";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { ModelContext } from "../../inspector/ui/model-context.ts";
import { scriptRun } from "./fixtures/scripted-run.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";

afterEach(cleanup);

async function open() {
  const source = createScriptedSource({
    runs: [{ script: scriptRun({ runId: "a", chunks: 30, startsAt: 0 }), shown: 20 }],
  });
  const model = createInspectorModel(source);
  model.start();
  model.navigation.openRun("a");
  render(
    <ModelContext value={model}>
      <Scrubber />
    </ModelContext>,
  );
  await waitFor(() => expect(model.store.getState().lastSequence).toBe(20));
  const advance = async (to: number): Promise<void> => {
    act(() => source.advance("a", to));
    await waitFor(() => expect(model.store.getState().lastSequence).toBe(to));
  };
  return { model, advance, field: await screen.findByRole<HTMLInputElement>("textbox", { name: /Jump to tick/ }) };
}

test("news changes nothing of a field that one is in, so a number typed then is the number meant", async () => {
  const { model, advance, field } = await open();
  await waitFor(() => expect(field.value).toBe("20"));
  fireEvent.focus(field);
  await advance(25);
  expect(field.value).toBe("20");
  fireEvent.change(field, { target: { value: "4" } });
  await advance(30);
  fireEvent.keyDown(field, { key: "Enter" });
  expect(model.store.getState().position).toBe(4);
});

test("one that is left as it was stays with the newest tick", async () => {
  const { model, advance, field } = await open();
  fireEvent.focus(field);
  await advance(25);
  fireEvent.blur(field);
  expect(model.store.getState().position).toBe("live");
  await waitFor(() => expect(field.value).toBe("25"));
});
