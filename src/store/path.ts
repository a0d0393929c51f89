/** Dotted paths into the state store: "profile.columns.0.name". */
import { WorkflowRuntimeError } from "../core/errors.ts";

const MAX_SEGMENTS = 1000;

export function parsePath(path: string): string[] {
  if (typeof path !== "string" || path === "") {
    throw new WorkflowRuntimeError('A path into the store is a non-empty string, such as "profile.name".', {
      code: "PATH_INVALID",
    });
  }
  const segments = path.split(".");
  if (segments.length > MAX_SEGMENTS) {
    throw new WorkflowRuntimeError(
      `A path into the store has at most ${MAX_SEGMENTS} parts, this one has ${segments.length}.`,
      {
        code: "PATH_INVALID",
      },
    );
  }
  return segments;
}

/** What stands at a path; `found` is false when nothing does. */
export function readPath(root: unknown, segments: readonly string[]): { found: boolean; value: unknown } {
  let value = root;
  for (const segment of segments) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment))
      return { found: false, value: undefined };
    value = (value as Record<string, unknown>)[segment];
  }
  return { found: true, value };
}
