/** The journal in IndexedDB: one record per batch of ticks, one transaction per append. */
import {
  compareRuns,
  cutBatch,
  matchesQuery,
  outOfOrder,
  runExists,
  runGone,
  type Journal,
  type JournalQuery,
  type RunRecord,
  type StoredSnapshot,
  type TickBatch,
  type WholeRun,
} from "../../ports/journal.ts";
import { compactNext } from "./compaction.ts";
import { rowsOf, type Database, type StoredBatch, type StoredRun } from "./database.ts";
import { DatabaseConnection } from "./database-connection.ts";
import { InTurn } from "./in-turn.ts";
import { splitBatch } from "./split-batch.ts";
import type { StorageCodec } from "./storage-codec.ts";
import { sizeOfBatch, sizeOfSnapshot } from "./stored-size.ts";
import { StoredForm } from "./stored-form.ts";
import { truncateRun } from "./truncation.ts";

/** Batches read in one go. */
const PAGE = 32;

export class IndexedDbJournal implements Journal {
  readonly durable = true;
  readonly #connection: DatabaseConnection;
  readonly #form: StoredForm;
  /**
   * What is written of a run comes to the disk in the order of the calls, however long each takes to be encoded; and what
   * is rewritten, from rows that were read before, is the same still.
   */
  readonly #turns = new InTurn();

  /** Can be used once it is open. */
  constructor(name: string, codec?: StorageCodec) {
    this.#connection = new DatabaseConnection(name);
    this.#form = new StoredForm(codec);
  }

  static async open(name: string, codec?: StorageCodec): Promise<IndexedDbJournal> {
    const journal = new IndexedDbJournal(name, codec);
    await journal.open();
    return journal;
  }

  /**
   * Opens the database and takes it over: journals that had it before can no longer write. Resolves with how often it
   * was taken over, this time included.
   */
  open(): Promise<number> {
    return this.#connection.open();
  }

  async createRun(record: RunRecord, base?: StoredSnapshot): Promise<void> {
    const { runId } = record;
    const snapshot = base && (await this.#form.ofSnapshot(runId, base));
    const row = await this.#form.ofRecord(record);
    await this.#connection.write(
      "The run could not be stored",
      // One that began elsewhere may be all there is of it; others are nothing before their first ticks.
      { stores: ["runs", "snapshots"], durability: base ? "strict" : "relaxed" },
      async (transaction) => {
        const runs = transaction.objectStore("runs");
        if ((await runs.getKey(runId)) !== undefined) throw runExists(runId);
        const bytes = snapshot ? sizeOfSnapshot(snapshot) : 0;
        await runs.add({ ...row, bytes, next: base ? base.sequence + 1 : 1 });
        if (snapshot) await transaction.objectStore("snapshots").put(snapshot);
      },
    );
  }

