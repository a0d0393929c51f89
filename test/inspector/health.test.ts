import type {
  ConnectionState,
  EngineConnection,
  RunSummary,
  StorageProblem,
  StorageState,
  StorageStatus,
} from "tickwork/client";
import { describe, expect, test } from "vitest";
import type { HealthAbilities, HealthRow } from "../../inspector/store/health-row.ts";
import { createHealthReader, healthOf } from "../../inspector/store/health.ts";
import type { InspectorState } from "../../inspector/store/inspector-state.ts";
import { initialState } from "../../inspector/store/inspector-state.ts";

const ALL: HealthAbilities = { canRetry: true, canFree: true, canKeep: true };
const NONE: HealthAbilities = { canRetry: false, canFree: false, canKeep: false };

const storage = (partial: Partial<StorageStatus> = {}): StorageStatus => ({
  durable: true,
  persisted: false,
  leader: true,
  lastDurableSequence: 12,
  state: "ok",
  usage: 30,
  quota: 100,
  ...partial,
});
const engine = (partial: Partial<EngineConnection> = {}): EngineConnection => ({
  state: "ready",
  reason: null,
  isElsewhere: false,
  otherVersion: null,
  ...partial,
});
const run = (runId: string, partial: Partial<RunSummary> = {}): RunSummary => ({
  runId,
  workflow: "ingest",
  version: "1",
  status: "running",
  createdAt: 0,
  updatedAt: 0,
  sequence: 9,
  durableSequence: 9,
  busy: 1,
  queued: 0,
  waiting: 0,
  waitingFor: [],
  loaded: true,
  ...partial,
});
const state = (partial: Partial<InspectorState> = {}): InspectorState => ({
  ...initialState(100_000),
  connection: "ready",
  engine: engine(),
  storage: storage(),
  storageAt: 99_000,
  ...partial,
});
const runs = (...all: readonly RunSummary[]) => ({ runs: Object.fromEntries(all.map((each) => [each.runId, each])) });
const health = (partial: Partial<InspectorState> = {}, abilities = ALL) => healthOf(state(partial), abilities);
const row = (rows: readonly HealthRow[], label: string): HealthRow => {
  const found = rows.find((each) => each.label === label);
  if (found === undefined) throw new Error(`no row ${label} in ${rows.map((each) => each.label).join(", ")}`);
  return found;
};
const does = (found: HealthRow) => found.actions?.map((action) => action.does) ?? [];
const promiseStates = (partial: Partial<InspectorState>) => health(partial).promises.map((promise) => promise.state);

test("an engine at work on disk is well, and keeps all it promises", () => {
  const all = health();
  expect(all.tone).toBe("ok");
  expect(row(all.engine, "Engine").value).toBe("In this tab");
  expect(row(all.durability, "Ticks are written").value).toBe("To disk");
  expect(all.promises.map((promise) => promise.state)).toEqual(["kept", "kept", "kept", "kept"]);
});

