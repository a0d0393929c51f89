/** Text to gzipped bytes and back, with what every browser's worker and Node have. */
import { ContextSerdeError } from "../../core/errors.ts";

export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Throws `ContextSerdeError`, code HISTORY_DAMAGED, for bytes that `gzip` did not make. */
export async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    return await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  } catch (cause) {
    throw new ContextSerdeError("A part of this run's history cannot be unpacked: it is damaged.", {
      cause,
      code: "HISTORY_DAMAGED",
    });
  }
}
