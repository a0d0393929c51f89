import type { JsonObject } from "../core/json.ts";
import type { Program } from "../core/program.ts";
import { toPlainData } from "../workflow/plain-data.ts";

const encoded = new WeakMap<Program, JsonObject>();

/** Plain JSON, frozen: the same object for the same program, since many runs have it. */
export function encodeProgram(program: Program): JsonObject {
  const known = encoded.get(program);
  if (known) return known;
  const { routes, roles, indexes, ...facts } = program;
  const tables = { indexes: { ...indexes }, routes: { ...routes }, roles: { ...roles } };
  const made = toPlainData({ ...facts, ...tables }) as JsonObject;
  encoded.set(program, made);
  return made;
}
