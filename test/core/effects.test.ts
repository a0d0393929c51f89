import { describe, expect, test } from "vitest";
import type { InvocationId } from "../../src/core/tick.ts";
import { Fold, noRetry, program, retryIn, wait } from "./fold.ts";

const one = () => new Fold(program({ a: "Start" })).start();
const record = (run: Fold, key: string, value: unknown, of: InvocationId = run.running("a")) =>
  run.do({ kind: "RecordEffect", causedBy: 1, ...of, key, value });
const effects = (run: Fold) => run.state.memos.get(1)?.effects;

describe("the result of a side effect", () => {
  test("is kept for its work item under its key, beside the others, and asks for nothing", () => {
    const run = record(record(one(), "mail", "sent"), "paid", { cents: 5 });
    expect(effects(run)).toEqual({ mail: "sent", paid: { cents: 5 } });
    expect(run.commands).toEqual([]);
  });

  test("is there for the retry, the invocation after a wait, and the resumed run", () => {
    const run = record(one(), "mail", 1).failed("a", retryIn(0));
    record(run, "after", 2).waits("a", wait("X")).send("X");
    expect(run.failed("a", noRetry).resume().started).toHaveLength(1);
    expect(effects(run)).toEqual({ mail: 1, after: 2 });
    expect(run.state.memos.get(1)?.answers).toHaveLength(1);
  });

  test("goes with its work item", () => {
    expect(effects(record(one(), "mail", 1).returned("a"))).toBeUndefined();
  });

  test("of an invocation that is no longer in progress is dropped and counted", () => {
    const run = one();
    const first = run.running("a");
    run.failed(first, retryIn(0));
    expect(record(run, "mail", "late", first).state.dropped).toBe(1);
    expect(record(run, "mail", "later", first).state.dropped).toBe(2);
    expect(effects(run)).toBeUndefined();
  });
});
