/** What a user's codec does with the data that goes to the disk, e.g. encrypt it. The last step before the disk. */
import { ContextSerdeError, StorageError, WorkflowConfigurationError } from "../../core/errors.ts";
import { gunzip } from "./gzip.ts";

/**
 * Encodes what is stored of runs: their histories, snapshots and errors, so all that steps, events and state hold. Ids,
 * names, counts and times stay readable, for they are searched: the run's id, the names of workflows, steps and awaited
 * events, status, version.
 *
 * A rejection of `encode` counts as a failed write. One of `decode` pauses the run it belongs to, and deletes nothing;
 * `resumeRun` tries again. Both may wait, e.g. until a key is there; the engine waits with them.
 */
export interface StorageCodec {
  readonly encode: (bytes: Uint8Array<ArrayBuffer>, place: StoragePlace) => Promise<Uint8Array>;
  /** Gives what was encoded at this place, or rejects. */
  readonly decode: (bytes: Uint8Array<ArrayBuffer>, place: StoragePlace) => Promise<Uint8Array>;
}

/** Which row it is. Authenticate it with the bytes, so that rows which somebody exchanged are noticed. */
export interface StoragePlace {
  readonly runId: string;
  /** "packed": ticks of many batches in one row, with what they published; runs that ended are stored so. */
  readonly kind: "ticks" | "published" | "packed" | "snapshot" | "error";
  /** Of the first tick of a batch, the tick of a snapshot, or the run's newest tick. */
  readonly sequence: number;
}

/** JSON text, or gzipped bytes of it where it was packed. */
export type PlainData = string | Uint8Array<ArrayBuffer>;

/** What a codec made of it. */
export interface EncodedData {
  readonly encoded: Uint8Array<ArrayBuffer>;
  /** It was packed first. */
  readonly isPacked?: true;
}

export type StoredData = PlainData | EncodedData;

export function isEncoded(data: StoredData | readonly unknown[]): data is EncodedData {
  return typeof data === "object" && "encoded" in data;
}

export function isPacked(data: StoredData): boolean {
  return isEncoded(data) ? data.isPacked === true : typeof data !== "string";
}

/** Throws `WorkflowConfigurationError` for something that is no codec. */
export function assertCodec(codec: StorageCodec): void {
  if (typeof codec.encode === "function" && typeof codec.decode === "function") return;
  throw new WorkflowConfigurationError("A storage codec has two functions: { encode, decode }.");
}

/** Rejects with `StorageError`, code STORAGE_ENCODING. */
export async function encodeData(data: PlainData, codec: StorageCodec, place: StoragePlace): Promise<EncodedData> {
  try {
    const isText = typeof data === "string";
    const encoded: unknown = await codec.encode(isText ? new TextEncoder().encode(data) : data, place);
    if (!(encoded instanceof Uint8Array)) throw new TypeError("encode must give a Uint8Array");
    // A copy: of a view the whole buffer behind it would be stored.
    return { encoded: new Uint8Array(encoded), ...(!isText && { isPacked: true }) };
  } catch (error) {
    throw new StorageError(
      `The ${place.kind} of run ${place.runId} could not be encoded (${textOf(error)}). See to the storage codec, then resume the run.`,
      { code: "STORAGE_ENCODING", cause: error, data: { ...place } },
    );
  }
}

/**
 * The JSON that it stands for. Rejects with `StorageError`, code STORAGE_UNREADABLE, for what the codec cannot decode, and
 * with `ContextSerdeError`, code HISTORY_DAMAGED, for what was stored without one and is no longer what was written.
 */
export async function decodeData(
  stored: StoredData,
  codec: StorageCodec | undefined,
  place: StoragePlace,
): Promise<unknown> {
  if (!isEncoded(stored)) return parse(typeof stored === "string" ? stored : await gunzip(stored), place);
  if (!codec) throw unreadable(place, "it is encoded, and no codec was given");
  try {
    const bytes = await codec.decode(stored.encoded, place);
    // A copy again: it may stand in a buffer that is shared.
    const text = stored.isPacked
      ? await gunzip(new Uint8Array(bytes))
      : new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(place, textOf(error), error);
  }
}

function parse(text: string, { runId, kind, sequence }: StoragePlace): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ContextSerdeError(
      `What is stored of run ${runId} at tick ${sequence} (${kind}) is damaged: ${textOf(cause)}. The run cannot go on from there. Delete it, or import a file of it that was exported before.`,
      { code: "HISTORY_DAMAGED", cause, data: { runId, kind, sequence } },
    );
  }
}

function unreadable(place: StoragePlace, why: string, cause?: unknown): StorageError {
  return new StorageError(
    `The ${place.kind} of run ${place.runId} cannot be decoded (${why}): the key or the codec is not the one it was written with, or the data was changed. Nothing was deleted; give the right one and resume the run.`,
    { code: "STORAGE_UNREADABLE", cause, data: { ...place } },
  );
}

/** Many errors of WebCrypto have a name only. */
function textOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
