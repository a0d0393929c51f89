/** A codec between the journal and the disk: nothing of the data stands there, and nothing is lost when it fails. */
import "fake-indexeddb/auto";
import { openDB } from "idb";
import { withRetries } from "tickwork";
import { createEngine, settle, SimulatedClock } from "tickwork/testing";
import { serveWorkflows, type StorageCodec } from "tickwork/worker";
import { describe, expect, test, vi } from "vitest";
import { deferred } from "../../src/engine/deferred.ts";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";
import { Answer, failureOf, Question, single } from "../engine/fixtures.ts";
import { record } from "../testing/sample-record.ts";
import { aesCodec } from "./aes-codec.ts";
import { dump } from "./database-dump.ts";

const SECRET = "Pssst-4711";
const UNREADABLE = { name: "StorageError", code: "STORAGE_UNREADABLE" };

/** Leaves its secret wherever a run can hold data, then waits. Told "fail", it fails with it. */
const workflows = {
  single: single(
    async (ctx, { data }) => {
      await ctx.store.set("secret", data);
      await ctx.once("effect", () => data);
      ctx.writeEventToStream(Question({ progress: data as string }));
      ctx.log("said", data);
      const answer = await ctx.waitForEvent(Answer, {
        waiterEvent: Question({ prompt: data as string }),
        timeout: null,
      });
      if (answer.data === "fail") throw new Error(`It was ${String(data)}`);
      return { data, answer: answer.data };
    },
    { timeout: null },
    { waitsFor: Answer },
  ),
};

async function open(name: string, codec?: StorageCodec) {
  const journal = await IndexedDbJournal.open(name, codec);
  return { journal, engine: await createEngine(workflows, { journal }) };
}

/** A run in a database of its own that waits; its engine is closed. */
async function waitingRun(codec?: StorageCodec): Promise<string> {
  const name = crypto.randomUUID();
  const { engine } = await open(name, codec);
  await engine.startRun("single", SECRET, { runId: "r" });
  // Encryption happens on another thread, which no simulated time waits for.
  await vi.waitFor(async () => expect((await engine.listRuns()).runs[0]?.status).toBe("idle"));
  await engine.close();
  return name;
}

/** Changes a row behind the journal's back. */
async function tamper(name: string, store: string, change: (rows: Record<string, unknown>[]) => unknown) {
  const database = await openDB(name);
  const rows: Record<string, unknown>[] = await database.getAll(store);
  change(rows);
  for (const row of rows) await database.put(store, row);
  database.close();
}

describe("on the disk", () => {
  test.each([
    ["completed", "ok"],
    ["failed", "fail"],
  ])("nothing of the data of a run that %s can be read with a codec, and all of it without", async (status, answer) => {
    for (const codec of [aesCodec(), undefined]) {
      const name = crypto.randomUUID();
      const { engine } = await open(name, codec);
      const handler = await engine.start("single", SECRET, { runId: "r" });
      await settle();
      await handler.sendEvent(Answer(answer));
      await handler.result().catch(() => undefined);
      await engine.close();
      await (await open(name, codec)).engine.close(); // Leaves a snapshot, if it makes one.
      expect((await dump(name)).split(SECRET).length > 1).toBe(codec === undefined);
      const again = await open(name, codec);
      expect((await again.engine.listRuns()).runs).toMatchObject([{ runId: "r", workflow: "single", status }]);
      expect(JSON.stringify(await again.engine.exportRun("r"))).toContain(SECRET);
      await again.engine.close();
    }
  });

  test("a snapshot and a run that began elsewhere are encoded too", async () => {
    const name = crypto.randomUUID();
    const journal = await IndexedDbJournal.open(name, aesCodec());
    await journal.createRun(record("r"), { sequence: 5, state: { note: SECRET } });
    await journal.saveSnapshot("r", { sequence: 9, state: { note: SECRET } });
    expect(await dump(name)).not.toContain(SECRET);
    expect(await journal.loadSnapshot("r", 8)).toEqual({ sequence: 5, state: { note: SECRET } });
    expect(await journal.loadSnapshot("r", 9)).toEqual({ sequence: 9, state: { note: SECRET } });
  });

  test("only what the codec gave is kept, not the buffer behind it", async () => {
    const name = crypto.randomUUID();
    const encode = async (bytes: Uint8Array) => {
      const large = new Uint8Array(100_000);
      large.set(bytes);
      return large.subarray(0, bytes.length);
    };
    const journal = await IndexedDbJournal.open(name, { encode, decode: async (bytes) => bytes });
    await journal.createRun(record("r"), { sequence: 1, state: {} });
    expect((await dump(name)).length).toBeLessThan(1_000);
    expect(await journal.loadSnapshot("r", 1)).toEqual({ sequence: 1, state: {} });
  });
});

