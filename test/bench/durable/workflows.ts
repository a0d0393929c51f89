import { defineEvent, defineWorkflow, startEvent, stopEvent } from "tickwork";

export interface Load {
  readonly steps: number;
  /** Milliseconds that each step takes; 0: it does nothing but wait for a promise. */
  readonly pace: number;
  /** Characters in each event beside its numbers. */
  readonly text: string;
}

interface Link extends Load {
  readonly left: number;
  readonly sum: number;
}

const Begin = startEvent("Begin");
const Next = defineEvent("Next");
const Seen = defineEvent("Seen");
const Hold = defineEvent("Hold");
const End = stopEvent("End");

const linkOf = ({ data }: { readonly data: unknown }): Link => data as Link;

/** One step after the other; each is one tick. */
export const chain = defineWorkflow("chain", { timeout: null })
  .step("begin", { accepts: Begin, emits: Next }, (event) => {
    const load = linkOf(event);
    return Next({ ...load, left: load.steps, sum: 0 });
  })
  .step("link", { accepts: Next, emits: [Next, End], numWorkers: 1 }, async (event) => {
    const { left, sum, text, steps, pace } = linkOf(event);
    await Promise.resolve();
    return left > 0 ? Next({ steps, pace, text, left: left - 1, sum: sum + left }) : End(sum);
  });

/** Each step takes its time and publishes when it ended, by the clock that page and worker share. */
export const paced = defineWorkflow("paced", { timeout: null })
  .step("begin", { accepts: Begin, emits: Next }, (event) => Next({ ...linkOf(event), left: linkOf(event).steps }))
  .step("link", { accepts: Next, emits: [Next, End], numWorkers: 1 }, async (event, ctx) => {
    const link = linkOf(event);
    await new Promise((resolve) => setTimeout(resolve, link.pace));
    ctx.writeEventToStream(Seen(performance.timeOrigin + performance.now()));
    return link.left > 1 ? Next({ ...link, left: link.left - 1 }) : End();
  });

/** Text that does not compress well, another for each number. */
function noise(seed: number, length: number): string {
  let text = "";
  for (let state = seed; text.length < length; text += state.toString(36)) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  }
  return text.slice(0, length);
}

/** A history of so many ticks, and then a step that never ends: a crash is all that helps. */
export const held = defineWorkflow("held", { timeout: null })
  .step("begin", { accepts: Begin, emits: Next }, (event) => Next({ ...linkOf(event), left: linkOf(event).steps }))
  .step("link", { accepts: Next, emits: [Next, Hold], numWorkers: 1 }, async (event) => {
    const link = linkOf(event);
    await Promise.resolve();
    const text = noise(link.left, link.text.length);
    return link.left > 1 ? Next({ ...link, text, left: link.left - 1 }) : Hold();
  })
  .step("hold", { accepts: Hold, emits: End }, () => {
    (globalThis as unknown as { postMessage(message: unknown): void }).postMessage({ running: performance.now() });
    return new Promise<never>(() => undefined);
  });
