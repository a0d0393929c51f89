/** What somebody finds who reads the files of a browser. */
import { openDB } from "idb";
import { gunzip } from "../../src/runtimes/browser/gzip.ts";

const GZIP = [0x1f, 0x8b] as const;

/** Every row of the database, bytes as characters; what is only packed is unpacked. */
export async function dump(name: string): Promise<string> {
  const database = await openDB(name);
  const stores = await Promise.all([...database.objectStoreNames].map((store) => database.getAll(store)));
  database.close();
  return JSON.stringify(await readable(stores));
}

async function readable(value: unknown): Promise<unknown> {
  if (value instanceof Uint8Array) {
    const isPacked = GZIP.every((byte, index) => value[index] === byte);
    return isPacked ? gunzip(new Uint8Array(value)) : new TextDecoder("latin1").decode(value);
  }
  if (Array.isArray(value)) return Promise.all(value.map(readable));
  if (typeof value !== "object" || value === null) return value;
  const fields = await Promise.all(Object.entries(value).map(async ([name, field]) => [name, await readable(field)]));
  return Object.fromEntries(fields) as object;
}