  async addRuns(whole: readonly WholeRun[]): Promise<void> {
    // All rows are made before the transaction begins: it would commit by itself meanwhile.
    const stored = await Promise.all(
      whole.map(async ({ record, batches, snapshots }) => {
        const rows = await Promise.all(batches.map((batch) => this.#form.ofBatch(record.runId, batch)));
        const keyframes = await Promise.all(snapshots.map((each) => this.#form.ofSnapshot(record.runId, each)));
        const sizes = [...rows.map(sizeOfBatch), ...keyframes.map(sizeOfSnapshot)];
        const bytes = sizes.reduce((sum, size) => sum + size, 0);
        const row = await this.#form.ofRecord(record);
        return { run: { ...row, bytes, next: record.sequence + 1 }, rows, keyframes };
      }),
    );
    const stores = ["runs", "batches", "snapshots"] as const;
    await this.#connection.write(
      "The runs could not be stored",
      { stores, durability: "strict" },
      async (transaction) => {
        const runs = transaction.objectStore("runs");
        const known = await Promise.all(stored.map(({ run }) => runs.getKey(run.runId)));
        const taken = known.find((runId) => runId !== undefined) ?? repeated(stored.map(({ run }) => run.runId));
        if (taken !== undefined) throw runExists(taken);
        await Promise.all([
          ...stored.map(async ({ run }) => runs.add(run)),
          ...stored.flatMap(({ rows }) => rows).map(async (row) => transaction.objectStore("batches").add(row)),
          ...stored
            .flatMap(({ keyframes }) => keyframes)
            .map(async (row) => transaction.objectStore("snapshots").put(row)),
        ]);
      },
    );
  }

  async getRun(runId: string): Promise<RunRecord | undefined> {
    const stored = await this.#connection.read("The run could not be read", (database) => database.get("runs", runId));
    return stored && this.#form.toRecord(stored);
  }

  async listRuns(query: JournalQuery): Promise<RunRecord[]> {
    const found = await this.#connection.read("The runs could not be listed", (database) => findRuns(database, query));
    return Promise.all(found.map((stored) => this.#form.toRecord(stored)));
  }

  deleteRun(runId: string): Promise<void> {
    const stores = ["runs", "batches", "snapshots"] as const;
    const options = { stores, durability: "strict", isDeletion: true } as const;
    return this.#connection.write("The run could not be deleted", options, (transaction) =>
      Promise.all([
        transaction.objectStore("runs").delete(runId),
        transaction.objectStore("batches").delete(rowsOf(runId)),
        transaction.objectStore("snapshots").delete(rowsOf(runId)),
      ]),
    );
  }

  async append(runId: string, batch: TickBatch, record: RunRecord): Promise<void> {
    const next = batch.from + batch.ticks.length;
    const pieces = splitBatch(batch).map((piece) => this.#form.ofBatch(runId, piece));
    const encoding = Promise.all([Promise.all(pieces), this.#form.ofRecord(record)]);
    const [stored, row] = await this.#turns.wait(runId, encoding);
    const growth = stored.reduce((sum, piece) => sum + sizeOfBatch(piece), 0);
    await this.#connection.write(
      "The run's history could not be written",
      { stores: ["runs", "batches"], durability: batch.strict ? "strict" : "relaxed" },
      async (transaction) => {
        const runs = transaction.objectStore("runs");
        const run = await runs.get(runId);
        if (!run) throw runGone(runId);
        if (run.next !== batch.from) throw outOfOrder(runId, run.next, batch.from);
        await Promise.all([
          ...stored.map((piece) => transaction.objectStore("batches").add(piece)),
          runs.put({ ...row, ...ownFields(run), ...grown(run, growth), next }),
        ]);
      },
    );
  }

  async *read(runId: string, { from, to }: { from: number; to: number }): AsyncGenerator<TickBatch, void, undefined> {
    let next = from;
    while (next <= to) {
      const page = await this.#connection.read("The run's history could not be read", (database) =>
        pageOfBatches(database, runId, next, to),
      );
      for (const stored of page) {
        if (stored.to < next) continue;
        const batch = await this.#form.toBatch(stored);
        // Rows may have been packed into one since the page before.
        yield next > from && stored.from < next ? cutBatch(batch, next) : batch;
        next = stored.to + 1;
      }
      if (page.length < PAGE) return;
    }
  }

  async *readPublished(runId: string, from: number): AsyncGenerator<TickBatch, void, undefined> {
    let next = from;
    for (;;) {
      const range = IDBKeyRange.bound([runId, next], [runId, Number.MAX_SAFE_INTEGER]);
      const page = await this.#connection.read("The run's events could not be read", (database) =>
        database.getAllFromIndex("batches", "published", range, PAGE),
      );
      for (const stored of page) {
        const batch = await this.#form.toBatch(stored);
        const isRepeated = next > from && (batch.published[0]?.position ?? next) < next;
        yield isRepeated ? { ...batch, published: batch.published.filter(({ position }) => position >= next) } : batch;
        next = (stored.lastPosition ?? next) + 1;
      }
      if (page.length < PAGE) return;
    }
  }

  async saveSnapshot(runId: string, snapshot: StoredSnapshot): Promise<void> {
    const stored = await this.#turns.wait(runId, this.#form.ofSnapshot(runId, snapshot));
    await this.#connection.write(
      "A snapshot could not be written",
      { stores: ["runs", "snapshots"] },
      async (transaction) => {
        const [runs, snapshots] = [transaction.objectStore("runs"), transaction.objectStore("snapshots")];
        const [run, before] = await Promise.all([runs.get(runId), snapshots.get([runId, snapshot.sequence])]);
        // It was deleted while its snapshot was made.
        if (!run) return;
        const growth = sizeOfSnapshot(stored) - (before ? sizeOfSnapshot(before) : 0);
        await Promise.all([snapshots.put(stored), runs.put({ ...run, ...grown(run, growth) })]);
      },
    );
  }

  async loadSnapshot(runId: string, atOrBefore: number): Promise<StoredSnapshot | undefined> {
    const stored = await this.#connection.read("A snapshot could not be read", async (database) => {
      const range = IDBKeyRange.bound([runId, 0], [runId, atOrBefore]);
      return (await database.transaction("snapshots").store.openCursor(range, "prev"))?.value;
    });
    return stored && this.#form.toSnapshot(stored);
  }

  compact(runId: string): Promise<boolean> {
    return this.#turns.next(runId, () => compactNext(this.#connection, this.#form, runId));
  }

  truncate(runId: string, base: StoredSnapshot, later: readonly StoredSnapshot[] = []): Promise<void> {
    return this.#turns.next(runId, () => truncateRun(this.#connection, this.#form, runId, [base, ...later]));
  }

  async close(): Promise<void> {
    this.#connection.close();
  }
}

async function findRuns(database: Database, { limit, ...query }: JournalQuery): Promise<StoredRun[]> {
  if (typeof query.parent === "string") {
    const family = await database.getAll("runs", IDBKeyRange.bound(`${query.parent}/`, `${query.parent}0`));
    return family
      .filter((run) => matchesQuery(run, query))
      .toSorted(compareRuns)
      .slice(0, limit);
  }
  const { before } = query;
  const range = before === undefined ? null : IDBKeyRange.upperBound([before.createdAt, before.runId ?? ""], true);
  const found: StoredRun[] = [];
  let cursor = await database.transaction("runs").store.index("created").openCursor(range, "prev");
  while (cursor && found.length < limit) {
    if (matchesQuery(cursor.value, query)) found.push(cursor.value);
    cursor = await cursor.continue();
  }
  return found;
}

/** Rows from the one on that holds this tick. */
async function pageOfBatches(database: Database, runId: string, from: number, to: number): Promise<StoredBatch[]> {
  const { store } = database.transaction("batches");
  const cursor = await store.openKeyCursor(IDBKeyRange.bound([runId, 0], [runId, from]), "prev");
  const first = cursor ? cursor.primaryKey[1] : from;
  return store.getAll(IDBKeyRange.bound([runId, first], [runId, to]), PAGE);
}

/** What the engine's record cannot know. */
function ownFields({ historyFrom, compacted }: StoredRun): Pick<RunRecord, "historyFrom" | "compacted"> {
  return { ...(historyFrom !== undefined && { historyFrom }), ...(compacted !== undefined && { compacted }) };
}

function repeated(ids: readonly string[]): string | undefined {
  return ids.find((id, index) => ids.indexOf(id) !== index);
}

/** Its size after a write; a run of an earlier version has none. */
function grown({ bytes }: StoredRun, by: number): Pick<RunRecord, "bytes"> {
  return bytes === undefined ? {} : { bytes: bytes + by };
}
