/** What the engine said of a value that it refused, field by field. */
import type { Problem } from "./read-draft.ts";

export function issuesOf(error: unknown): readonly Problem[] {
  const data = (error as { readonly data?: { readonly issues?: unknown } } | null)?.data;
  if (!Array.isArray(data?.issues)) return [];
  return (data.issues as readonly Partial<Problem>[]).flatMap(({ path, message }) =>
    typeof path === "string" && typeof message === "string"
      ? [{ path: path.startsWith("(") ? "" : path, message }]
      : [],
  );
}
