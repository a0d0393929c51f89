import { systemClock } from "../ports/clock.ts";
import type { Journal } from "../ports/journal.ts";
import type { Runtime } from "../ports/runtime.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { EngineHost } from "./host.ts";
import type { HostOptions } from "./host-parts.ts";

/** An engine in this process, on the given runtime: what `serveWorkflows` runs in a worker. The clock may be left out. */
export async function createEngine(
  workflows: { readonly [name: string]: Workflow },
  runtime: Partial<Runtime> & { readonly journal: Journal },
  options: Pick<HostOptions, "idleTimeout" | "onMismatch" | "redact"> = {},
): Promise<EngineHost> {
  const host = new EngineHost({
    workflows,
    runtime: { ...runtime, clock: runtime.clock ?? systemClock },
    ...options,
  });
  await host.resumeAll();
  return host;
}
