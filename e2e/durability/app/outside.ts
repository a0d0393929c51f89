/** What a worker under test tells the world outside the engine, past all of it: these are the effects. */

export type Outside =
  /** A step's function was called. */
  | { readonly kind: "began"; readonly runId: string; readonly step: string; readonly workItem: number }
  /** A side effect was done. */
  | { readonly kind: "effect"; readonly runId: string; readonly workItem: number; readonly key: string }
  /** The disk has it that this work is done, and these effects. */
  | {
      readonly kind: "durable";
      readonly runId: string;
      readonly done: readonly number[];
      readonly effects: readonly string[];
    }
  /** The worker holds still at the place where it is to be killed. */
  | { readonly kind: "dying" }
  /** The worker stands still with a write in its hands. */
  | { readonly kind: "stalled" }
  /** A write of ticks was refused. */
  | { readonly kind: "refused"; readonly code: string };

export function tellOutside(what: Outside): void {
  (globalThis as unknown as { postMessage(message: unknown): void }).postMessage({ outside: what });
}

/** null: a message of another kind. */
export function outsideOf(message: unknown): Outside | null {
  return typeof message === "object" && message !== null && "outside" in message ? (message.outside as Outside) : null;
}

/** How an effect of `ctx.once` is called in all reports. */
export const effectKey = (workItem: number, key: string): string => `${workItem} ${key}`;