describe("engine", () => {
  test.each<[ConnectionState, boolean, string, string, string]>([
    ["ready", false, "In this tab", "Alive, for 5 s", "ok"],
    ["ready", true, "In another tab", "Alive, for 5 s", "ok"],
    ["starting", false, "Nowhere yet", "Starting, for 5 s", "ok"],
    ["waiting", false, "In another tab", "Waits for its turn, for 5 s", "look"],
    ["restarting", false, "Nowhere yet", "Starts again, for 5 s", "look"],
    ["failed", false, "Nowhere yet", "Dead, and does not come back by itself, for 5 s", "trouble"],
    ["closed", false, "Nowhere yet", "Closed, for 5 s", "look"],
  ])("%s, elsewhere: %s", (connection, isElsewhere, where, worker, tone) => {
    const all = health({ engine: engine({ state: connection, isElsewhere, reason: "Why." }), engineSince: 95_000 });
    expect(row(all.engine, "Engine").value).toBe(where);
    expect(row(all.engine, "Worker")).toMatchObject({ value: worker, hint: "Why." });
    expect(does(row(all.engine, "Worker"))).toEqual(connection === "failed" ? ["reload"] : []);
    expect(all.tone).toBe(tone);
  });

  test("of a source that says nothing of it, only what is known is told", () => {
    const all = health({ engine: null }, NONE);
    expect(all.engine.map(({ label }) => label)).not.toContain("Worker");
    expect(row(all.engine, "Engine").value).toBe("Called directly");
    expect(all.tone).toBe("ok");
  });

  test("another version in another tab is worth a look, in its own words", () => {
    const all = health({ engine: engine({ otherVersion: "Close the old one." }) });
    expect(row(all.engine, "Version")).toMatchObject({ tone: "look", hint: "Close the old one." });
  });

  test("an engine that does not answer: trouble, but not while one waits for the next one", () => {
    const gone = { connection: "unavailable", problem: { name: "Error", message: "Gone.", code: "X" } } as const;
    const answers = (partial: Partial<InspectorState>) => row(health(partial).engine, "Answers");
    expect(answers(gone)).toMatchObject({ value: "No", tone: "trouble", hint: "Gone.", code: "X" });
    expect(answers({ ...gone, engine: engine({ state: "restarting" }) }).tone).toBe("look");
    expect(answers({ storageAskedAt: 99_000 }).tone).toBe("ok");
    expect(answers({ storageAskedAt: 88_000 })).toMatchObject({ value: "Not for 12 s", tone: "look" });
    expect(answers({ storageAt: null })).toMatchObject({ value: "Not yet", tone: "plain" });
  });

  test("counts runs in memory, waiting and paused, says why, and leads to them", () => {
    const all = health(
      runs(
        run("a"),
        run("b", { status: "idle", loaded: false }),
        run("c", { pausedBecause: "No place for it.", loaded: false }),
        run("d", { pausedBecause: "Not served.", loaded: false }),
        run("e", { pausedBecause: "Not served.", loaded: false }),
        run("f", { pausedBecause: "Third.", loaded: false }),
      ),
    );
    expect(row(all.engine, "Runs in memory")).toMatchObject({ value: "1", hint: "Of 6 runs." });
    expect(row(all.engine, "Runs waiting")).toMatchObject({ value: "1", actions: [{ status: "waiting" }] });
    expect(row(all.engine, "Runs paused")).toMatchObject({
      value: "4",
      tone: "look",
      hint: "Not served. No place for it. And 1 other reason.",
      actions: [{ status: "paused" }],
    });
  });
});

describe("durability", () => {
  const PROBLEMS: readonly [StorageState, StorageProblem["remedy"], readonly string[]][] = [
    ["retrying", "wait", ["retry"]],
    ["full", "freeSpace", ["freeSpace", "retry"]],
    ["lost", "wait", ["retry"]],
    ["blocked", "closeTabs", ["retry"]],
    ["denied", "allowStorage", ["retry"]],
    ["newer", "reload", ["reload"]],
    ["replaced", "reload", ["reload"]],
    ["takenOver", "reload", ["reload"]],
    ["deleted", "reload", ["reload"]],
  ];
  const trouble = (name: StorageState, remedy: StorageProblem["remedy"]) => ({
    storage: storage({ state: name, problem: { code: "STORAGE_X", message: "It failed.", remedy } }),
  });

  test.each(PROBLEMS)("%s is trouble, with its way out (%s)", (name, remedy, ways) => {
    const all = health(trouble(name, remedy));
    const writing = row(all.durability, "Writing");
    expect(all.tone).toBe("trouble");
    expect(writing).toMatchObject({ tone: "trouble", code: "STORAGE_X" });
    expect(writing.hint).toMatch(/^It failed\. \S/);
    expect(does(writing)).toEqual(ways);
  });

  test("what the source cannot do is not offered", () => {
    expect(does(row(healthOf(state(trouble("full", "freeSpace")), NONE).durability, "Writing"))).toEqual([]);
  });

  test("nearly full is worth a look", () => {
    const all = health({ storage: storage({ state: "nearlyFull", usage: 95 }) });
    expect(all.tone).toBe("look");
    expect(does(row(all.durability, "Writing"))).toEqual(["freeSpace"]);
    expect(all.space.meter?.tone).toBe("look");
  });

  test("how far the open run is on disk", () => {
    const open = { ...runs(run("a", { sequence: 1_207, durableSequence: 1_200 })), runId: "a" };
    expect(row(health(open).durability, "Open run")).toMatchObject({
      value: `#${(1_200).toLocaleString()} of #${(1_207).toLocaleString()}`,
      hint: "7 ticks on the way to the disk.",
    });
    expect(row(health().durability, "Last durable tick").value).toBe("#12");
  });

  test("news that was left out is counted, and news that was lost is worth a look", () => {
    const traffic = { ticksPerSecond: 3, batches: 20, merged: 2, skippedTicks: 512, lost: 0 };
    expect(row(health({ traffic }).durability, "News to this view")).toMatchObject({
      value: "20 batches",
      tone: "plain",
      hint: "2 merged with another; 512 ticks left out, and read when they are shown.",
    });
    expect(row(health({ traffic: { ...traffic, lost: 1 } }).durability, "News to this view")).toMatchObject({
      value: "1 of 21 lost",
      tone: "look",
    });
  });

  test("nothing is said of storage before it was looked at", () => {
    const all = health({ storage: null, engine: null, storageAt: null, connection: "loading" });
    expect(row(all.durability, "Ticks are written").value).toBe("Not known yet");
    expect(all.space.meter).toBeNull();
    expect(all.promises.map((promise) => promise.state)).toEqual(["unknown", "unknown", "kept", "unknown"]);
  });
});

