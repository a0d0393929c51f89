/**
 * Rows as they stand on the disk: JSON text, or gzipped bytes of it where they were packed; what holds data goes through
 * the codec, if there is one, as the last step. Asynchronous, so nothing here may be awaited inside of a transaction.
 */
import type { JsonObject } from "../../core/json.ts";
import type { PublishedRecord, RunRecord, StoredSnapshot, TickBatch } from "../../ports/journal.ts";
import { encodeError } from "../../serialize/error-codec.ts";
import { decodeValue, encodeValue } from "../../serialize/serializer.ts";
import { decodeTicks, encodeTick, TICK_FORMAT } from "../../serialize/tick-codec.ts";
import type { StoredBatch, StoredRun, StoredSnapshotRow } from "./database.ts";
import { gzip } from "./gzip.ts";
import {
  decodeData,
  encodeData,
  isEncoded,
  isPacked,
  type PlainData,
  type StorageCodec,
  type StoragePlace,
  type StoredData,
} from "./storage-codec.ts";

type TextRow = readonly [ticks: string, published: readonly JsonObject[]];

export class StoredForm {
  readonly #codec: StorageCodec | undefined;

  /** Without a codec what is encoded cannot be read. */
  constructor(codec?: StorageCodec) {
    this.#codec = codec;
  }

  async ofBatch(runId: string, { from, ticks, published }: TickBatch): Promise<StoredBatch> {
    const last = published.at(-1);
    const text = JSON.stringify(ticks.map(encodeTick));
    const records = published.map((event) => encodeValue(event) as JsonObject);
    const codec = this.#codec;
    // Most point to a tick, and hold nothing themselves.
    const hasData = published.some(({ event }) => event !== undefined);
    return {
      runId,
      from,
      to: from + ticks.length - 1,
      tickFormat: TICK_FORMAT,
      ticks: await this.#encode(text, { runId, kind: "ticks", sequence: from }),
      published:
        codec && hasData
          ? await encodeData(JSON.stringify(records), codec, { runId, kind: "published", sequence: from })
          : records,
      ...(last && { lastPosition: last.position }),
    };
  }

  async toBatch(row: StoredBatch): Promise<TickBatch> {
    const [ticks, published] = isPacked(row.ticks)
      ? ((await this.#decode(row.ticks, placeOf(row))) as [JsonObject[], JsonObject[]])
      : [(await this.#decode(row.ticks, placeOf(row))) as JsonObject[], await this.#publishedIn(row)];
    return {
      from: row.from,
      ticks: decodeTicks(ticks, row.tickFormat),
      published: published.map((event) => decodeValue(event) as PublishedRecord),
    };
  }

  /** Rows that follow one another, not packed yet and of one tick format, in one row that is. */
  async toPackedBatch(rows: readonly [StoredBatch, ...StoredBatch[]]): Promise<StoredBatch> {
    const [{ runId, from, tickFormat }] = rows;
    const texts = await Promise.all(rows.map((row) => this.#textOf(row)));
    const lists = texts.map(([ticks]) => ticks.slice(1, -1)).filter((list) => list !== "");
    const published = JSON.stringify(texts.flatMap(([, events]) => events));
    const lastPosition = rows.findLast((row) => row.lastPosition !== undefined)?.lastPosition;
    const packed = await gzip(`[[${lists.join()}],${published}]`);
    return {
      runId,
      from,
      to: rows.at(-1)?.to ?? from,
      ...(tickFormat !== undefined && { tickFormat }),
      ticks: await this.#encode(packed, { runId, kind: "packed", sequence: from }),
      published: [],
      ...(lastPosition !== undefined && { lastPosition }),
    };
  }

  async ofSnapshot(runId: string, { sequence, state }: StoredSnapshot): Promise<StoredSnapshotRow> {
    const place = { runId, kind: "snapshot", sequence } as const;
    return { runId, sequence, state: await this.#encode(JSON.stringify(state), place) };
  }

  async toSnapshot({ runId, sequence, state }: StoredSnapshotRow): Promise<StoredSnapshot> {
    return { sequence, state: (await this.#decode(state, { runId, kind: "snapshot", sequence })) as JsonObject };
  }

  async toPackedSnapshot(row: StoredSnapshotRow): Promise<StoredSnapshotRow> {
    if (isPacked(row.state)) return row;
    const { runId, sequence } = row;
    const place = { runId, kind: "snapshot", sequence } as const;
    return { runId, sequence, state: await this.#encode(await gzip(await this.#text(row.state, place)), place) };
  }

  /** The record as a row has it, without what the journal itself keeps there. */
  async ofRecord(record: RunRecord): Promise<Omit<StoredRun, "next">> {
    const { error, ...rest } = record;
    if (!error || !this.#codec) return record;
    return { ...rest, encodedError: await encodeData(JSON.stringify(error), this.#codec, placeOfError(record)) };
  }

  /** An error that cannot be read is told in its place: the list of runs is not to fail for one of them. */
  async toRecord({ next: _next, encodedError, ...record }: StoredRun): Promise<RunRecord> {
    if (!encodedError) return record;
    const error = await this.#decode(encodedError, placeOfError(record)).catch(encodeError);
    return { ...record, error: error as JsonObject };
  }

  async #textOf(row: StoredBatch): Promise<TextRow> {
    return [await this.#text(row.ticks, placeOf(row)), await this.#publishedIn(row)];
  }

  async #publishedIn({ runId, from, published }: StoredBatch): Promise<readonly JsonObject[]> {
    if (!isEncoded(published)) return published;
    return (await this.#decode(published, { runId, kind: "published", sequence: from })) as JsonObject[];
  }

  /** The text in a row that is not packed. One that was encoded is read whole: the row that it is in is given up for it. */
  async #text(data: StoredData, place: StoragePlace): Promise<string> {
    return typeof data === "string" ? data : JSON.stringify(await this.#decode(data, place));
  }

  async #encode(data: PlainData, place: StoragePlace): Promise<StoredData> {
    return this.#codec ? encodeData(data, this.#codec, place) : data;
  }

  #decode(data: StoredData, place: StoragePlace): Promise<unknown> {
    return decodeData(data, this.#codec, place);
  }
}

function placeOf({ runId, from, ticks }: StoredBatch): StoragePlace {
  return { runId, kind: isPacked(ticks) ? "packed" : "ticks", sequence: from };
}

function placeOfError({ runId, sequence }: RunRecord): StoragePlace {
  return { runId, kind: "error", sequence };
}
