import { constantDelay, defineEvent, defineWorkflow, run, StartEvent, StopEvent, type EventKind } from "tickwork";
import { settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { failureOf, gate, readAll, single, typesOf } from "./fixtures.ts";

const A = defineEvent("A");
const B = defineEvent("B");
const C = defineEvent("C");
type Kind = EventKind<string, unknown, unknown>;

/** Sends these events to a step that gathers `expected`, and gives each set it got. */
async function sets(sent: { type: string }[], expected: Kind[], numWorkers = 4): Promise<unknown[]> {
  const got: unknown[] = [];
  const workflow = defineWorkflow("w", { skipGraphChecks: ["terminalEvent"] })
    .step("send", { accepts: StartEvent, emits: [A, B, C] }, (_event, ctx) =>
      sent.forEach((event) => ctx.sendEvent(event as never)),
    )
    .step("gather", { accepts: [A, B, C], emits: StopEvent, numWorkers }, (event, ctx) => {
      const set = ctx.collectEvents(event, expected);
      if (set) got.push(set.map(({ data }) => data));
    });
  const handler = run(workflow);
  await settle();
  await handler.cancelRun();
  return got;
}

describe("collectEvents", () => {
  test("gives the set in the order asked for, whatever order the events came in", async () => {
    expect(await sets([B("b"), A("a")], [A, B] as never)).toEqual([["a", "b"]]);
  });

  test("counts repeats of one kind", async () => {
    expect(await sets([A(1), A(2), A(3)], [A, A, A] as never)).toEqual([[1, 2, 3]]);
  });

  test("mixes kinds and counts", async () => {
    expect(await sets([B(1), A(2), B(3)], [B, A, B] as never)).toEqual([[1, 2, 3]]);
  });

  test("of a surplus takes any complete set and keeps the rest for the next", async () => {
    expect(await sets([A(1), A(2), A(3), A(4), A(5)], [A, A] as never)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test("with many workers uses no event twice", async () => {
    const all = (
      await sets(
        Array.from({ length: 40 }, (_, n) => A(n)),
        [A, A] as never,
        40,
      )
    ).flat();
    expect(new Set(all).size).toBe(40);
  });

  test("of nothing is an empty list at once", async () => {
    expect(await sets([A(1)], [])).toEqual([[]]);
  });

  test("leaves the buffer alone for an event outside the set", async () => {
    expect(await sets([A(1), C(9), A(2)], [A, A] as never)).toEqual([[1, 2]]);
  });

  test("keeps sets with different ids apart", async () => {
    const workflow = defineWorkflow("w")
      .step("send", { accepts: StartEvent, emits: A }, (_event, ctx) =>
        ["x", "y", "y", "x"].forEach((id) => ctx.sendEvent(A(id))),
      )
      .step("gather", { accepts: A, emits: StopEvent }, (event, ctx) => {
        const set = ctx.collectEvents(event, [A, A], { bufferId: event.data as string });
        return set ? StopEvent(set.map(({ data }) => data)) : undefined;
      });
    expect(await run(workflow).result()).toEqual(["y", "y"]);
  });

  test("gives a retry the set its first attempt got", async () => {
    const got: unknown[] = [];
    const workflow = defineWorkflow("w")
      .step("send", { accepts: StartEvent, emits: A }, (_event, ctx) => [1, 2].forEach((n) => ctx.sendEvent(A(n))))
      .step("gather", { accepts: A, emits: StopEvent, retryPolicy: constantDelay({ delay: 0 }) }, (event, ctx) => {
        const set = ctx.collectEvents(event, [A, A]);
        if (!set) return undefined;
        got.push(set.map(({ data }) => data));
        if (got.length === 1) throw new Error("after the set");
        return StopEvent();
      });
    await run(workflow).result();
    expect(got).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test("may be called twice for one set in one invocation, for two sets", async () => {
    const handler = run(
      single((ctx, event) =>
        [ctx.collectEvents(event, [StartEvent]), ctx.collectEvents(event, [StartEvent])].map((set) => set?.length),
      ),
    );
    expect(await handler.result()).toEqual([1, 1]);
  });

  test("a step that collects and sends does so once per invocation: sent, streamed, returned (G2, C-10)", async () => {
    const received: unknown[] = [];
    const workflow = defineWorkflow("w")
      .step("send", { accepts: StartEvent, emits: A }, (_event, ctx) =>
        [1, 2, 3, 4].forEach((n) => ctx.sendEvent(A(n))),
      )
      // All of them begin before the first one collects: each began with an empty set.
      .step("gather", { accepts: A, emits: [B, StopEvent], numWorkers: 9 }, async (event, ctx) => {
        ctx.writeEventToStream(C(event.data));
        ctx.sendEvent(B(`sent ${Number(event.data)}`));
        await settle();
        if (!ctx.collectEvents(event, [A, A, A, A])) return B(`returned ${Number(event.data)}`);
        await settle();
        return StopEvent();
      })
      .step("count", { accepts: B, emits: [] }, ({ data }) => void received.push(data));
    expect(typesOf(await readAll(run(workflow).streamEvents()))).toEqual(["C", "C", "C", "C", "StopEvent"]);
    expect(received).toEqual(["sent 1", "returned 1", "sent 2", "returned 2", "sent 3", "returned 3"]);
  });

  test("a set that was emptied and filled again while a step was at work is not taken for the old one (C-12)", async () => {
    const gates = [1, 2, 3, 4].map(() => gate());
    const got: unknown[] = [];
    const workflow = defineWorkflow("w")
      .step("send", { accepts: StartEvent, emits: A }, (_event, ctx) =>
        [0, 1, 2, 3].forEach((n) => ctx.sendEvent(A(n))),
      )
      .step("gather", { accepts: A, emits: StopEvent, numWorkers: 4 }, async (event, ctx) => {
        await gates[Number(event.data)]!.promise;
        const set = ctx.collectEvents(event, [A, A]);
        if (set) got.push(set.map(({ data }) => data));
        return got.length === 2 ? StopEvent() : undefined;
      });
    const handler = run(workflow);
    // 3 began when nothing was gathered; when it collects, one event is: not 0, which a set has taken, but 2.
    for (const { open } of gates) {
      await settle();
      open();
    }
    await handler.result();
    expect(got).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  test("works for kinds named like members of every object", async () => {
    const Odd = defineEvent("constructor");
    const workflow = defineWorkflow("w")
      .step("send", { accepts: StartEvent, emits: Odd }, (_event, ctx) => [1, 2].forEach((n) => ctx.sendEvent(Odd(n))))
      .step("gather", { accepts: Odd, emits: StopEvent }, (event, ctx) =>
        ctx.collectEvents(event, [Odd, Odd]) ? StopEvent("both") : undefined,
      );
    const handler = run(workflow);
    await settle();
    expect(handler.status).toBe("completed");
  });

  test("of something that is no event fails the step", async () => {
    expect(await failureOf(run(single((ctx) => ctx.collectEvents("x" as never, [A]))))).toMatchObject({
      name: "WorkflowRuntimeError",
    });
  });
});
