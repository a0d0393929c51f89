/** What an isolated step has, and how it behaves: as any other, from another thread. */
import { describe, expect, test } from "vitest";
import { run, WorkflowRuntimeError } from "tickwork";
import {
  Answer,
  asking,
  atomic,
  effects,
  failing,
  identify,
  joining,
  Other,
  parental,
  resourceful,
  storing,
  talkative,
} from "./fixture-workflows.ts";
import { inPlace, poolsOf, withLogs } from "./pools.ts";

const { pool } = poolsOf("test/pool/steps.worker.ts");
type Found = Record<string, unknown>;

describe("an isolated step in a pool", () => {
  test("runs in another thread, with a frozen input and its ids", async () => {
    const runtime = pool();
    const here = (await run(identify, { a: [1] }, { runtime: inPlace }).result()) as Found;
    const there = (await run(identify, { a: [1] }, { runtime, runId: "r" }).result()) as Found;
    expect(there["thread"]).not.toBe(here["thread"]);
    expect(there).toMatchObject({ input: { a: [1] }, isFrozen: true, ids: ["r", "look", 0, 1], isAborted: false });
  });

  test("logs, streams, sends and returns in the order of its calls; events are checked where they are made, once", async () => {
    const { runtime, logs } = withLogs(pool());
    const handler = run(talkative, "last", { runtime });
    expect(await handler.result()).toEqual([{ text: 4 }, { text: 7 }, { text: 4, when: new Date(5) }]);
    const note = (await handler.streamEvents().next()).value;
    expect(note?.data).toEqual({ streamed: new Map([["a", 1n]]) });
    expect(logs).toEqual(["a log"]);
  });

  test("runs a child workflow, whose steps run where the engine is", async () => {
    const runtime = pool();
    const { thread: here } = (await run(identify, null, { runtime: inPlace }).result()) as Found;
    const result = (await run(parental, 5, { runtime, runId: "p" }).result()) as { thread: string; child: Found };
    expect(result.child).toEqual({ thread: here, born: new Date(5) });
    expect(result.thread).not.toBe(here);
  });

  test("gets the child's error, and may run only what it declares", async () => {
    const runtime = pool();
    await expect(run(parental, -1, { runtime }).result()).rejects.toThrow(new RangeError("too old"));
    await expect(run(parental, "undeclared", { runtime }).result()).rejects.toMatchObject({
      code: "WORKFLOW_UNDECLARED",
    });
  });

  test("gets the set its join gathered", async () => {
    expect(await run(joining, null, { runtime: pool() }).result()).toEqual(["left", 5]);
  });

  test("fails with an error whose class, code and fields the retry policy sees, and is told of it in the next attempt", async () => {
    const result = await run(failing, "type", { runtime: pool() }).result();
    expect(result).toMatchObject({ attempt: 2, isTypeError: true, message: "attempt 1" });
  });

  test.each([
    ["undeclared", { code: "OUTPUT_UNDECLARED", data: { step: "fail", event: "Undeclared" } }],
    ["swallowed", { code: "OUTPUT_UNDECLARED", data: { step: "fail", event: "Undeclared" } }],
    ["function", { code: "OUTPUT_UNDECLARED", message: expect.stringContaining("a function, which is no event") }],
    ["list", { code: "OUTPUT_UNDECLARED", message: expect.stringContaining("a list, which it does not declare") }],
    ["invalid", { code: "EVENT_INVALID" }],
    ["collect", { name: "ContextStateError", code: "STEP_ISOLATED" }],
    ["resources", { name: "ContextStateError", code: "STEP_ISOLATED" }],
  ])("that goes wrong (%s) fails as in place", async (how, expected) => {
    const outcome = (options: object) =>
      run(failing, how, options)
        .result()
        .catch((error: unknown) => error);
    const [there, here] = [await outcome({ runtime: pool() }), await outcome({ runtime: inPlace })];
    expect(there).toMatchObject(expected);
    expect({ ...(there as object), message: String(there) }).toEqual({ ...(here as object), message: String(here) });
  });

  test("is refused at once what it sends to a step that is not there", async () => {
    expect(await run(failing, "target", { runtime: pool() }).result()).toBe("STEP_UNKNOWN");
  });

  test("does not keep the workflow's other steps from their resources", async () => {
    expect(await run(resourceful, null, { runtime: pool() }).result()).toBe("kept");
  });
});

describe("its calls over the boundary", () => {
  test("a wait suspends it; it runs again with the answers, and its effect is not repeated", async () => {
    const { runtime, logs } = withLogs(pool({ size: 1 }));
    const handler = run(asking, null, { runtime });
    const events = handler.streamEvents();
    expect((await events.next()).value).toMatchObject({ type: "Question", data: { who: "you" } });
    await expect.poll(() => handler.status).toBe("idle");
    // Suspended, it leaves the pool's only worker to others.
    await run(identify, null, { runtime }).result();
    await handler.sendEvent(Answer({ yes: false }));
    await handler.sendEvent(Other(5));
    await handler.sendEvent(Answer({ yes: true }));
    expect(await handler.result()).toEqual({
      calls: expect.any(Number),
      effect: { of: 1, at: new Date(7) },
      isShared: true,
      answers: [{ yes: true }, 5],
    });
    expect(logs.slice(0, 2)).toEqual(["asks", "asks"]);
  });

  test("a kind that no step names cannot be waited for", async () => {
    const result = run(asking, "elsewhere", { runtime: pool() }).result();
    await expect(result).rejects.toBeInstanceOf(WorkflowRuntimeError);
    await expect(result).rejects.toMatchObject({ code: "KIND_UNKNOWN", message: expect.stringContaining("waitsFor") });
  });

  test("what its own functions throw comes back to it as the very same; writers inside an edit are refused", async () => {
    const there = await run(effects, null, { runtime: pool() }).result();
    expect(there).toEqual(await run(effects, null, { runtime: inPlace }).result());
    expect(there).toMatchObject({ isSame: true, isRolledBack: true, nested: "NESTED_WRITER", left: {} });
    expect((there as Found)["unkeepable"]).toContain("z cannot be stored");
  });

  test("the store does what it does in place", async () => {
    const there = await run(storing, null, { runtime: pool() }).result();
    expect(there).toEqual(await run(storing, null, { runtime: inPlace }).result());
    expect(there).toMatchObject({ changed: 6, missing: "PATH_NOT_FOUND", fallback: 7, cleared: { n: 1 } });
  });

  test("edits that come with the result are lost with a failed attempt", async () => {
    const handler = run(atomic, null, { runtime: pool() });
    expect(await handler.result()).toBe(1);
    expect((await handler.snapshot()).store).toEqual({ count: 1 });
  });
});
