/** Differences and sandboxes in the store, with a real engine: what is shown, and what is not touched. */
import { afterEach, expect, test, vi } from "vitest";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { whatIfHeadline } from "../../inspector/store/what-if-words.ts";
import { decodePlace, encodePlace } from "../../inspector/store/place.ts";
import { begun, travelledRun } from "./fixtures/travelled-run.ts";

let stop: () => void = () => undefined;
afterEach(() => stop());

async function open(hash?: string) {
  const run = await travelledRun();
  const model = createInspectorModel(run.engine);
  if (hash !== undefined) model.store.setState(decodePlace(hash));
  stop = model.start();
  if (hash === undefined) model.navigation.openRun("r");
  const state = () => model.store.getState();
  await vi.waitFor(() => expect(state().view).not.toBeNull());
  const { navigation, commands } = model;
  return { ...run, model, navigation, commands, state };
}

test("changes follow the tick shown, from the one before it", async () => {
  const { navigation, state, find } = await open();
  const edit = find(({ kind }) => kind === "EditState");
  navigation.setTab("changes");
  navigation.setPosition(edit);
  await vi.waitFor(() => expect(state().difference?.to.sequence).toBe(edit));
  expect(state().difference).toMatchObject({ from: { sequence: edit - 1 }, store: [{ kind: "added", path: ["a"] }] });
  navigation.step(1);
  await vi.waitFor(() => expect(state().difference?.to.sequence).toBe(edit + 1));
  expect(state().tab).toBe("changes");
});

test("changes from a chosen tick, until it is let go", async () => {
  const { navigation, state, last } = await open();
  navigation.compareFrom(2);
  await vi.waitFor(() => expect(state().difference).toMatchObject({ from: { sequence: 2 }, to: { sequence: last } }));
  expect(encodePlace(state())).toBe("#/run/r?tab=changes&from=2");
  navigation.compareFrom(null);
  await vi.waitFor(() => expect(state().difference?.from.sequence).toBe(last - 1));
});

test("while nobody looks at changes, nothing is compared", async () => {
  const { engine, navigation, state } = await open();
  const asked = vi.spyOn(engine, "stateDifference");
  navigation.setPosition(3);
  await vi.waitFor(() => expect(state().view?.graph.sequence).toBe(3));
  expect(asked).not.toHaveBeenCalled();
});

test("a tick left out: all views show the sandbox, and leaving shows the run again", async () => {
  const { engine, navigation, state, answered, last } = await open();
  const before = [begun.length, JSON.stringify(await engine.exportRun("r"))];
  navigation.setPosition(answered);
  navigation.askWhatIf("skip");
  await vi.waitFor(() => expect(state().sandbox.answer).not.toBeNull());
  expect(state().graph).toMatchObject({ sequence: last, status: "idle" });
  expect(state().view?.waiters).toHaveLength(1);
  expect(state()).toMatchObject({ position: answered, tab: "whatif", selection: { kind: "tick" } });
  expect(encodePlace(state())).toBe(`#/run/r?tick=${answered}&select=tick&tab=whatif&whatif=skip%3A${answered}`);
  expect([begun.length, JSON.stringify(await engine.exportRun("r"))]).toEqual(before);

  navigation.askWhatIf(null);
  await vi.waitFor(() => expect(state().graph?.sequence).toBe(answered));
  expect(state()).toMatchObject({ whatIf: null, tab: "overview", sandbox: { answer: null } });
});

test("a link to a sandbox opens it", async () => {
  const { state, answered } = await open("#/run/r?tick=7&tab=whatif&whatif=skip:7");
  expect(answered).toBeGreaterThan(0);
  await vi.waitFor(() => expect(state().sandbox.answer?.atSequence).toBe(7));
  expect(state().graph).toEqual(state().sandbox.answer?.view.graph);
});

test("going to another tick leaves the sandbox", async () => {
  const { navigation, state, answered } = await open();
  navigation.selectTick(answered);
  navigation.askWhatIf("skip");
  await vi.waitFor(() => expect(state().sandbox.answer).not.toBeNull());
  navigation.setPosition(answered - 1);
  await vi.waitFor(() => expect(state().graph?.sequence).toBe(answered - 1));
  expect(state().whatIf).toBeNull();
});

