/** The engine of the crash suite. Its name says its database and, as JSON, where it dies first. */
import { withPool } from "tickwork/pool";
import { serveWorkflows } from "tickwork/worker";
import { MortalJournal, type DeathPlan } from "./mortal-journal.ts";
import { tellOutside } from "./outside.ts";
import { subjects } from "./subjects.ts";

export interface VictimName {
  readonly database: string;
  readonly plan: DeathPlan | null;
}

const { database, plan } = JSON.parse(self.name) as VictimName;

serveWorkflows(Object.fromEntries(Object.values(subjects).map(({ workflow }) => [workflow.name, workflow])), {
  database,
  decorate: (runtime) => {
    const journal = new MortalJournal(runtime.journal, plan);
    addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (typeof data === "object" && data !== null && "arm" in data) journal.arm(data.arm as DeathPlan | null);
    });
    const pooled = withPool(runtime, {
      worker: () => new Worker(new URL("./crash-pool.worker.ts", import.meta.url), { type: "module" }),
      size: 1,
    });
    return {
      ...pooled,
      journal,
      executor: {
        execute(step, input, context, workflow) {
          const { runId, workItem } = context;
          tellOutside({ kind: "began", runId, step: step.name, workItem });
          return pooled.executor.execute(step, input, context, workflow);
        },
        close: () => pooled.executor.close(),
      },
    };
  },
});
