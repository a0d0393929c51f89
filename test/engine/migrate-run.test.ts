/** `defineWorkflow(…, { migrate })`: runs of earlier code go on with that of now. */
import {
  allOf,
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  resume,
  run,
  StartEvent,
  StopEvent,
  type MigrateFunction,
  type Workflow,
} from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { replay } from "../../src/core/replay.ts";
import { loadState } from "../../src/engine/load-run.ts";
import { parseRunFile, startOfRunFile } from "../../src/serialize/run-file.ts";
import { encodeState } from "../../src/serialize/state-codec.ts";
import { compile } from "../../src/workflow/compile.ts";
import { throughJson } from "./fixtures.ts";

const Page = defineEvent("Page", z.object({ n: z.number() }));
const Sheet = defineEvent("Sheet", z.object({ number: z.number(), from: z.string() }));
const Read = defineEvent("Read", z.object({ text: z.string() }));
const Answer = humanResponseEvent("Answer", z.object({ text: z.string() }));
const Reply = humanResponseEvent("Reply", z.object({ text: z.string() }));

/** Page 1 waits, page 2 backs off, page 3 is queued. */
const before = defineWorkflow("reading", {
  version: "1",
  timeout: null,
  state: z.object({ read: z.number().default(7) }),
})
  .step("plan", { accepts: StartEvent, emits: Page }, (_event, ctx) => {
    for (let n = 1; n <= 3; n++) ctx.sendEvent(Page({ n }));
  })
  .step(
    "read",
    {
      accepts: Page,
      emits: Read,
      numWorkers: 1,
      waitsFor: Answer,
      retryPolicy: constantDelay({ maximumAttempts: 3, delay: 60_000 }),
    },
    async ({ data }, ctx) => {
      if (data.n === 1) return Read((await ctx.waitForEvent(Answer, { timeout: null })).data);
      if (data.n === 2) throw new Error("later");
      return new Promise<never>(() => undefined);
    },
  )
  .step("end", { accepts: Read, emits: StopEvent, numWorkers: 1 }, (event, ctx) => {
    const all = ctx.collectEvents(event, [Read, Read, Read]);
    return all ? StopEvent(all.map(({ data }) => data.text)) : undefined;
  });

const after = (migrate?: MigrateFunction, version = "2") =>
  defineWorkflow("reading", {
    version,
    timeout: null,
    state: z.object({ count: z.number().default(0) }),
    ...(migrate && { migrate }),
  })
    .step("plan", { accepts: StartEvent, emits: Sheet }, () => undefined)
    .step("readSheet", { accepts: Sheet, emits: Read, numWorkers: 1, waitsFor: Reply }, async ({ data }, ctx) => {
      if (data.number === 1) return Read((await ctx.waitForEvent(Reply, { timeout: null })).data);
      return Read({ text: `${data.number} ${data.from} ${await ctx.store.get("count")}` });
    })
    .step("end", { accepts: Read, emits: StopEvent, numWorkers: 1 }, (event, ctx) => {
      const all = ctx.collectEvents(event, [Read, Read, Read]);
      return all ? StopEvent(all.map(({ data }) => data.text).toSorted((a, b) => (a < b ? -1 : 1))) : undefined;
    });

const toSheets: MigrateFunction = ({ from }) => ({
  steps: { read: "readSheet" },
  events: { Page: "Sheet", Answer: "Reply" },
  rewrite: ({ type, data }) =>
    type === "Page" ? Sheet({ number: (data as { n: number }).n, from: `version ${from}` }) : null,
  store: (store) => ({ count: store["read"] as number }),
});

/** A run of the earlier code in a journal, in the middle of its work. */
async function interrupted() {
  const journal = new MemoryJournal();
  const clock = new SimulatedClock();
  const engine = await createEngine({ before }, { journal, clock });
  await engine.start("before", null, { runId: "r" });
  await settle();
  await engine.close();
  return { journal, clock };
}
const reopen = ({ journal, clock }: Awaited<ReturnType<typeof interrupted>>, workflow: Workflow) =>
  createEngine({ workflow }, { journal, clock });

