/**
 * Batches and snapshots as they stand on the disk: JSON text, or gzipped bytes of it where they were packed.
 * Asynchronous, for texts may be compressed or encrypted.
 */
import type { JsonObject } from "../../core/json.ts";
import type { PublishedRecord, StoredSnapshot, TickBatch } from "../../ports/journal.ts";
import { decodeValue, encodeValue } from "../../serialize/serializer.ts";
import { decodeTicks, encodeTick, TICK_FORMAT } from "../../serialize/tick-codec.ts";
import type { StoredBatch, StoredSnapshotRow } from "./database.ts";
import { gunzip, gzip } from "./gzip.ts";

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
  const [saved, listed] = typeof ticks === "string" ? [parseTicks(ticks), published] : parsePacked(await gunzip(ticks));
  return {
    from,
    ticks: decodeTicks(saved, tickFormat),
    published: listed.map((event) => decodeValue(event) as PublishedRecord),
  };
}

/** Rows that follow one another, not packed yet and of one tick format, in one row that is. Reads no tick. */
export async function toPackedBatch(rows: readonly [StoredBatch, ...StoredBatch[]]): Promise<StoredBatch> {
  const [{ runId, from, tickFormat }] = rows;
  const lists = rows.map(({ ticks }) => (ticks as string).slice(1, -1)).filter((list) => list !== "");
  const published = JSON.stringify(rows.flatMap((row) => row.published));
  const lastPosition = rows.findLast((row) => row.lastPosition !== undefined)?.lastPosition;
  return {
    runId,
    from,
    to: rows.at(-1)?.to ?? from,
    ...(tickFormat !== undefined && { tickFormat }),
    ticks: await gzip(`[[${lists.join()}],${published}]`),
    published: [],
    ...(lastPosition !== undefined && { lastPosition }),
  };
}

export async function toStoredSnapshot(runId: string, snapshot: StoredSnapshot): Promise<StoredSnapshotRow> {
  return { runId, sequence: snapshot.sequence, state: JSON.stringify(snapshot.state) };
}

export async function fromStoredSnapshot({ sequence, state }: StoredSnapshotRow): Promise<StoredSnapshot> {
  return { sequence, state: JSON.parse(typeof state === "string" ? state : await gunzip(state)) as JsonObject };
}

export async function toPackedSnapshot(row: StoredSnapshotRow): Promise<StoredSnapshotRow> {
  return typeof row.state === "string" ? { ...row, state: await gzip(row.state) } : row;
}

function parseTicks(text: string): JsonObject[] {
  return JSON.parse(text) as JsonObject[];
}

function parsePacked(text: string): [ticks: JsonObject[], published: JsonObject[]] {
  return JSON.parse(text) as [JsonObject[], JsonObject[]];
}
