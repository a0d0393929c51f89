/** Engines of one database, each with a worker of its own, as tabs of one app have them. */
import { afterEach, describe, expect, test } from "vitest";
import { connect, connectToTab, listEngines, type Engine } from "tickwork/client";
import { Answer } from "./fixture-workflows.ts";
import type { workflows } from "./fixture.worker.ts";

interface Tab {
  readonly engine: Engine<typeof workflows>;
  readonly workers: readonly Worker[];
  readonly kill: () => void;
}

const open: Tab[] = [];

function openTab(database: string, version = "1"): Tab {
  const workers: Worker[] = [];
  const name = `${database}@${version}`;
  const engine = connect<typeof workflows>(() => {
    const worker = new Worker(new URL("./fixture.worker.ts", import.meta.url), { type: "module", name });
    workers.push(worker);
    return worker;
  });
  const tab = { engine, workers, kill: () => workers.at(-1)?.terminate() };
  open.push(tab);
  return tab;
}

/** These tests share the machine with others: what is to become true may take its time. */
const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 15_000 });
const ready = (engine: Engine): Promise<unknown> => eventually(() => engine.connection.state).toBe("ready");

/** The first has the engine, the others are attached to it. */
async function openTabs(count: number): Promise<{ tabs: Tab["engine"][]; kill: () => void; database: string }> {
  const database = `tabs-${crypto.randomUUID()}`;
  const first = openTab(database);
  await ready(first.engine);
  const others = Array.from({ length: count - 1 }, () => openTab(database));
  for (const { engine } of others) await ready(engine);
  return { tabs: [first, ...others].map(({ engine }) => engine), kill: () => first.kill(), database };
}

const one = (tabs: readonly Tab["engine"][], index: number) => tabs[index] as Tab["engine"];

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ engine }) => engine.close()));
});

describe("a tab whose engine runs in another", () => {
  test("says so", async () => {
    const { tabs } = await openTabs(2);
    expect(tabs.map(({ connection }) => connection.isElsewhere)).toEqual([false, true]);
    expect(await Promise.all(tabs.map(async (engine) => (await engine.storage()).leader))).toEqual([true, false]);
  });

  test("starts, streams, answers, lists, cancels and deletes there", async () => {
    const { tabs } = await openTabs(2);
    const [owner, guest] = [one(tabs, 0), one(tabs, 1)];
    const fan = await guest.start("fan", { items: 20 });
    const sequences: number[] = [];
    for await (const { sequence } of fan.streamEvents()) sequences.push(sequence);
    expect(sequences).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    expect(await fan.result()).toMatchObject({ runs: 20 });

    await owner.start("approve", { who: "Eve" }, { runId: "asked" });
    await guest.sendEvent("asked", Answer({ ok: true, who: "Eve" }));
    expect(await owner.result("asked")).toMatchObject({ ok: true });

    const endless = await guest.start("approve", { who: "Bob" });
    await endless.cancelRun("no need");
    await expect(endless.result()).rejects.toMatchObject({ name: "WorkflowCancelledByUser" });
    expect((await guest.listRuns()).runs).toHaveLength(3);
    await guest.deleteRun("asked");
    expect((await owner.listRuns()).runs).toHaveLength(2);
  });

  test("gets errors with class, code and data", async () => {
    const { tabs } = await openTabs(2);
    const failed = await one(tabs, 1).start("risky", { kind: "type" });
    const error = await failed.result().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: "E_TYPE", detail: { field: "age" } });
  });

  test("exports, imports and forks runs there", async () => {
    const { tabs } = await openTabs(2);
    const [owner, guest] = [one(tabs, 0), one(tabs, 1)];
    const asking = await guest.start("approve", { who: "Eve" });
    await asking.streamEvents().next();
    const copy = await guest.importRun(await guest.exportRun(asking.runId), { runId: "copy" });
    await expect(guest.sendEvent(copy, Answer({ ok: true, who: "Eve" }))).rejects.toMatchObject({
      code: "RUN_READ_ONLY",
    });
    const fork = await guest.forkRun(copy);
    await guest.sendEvent(fork, Answer({ ok: true, who: "Eve" }));
    expect(await owner.result(fork)).toMatchObject({ ok: true });
    expect(asking.status).not.toBe("completed");
    await expect(guest.importRun({ no: () => "data" })).rejects.toMatchObject({
      name: "ContextSerdeError",
      code: "RUN_FILE_UNREADABLE",
    });
  });

  test("inspects runs live", async () => {
    const { tabs } = await openTabs(2);
    const guest = one(tabs, 1);
    const sequences: number[] = [];
    const stop = guest.inspect("watched", ({ run }) => run && sequences.push(run.graph.sequence));
    const handler = await one(tabs, 0).start("approve", { who: "Ada" }, { runId: "watched" });
    await guest.sendEvent("watched", Answer({ ok: true, who: "Ada" }));
    await handler.result();
    await eventually(() => sequences.at(-1) ?? 0).toBeGreaterThan(3);
    stop();
  });

  test("closes nothing but itself", async () => {
    const { tabs } = await openTabs(2);
    const handler = await one(tabs, 0).start("approve", { who: "Eve" });
    await one(tabs, 1).close();
    await handler.sendEvent(Answer({ ok: true, who: "Eve" }));
    expect(await handler.result()).toMatchObject({ ok: true });
  });

  test("is not disturbed when its own waiting worker dies", async () => {
    const { tabs } = await openTabs(2);
    const guest = one(tabs, 1);
    const handler = await guest.start("approve", { who: "Eve" });
    const tab = open.find(({ engine }) => engine === guest);
    tab?.kill();
    await eventually(() => tab?.workers.length).toBe(2);
    expect(guest.connection).toMatchObject({ state: "ready", isElsewhere: true });
    await handler.sendEvent(Answer({ ok: true, who: "Eve" }));
    expect(await handler.result()).toMatchObject({ ok: true });
  });
});

