import type { LogRecord } from "../../src/core/tick.ts";
import { expect, test } from "vitest";
import { Redaction } from "../../src/inspection/redaction.ts";
import { runningLogs, type RunningAttempt } from "../../src/inspection/running-logs.ts";
import { encodeValue } from "../../src/serialize/serializer.ts";
import { toPlainData } from "../../src/workflow/plain-data.ts";

const open = new Redaction("r", undefined, toPlainData);
const lines = (count: number): LogRecord[] =>
  Array.from({ length: count }, (_, n) => ({ at: n, message: `line ${n}` }));
const attempt = (workItem: number, logs: readonly LogRecord[], step = "fetch"): RunningAttempt => ({
  id: { step, workItem, invocation: 1 },
  workItem: {},
  startedAt: 100 - workItem,
  logs,
});

test("only attempts that have logged are told, of the step or work item asked for, the first begun first", () => {
  const all = [attempt(1, lines(1)), attempt(2, []), attempt(3, lines(2)), attempt(4, lines(1), "merge")];
  const itemsOf = (query: object) =>
    runningLogs(all, query, open, encodeValue).attempts.map(({ workItem }) => workItem);
  expect([itemsOf({}), itemsOf({ step: "fetch" }), itemsOf({ workItem: 3 })]).toEqual([[4, 3, 1], [3, 1], [3]]);
});

test("the newest of many lines and attempts are told, with how many are not", () => {
  const all = Array.from({ length: 25 }, (_, n) => attempt(n + 1, lines(250)));
  const { attempts, more } = runningLogs(all, {}, open, encodeValue);
  expect([attempts.length, more]).toEqual([20, 5]);
  const [first] = attempts;
  expect([first?.records.length, first?.earlier, first?.records.at(-1)?.message]).toEqual([100, 150, "line 249"]);
});

test("long messages and large data are cut", () => {
  const record = { at: 1, message: "m".repeat(9_000), data: { text: "d".repeat(90_000) } };
  const { attempts } = runningLogs([attempt(1, [record])], {}, open, encodeValue);
  expect(attempts[0]?.records[0]?.message).toHaveLength(2_000);
  expect(JSON.stringify(attempts).length).toBeLessThan(8_000);
});

test("what is hidden of logs in ticks is hidden here", () => {
  const show = new Redaction("r", (value, { kind }) => (kind === "log" ? "gone" : value), toPlainData);
  const { attempts } = runningLogs(
    [attempt(1, [{ at: 1, message: "s3cret", data: { s3cret: 1 } }])],
    {},
    show,
    encodeValue,
  );
  expect(attempts[0]?.records).toEqual([{ at: 1, message: "gone" }]);
});
