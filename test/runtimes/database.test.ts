import "fake-indexeddb/auto";
import { forceCloseDatabase } from "fake-indexeddb";
import { deleteDB, openDB, unwrap } from "idb";
import { afterEach, describe, expect, test, vi } from "vitest";
import { StorageError } from "../../src/core/errors.ts";
import { openDatabase, toStorageError } from "../../src/runtimes/browser/database.ts";

afterEach(() => {
  vi.useRealTimers();
});

let databases = 0;
const newName = (): string => `database-test-${++databases}`;
const notLost = (error: StorageError): void => {
  throw error;
};

describe("opening the database", () => {
  test("of a newer version of the app is refused", async () => {
    const name = newName();
    (await openDB(name, 99)).close();
    await expect(openDatabase(name, notLost)).rejects.toMatchObject({
      name: "StorageError",
      code: "STORAGE_NEWER",
      cause: { name: "VersionError" },
    });
  });

  test("that does not open in time gives up, and says what to do", async () => {
    const name = newName();
    const held = await openDB(name, 1);
    const deleted = deleteDB(name); // Waits for `held`, and whoever opens the database waits for it.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const opening = openDatabase(name, notLost).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await opening).toMatchObject({
      code: "STORAGE_BLOCKED",
      message: expect.stringContaining("Close other tabs"),
    });
    vi.useRealTimers();
    held.close();
    await deleted;
  });

  test("where there is no IndexedDB says that storage is denied", async () => {
    vi.stubGlobal("indexedDB", undefined);
    await expect(openDatabase(newName(), notLost)).rejects.toMatchObject({ code: "STORAGE_DENIED" });
  });
});

describe("an open database", () => {
  test("is let go when another tab brings a newer version, and its owner is told", async () => {
    const name = newName();
    const lost: StorageError[] = [];
    await openDatabase(name, (error) => lost.push(error));
    (await openDB(name, 99)).close();
    expect(lost.map(({ code }) => code)).toEqual(["STORAGE_REPLACED"]);
  });

  test("that the browser closes is reported", async () => {
    const lost: StorageError[] = [];
    const database = await openDatabase(newName(), (error) => lost.push(error));
    forceCloseDatabase(unwrap(database) as never);
    await vi.waitFor(() => expect(lost.map(({ code }) => code)).toEqual(["STORAGE_LOST"]));
  });
});

describe("an error of the storage", () => {
  test.each([
    ["QuotaExceededError", "STORAGE_QUOTA", /full/],
    ["VersionError", "STORAGE_NEWER", /newer version/],
    ["SecurityError", "STORAGE_DENIED", /does not allow/],
    ["NotAllowedError", "STORAGE_DENIED", /does not allow/],
    ["InvalidAccessError", "STORAGE_DENIED", /does not allow/],
    ["InvalidStateError", "STORAGE_LOST", /opened again/],
    ["AbortError", "STORAGE_LOST", /opened again/],
    ["DataError", "STORAGE", /Writing failed: the cause/],
  ])("%s is named %s", (name, code, message) => {
    const cause = new DOMException("the cause", name);
    const error = toStorageError(cause, "Writing failed");
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ code, cause, message: expect.stringMatching(message) });
  });

  test("that is named already stays as it is, and what is no error is told as text", () => {
    const named = new StorageError("known", { code: "STORAGE_QUOTA" });
    expect(toStorageError(named, "Writing failed")).toBe(named);
    expect(toStorageError("odd", "Writing failed")).toMatchObject({ code: "STORAGE", message: "Writing failed: odd" });
  });
});
