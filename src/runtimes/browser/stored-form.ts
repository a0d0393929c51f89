/** Batches and snapshots as they stand on the disk. Asynchronous, for texts may be compressed or encrypted. */
import type { JsonObject } from "../../core/json.ts";
import type { PublishedRecord, StoredSnapshot, TickBatch } from "../../ports/journal.ts";
import { decodeValue, encodeValue } from "../../serialize/serializer.ts";
import { decodeTicks, encodeTick, TICK_FORMAT } from "../../serialize/tick-codec.ts";
import type { StoredBatch, StoredSnapshotRow } from "./database.ts";

export async function toStoredBatch(runId: string, { from, ticks, published }: TickBatch): Promise<StoredBatch> {
  const last = published.at(-1);
  return {
    runId,
    from,
    to: from + ticks.length - 1,
    tickFormat: TICK_FORMAT,
    ticks: JSON.stringify(ticks.map(encodeTick)),
    published: published.map((event) => encodeValue(event) as JsonObject),
    ...(last && { lastPosition: last.position }),
  };
}

export async function fromStoredBatch({ from, tickFormat, ticks, published }: StoredBatch): Promise<TickBatch> {
  return {
    from,
    ticks: decodeTicks(JSON.parse(ticks) as JsonObject[], tickFormat),
    published: published.map((event) => decodeValue(event) as PublishedRecord),
  };
}

export async function toStoredSnapshot(runId: string, snapshot: StoredSnapshot): Promise<StoredSnapshotRow> {
  return { runId, sequence: snapshot.sequence, state: JSON.stringify(snapshot.state) };
}

export async function fromStoredSnapshot({ sequence, state }: StoredSnapshotRow): Promise<StoredSnapshot> {
  return { sequence, state: JSON.parse(state) as JsonObject };
}