describe("when the engine's tab", () => {
  test("is closed, another takes over: streams have no gap, results come", async () => {
    const { tabs } = await openTabs(3);
    const handler = await one(tabs, 1).start("fan", { items: 60, pause: 10 }, { runId: "handed-over" });
    const result = handler.result();
    const sequences: number[] = [];
    for await (const { sequence } of handler.streamEvents()) {
      sequences.push(sequence);
      if (sequence === 5) void one(tabs, 0).close();
    }
    expect(sequences).toEqual(Array.from({ length: 61 }, (_, index) => index + 1));
    expect(await result).toMatchObject({ runs: 60 });
    expect(await one(tabs, 2).result("handed-over")).toMatchObject({ runs: 60 });
    expect([one(tabs, 1), one(tabs, 2)].filter(({ connection }) => !connection.isElsewhere)).toHaveLength(1);
  });

  test("loses its worker, its own page goes on with whichever engine is next", async () => {
    const { tabs, kill } = await openTabs(2);
    const handler = await one(tabs, 0).start("approve", { who: "Eve" });
    await handler.streamEvents().next();
    kill();
    await eventually(() => one(tabs, 1).connection.isElsewhere).toBe(false);
    await eventually(() => one(tabs, 0).connection).toMatchObject({ state: "ready", isElsewhere: true });
    await handler.sendEvent(Answer({ ok: true, who: "Eve" }));
    expect(await handler.result()).toMatchObject({ ok: true });
  });

  test("loses the database to force, it carries on as a tab among others", async () => {
    const { tabs, database } = await openTabs(2);
    const handler = await one(tabs, 0).start("approve", { who: "Eve" });
    const result = handler.result();
    await navigator.locks.request(`tickwork-database-${database}`, { steal: true }, () => undefined);
    await eventually(() => one(tabs, 1).connection).toMatchObject({ state: "ready", isElsewhere: false });
    await eventually(() => one(tabs, 0).connection).toMatchObject({ state: "ready", isElsewhere: true });
    await one(tabs, 1).sendEvent(handler.runId, Answer({ ok: true, who: "Eve" }));
    expect(await result).toMatchObject({ ok: true });
  });

  test("is busy, it keeps the engine", async () => {
    const { tabs } = await openTabs(2);
    const { runId } = await one(tabs, 0).start("busy", { milliseconds: 2500 });
    expect(await one(tabs, 1).result(runId)).toMatchObject({ rounds: expect.any(Number) });
    expect(tabs.map(({ connection }) => connection.isElsewhere)).toEqual([false, true]);
  });
});

