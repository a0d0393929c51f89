import { expect, test } from "vitest";
import { createStore } from "zustand/vanilla";
import { createPartHub } from "../../inspector/store/part-hub.ts";
import { createWatch } from "../../inspector/store/watch.ts";

interface State {
  readonly steps: { readonly [name: string]: number };
  readonly selected: string;
  readonly other: number;
}
const steps = (state: State) => state.steps;
const selected = (state: State) => state.selected;

function open() {
  const store = createStore<State>(() => ({ steps: { a: 1, b: 1 }, selected: "a", other: 0 }));
  const watch = createWatch(store, createPartHub(store), [steps, selected], (state) => ({
    depth: state.steps["a"],
    isSelected: state.selected === "a",
  }));
  let calls = 0;
  const leave = watch.subscribe(() => (calls += 1));
  return { store, watch, leave, calls: () => calls };
}

test("facts stay the same object until one of them is another", () => {
  const { store, watch } = open();
  const first = watch.facts();
  expect(first).toEqual({ depth: 1, isSelected: true });
  store.setState({ steps: { a: 1, b: 2 } });
  expect(watch.facts()).toBe(first);
  store.setState({ selected: "b" });
  expect(watch.facts()).toEqual({ depth: 1, isSelected: false });
});

test("what is not among its parts wakes nobody, and who left is left alone", () => {
  const { store, leave, calls } = open();
  store.setState({ other: 1 });
  expect(calls()).toBe(0);
  store.setState({ selected: "b" });
  expect(calls()).toBe(1);
  leave();
  store.setState({ selected: "a", steps: {} });
  expect(calls()).toBe(1);
});
