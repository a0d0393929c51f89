import { defineEvent, defineWorkflow, StartEvent, StopEvent, type Workflow } from "tickwork";
import {
  createEngine,
  MemoryJournal,
  replayRunFile,
  ticksOfRunFile,
  type ReplayDifferenceKind,
} from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Answer, throughJson } from "../engine/fixtures.ts";

const Page = defineEvent("Page", z.object({ url: z.string(), words: z.number() }));
const Fetch = defineEvent("Fetch", z.object({ url: z.string() }));

interface Shape {
  readonly fetch?: string;
  readonly numWorkers?: number;
  readonly page?: typeof Page;
  readonly state?: z.ZodType;
  readonly version?: string;
  readonly timeout?: number;
}

/** What the recorded runs are made with; each test changes one thing. */
function ingest({ fetch = "fetch", numWorkers = 4, page = Page, state = z.object({}), ...options }: Shape = {}) {
  return defineWorkflow("ingest", { state: state as never, timeout: 5_000, ...options })
    .step("plan", { accepts: StartEvent, emits: Fetch }, (_event, ctx) => {
      for (const url of ["a", "b", "c"]) ctx.sendEvent(Fetch({ url }));
    })
    .step(fetch, { accepts: Fetch, emits: page, numWorkers }, async ({ data: { url } }, ctx) => {
      ctx.writeEventToStream(Fetch({ url: `seen ${url}` }));
      return page({ url, words: url.length });
    })
    .step("count", { accepts: page, emits: StopEvent }, async (event, ctx) => {
      await ctx.store.set("last" as never, "x" as never);
      const pages = ctx.collectEvents(event, [page, page, page]);
      return pages ? StopEvent(pages.length) : undefined;
    });
}

async function record(workflow: Workflow, input: unknown = null) {
  const engine = await createEngine({ [workflow.name]: workflow }, { journal: new MemoryJournal() });
  const runId = await engine.startRun(workflow.name, input, { runId: "r" });
  await engine.result(runId).catch(() => undefined);
  const file = throughJson(await engine.exportRun(runId));
  await engine.close();
  return file;
}

const kindsOf = (file: unknown, workflow: Workflow): ReplayDifferenceKind[] => [
  ...new Set(replayRunFile(file, workflow).differences.map(({ kind }) => kind)),
];

