/** Files made by hand to do harm: each is refused by name, at once, and says where. */
import { defineEvent, defineWorkflow, resume, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { reduce } from "../../src/core/reduce.ts";
import { initialState } from "../../src/core/broker-state.ts";
import { Answer, throughJson } from "../engine/fixtures.ts";
import { recordings } from "./hostile.ts";

type Loose = Record<string, any>; // eslint-disable-line typescript/no-explicit-any
const fileOf = (name: string): Loose =>
  structuredClone(recordings.find((each) => each.name === name && each.format === "format-2")?.runFile) as Loose;

async function refusalOf(file: unknown): Promise<{ code: string; message: string; data: JsonObject }> {
  const journal = new MemoryJournal();
  const engine = await createEngine({}, { journal, clock: new SimulatedClock() });
  const refusal = await engine.importRun(file).then(
    () => ({ code: "taken", message: "", data: {} }),
    (error: { name: string; code: string; message: string; data: JsonObject }) => {
      expect(error.name).toBe("ContextSerdeError");
      return error;
    },
  );
  if (refusal.code !== "taken") expect(await journal.listRuns({ limit: 9 })).toEqual([]);
  return refusal;
}
const changed = (name: string, change: (file: Loose) => void): Loose => {
  const file = fileOf(name);
  change(file);
  return file;
};
const repeated = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe("a file that is no file", () => {
  test("that contains itself", async () => {
    const file = changed("chain", (each) => (each["run"].self = each));
    expect(await refusalOf(file)).toMatchObject({
      code: "RUN_FILE_UNREADABLE",
      data: { path: expect.stringMatching(/^run\.self\.run/) },
    });
  });

  test("that is small and unfolds to more than fits", async () => {
    let value: unknown = "ha";
    for (let level = 0; level < 12; level++) value = repeated(10, () => value);
    expect(await refusalOf({ ...fileOf("chain"), value })).toMatchObject({ code: "RUN_FILE_TOO_LARGE" });
  });

  test("whose text alone is too long", async () => {
    const text = "x".repeat(2 ** 26);
    expect(await refusalOf({ ...fileOf("chain"), text: repeated(9, () => text) })).toMatchObject({
      code: "RUN_FILE_TOO_LARGE",
    });
  });

  test("that is nested beyond any sense", async () => {
    const deep = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`) as unknown;
    expect(await refusalOf({ ...fileOf("chain"), deep })).toMatchObject({ code: "RUN_FILE_UNREADABLE" });
  });

  test.each([
    ["a function", () => 1, "a function"],
    ["a Date", new Date(), "instance"],
    ["NaN", Number.NaN, "NaN"],
    ["a hole in a list", [undefined], "undefined"],
  ])("that holds %s", async (_what, value, why) => {
    const refusal = await refusalOf({ ...fileOf("chain"), place: { value } });
    expect(refusal.message).toMatch(why);
    expect(refusal.data["path"]).toMatch(/^place\.value/);
  });
});

describe("a file that contradicts itself", () => {
  test.each<[string, string, (file: Loose) => void, string, RegExp]>([
    ["a tick is missing", "chain", (file) => file["ticks"].splice(1, 1), "HISTORY_DAMAGED", /tick 2 is missing/],
    [
      "a tick comes twice",
      "chain",
      (file) => file["ticks"].splice(1, 0, file["ticks"][1]),
      "HISTORY_DAMAGED",
      /tick 3/,
    ],
    ["time goes back", "chain", (file) => (file["ticks"][2].at -= 1), "HISTORY_DAMAGED", /tick 3/],
    [
      "it starts twice",
      "chain",
      (file) => (file["ticks"][1] = { ...file["ticks"][0], sequence: 2 }),
      "HISTORY_DAMAGED",
      /tick 2 is a StartRun/,
    ],
    [
      "it does not start",
      "chain",
      (file) => (file["ticks"][0].kind = "AdmitRun"),
      "HISTORY_DAMAGED",
      /tick 1 is a AdmitRun/,
    ],
    ["it has no ticks", "chain", (file) => (file["ticks"] = []), "RUN_FILE_UNREADABLE", /no history/],
    [
      "a field has another type",
      "chain",
      (file) => (file["ticks"][1].outputs[0].event.type = 7),
      "RUN_FILE_UNREADABLE",
      /ticks\.1\.outputs\.0\.event\.type/,
    ],
    [
      "it is of another run",
      "chain",
      (file) => (file["run"].runId = "other"),
      "RUN_FILE_UNREADABLE",
      /of run recorded-chain/,
    ],
    [
      "it is of another workflow",
      "chain",
      (file) => (file["run"].workflow = "other"),
      "RUN_FILE_UNREADABLE",
      /of workflow chain/,
    ],
    [
      "an edge of its graph has no end",
      "chain",
      (file) => (file["graph"].edges[0].target = "step:nowhere"),
      "RUN_FILE_UNREADABLE",
      /edge/,
    ],
    [
      "a child is of another run",
      "chain",
      (file) => (file["children"] = [fileOf("waits")]),
      "RUN_FILE_UNREADABLE",
      /no part of run/,
    ],
    [
      "a list gets a place far behind its end",
      "atomic",
      (file) => {
        file["ticks"].find((tick: Loose) => tick["changes"])["changes"] = [
          { op: "set", path: ["list"], value: [] },
          { op: "set", path: ["list", "4000000000"], value: 1 },
        ];
      },
      "RUN_FILE_UNREADABLE",
      /does not fit/,
    ],
  ])("%s", async (_what, name, change, code, message) => {
    const refusal = await refusalOf(changed(name, change));
    expect([refusal.code, refusal.message]).toEqual([code, expect.stringMatching(message)]);
  });
});

describe("a file that would work for ever", () => {
  const A = { type: "A", data: null };
  /** Its first step returns so many events, and so many steps take each. */
  const bomb = (events: number, takers: number): Loose =>
    changed("chain", (file) => {
      const { program } = file["ticks"][0];
      for (let index = 0; index < takers; index++) {
        program.steps.push({ name: `taker ${index}`, accepts: ["A"], emits: [], numWorkers: 1 });
      }
      program.routes["A"] = repeated(takers, (index) => index + 3);
      file["ticks"][1].outputs = repeated(events, () => ({ mode: "send", event: A }));
      file["ticks"] = file["ticks"].slice(0, 2);
    });

  test("a few events for many steps are many pieces of work: as many as that are refused", async () => {
    expect((await refusalOf(bomb(20, 20))).code).toBe("taken");
    expect(await refusalOf(bomb(5_000, 5_000))).toMatchObject({ code: "RUN_FILE_TOO_LARGE" });
  });

  test("one step cannot be named as taker twice", async () => {
    const file = changed("chain", (each) => (each["ticks"][0].program.routes["A"] = repeated(100_000, () => 1)));
    expect(await refusalOf(file)).toMatchObject({
      code: "RUN_FILE_UNREADABLE",
      message: expect.stringMatching(/routes/),
    });
  });

  test("a join of many slots that take the same types is found to be incomplete at once", () => {
    const slots = [...repeated(60, () => ["A", "B", "C"]), ["D"]];
    const program = {
      workflow: "w",
      version: "1",
      timeout: null,
      indexes: { join: 0 },
      roles: {},
      routes: { A: [0], B: [0], C: [0], D: [0] },
      steps: [
        {
          name: "join",
          index: 0,
          accepts: ["A", "B", "C", "D"],
          emits: [],
          numWorkers: 1,
          join: { mode: "all" as const, slots },
        },
      ],
    };
    let state = reduce(initialState(program), {
      kind: "StartRun",
      sequence: 1,
      at: 0,
      causedBy: "external",
      runId: "r",
      workflow: "w",
      version: "1",
      timeout: null,
      event: A,
      store: {},
      program,
    }).state;
    for (let sequence = 2; sequence <= 90; sequence++) {
      const type = "ABC"[sequence % 3] as string;
      state = reduce(state, {
        kind: "AddEvent",
        sequence,
        at: 0,
        causedBy: "external",
        event: { type, data: null },
      }).state;
    }
    expect(state.pending).toBe(0);
    state = reduce(state, {
      kind: "AddEvent",
      sequence: 91,
      at: 0,
      causedBy: "external",
      event: { type: "D", data: null },
    }).state;
    expect(state.pending).toBe(1);
  });
});

describe("a snapshot made by hand", () => {
  const listing = defineWorkflow("lists").step(
    "ask",
    { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
    async (_event, ctx) => StopEvent((await ctx.waitForEvent(Answer)).data as never),
  );
  const contextOf = (name: string): Loose =>
    structuredClone(
      recordings.find((each) => each.name === name && each.format === "format-2")?.contexts.at(-2)?.context,
    ) as Loose;

  test.each<[string, string, (context: Loose) => void, RegExp]>([
    [
      "lists that are parts of one another",
      "lists",
      ({ streams }) => {
        for (const stream of streams) stream.lineage = { stream: stream.id, recoveries: {} };
      },
      /list/,
    ],
    [
      "a worker id that is free twice",
      "lists",
      ({ steps }) => Object.assign(steps["words"], { freed: [0, 0], unused: 2, inProgress: [] }),
      /worker/,
    ],
    ["a number for new work that is taken", "lists", (context) => (context["nextWorkItem"] = 1), /work item/],
    ["an event that is to come", "lists", (context) => (context["sequence"] = 1), /event/],
  ])("%s is refused", (_what, name, change, why) => {
    const context = contextOf(name);
    expect(context["streams"].length).toBeGreaterThan(0);
    change(context);
    expect(() => resume(listing, context as never)).toThrow(
      expect.objectContaining({ code: "CONTEXT_UNREADABLE", message: expect.stringMatching(why) }),
    );
  });
});

test("names that every object has are names like any other", async () => {
  const Odd = defineEvent("valueOf");
  const odd = defineWorkflow("constructor", { timeout: null })
    .step("hasOwnProperty", { accepts: StartEvent, emits: Odd }, async (event, ctx) => {
      await ctx.store.set("toString", JSON.parse('{"__proto__":{"polluted":true}}') as never);
      return Odd(event.data);
    })
    .step("toString", { accepts: Odd, emits: StopEvent }, (event) => StopEvent(event.data));
  const journal = new MemoryJournal();
  const engine = await createEngine({ odd }, { journal, clock: new SimulatedClock() });
  const input = JSON.parse('{"__proto__":{"polluted":true},"constructor":"x"}') as never;
  await (await engine.start("odd", input, { runId: "__proto__" })).result();
  const file = throughJson(await engine.exportRun("__proto__"));
  await engine.importRun(file, { runId: "constructor" });
  await settle();
  expect(Object.keys((await engine.result("constructor")) as object)).toEqual(["__proto__", "constructor"]);
  expect(throughJson(await engine.exportRun("__proto__"))).toEqual(file);
  expect({}).not.toHaveProperty("polluted");
});
