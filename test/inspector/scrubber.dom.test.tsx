/** The field that jumps to a tick, over a run that goes on. */
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { Scrubber } from "../../inspector/scrubber/Scrubber.tsx";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { ModelContext } from "../../inspector/ui/model-context.ts";
import { scriptRun } from "./fixtures/scripted-run.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";
import { travelledRun } from "./fixtures/travelled-run.ts";

afterEach(cleanup);

async function open(shown = 20) {
  const source = createScriptedSource({
    runs: [{ script: scriptRun({ runId: "a", chunks: 30, startsAt: 0 }), shown }],
  });
  const model = createInspectorModel(source);
  model.start();
  model.navigation.openRun("a");
  render(
    <ModelContext value={model}>
      <Scrubber />
    </ModelContext>,
  );
  await waitFor(() => expect(model.store.getState().lastSequence).toBe(shown));
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

test("what leads nowhere is not offered: at the first tick, at the newest, and at both ends of a sandbox", async () => {
  const { engine, answered, last } = await travelledRun();
  const model = createInspectorModel(engine);
  const stop = model.start();
  model.navigation.openRun("r");
  render(
    <ModelContext value={model}>
      <Scrubber />
    </ModelContext>,
  );
  const { navigation, store } = model;
  await waitFor(() => expect(store.getState().lastSequence).toBe(last));
  const off = (): string[] =>
    screen
      .getAllByRole("button")
      .filter((button) => button.getAttribute("aria-disabled") === "true")
      .map((button) => button.getAttribute("aria-label") ?? "");
  expect(off()).toEqual(["Next tick"]);
  act(() => navigation.setPosition(last));
  expect(off()).toEqual(["Next tick"]);
  act(() => navigation.setPosition(1));
  expect(off()).toEqual(["First tick", "Previous tick"]);

  act(() => navigation.setPosition(answered));
  act(() => navigation.askWhatIf("skip"));
  await waitFor(() => expect(store.getState().sandbox.answer).not.toBeNull());
  expect(off()).toEqual(["Next tick", "Next failure"]);
  await act(() => navigation.nextFailure());
  expect(store.getState().sandbox.answer).not.toBeNull();
  expect(screen.getByRole("button", { name: `Play from tick ${answered}` })).toBeDefined();
  act(() => navigation.setPosition(answered));
  await waitFor(() => expect(off()).toEqual(["Next failure"]));
  stop();
});

test("a run in which nothing failed says so, until it goes on", async () => {
  const { model, advance } = await open(2);
  await act(() => model.navigation.nextFailure());
  const none = screen.getByRole("button", { name: "No failure in this run" });
  expect([none.textContent, none.getAttribute("aria-disabled")]).toEqual(["No failure", "true"]);
  await advance(3);
  expect(screen.getByRole("button", { name: "Next failure" }).getAttribute("aria-disabled")).toBe("false");
});

test("the button under one's finger keeps the focus when it comes to the end", async () => {
  const { model, field } = await open();
  await waitFor(() => expect(field.value).toBe("20"));
  act(() => model.navigation.setPosition(19));
  const next = screen.getByRole<HTMLButtonElement>("button", { name: "Next tick" });
  next.focus();
  act(() => next.click());
  expect([model.store.getState().position, next.getAttribute("aria-disabled")]).toEqual([20, "true"]);
  act(() => next.click());
  expect([document.activeElement, next.disabled]).toEqual([next, false]);
});