describe("a run written without a codec", () => {
  test("is read and goes on with one, and what comes then is encoded", async () => {
    const name = await waitingRun();
    const { engine } = await open(name, aesCodec());
    const handler = await engine.attach("r");
    await handler.sendEvent(Answer("a new secret"));
    expect(await handler.result()).toEqual({ data: SECRET, answer: "a new secret" });
    await engine.close();
    expect(await dump(name)).not.toContain("a new secret");
  });
});

describe("a run that cannot be decoded", () => {
  test.each([
    ["with another key", aesCodec(), /operation/i],
    ["without a codec", undefined, /no codec was given/],
    [
      "with a codec that gives nonsense",
      { encode: async (b: Uint8Array) => b, decode: async (b: Uint8Array) => b },
      "",
    ],
  ])("%s is paused, and goes on with the right one", async (_, wrong, why) => {
    const right = aesCodec();
    const name = await waitingRun(right);
    const before = await dump(name);
    const { engine } = await open(name, wrong);
    const [row] = (await engine.listRuns()).runs;
    // It is idle: nothing of it was read yet.
    expect(row).toMatchObject({ runId: "r", status: "idle" });
    await expect(engine.sendEvent("r", Answer("x"))).rejects.toMatchObject(UNREADABLE);
    expect((await engine.listRuns()).runs[0]?.pausedBecause).toContain("resume the run");
    expect((await engine.listRuns()).runs[0]?.pausedBecause).toMatch(why);
    await expect(engine.exportRun("r")).rejects.toMatchObject(UNREADABLE);
    await engine.close();
    expect(withoutOwner(await dump(name))).toBe(withoutOwner(before));

    const after = await open(name, right);
    const handler = await after.engine.attach("r");
    await handler.sendEvent(Answer("ok"));
    expect(await handler.result()).toEqual({ data: SECRET, answer: "ok" });
  });

  test("goes on in the same engine, once its codec can decode it", async () => {
    const right = aesCodec();
    const name = await waitingRun(right);
    let isLocked = true;
    const decode: StorageCodec["decode"] = (bytes, place) =>
      isLocked ? Promise.reject(new Error("locked")) : right.decode(bytes, place);
    const { engine } = await open(name, { encode: right.encode, decode });
    await expect(engine.resumeRun("r")).rejects.toMatchObject(UNREADABLE);
    isLocked = false;
    await engine.resumeRun("r");
    await engine.sendEvent("r", Answer("ok"));
    expect(await engine.result("r")).toEqual({ data: SECRET, answer: "ok" });
  });

  test("is listed with the reason in place of its error", async () => {
    const codec = aesCodec();
    const name = await waitingRun(codec);
    const { engine } = await open(name, codec);
    const handler = await engine.attach("r");
    await handler.sendEvent(Answer("fail"));
    expect(await failureOf(handler)).toMatchObject({ message: `It was ${SECRET}` });
    await engine.close();
    const other = await open(name, aesCodec());
    expect((await other.engine.listRuns()).runs).toMatchObject([{ status: "failed", error: UNREADABLE }]);
    const same = await open(name, codec);
    expect((await same.engine.listRuns()).runs).toMatchObject([{ error: { message: `It was ${SECRET}` } }]);
  });
});

test("without a codec a row that is damaged is refused by name, and its run can be deleted", async () => {
  const name = await waitingRun();
  await tamper(name, "batches", ([row]) => {
    if (row) row["ticks"] = String(row["ticks"]).slice(0, 20);
  });
  const { engine, journal } = await open(name);
  const damaged = {
    name: "ContextSerdeError",
    code: "HISTORY_DAMAGED",
    message: expect.stringMatching(/^What.* r at/),
  };
  for (const command of [
    () => engine.sendEvent("r", Answer("x")),
    () => engine.exportRun("r"),
    () => engine.forkRun("r"),
    () => engine.cancelRun("r"),
  ])
    await expect(command()).rejects.toMatchObject(damaged);
  expect((await engine.listRuns()).runs[0]?.pausedBecause).toContain("Delete it");
  await engine.deleteRun("r");
  expect(await journal.listRuns({ limit: 9 })).toEqual([]);
  await engine.close();
  expect(await dump(name)).not.toContain(SECRET);
});

describe("rows that somebody changed are noticed", () => {
  const flip = (text: unknown) => {
    const { encoded } = text as { encoded: Uint8Array };
    encoded[encoded.length - 1] = (encoded.at(-1) ?? 0) ^ 1;
  };

  test("a bit of a batch", async () => {
    const codec = aesCodec();
    const name = await waitingRun(codec);
    await tamper(name, "batches", ([row]) => flip(row?.["ticks"]));
    const { engine } = await open(name, codec);
    await expect(engine.sendEvent("r", Answer("x"))).rejects.toMatchObject(UNREADABLE);
  });

  test("two batches exchanged", async () => {
    const codec = aesCodec();
    const name = await waitingRun(codec);
    await tamper(name, "batches", (rows) => {
      const [first, second] = rows;
      if (!first || !second) throw new Error("Two batches are needed.");
      [first["ticks"], second["ticks"]] = [second["ticks"], first["ticks"]];
    });
    const { engine } = await open(name, codec);
    await expect(engine.sendEvent("r", Answer("x"))).rejects.toMatchObject(UNREADABLE);
  });
});

