import { StorageError } from "tickwork";
import { FaultInjectingJournal, MemoryJournal } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { withRoom } from "../../src/engine/with-room.ts";
import { record } from "../testing/sample-record.ts";

const FULL = new StorageError("full", { code: "STORAGE_QUOTA" });
const LOST = new StorageError("lost", { code: "STORAGE_LOST" });

/** A journal whose first call of an operation fails, on which room can be made or not. */
function failing(on: "createRun" | "append" | "saveSnapshot", fail: StorageError, isRoom: boolean, calls = 1) {
  const inner = new FaultInjectingJournal(new MemoryJournal(), { durable: true });
  for (let call = 1; call <= calls; call++) inner.inject({ on, call, fail });
  let asked = 0;
  const journal = withRoom(inner, async () => {
    asked += 1;
    return isRoom;
  });
  const batch = { from: 1, ticks: [], published: [] };
  const write = async () => {
    if (on !== "createRun") await journal.createRun(record("r"));
    if (on === "createRun") await journal.createRun(record("r"));
    else if (on === "append") await journal.append("r", batch, record("r"));
    else await journal.saveSnapshot("r", { sequence: 1, state: {} });
  };
  return { write, inner, asked: () => asked };
}

describe("a write that finds the storage full", () => {
  test.each(["createRun", "append"] as const)("%s is made again when there is room", async (on) => {
    const { write, inner, asked } = failing(on, FULL, true);
    await write();
    expect(asked()).toBe(1);
    expect(inner.calls.filter(({ operation }) => operation === on).map(({ outcome }) => outcome)).toEqual([
      "failed",
      "done",
    ]);
  });

  test("fails when there is none, or none again", async () => {
    await expect(failing("append", FULL, false).write()).rejects.toBe(FULL);
    const again = failing("append", FULL, true, 2);
    await expect(again.write()).rejects.toBe(FULL);
    expect(again.asked()).toBe(1);
  });

  test("is left alone when it is a snapshot, or when something else is wrong", async () => {
    const snapshot = failing("saveSnapshot", FULL, true);
    await expect(snapshot.write()).rejects.toBe(FULL);
    const lost = failing("append", LOST, true);
    await expect(lost.write()).rejects.toBe(LOST);
    expect([snapshot.asked(), lost.asked()]).toEqual([0, 0]);
  });
});
