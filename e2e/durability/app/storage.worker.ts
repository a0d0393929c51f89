/** Runs whose storage gets into trouble. The worker's name says, as JSON, what is special about it. */
import { defineEvent, defineWorkflow, startEvent, stopEvent } from "tickwork";
import { serveWorkflows } from "tickwork/worker";
import * as z from "zod/mini";
import { effectKey, tellOutside } from "./outside.ts";
import { stalling, type Stall } from "./stalling-journal.ts";

export interface StorageWorkerName {
  readonly database: string;
  /** Milliseconds by which its clock is behind: what it writes is that old for others. */
  readonly behind?: number;
  readonly stall?: Stall;
}

/** `ballast`: characters that each event carries. */
const Way = z.object({ step: z.number(), steps: z.number(), ballast: z.number() });
const Begin = startEvent("Begin", z.object({ steps: z.number(), ballast: z.number() }));
const Next = defineEvent("Next", Way);
const Passed = defineEvent("Passed", z.object({ step: z.number(), ballast: z.string() }));
const End = stopEvent("End", z.object({ steps: z.number() }));

const chain = defineWorkflow("chain", { timeout: null, retention: { runs: 2, whenFull: "delete" } })
  .step("begin", { accepts: Begin, emits: Next }, ({ data }) => Next({ ...data, step: 1 }))
  .step("walk", { accepts: Next, emits: [Next, End] }, async ({ data }, ctx) => {
    const { runId, workItem } = ctx;
    const { step, steps, ballast } = data;
    tellOutside({ kind: "began", runId, step: String(step), workItem });
    await ctx.once("pay", () => tellOutside({ kind: "effect", runId, workItem, key: effectKey(step, "pay") }));
    await new Promise((resolve) => setTimeout(resolve, 4));
    ctx.writeEventToStream(Passed({ step, ballast: noise(ballast) }));
    return step < steps ? Next({ ...data, step: step + 1 }) : End({ steps });
  });

/** Such that packing makes it little smaller. */
function noise(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return String.fromCharCode(...bytes.map((byte) => 32 + (byte % 90)));
}

const { database, behind = 0, stall } = JSON.parse(self.name) as StorageWorkerName;

serveWorkflows(
  { chain },
  {
    database,
    decorate: (runtime) => {
      const { clock } = runtime;
      return {
        ...runtime,
        clock: {
          now: () => clock.now() - behind,
          setTimer: (due, callback, isBackground) => clock.setTimer(due + behind, callback, isBackground),
        },
        journal: stall ? stalling(runtime.journal, stall) : runtime.journal,
      };
    },
  },
);