describe("encoding", () => {
  const tick = (sequence: number) => ({ kind: "IdleCheck" as const, sequence, at: 1, causedBy: "external" as const });
  const batch = (from: number) => ({ from, ticks: [tick(from)], published: [] });

  test("appends of a run come in the order of their calls, though a later one is encoded first", async () => {
    const releases: (() => void)[] = [];
    const encode = async (bytes: Uint8Array) => {
      await new Promise<void>((resolve) => releases.push(resolve));
      return bytes;
    };
    const journal = await IndexedDbJournal.open(crypto.randomUUID(), { encode, decode: async (bytes) => bytes });
    await journal.createRun(record("r"));
    const written = Promise.all([1, 2, 3].map((from) => journal.append("r", batch(from), record("r"))));
    await settle();
    for (const release of releases.toReversed()) {
      release();
      await settle();
    }
    await written;
    const read: number[] = [];
    for await (const { from } of journal.read("r", { from: 1, to: 9 })) read.push(from);
    expect(read).toEqual([1, 2, 3]);
  });

  test("what was still being encoded when another journal took over is refused, and disturbs nothing", async () => {
    const name = crypto.randomUUID();
    const codec = aesCodec();
    const held = deferred<void>();
    let isSlow = false;
    const slow = await open(name, {
      encode: async (bytes, place) => {
        const encoded = await codec.encode(bytes, place);
        if (isSlow) await held.promise;
        return encoded;
      },
      decode: codec.decode,
    });
    const handler = await slow.engine.start("single", SECRET, { runId: "r" });
    await settle();
    isSlow = true;
    const late = handler.sendEvent(Answer("late")).catch((error: unknown) => error);
    await settle();
    const next = await open(name, codec);
    held.resolve();
    expect(await late).toMatchObject({ code: "STORAGE_TAKEN_OVER" });
    await next.engine.sendEvent("r", Answer("ok"));
    expect(await next.engine.result("r")).toEqual({ data: SECRET, answer: "ok" });
  });

  test.each([
    ["rejects", async () => Promise.reject(new Error("no key"))],
    ["gives something else", async () => "text" as never],
  ])("that %s pauses the run, and it goes on after", async (_, broken) => {
    const name = crypto.randomUUID();
    const codec = aesCodec();
    let isBroken = false;
    const { engine } = await open(name, {
      encode: (bytes, place) => (isBroken ? broken() : codec.encode(bytes, place)),
      decode: codec.decode,
    });
    const handler = await engine.start("single", SECRET, { runId: "r" });
    await settle();
    isBroken = true;
    await expect(handler.sendEvent(Answer("x"))).rejects.toMatchObject({ code: "STORAGE_ENCODING" });
    expect((await engine.listRuns()).runs[0]?.pausedBecause).toContain("could not be encoded");

    const next = await open(name, codec);
    await next.engine.sendEvent("r", Answer("ok"));
    expect(await next.engine.result("r")).toEqual({ data: SECRET, answer: "ok" });
  });

  test("that rejects in a worker is tried again, and runs go on by themselves", async () => {
    const codec = aesCodec();
    let isBroken = false;
    const encode: StorageCodec["encode"] = (bytes, place) =>
      isBroken ? Promise.reject(new Error("locked")) : codec.encode(bytes, place);
    const journal = await IndexedDbJournal.open(crypto.randomUUID(), { encode, decode: codec.decode });
    const engine = await createEngine(workflows, withRetries({ clock: new SimulatedClock(), journal }));
    await engine.startRun("single", SECRET, { runId: "r" });
    await settle();
    isBroken = true;
    const sent = engine.sendEvent("r", Answer("ok"));
    await settle();
    expect(await engine.storage()).toMatchObject({ state: "retrying", problem: { code: "STORAGE_ENCODING" } });
    isBroken = false;
    await engine.retryStorage();
    await sent;
    expect(await engine.result("r")).toEqual({ data: SECRET, answer: "ok" });
    await engine.close();
  });

  test("serveWorkflows refuses what is no codec", () => {
    const codec = { encode: async () => new Uint8Array() } as unknown as StorageCodec;
    expect(() => serveWorkflows(workflows, { database: "d", codec })).toThrow(/\{ encode, decode \}/);
  });
});

function withoutOwner(text: string): string {
  return text.replaceAll(/"epoch":\d+,"id":"[^"]*"/g, "");
}