const RESULT = ["2 version 1 7", "3 version 1 7", "said"];

test("work that waits, backs off and is queued goes on under its new names, with its new data", async () => {
  const stage = await interrupted();
  const engine = await reopen(stage, after(toSheets));
  await settle();
  await engine.sendEvent("r", Reply({ text: "said" }));
  await stage.clock.advance(60_000);
  expect(await engine.result("r")).toEqual(RESULT);
  expect((await engine.listRuns()).runs[0]).not.toHaveProperty("setAside");
});

test("the answer is written down: it is asked once, and what was folded then folds the same without it", async () => {
  const stage = await interrupted();
  const migrate = vi.fn(toSheets);
  const first = await reopen(stage, after(migrate));
  await settle();
  await first.close();
  const second = await reopen(stage, after(migrate));
  await settle();
  await second.sendEvent("r", Reply({ text: "said" }));
  await stage.clock.advance(60_000);
  expect(await second.result("r")).toEqual(RESULT);
  expect(migrate.mock.calls).toEqual([[{ runId: "r", from: "1", to: "2" }]]);

  const file = parseRunFile(throughJson(await second.exportRun("r")));
  const { program } = compile(after());
  const folded = replay(startOfRunFile(file, program), file.ticks);
  expect(encodeState(folded)).toEqual(encodeState(await loadState(stage.journal, "r", program)));
});

test("a snapshot taken after it has the new data, by itself and beside the journal", async () => {
  const stage = await interrupted();
  const engine = await reopen(stage, after(toSheets));
  const state = await loadState(stage.journal, "r", compile(after()).program);
  await stage.journal.saveSnapshot("r", {
    sequence: state.sequence,
    state: throughJson(encodeState(state, 1)) as never,
  });
  const saved = throughJson(await (await engine.attach("r")).snapshot());
  await engine.close();
  const again = await reopen(stage, after());
  await settle();
  await again.sendEvent("r", Reply({ text: "said" }));
  await stage.clock.advance(60_000);
  expect(await again.result("r")).toEqual(RESULT);

  const elsewhere = resume(after(), saved, { runtime: { clock: stage.clock, journal: null } });
  await settle();
  await elsewhere.sendEvent(Reply({ text: "said" }));
  expect(await elsewhere.result()).toEqual(RESULT);
});

test("a fork is taken along as well", async () => {
  const stage = await interrupted();
  const engine = await reopen(
    stage,
    after(() => null),
  );
  await engine.close();
  const mended = await reopen(stage, after(toSheets));
  await mended.cancelRun("r");
  await mended.forkRun("r", { runId: "f" });
  await settle();
  await mended.sendEvent("f", Reply({ text: "said" }));
  await stage.clock.advance(60_000);
  expect(await mended.result("f")).toEqual(RESULT);
});

test("inputs that wait in a join move with their types", async () => {
  const Other = defineEvent("Other");
  const Renamed = defineEvent("Renamed", z.object({ n: z.number() }));
  const joining = (kind: typeof Page | typeof Renamed, version: string, migrate?: MigrateFunction) =>
    defineWorkflow("joining", { version, timeout: null, ...(migrate && { migrate }) })
      .step("split", { accepts: StartEvent, emits: kind as never }, () => kind({ n: 5 }) as never)
      .step("later", { accepts: StartEvent, emits: Other, waitsFor: Answer }, async (_event, ctx) => {
        await ctx.waitForEvent(Answer, { timeout: null });
        return Other();
      })
      .step("pair", { accepts: allOf(kind as typeof Page, Other), emits: StopEvent }, ([{ data }]) =>
        StopEvent(data.n),
      );
  const clock = new SimulatedClock();
  const runtime = { clock, journal: null };
  const handler = run(joining(Page, "1"), null, { runtime });
  await settle();
  const saved = throughJson(await handler.snapshot());
  await handler.cancelRun();
  const next = resume(
    joining(Renamed, "2", () => ({ events: { Page: "Renamed" } })),
    saved,
    { runtime },
  );
  await settle();
  await next.sendEvent(Answer({ text: "" }));
  expect(await next.result()).toBe(5);
});

