/** An error as the inspector shows it. */
export interface ErrorText {
  readonly name: string;
  readonly message: string;
  /** The stable code of a `WorkflowError`, e.g. to branch on "unavailable". */
  readonly code?: string;
  readonly stack?: string;
}

/** Another tab runs the engine: nothing is broken, it is only not ours to talk to yet. */
export const ENGINE_ELSEWHERE = "ENGINE_ELSEWHERE";
/** No tab has the app open that is looked at. */
export const ENGINE_ABSENT = "ENGINE_ABSENT";
/** The engine died or its tab was closed, and the next one takes the runs up: a matter of a second or two. */
export const ENGINE_RESTARTING = "ENGINE_RESTARTING";

export function toErrorText(error: unknown): ErrorText {
  if (typeof error !== "object" || error === null) return { name: "Error", message: String(error) };
  const { name, message, code, stack } = error as Record<string, unknown>;
  return {
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" && message !== "" ? message : "Something failed without saying why.",
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof stack === "string" ? { stack } : {}),
  };
}
