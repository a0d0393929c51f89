import { expect, test } from "vitest";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { pickedRuns } from "../../inspector/store/run-picks.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";

function open(runIds: readonly string[]) {
  const { store, picker } = createInspectorModel(createScriptedSource({ runs: [] }));
  store.setState({ runIds });
  return { picker, runIds, store, picked: () => pickedRuns(store.getState()) };
}

test("picks one, ranges in both directions from the one picked last, all and none", () => {
  const { picker, runIds, store, picked } = open(["a", "b", "c", "d", "e"]);
  picker.begin();
  expect([store.getState().picks?.ids.size, picked()]).toEqual([0, []]);
  picker.toggle("d");
  picker.pickTo("b", runIds);
  expect(picked()).toEqual(["b", "c", "d"]);
  picker.pickTo("e", runIds);
  expect(picked()).toEqual(["b", "c", "d", "e"]);
  picker.toggle("c");
  expect(picked()).toEqual(["b", "d", "e"]);
  picker.pickAll(runIds);
  expect(picked()).toEqual(runIds);
  picker.pickNone();
  expect(picked()).toEqual([]);
  picker.end();
  expect(store.getState().picks).toBeNull();
});

test("what is gone is not picked any more, and a range from a run that is gone is one run", () => {
  const { picker, store, picked } = open(["a", "b", "c"]);
  picker.toggle("b");
  store.setState({ runIds: ["a", "c"] });
  picker.pickTo("c", ["a", "c"]);
  expect(picked()).toEqual(["c"]);
});