test("sets that collectEvents gathers go on gathering, and a call that was answered is answered again", async () => {
  const Old = defineEvent("Old", z.object({ n: z.number() }));
  const New = defineEvent("New", z.object({ n: z.number() }));
  const collecting = (kind: typeof Old | typeof New, version: string, migrate?: MigrateFunction) =>
    defineWorkflow("collecting", { version, timeout: null, ...(migrate && { migrate }) })
      .step("split", { accepts: StartEvent, emits: kind as never }, (_event, ctx) => {
        for (let n = 1; n <= 3; n++) ctx.sendEvent(kind({ n }) as never);
      })
      .step(
        "pair",
        { accepts: kind as typeof Old, emits: StopEvent, numWorkers: 1, waitsFor: Answer },
        async (event, ctx) => {
          const pair = ctx.collectEvents(event, [kind as typeof Old, kind as typeof Old]);
          if (event.data.n === 2) await ctx.waitForEvent(Answer, { timeout: null });
          return event.data.n === 2 ? StopEvent(pair?.map(({ data }) => data.n)) : undefined;
        },
      );
  const runtime = { clock: new SimulatedClock(), journal: null };
  const handler = run(collecting(Old, "1"), null, { runtime });
  await settle();
  const saved = throughJson(await handler.snapshot());
  await handler.cancelRun();
  expect(saved.buffers).toMatchObject([{ bufferId: "Old", expected: { Old: 2 }, events: ["2.2"] }]);
  const next = resume(
    collecting(New, "2", () => ({ events: { Old: "New" } })),
    saved,
    { runtime },
  );
  await settle();
  expect((await next.snapshot()).buffers).toMatchObject([{ bufferId: "New", expected: { New: 2 }, events: ["2.2"] }]);
  await next.sendEvent(Answer({ text: "" }));
  expect(await next.result()).toEqual([1, 2]);
});

test.each<[string, MigrateFunction, string]>([
  [
    "what it throws",
    () => {
      throw new RangeError("too old");
    },
    "too old",
  ],
  ["a step that is not there", () => ({ steps: { read: "nowhere" } }), "nowhere"],
  ["an event that is not there", () => ({ events: { Page: "Nothing" } }), "Nothing"],
  ["data that does not fit", () => ({ rewrite: () => ({ type: "Sheet", data: { number: "1" } }) }), "number"],
  ["a store that does not fit", () => ({ store: () => ({ count: "many" }) }), "count"],
])(
  "%s pauses the run with the reason; it can be cancelled, or go on with mended code",
  async (_what, migrate, reason) => {
    const stage = await interrupted();
    const engine = await reopen(stage, after(migrate));
    const [paused] = (await engine.listRuns()).runs;
    expect(paused?.pausedBecause).toMatch(reason);
    await expect(engine.resumeRun("r")).rejects.toMatchObject({ name: "ContextSerdeError", code: "MIGRATION_FAILED" });
    await engine.close();
    const mended = await reopen(stage, after(toSheets));
    expect((await mended.listRuns()).runs[0]).not.toHaveProperty("pausedBecause");
    await mended.close();
    const broken = await reopen(await interrupted(), after(migrate));
    await broken.cancelRun("r");
    expect((await broken.listRuns()).runs[0]?.status).toBe("cancelled");
  },
);

test("what it leaves without a place pauses the run as ever", async () => {
  const engine = await reopen(
    await interrupted(),
    after(() => ({ events: { Page: "Sheet" } })),
  );
  await expect(engine.resumeRun("r")).rejects.toMatchObject({ code: "RUN_CODE_CHANGED" });
});

test("it is not asked when nothing changed", async () => {
  const migrate = vi.fn<MigrateFunction>(() => null);
  const same = { ...before, migrate } as unknown as Workflow;
  const engine = await reopen(await interrupted(), same);
  await settle();
  expect(migrate).not.toHaveBeenCalled();
  expect((await engine.listRuns()).runs[0]).not.toHaveProperty("pausedBecause");
});
