import fc from "fast-check";
import { constantDelay, defineEvent, defineWorkflow, StartEvent, StopEvent, type Workflow } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/core/json.ts";
import { Answer, Question, throughJson } from "./fixtures.ts";

const Page = defineEvent("Page");
const pages = defineWorkflow("pages", { timeout: null })
  .step("split", { accepts: StartEvent, emits: Page }, ({ data }, ctx) => {
    for (const page of (data as { pages: Json[] }).pages) ctx.sendEvent(Page(page));
  })
  .step(
    "fetch",
    { accepts: Page, emits: [Page, StopEvent], numWorkers: 1, retryPolicy: constantDelay({ delay: 1000 }) },
    async ({ data }, ctx) => {
      ctx.log("fetching", { data });
      if (data === "flaky" && ctx.retryInfo().attempt === 0) throw new Error("429");
      await ctx.store.set("last", data);
      ctx.writeEventToStream(Page(data));
      return undefined;
    },
  );

async function open(data: unknown[], workflows: Record<string, Workflow> = { pages }) {
  const clock = new SimulatedClock();
  const engine = await createEngine(workflows, { journal: new MemoryJournal(), clock });
  await engine.start("pages", { pages: data }, { runId: "r" });
  await settle();
  await clock.advance(5000);
  const { runs } = await engine.listRuns();
  return { engine, clock, last: runs[0]?.sequence ?? 0 };
}

async function linesOf({ engine, last }: Awaited<ReturnType<typeof open>>): Promise<string[]> {
  const sequences = Array.from({ length: last }, (_, index) => index + 1);
  return [...(await engine.readTickLines("r", sequences))];
}

describe("searching ticks", () => {
  test("by what a tick is, where it goes, and what it brings", async () => {
    const { engine } = await open(["a", "flaky"]);
    const found = async (query: object) => {
      const { sequences } = await engine.searchTicks("r", { from: 1, limit: 100, ...query });
      const { ticks } = await engine.readTicks("r", { from: 1, limit: 100 });
      return sequences.map((each) => `${ticks[each - 1]?.kind} ${ticks[each - 1]?.step ?? ""}`.trim());
    };
    expect(await found({ kind: "StartRun" })).toEqual(["StartRun"]);
    expect(await found({ step: "split" })).toEqual(["StartRun", "StepResult split"]);
    expect(await found({ by: "split" })).toEqual(["StepResult split"]);
    expect(await found({ event: "Page" })).toEqual(["StepResult split", "StepResult fetch", "StepResult fetch"]);
    expect(await found({ step: "fetch", kind: "StepResult", logs: true })).toHaveLength(3);
    expect(await found({ workItem: 2, kind: "StepResult" })).toEqual(["StepResult fetch"]);
    expect(await found({ text: "429" })).toEqual(["StepResult fetch"]);
    expect(await found({ without: ["StepResult", "EditState", "StartRun"] })).toEqual(["Wakeup"]);
  });

  test("says where to go on, and finds nothing past the end or before the beginning", async () => {
    const { engine, last } = await open(["a"]);
    expect(await engine.searchTicks("r", { from: 2, limit: 1 })).toEqual({
      sequences: [2],
      next: 3,
      lastSequence: last,
    });
    expect((await engine.searchTicks("r", { from: last + 1, limit: 9 })).sequences).toEqual([]);
    expect((await engine.searchTicks("r", { from: -5, limit: 6 })).sequences).toEqual(
      [1, 2, 3, 4, 5, 6].slice(0, last),
    );
  });

  test("ends an answer early where payloads are large, and goes on there", async () => {
    const { engine, last } = await open(Array.from({ length: 6 }, () => "x".repeat(1_500_000)));
    const found: number[] = [];
    let answers = 0;
    for (let from = 1; from <= last; answers += 1) {
      const { sequences, next } = await engine.searchTicks("r", { text: "xxx", from, limit: 2000 });
      found.push(...sequences);
      from = next;
    }
    expect(answers).toBeGreaterThan(3);
    const withText: number[] = [];
    for (let each = 1; each <= last; each += 1)
      if ((await engine.readText("r", { of: "tick", sequence: each })).includes("xxx")) withText.push(each);
    expect(found).toEqual(withText);
  });

  test("finds exactly the ticks whose JSON has the text, as it stands or as JSON writes it", async () => {
    const text = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('a"b', "429", "Page", "É", "\\", "fetch"));
    const payload = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }));
    await fc.assert(
      fc.asyncProperty(fc.array(payload, { minLength: 1, maxLength: 4 }), text, async (data, wanted) => {
        const run = await open(data);
        const lines = await linesOf(run);
        const written = JSON.stringify(wanted).slice(1, -1).toLowerCase();
        const expected = lines.flatMap((line, index) =>
          line.toLowerCase().includes(wanted.toLowerCase()) || line.toLowerCase().includes(written) ? [index + 1] : [],
        );
        const { sequences } = await run.engine.searchTicks("r", { text: wanted, from: 1, limit: 2000 });
        expect(sequences).toEqual(expected);
        await run.engine.close();
      }),
      { numRuns: 60 },
    );
  });

  test("looks only at what redaction shows", async () => {
    const clock = new SimulatedClock();
    const redact = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll("secret", "hidden")) as unknown;
    const engine = await createEngine({ pages }, { journal: new MemoryJournal(), clock }, { redact });
    await engine.start("pages", { pages: ["secret"] }, { runId: "r" });
    await settle();
    const find = async (text: string) => (await engine.searchTicks("r", { text, from: 3, limit: 9 })).sequences.length;
    expect(await find("secret")).toBe(0);
    expect(await find("hidden")).toBeGreaterThan(0);
  });
});