describe("space", () => {
  test("the meter is there only where the platform says how much there is", () => {
    expect(health().space.meter).toEqual({ used: 30, quota: 100, tone: "ok" });
    const { usage: _usage, ...unknown } = storage();
    expect(health({ storage: unknown }).space.meter).toBeNull();
  });

  test("evictable, with a button where there is somebody to ask; kept; and not told of memory", () => {
    const label = "When the browser needs room";
    expect(does(row(health().space.rows, label))).toEqual(["keep"]);
    expect(does(row(health({}, NONE).space.rows, label))).toEqual([]);
    const persisted = health({ storage: storage({ persisted: true }) });
    expect(row(persisted.space.rows, label)).toMatchObject({ value: "It keeps this data", tone: "ok" });
    expect(health({ storage: storage({ durable: false }) }).space.rows.map((each) => each.label)).toEqual([
      "Runs take",
    ]);
  });

  test("what runs take, the five largest first", () => {
    const sized = [3, 1, 6, 2, 5, 4].map((size) => run(`r${size}`, { bytes: size * 1_000 }));
    const all = health({ ...runs(...sized, run("unmeasured")), nextBefore: "r1" });
    expect(all.space.largest.map(({ runId }) => runId)).toEqual(["r6", "r5", "r4", "r3", "r2"]);
    expect(row(all.space.rows, "Runs take")).toMatchObject({
      value: "21 kB",
      hint: "6 of 7 runs measured; older ones are not listed.",
    });
    expect(row(health(runs(run("a"))).space.rows, "Runs take").value).toBe("Not measured yet");
  });
});

describe("promises", () => {
  const problem = { code: "X", message: "It failed.", remedy: "freeSpace" } as const;

  test("in memory, nothing outlives the page", () => {
    expect(promiseStates({ storage: storage({ durable: false }), engine: null })).toEqual([
      "notNow",
      "notNow",
      "kept",
      "notNow",
    ]);
  });

  test("while nothing can be written, what was seen still stands, and the rest says why it does not", () => {
    const { promises } = health({ storage: storage({ state: "full", problem }) });
    expect(promises.map((promise) => promise.state)).toEqual(["kept", "notNow", "kept", "notNow"]);
    expect(promises[3]?.because).toBe("storage is full. A reload goes back to the last tick on disk.");
  });

  test("a database that was deleted keeps nothing; one that another engine took is owned by it", () => {
    expect(promiseStates({ storage: storage({ state: "deleted", problem }) })).toEqual([
      "notNow",
      "notNow",
      "kept",
      "notNow",
    ]);
    expect(health({ storage: storage({ state: "takenOver", problem }) }).promises[2]).toMatchObject({ state: "kept" });
  });

  test.each<[ConnectionState, string]>([
    ["starting", "unknown"],
    ["waiting", "kept"],
    ["restarting", "notNow"],
    ["failed", "notNow"],
    ["closed", "notNow"],
  ])("one owner, while the connection is %s: %s", (connection, expected) => {
    expect(promiseStates({ engine: engine({ state: connection }) })[2]).toBe(expected);
  });
});

test("is derived anew with the clock and when something happens, not with every frame of a busy run", () => {
  const read = createHealthReader(ALL);
  const before = state(runs(run("a")));
  const first = read(before);
  expect(read({ ...before, ...runs(run("a", { sequence: 10 })) })).toBe(first);
  expect(read({ ...before, now: 101_000 })).not.toBe(first);
  expect(read({ ...before, storage: storage({ state: "full" }) })).not.toBe(first);
});

test("while it is looked at, the open run's ticks are those of the newest news, and nothing else is derived", () => {
  const read = createHealthReader(ALL);
  const before = state({ ...runs(run("a"), run("b")), runId: "a", isHealthOpen: true });
  const first = read(before);
  const next = read({ ...before, ...runs(run("a", { sequence: 14, durableSequence: 12 }), run("b")) });
  expect(row(next.durability, "Open run")).toMatchObject({
    value: "#12 of #14",
    hint: "2 ticks on the way to the disk.",
  });
  expect(next.space).toBe(first.space);
  expect(next.engine).toBe(first.engine);
  const closed = { ...before, isHealthOpen: false };
  expect(read({ ...closed, ...runs(run("a", { sequence: 20 })) })).toBe(next);
});