test("tabs of different versions tell each other, and do not share an engine", async () => {
  const database = `tabs-${crypto.randomUUID()}`;
  const old = openTab(database, "1").engine;
  await ready(old);
  const newer = openTab(database, "2").engine;
  const theirs = expect.stringContaining("another version of this app (1 there, 2 here)") as string;
  await eventually(() => newer.connection).toMatchObject({ state: "waiting", reason: theirs, otherVersion: theirs });
  await eventually(() => old.connection.otherVersion).toContain("(2 there, 1 here)");
  expect(old.connection.state).toBe("ready");
  await old.close();
  await eventually(() => newer.connection).toMatchObject({ state: "ready", otherVersion: null, isElsewhere: false });
});

test("the note about another version goes when that tab goes", async () => {
  const database = `tabs-${crypto.randomUUID()}`;
  const stays = openTab(database, "1").engine;
  await ready(stays);
  const leaves = openTab(database, "2").engine;
  await eventually(() => stays.connection.otherVersion).not.toBeNull();
  await leaves.close();
  await eventually(() => stays.connection.otherVersion).toBeNull();
});

test("a database that was deleted and made anew is found by the tabs that stayed", async () => {
  const { tabs, database, kill } = await openTabs(3);
  const ownerOf = async (among: readonly Tab["engine"][]): Promise<Tab["engine"]> => {
    const owners = () => among.filter(({ connection }) => connection.state === "ready" && !connection.isElsewhere);
    await eventually(() => owners().length).toBe(1);
    return owners()[0] as Tab["engine"];
  };
  // A second engine raises the number in the database.
  kill();
  const owner = await ownerOf(tabs.slice(1));
  const guests = tabs.filter((engine) => engine !== owner);
  for (const guest of guests) {
    await eventually(() => guest.connection).toMatchObject({ state: "ready", isElsewhere: true });
  }
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(database);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error("not deleted"));
  });
  await owner.close();
  const next = await ownerOf(guests);
  const handler = await next.start("fan", { items: 3 });
  const other = guests.find((engine) => engine !== next) as Tab["engine"];
  await eventually(() => other.connection).toMatchObject({ state: "ready", isElsewhere: true });
  expect(await other.result(handler.runId)).toMatchObject({ runs: 3 });
});

describe("a page that only looks", () => {
  const look = (database: string): Tab["engine"] => {
    const engine = connectToTab<typeof workflows>(database);
    open.push({ engine, workers: [], kill: () => undefined });
    return engine;
  };

  test("calls the engine of another tab, is no other version to it, and follows it to the next tab", async () => {
    const { tabs, database } = await openTabs(2);
    const engine = look(database);
    const handler = await engine.start("approve", { who: "Ada" });
    expect(engine.connection).toMatchObject({ state: "ready", isElsewhere: true, otherVersion: null });
    expect(one(tabs, 0).connection.otherVersion).toBeNull();
    expect(await listEngines()).toContain(database);
    const result = handler.result();
    const lost = new Promise<void>((resolve) => {
      engine.onConnectionChange(() => engine.connection.state === "restarting" && resolve());
    });
    await one(tabs, 0).close();
    await lost;
    await ready(engine);
    await engine.sendEvent(handler.runId, Answer({ ok: true, who: "Ada" }));
    expect(await result).toMatchObject({ ok: true });
  });

  test("says that there is no engine, finds the first that comes, and says so again when it is gone", async () => {
    const database = `tabs-${crypto.randomUUID()}`;
    const engine = look(database);
    await expect(engine.listRuns()).rejects.toMatchObject({ name: "EngineUnavailableError", code: "ENGINE_ABSENT" });
    expect(engine.connection).toMatchObject({
      state: "waiting",
      code: "ENGINE_ABSENT",
      reason: expect.stringContaining("Open the app"),
    });
    const tab = openTab(database);
    await ready(engine);
    expect((await engine.listRuns()).runs).toEqual([]);
    expect(engine.connection.code).toBeUndefined();
    await tab.engine.close();
    await eventually(() => engine.connection.state).toBe("waiting");
    expect(await listEngines()).not.toContain(database);
  });

  test("never has the engine: nothing is stored or held where it looked", async () => {
    const database = `tabs-${crypto.randomUUID()}`;
    const engine = look(database);
    await expect(engine.listRuns()).rejects.toMatchObject({ code: "ENGINE_ABSENT" });
    expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain(database);
    expect(await listEngines()).not.toContain(database);
  });
});
