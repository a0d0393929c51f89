/** The definition that a run was recorded with, as it stands in ticks and saved runs. */
import * as z from "zod/mini";
import { ContextSerdeError } from "../core/errors.ts";
import type { Program } from "../core/program.ts";

const index = z.number().check(z.nonnegative(), z.int());
const name = z.string();

/** Loose: what a later version adds passes through. */
export const programSchema = z.looseObject({
  workflow: name,
  version: name,
  timeout: z.nullable(z.number()),
  steps: z.array(
    z.looseObject({
      name,
      accepts: z.array(name),
      emits: z.array(name),
      numWorkers: index,
      lists: z.optional(z.array(name)),
      feeds: z.optional(z.array(index)),
      join: z.optional(
        z.discriminatedUnion("mode", [
          z.object({ mode: z.literal("all"), slots: z.array(z.array(name)) }),
          z.object({ mode: z.literal("list"), take: z.nullable(index) }),
        ]),
      ),
      catches: z.optional(z.object({ forSteps: z.nullable(z.array(name)), maxRecoveries: index })),
      orphanOf: z.optional(name),
    }),
  ),
  routes: z.record(name, z.array(index)),
  roles: z.record(name, z.enum(["event", "start", "stop", "inputRequired", "humanResponse"])),
});

/** Definitions read lately, by their JSON: thousands of runs have one between them, in time and in memory. */
const decoded = new Map<string, Program>();
const KEPT = 64;

/** Throws `ContextSerdeError` for something that is no definition. The same object for the same definition. */
export function decodeProgram(saved: unknown): Program {
  const text = textOf(saved);
  const known = decoded.get(text);
  if (known) return known;
  const program = readProgram(saved);
  for (const oldest of decoded.keys()) {
    if (decoded.size < KEPT) break;
    decoded.delete(oldest);
  }
  decoded.set(text, program);
  return program;
}

function textOf(saved: unknown): string {
  try {
    return JSON.stringify(saved);
  } catch {
    throw damaged("");
  }
}

function readProgram(saved: unknown): Program {
  const result = programSchema.safeParse(saved);
  if (!result.success) throw damaged(result.error.issues[0]?.path.join(".") ?? "");
  const { steps, routes, roles, ...facts } = result.data;
  const indexes = table<number>({});
  for (const [position, step] of steps.entries()) {
    if (Object.hasOwn(indexes, step.name)) throw damaged(`steps.${position}.name`);
    indexes[step.name] = position;
  }
  const pointers = [...Object.values(routes), ...steps.map(({ feeds = [] }) => feeds)].flat();
  if (pointers.some((pointer) => pointer >= steps.length)) throw damaged("routes");
  for (const takers of Object.values(routes)) if (new Set(takers).size < takers.length) throw damaged("routes");
  return {
    ...facts,
    steps: steps.map((step, position) => ({ ...step, index: position })),
    routes: table(routes),
    roles: table(roles),
    indexes,
  } as Program;
}

/** Looked into by names that users chose: without the fields that every object has. */
function table<T>(entries: { readonly [key: string]: T }): Record<string, T> {
  return Object.assign(Object.create(null) as Record<string, T>, entries);
}

function damaged(path: string): ContextSerdeError {
  return new ContextSerdeError(`The definition that the run was recorded with is damaged at ${path || "its root"}.`, {
    code: "CONTEXT_UNREADABLE",
    data: { path },
  });
}
