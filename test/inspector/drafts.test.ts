import { afterEach, expect, test, vi } from "vitest";
import { browserDrafts, createDrafts, LONGEST_AGE, markOf, MOST_DRAFTS } from "../../inspector/store/drafts.ts";

class Kept extends Map<string, string> {
  get length() {
    return this.size;
  }
  key = (index: number) => [...this.keys()][index] ?? null;
  getItem = (key: string) => this.get(key) ?? null;
  setItem = (key: string, value: string) => void this.set(key, value);
  removeItem = (key: string) => void this.delete(key);
}

afterEach(() => vi.unstubAllGlobals());

function setUp() {
  const storage = new Kept();
  const time = { now: 1_000_000 };
  return {
    storage,
    time,
    drafts: createDrafts(
      storage,
      () => "/app",
      () => time.now,
    ),
  };
}

test("a draft is there again with the next page, until it is sent", () => {
  const { storage, drafts } = setUp();
  drafts.write("answer a:1", "m", { text: "half" });
  const reloaded = createDrafts(
    storage,
    () => "/app",
    () => 1_000_001,
  );
  expect(reloaded.read("answer a:1", "m")).toEqual({ text: "half" });
  reloaded.clear("answer a:1");
  expect(drafts.read("answer a:1", "m")).toBeUndefined();
});

test("a draft of another form, of another app, or one that is too old is none", () => {
  const { storage, drafts, time } = setUp();
  drafts.write("k", markOf({ type: "string" }), "x");
  expect(drafts.read("k", markOf({ type: "number" }))).toBeUndefined();
  expect(
    createDrafts(
      storage,
      () => "/other",
      () => time.now,
    ).read("k", markOf({ type: "string" })),
  ).toBeUndefined();
  time.now += LONGEST_AGE + 1;
  expect(drafts.read("k", markOf({ type: "string" }))).toBeUndefined();
});

test("two engines of one page have drafts of their own, also where they have runs of the same id", () => {
  vi.stubGlobal("localStorage", new Kept());
  vi.stubGlobal("location", { pathname: "/app" });
  const connectedTo = (database: string) =>
    ({ state: "ready", reason: null, database, isElsewhere: false, otherVersion: null }) as const;
  // It becomes known when the engine is found, which is after the inspector was made.
  const source: { connection?: ReturnType<typeof connectedTo> } = {};
  const drafts = browserDrafts(source);
  source.connection = connectedTo("one");
  drafts.write("answer r:1", "m", "half");
  expect(browserDrafts({ connection: connectedTo("two") }).read("answer r:1", "m")).toBeUndefined();
  expect(browserDrafts({ connection: connectedTo("one") }).read("answer r:1", "m")).toBe("half");
});

test("so many are kept, the newest, and nothing else in the storage is touched", () => {
  const { storage, drafts, time } = setUp();
  storage.set("mine", "stays");
  for (let index = 0; index < MOST_DRAFTS + 5; index++) {
    time.now += 1;
    drafts.write(`k${index}`, "m", index);
  }
  expect(storage.size).toBe(MOST_DRAFTS + 1);
  expect(drafts.read("k4", "m")).toBeUndefined();
  expect(drafts.read("k5", "m")).toBe(5);
  expect(storage.get("mine")).toBe("stays");
});

test("one that is very long, a full storage and what is no draft do no harm", () => {
  const { storage, drafts } = setUp();
  drafts.write("long", "m", "x".repeat(60_000));
  expect(storage.size).toBe(0);
  storage.set("tickwork.draft /app broken", "{");
  expect(drafts.read("broken", "m")).toBeUndefined();
  const full = Object.assign(new Kept(), {
    setItem: () => {
      throw new Error("full");
    },
  });
  expect(() => createDrafts(full, () => "").write("k", "m", 1)).not.toThrow();
  expect(createDrafts(null, () => "").read("k", "m")).toBeUndefined();
});