test("the scrubber goes through the sandbox, tick by tick, and out of it before its first", async () => {
  const { engine, navigation, state, answered, last } = await open();
  navigation.setPosition(answered);
  navigation.askWhatIf("skip");
  await vi.waitFor(() => expect(state().sandbox.answer).not.toBeNull());
  const asked = vi.spyOn(engine, "whatIf");
  navigation.step(-1);
  await vi.waitFor(() => expect(state().graph?.sequence).toBe(last - 1));
  expect(state()).toMatchObject({ position: answered, sandboxAt: last - 1, selection: { kind: "tick" } });
  expect(encodePlace(state())).toContain(`whatif=skip%3A${answered}&sandbox=${last - 1}`);
  expect(state().sandbox.answer?.difference.from.sequence).toBe(last - 1);
  const { answer } = state().sandbox;
  expect(answer && whatIfHeadline(answer)).toMatch(new RegExp(`^After #${last - 1}: \\S`));
  // Faster than the answers come: only the last of many is asked for.
  for (let sequence = last; sequence >= answered; sequence -= 1) navigation.setPosition(sequence);
  await vi.waitFor(() => expect(state().graph?.sequence).toBe(answered));
  expect(asked.mock.calls.length).toBeLessThan(4);
  expect(state().view?.waiters).toHaveLength(1);
  navigation.step(-1);
  await vi.waitFor(() => expect(state().graph?.sequence).toBe(answered - 1));
  expect(state()).toMatchObject({ whatIf: null, sandboxAt: null, position: answered - 1 });
});

test("a sandbox plays from its tick to its end", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const { navigation, state, answered, last } = await open();
  navigation.setPosition(answered);
  navigation.askWhatIf("skip");
  await vi.waitFor(() => expect(state().sandbox.answer).not.toBeNull());
  navigation.play();
  expect(state().sandboxAt).toBe(answered);
  vi.advanceTimersByTime(10_000);
  vi.useRealTimers();
  expect(state()).toMatchObject({ isPlaying: false, sandboxAt: null, position: answered });
  await vi.waitFor(() => expect(state().graph?.sequence).toBe(last));
});

test("a link to a tick of a sandbox shows that", async () => {
  const { state, last } = await open("#/run/r?tick=7&tab=whatif&whatif=skip:7&sandbox=8");
  expect(last).toBeGreaterThan(8);
  await vi.waitFor(() => expect(state().sandbox.answer?.view.graph.sequence).toBe(8));
  expect(state().graph?.sequence).toBe(8);
});

test("a changed tick is computed when asked for; what is wrong is said, and the run is shown meanwhile", async () => {
  const { navigation, state, answered } = await open();
  navigation.selectTick(answered);
  navigation.askWhatIf("change");
  await vi.waitFor(() => expect(state().sandbox.draft).toContain('"yes": true'));
  expect(state().sandbox.answer).toBeNull();
  const whole = state().sandbox.draft;
  navigation.editTick(whole.replace("true", "false"));
  state().session?.recompute();
  await vi.waitFor(() => expect(state().sandbox.answer?.openWork).toMatchObject([{ step: "fetch", isNew: false }]));
  for (const [text, message] of [
    ["{", /no JSON/],
    ['{"event": 1}', /event/],
  ] as const) {
    navigation.editTick(text);
    state().session?.recompute();
    await vi.waitFor(() => expect(state().sandbox.problem?.message).toMatch(message));
    expect(state().sandbox.answer).toBeNull();
    await vi.waitFor(() => expect(state().graph?.sequence).toBe(answered));
  }
});

test("going on from a sandbox is a fork from before its tick, with the changed event if wanted", async () => {
  const { engine, commands, state, answered } = await open();
  const first = { event: { type: "Answer", data: "other" } };
  const fork = await commands.fork("r", answered - 1, first);
  expect(state()).toMatchObject({ runId: fork, whatIf: null, position: "live" });
  expect(state().announcement).toContain(`The new run is ${fork}`);
  expect(await engine.result(fork ?? "")).toBe("other");
});
