/** The suite finds what it is there for: each journal here has one fault, and some check names it. */
import { journalConformance, MemoryJournal, type Journal, type RunRecord, type TickBatch } from "tickwork/testing";
import { expect, test } from "vitest";

type Make = () => Journal;

/** A journal in memory, some of whose methods are replaced. */
const altered =
  (alter: (inner: MemoryJournal) => Partial<Journal>): Make =>
  () => {
    const inner = new MemoryJournal();
    const replaced = alter(inner);
    return new Proxy(inner, {
      get: (_target, key: keyof Journal) => {
        const method = replaced[key] ?? inner[key];
        return typeof method === "function" ? (method as () => unknown).bind(replaced[key] ? replaced : inner) : method;
      },
    });
  };

async function* filtered(batches: AsyncIterable<TickBatch>, change: (batch: TickBatch) => TickBatch | null) {
  for await (const batch of batches) {
    const changed = change(batch);
    if (changed) yield changed;
  }
}

const thawed = <T>(value: T): T => structuredClone(value);
const throughJson = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? Number(item) : item))) as T;

const faulty: { readonly [fault: string]: Make } = {
  "takes a run id twice": altered((inner) => ({
    createRun: async (record) => {
      await inner.deleteRun(record.runId);
      await inner.createRun(record);
    },
  })),
  "forgets the record of an append": altered((inner) => ({
    append: (runId, batch) => {
      let kept: RunRecord | undefined;
      void inner.getRun(runId).then((record) => (kept = record));
      return Promise.resolve().then(() => inner.append(runId, batch, kept!));
    },
  })),
  "writes the record of a batch it refuses": () => {
    const records = new Map<string, RunRecord>();
    return altered((inner) => ({
      append: (runId, batch, record) => {
        records.set(runId, record);
        return inner.append(runId, batch, record);
      },
      getRun: async (runId) => ((await inner.getRun(runId)) ? (records.get(runId) ?? inner.getRun(runId)) : undefined),
    }))();
  },
  "appends whatever comes": () => {
    const batches = new Map<string, TickBatch[]>();
    return altered((inner) => ({
      append: (runId, batch) => {
        batches.set(runId, [...(batches.get(runId) ?? []), batch]);
        return undefined;
      },
      async *read(runId) {
        yield* batches.get(runId) ?? [];
      },
      deleteRun: async (runId) => {
        batches.delete(runId);
        await inner.deleteRun(runId);
      },
    }))();
  },
  "begins a range too late": altered((inner) => ({
    read: (runId, { from, to }) =>
      filtered(inner.read(runId, { from, to }), (batch) => (batch.from < from ? null : batch)),
  })),
  "reads beyond a range": altered((inner) => ({
    read: (runId, { from }) => inner.read(runId, { from, to: Number.MAX_SAFE_INTEGER }),
  })),
  "reads from the beginning always": altered((inner) => ({
    read: (runId, { to }) => inner.read(runId, { from: 1, to }),
  })),
  "skips a published position": altered((inner) => ({
    readPublished: (runId, from) => inner.readPublished(runId, from + 1),
  })),
  "reads all that was published always": altered((inner) => ({
    readPublished: (runId) => inner.readPublished(runId, 1),
  })),
  "forgets what published events hold": altered((inner) => ({
    readPublished: (runId, from) =>
      filtered(inner.readPublished(runId, from), (batch) => ({
        ...batch,
        published: batch.published.map(({ position, tick, index }) => ({ position, tick, index })),
      })),
  })),
  "gives the newest snapshot whatever is asked": altered((inner) => ({
    loadSnapshot: (runId) => inner.loadSnapshot(runId, Number.MAX_SAFE_INTEGER),
  })),
  "keeps the first of two snapshots of one sequence": () => {
    const seen = new Set<string>();
    return altered((inner) => ({
      saveSnapshot: async (runId, snapshot) => {
        const key = `${runId}/${snapshot.sequence}`;
        if (!seen.has(key)) await inner.saveSnapshot(runId, snapshot);
        seen.add(key);
      },
    }))();
  },
  "deletes the record alone": () => {
    const deleted = new Set<string>();
    return altered((inner) => ({
      deleteRun: async (runId) => void deleted.add(runId),
      getRun: async (runId) => (deleted.has(runId) ? undefined : inner.getRun(runId)),
      listRuns: async (query) => (await inner.listRuns(query)).filter(({ runId }) => !deleted.has(runId)),
    }))();
  },
  "deletes runs that begin alike": altered((inner) => ({
    deleteRun: async (runId) => {
      for (const record of await inner.listRuns({ limit: 100 })) {
        if (record.runId.startsWith(runId)) await inner.deleteRun(record.runId);
      }
    },
  })),
  "lists the oldest first": altered((inner) => ({
    listRuns: async (query) => (await inner.listRuns({ ...query, limit: 1_000 })).toReversed().slice(0, query.limit),
  })),
  "limits a list before it filters": altered((inner) => ({
    listRuns: async ({ limit, status, ...query }) =>
      (await inner.listRuns({ ...query, limit })).filter((record) => !status || status.includes(record.status)),
  })),
  "pages by time alone": altered((inner) => ({
    listRuns: (query) => {
      const { before, ...rest } = query;
      return inner.listRuns({ ...rest, ...(before && { before: { createdAt: before.createdAt } }) });
    },
  })),
  "loses what JSON cannot hold": altered((inner) => ({
    read: (runId, range) => filtered(inner.read(runId, range), throughJson),
  })),
  "gives back what can be changed": altered((inner) => ({
    read: (runId, range) => filtered(inner.read(runId, range), thawed),
  })),
  "cuts a tick too many": altered((inner) => ({
    truncate: (runId, base, later) => inner.truncate(runId, { ...base, sequence: base.sequence + 1 }, later),
  })),
  "cuts nothing": altered(() => ({ truncate: async () => undefined })),
  "forgets that it was cut when more is written": altered((inner) => ({
    getRun: async (runId) => {
      const found = await inner.getRun(runId);
      if (!found) return undefined;
      const { historyFrom: _from, ...record } = found;
      return record;
    },
  })),
  "keeps newer snapshots when it is cut": altered((inner) => ({
    truncate: async (runId, base, later = []) => {
      const newest = await inner.loadSnapshot(runId, Number.MAX_SAFE_INTEGER);
      const isNewer = newest !== undefined && newest.sequence > base.sequence;
      await inner.truncate(runId, base, isNewer ? [...later, newest] : later);
    },
  })),
  "is never done with compacting": altered(() => ({ compact: async () => true })),
  "loses the beginning when it compacts": altered((inner) => ({
    compact: async (runId) => {
      await inner.truncate(runId, { sequence: 1, state: {} });
      return false;
    },
  })),
  "says that it is durable": altered(() => ({ durable: true })),
};

test.each(Object.entries(faulty))("a journal that %s does not pass", async (_fault, make) => {
  const outcomes = await Promise.allSettled(journalConformance.map(async ({ run }) => run(make)));
  const failed = outcomes.filter((outcome): outcome is PromiseRejectedResult => outcome.status === "rejected");
  expect(failed.length).toBeGreaterThan(0);
  for (const { reason } of failed) expect((reason as Error).message.length).toBeGreaterThan(10);
});

test("and the one without a fault does", async () => {
  for (const { run } of journalConformance) await run(altered(() => ({})));
});
