import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import {
  deleteDerived,
  deleteFile,
  FileMissingError,
  getDerived,
  getFile,
  putDerived,
  putFile,
  sweepFiles,
} from "../../inspector/demo/files.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("a stored file comes back with its name and content", async () => {
  const id = await putFile(new Blob(["a,b\n"], { type: "text/csv" }), "data.csv");
  const file = await getFile(id);
  expect(file).toMatchObject({ id, name: "data.csv", type: "text/csv", bytes: 4 });
  expect(await file.blob.text()).toBe("a,b\n");
});

test("where the browser stores no Blob, as WebKit's private windows, a file comes back all the same", async () => {
  // eslint-disable-next-line typescript/unbound-method
  const { put } = IDBObjectStore.prototype;
  const triedIn = new Set<string>();
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, value, key) {
    // What is written after it in the same database hangs for ever.
    if (triedIn.has(this.transaction.db.name)) return new Promise(() => {}) as never;
    const request = put.call(this, value, key);
    if (!(value instanceof Blob)) return request;
    triedIn.add(this.transaction.db.name);
    this.transaction.abort();
    return request;
  });
  vi.resetModules();
  const fresh = await import("../../inspector/demo/files.ts");
  const id = await fresh.putFile(new Blob(["a,b\n"], { type: "text/csv" }), "data.csv");
  const { blob, bytes } = await fresh.getFile(id);
  expect([await blob.text(), blob.type, bytes]).toEqual(["a,b\n", "text/csv", 4]);
});

test("storing under an id again replaces the file", async () => {
  await putFile(new Blob(["old"]), "x", "mine");
  await putFile(new Blob(["new"]), "x", "mine");
  expect(await (await getFile("mine")).blob.text()).toBe("new");
});

test("a deleted file is missing, with what was derived from it; others stay", async () => {
  const [id, other] = [await putFile(new Blob(["a"]), "a"), await putFile(new Blob(["b"]), "b")];
  await putDerived(id, "sketch", { n: 1 });
  await putDerived(other, "sketch", { n: 2 });
  await deleteFile(id);
  await expect(getFile(id)).rejects.toThrow(FileMissingError);
  expect(await getDerived(id, "sketch")).toBeUndefined();
  expect(await getDerived(other, "sketch")).toEqual({ n: 2 });
});

test("what was derived can be deleted alone", async () => {
  const id = await putFile(new Blob(["a"]), "a");
  await putDerived(id, "sketch", 1);
  await deleteDerived(id);
  expect(await getDerived(id, "sketch")).toBeUndefined();
  expect((await getFile(id)).name).toBe("a");
});

test("storing a file sweeps away those unused for two weeks", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 0 });
  const [idle, used] = [await putFile(new Blob(["a"]), "idle"), await putFile(new Blob(["b"]), "used")];
  const day = 24 * 60 * 60 * 1000;
  vi.setSystemTime(10 * day);
  await getFile(used);
  vi.setSystemTime(15 * day);
  await putFile(new Blob(["c"]), "new");
  await expect(getFile(idle)).rejects.toThrow(FileMissingError);
  expect((await getFile(used)).name).toBe("used");
});

test("sweeping says how many files went", async () => {
  await sweepFiles(Number.MAX_SAFE_INTEGER);
  await putFile(new Blob(["a"]), "a");
  expect(await sweepFiles(Number.MAX_SAFE_INTEGER)).toBe(1);
});