describe("payloads that are large", () => {
  const large = { rows: Array.from({ length: 50_000 }, (_, n) => ({ n, text: "some text of a row" })), name: "rows" };

  test("a tick, the store and the result come cut, with their sizes, and whole when asked", async () => {
    const keeps = defineWorkflow("pages").step("a", { accepts: StartEvent, emits: StopEvent }, async (_event, ctx) => {
      await ctx.store.set("kept", large);
      return StopEvent(large);
    });
    const { engine, last } = await open([], { pages: keeps });
    const cutRows = { $tickwork: "cut", kind: "array", length: 50_000 };
    const view = throughJson(await engine.stateAt("r"));
    expect(view.store).toMatchObject({ part: { kept: { part: { rows: cutRows, name: "rows" } } } });
    expect(view.result).toMatchObject({ kind: "object", part: { rows: cutRows, name: "rows" } });
    const detail = throughJson(await engine.readTick("r", last));
    expect(JSON.stringify([view, detail]).length).toBeLessThan(1_000_000);
    expect(detail.summary.size).toBeGreaterThan(1_500_000);

    const newest = { of: "store", sequence: 0 } as const;
    expect(await engine.readPart("r", newest, ["kept", "rows", "49999"])).toEqual(large.rows[49_999]);
    expect(await engine.readPart("r", newest, ["kept", "rows"], 49_990)).toMatchObject({
      part: large.rows.slice(49_990),
    });
    expect(JSON.parse(await engine.readText("r", newest))).toEqual({ kept: large });
    expect(JSON.parse(await engine.readText("r", { of: "result", sequence: last }))).toEqual(large);
    expect(JSON.parse((await engine.readTickLines("r", [last]))[0] ?? "")).toMatchObject({ sequence: last });
    expect(await engine.readText("r", { of: "tick", sequence: last })).toBe(
      (await engine.readTickLines("r", [last]))[0],
    );
  });

  test("what a work item works on, while it is under way", async () => {
    const { engine, last } = await open(["a", "flaky"]);
    const { ticks } = await engine.readTicks("r", { from: 1, limit: last });
    const failed = ticks.find(({ outcome }) => outcome === "failed");
    const input = { of: "input", workItem: failed?.workItem ?? 0 } as const;
    const before = (failed?.sequence ?? 0) - 1;
    expect(await engine.readPart("r", { ...input, sequence: before }, [])).toBe("flaky");
    expect(await engine.readText("r", { ...input, sequence: before + 1 })).toBe('"flaky"');
    expect(await engine.readText("r", { ...input, sequence: last })).toBe("null");
  });

  test("lines of ticks: as many as fit, at least one", async () => {
    const { engine, last } = await open(Array.from({ length: 5 }, () => "x".repeat(2_000_000)));
    const sequences = Array.from({ length: last }, (_, index) => index + 1);
    const lines = await engine.readTickLines("r", sequences);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(last);
    expect(lines.map((line) => (JSON.parse(line) as { sequence: number }).sequence)).toEqual(
      sequences.slice(0, lines.length),
    );
  });

  test("what is not there is refused by name", async () => {
    const { engine, last } = await open(["a"]);
    await expect(engine.readPart("r", { of: "store", sequence: 0 }, ["nope"])).rejects.toMatchObject({
      name: "WorkflowRuntimeError",
      code: "PATH_UNKNOWN",
    });
    for (const refused of [
      engine.readText("r", { of: "tick", sequence: last + 1 }),
      engine.readTickLines("r", [1, last + 1]),
      engine.causes("r", last + 1),
    ]) {
      await expect(refused).rejects.toMatchObject({ name: "WorkflowRuntimeError", code: "TICK_UNKNOWN" });
    }
  });
});

test("the published stream, page by page, and where each event stands", async () => {
  const { engine } = await open(["a", "b", "c"]);
  const { events, published } = await engine.readStream("r", { from: 2, limit: 2 });
  expect(published).toBe(3);
  expect(events).toMatchObject([
    { position: 2, type: "Page", preview: '"b"' },
    { position: 3, type: "Page", preview: '"c"' },
  ]);
  const [{ tick = 0 } = {}] = events;
  expect((await engine.readTick("r", tick)).summary).toMatchObject({ kind: "StepResult", step: "fetch", logs: 1 });
  expect((await engine.readStream("r", { from: 4, limit: 10 })).events).toEqual([]);
});

test("an event that nobody takes is shown, and a child run that goes on", async () => {
  const child = defineWorkflow("child", { timeout: null }).step(
    "wait",
    { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
    async (_event, ctx) =>
      StopEvent((await ctx.waitForEvent(Answer, { waiterEvent: Question("?"), timeout: null })).data),
  );
  const parent = defineWorkflow("parent", { timeout: null }).step(
    "call",
    { accepts: StartEvent, emits: StopEvent, runs: child },
    async (_event, ctx) => StopEvent(await ctx.runWorkflow(child, null)),
  );
  const engine = await createEngine({ parent, child }, { journal: new MemoryJournal(), clock: new SimulatedClock() });
  await engine.start("parent", null, { runId: "p" });
  await settle();
  await engine.sendEvent("p", Answer({ id: 9 }));
  await settle();
  const view = await engine.stateAt("p");
  expect(view.unclaimed).toMatchObject([{ type: "Answer", preview: "{id: 9}" }]);
  const [{ children = [] } = {}] = view.workItems;
  expect(children).toMatchObject([{ workflow: "child" }]);
  await engine.sendEvent(children[0]?.runId ?? "", Answer("yes"));
  await engine.result("p");
  expect((await engine.stateAt("p")).workItems).toEqual([]);
});
