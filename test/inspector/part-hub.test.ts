import { expect, test } from "vitest";
import { createStore } from "zustand/vanilla";
import { createPartHub } from "../../inspector/store/part-hub.ts";

const open = () => {
  const store = createStore(() => ({ left: { n: 0 }, right: { n: 0 } }));
  const hub = createPartHub(store);
  const heard: string[] = [];
  const left = (state: { left: object }) => state.left;
  const right = (state: { right: object }) => state.right;
  return { store, hub, heard, left, right };
};

test("only those are woken whose part is another one", () => {
  const { store, hub, heard, left, right } = open();
  hub.subscribe(left, () => heard.push("left"));
  hub.subscribe(left, () => heard.push("left too"));
  hub.subscribe(right, () => heard.push("right"));
  store.setState({ left: { n: 1 } });
  expect(heard).toEqual(["left", "left too"]);
  store.setState((state) => ({ ...state }));
  store.setState({ right: { n: 1 } });
  expect(heard).toEqual(["left", "left too", "right"]);
});

test("who has left is not woken, and a part can be looked at again", () => {
  const { store, hub, heard, left } = open();
  const leave = hub.subscribe(left, () => heard.push("first"));
  leave();
  leave();
  hub.subscribe(left, () => heard.push("second"));
  leave();
  store.setState({ left: { n: 1 } });
  expect(heard).toEqual(["second"]);
});

test("a change made while others are woken is heard of as well", () => {
  const { store, hub, heard, left, right } = open();
  hub.subscribe(left, () => store.setState({ right: { n: 1 } }));
  hub.subscribe(right, () => heard.push("right"));
  store.setState({ left: { n: 1 } });
  expect(heard).toEqual(["right"]);
});
