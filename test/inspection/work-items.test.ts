import { expect, test } from "vitest";
import { Redaction } from "../../src/inspection/redaction.ts";
import { listWorkItems, workItemPage } from "../../src/inspection/work-items.ts";
import { toPlainData } from "../../src/workflow/plain-data.ts";
import { Fold, program, retryIn } from "../core/fold.ts";

const open = new Redaction("r", undefined, toPlainData);

/** Two slots at work, one that backs off, and seven in the queue. */
function busy() {
  const one = new Fold(program({ a: "Start", b: ["X", 2] })).start();
  for (let i = 0; i < 10; i += 1) one.send("X");
  return one.failed("b", retryIn(500)).state;
}

test("pages of a step's work items join without gap or overlap: at work, backing off, queued", () => {
  const state = busy();
  const pages = [0, 3, 6, 9, 12].map((from) => workItemPage(state, { step: "b", from, limit: 3 }, open));
  expect(pages.map(({ total, items }) => [total, items.length])).toEqual([
    [10, 3],
    [10, 3],
    [10, 3],
    [10, 1],
    [10, 0],
  ]);
  const items = pages.flatMap((page) => page.items);
  expect(new Set(items.map(({ workItem }) => workItem)).size).toBe(10);
  expect(items.map((item) => item.state)).toEqual([
    "running",
    "running",
    "delayed",
    ...Array.from({ length: 7 }, () => "queued"),
  ]);
  expect(items.every(({ step }) => step === "b")).toBe(true);
});

test("all steps together have those at work first; a step that is not there has none", () => {
  const state = busy();
  expect(listWorkItems(state, { limit: 3 }, open).map(({ step }) => step)).toEqual(["a", "b", "b"]);
  expect(workItemPage(state, { step: "zzz", from: 0, limit: 9 }, open)).toMatchObject({ total: 0, items: [] });
});