describe("a recorded run", () => {
  test("does not differ from the code it was recorded with, nor from a refactoring", async () => {
    const file = await record(ingest());
    expect(replayRunFile(file, ingest({ version: "2" }))).toEqual({
      runId: "r",
      workflow: "ingest",
      recordedVersion: "1",
      version: "2",
      ticks: ticksOfRunFile(file).length,
      definitionChanges: [],
      differences: [],
      omitted: 0,
    });
  });

  test("that used a step which is gone says where", async () => {
    const { differences, definitionChanges } = replayRunFile(await record(ingest()), ingest({ fetch: "download" }));
    expect(definitionChanges).toEqual(["Step fetch is gone.", "Step download is new."]);
    expect(differences[0]).toEqual({
      kind: "stepMissing",
      tick: 2,
      step: "fetch",
      message: "Step fetch is gone, and tick 2 is about it: its work is lost.",
    });
    expect(differences.at(-1)?.kind).toBe("finalStateDiffers");
  });

  test("holds data that a new schema refuses", async () => {
    const stricter = defineEvent("Page", z.object({ url: z.string(), words: z.number().min(2), title: z.string() }));
    const file = await record(ingest());
    const { differences } = replayRunFile(file, ingest({ page: stricter as never }));
    expect(differences.map(({ kind }) => kind)).toEqual(["payloadInvalid", "payloadInvalid", "payloadInvalid"]);
    expect(differences[0]?.message).toMatch(/^Tick \d+ holds a Page that its schema refuses now: words: .*; title: /);
  });

  test("worked side by side where that is not allowed now", async () => {
    const { differences, definitionChanges } = replayRunFile(await record(ingest()), ingest({ numWorkers: 1 }));
    expect(definitionChanges).toEqual(["Step fetch: numWorkers was 4, is 1."]);
    expect(differences[0]).toMatchObject({ kind: "dispatchDiffers", tick: 2, step: "fetch", event: "Fetch" });
    expect(differences.map(({ kind }) => kind)).toContain("resultIgnored");
  });

  test("waited where it need not now, which changes nothing but the order of starts", async () => {
    const kinds = kindsOf(await record(ingest({ numWorkers: 1 })), ingest({ numWorkers: 2 }));
    expect(kinds).toContain("dispatchDiffers");
  });

  test("emitted what its step does not declare now, and an event that nobody takes", async () => {
    const Other = defineEvent("Other");
    const changed = defineWorkflow("ingest", { timeout: 5_000 })
      .step("plan", { accepts: StartEvent, emits: Other }, () => Other())
      .step("fetch", { accepts: Other, emits: StopEvent }, () => StopEvent());
    const { differences } = replayRunFile(await record(ingest()), changed);
    expect(differences.find(({ kind }) => kind === "outputUndeclared")).toMatchObject({ step: "plan", event: "Fetch" });
    expect(differences.find(({ kind }) => kind === "eventUnhandled")).toMatchObject({ tick: 2, event: "Fetch" });
  });

  test("has a store that the new state schema refuses", async () => {
    const state = z.object({ last: z.number().default(0) });
    expect(kindsOf(await record(ingest()), ingest({ state }))).toEqual(["stateInvalid"]);
  });

  test("keeps its own time limit, which is said and no difference", async () => {
    const { differences, definitionChanges } = replayRunFile(await record(ingest()), ingest({ timeout: 9_000 }));
    expect(differences).toEqual([]);
    expect(definitionChanges).toEqual(["The time limit was 5000 ms, is 9000 ms; this run keeps its own."]);
  });

  test("that another step listens to now gives it work", async () => {
    const more = ingest().step("audit", { accepts: Fetch, emits: [] }, () => undefined);
    const { differences, definitionChanges } = replayRunFile(await record(ingest()), more);
    expect(definitionChanges).toEqual(["Step audit is new."]);
    expect(differences[0]).toMatchObject({ kind: "dispatchDiffers", tick: 2, step: "audit" });
  });

  test("whose record was tampered with says so", async () => {
    const file = await record(ingest());
    const run = { ...(file["run"] as object), status: "failed" };
    expect(kindsOf({ ...file, run }, ingest())).toEqual(["recordDiffers"]);
  });

  test("with data that JSON cannot hold, a failure, or a wait is read like any other", async () => {
    const keep = defineWorkflow("keep").step("a", { accepts: StartEvent, emits: StopEvent }, (event) =>
      StopEvent(event.data),
    );
    expect(kindsOf(await record(keep, new Map([[1n, new Date(5)]])), keep)).toEqual([]);
    const failing = defineWorkflow("failing").step("a", { accepts: StartEvent, emits: StopEvent }, () =>
      Promise.reject(new TypeError("no")),
    );
    expect(kindsOf(await record(failing), failing)).toEqual([]);
    const waiting = defineWorkflow("waiting", { timeout: 20 }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent },
      async (_event, ctx) => StopEvent((await ctx.waitForEvent(Answer)).data),
    );
    expect(kindsOf(await record(waiting), waiting)).toEqual([]);
  });

  test("with very many differences lists the first 200 and counts the rest", async () => {
    const Item = defineEvent("Item", z.number());
    const wide = (schema: typeof Item) =>
      defineWorkflow("wide")
        .step("split", { accepts: StartEvent, emits: schema }, (_event, ctx) => {
          for (let n = 0; n < 300; n++) ctx.sendEvent(schema(n));
        })
        .step("join", { accepts: schema, emits: StopEvent }, (event, ctx) =>
          ctx.collectEvents(
            event,
            Array.from({ length: 300 }, () => schema),
          )
            ? StopEvent()
            : undefined,
        );
    const negative = defineEvent("Item", z.number().max(-1));
    const { differences, omitted } = replayRunFile(await record(wide(Item)), wide(negative));
    expect([differences.length, omitted]).toEqual([200, 100]);
  });
});

describe("a file that is no exported run", () => {
  test.each([
    [null],
    [5],
    [{}],
    [{ format: "tickwork/context", version: 1 }],
    [{ format: "tickwork/run", version: 1 }],
  ])("(%j) is refused", (file) => {
    expect(() => replayRunFile(file, ingest())).toThrow(
      expect.objectContaining({ name: "ContextSerdeError", code: "RUN_FILE_UNREADABLE" }),
    );
  });

  test.each([
    ["of a newer tickwork", { version: 3 }, "RUN_FILE_FROM_FUTURE"],
    ["with ticks of a newer tickwork", { tickFormat: 2 }, "HISTORY_FROM_FUTURE"],
    ["of version 1 without its program", { version: 1, program: null }, "RUN_FILE_UNREADABLE"],
    [
      "with a tick that cannot be read",
      { ticks: [{ tagged: true, tick: { $tickwork: "Nope" } }] },
      "RUN_FILE_UNREADABLE",
    ],
    ["with a gap", { ticks: [{ kind: "Timeout", sequence: 2, at: 0, causedBy: 1 }] }, "HISTORY_DAMAGED"],
    ["of another workflow", { workflow: "other" }, "RUN_FILE_OF_OTHER_WORKFLOW"],
  ])("%s is refused", async (_what, change, code) => {
    const recorded = await record(ingest());
    const { workflow = "ingest" } = change as { workflow?: string };
    const file = { ...recorded, ...change, run: { ...(recorded["run"] as object), workflow } };
    expect(() => replayRunFile(file, ingest())).toThrow(expect.objectContaining({ name: "ContextSerdeError", code }));
  });
});
