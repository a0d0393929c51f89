import type { Clock } from "../ports/clock.ts";
import { systemClock } from "../ports/clock.ts";
import type { Journal } from "../ports/journal.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { EngineHost } from "./host.ts";

/** An engine in this process, on the given journal: what `serveWorkflows` runs in a worker. */
export async function createEngine(
  workflows: { readonly [name: string]: Workflow },
  { journal, clock = systemClock }: { readonly journal: Journal; readonly clock?: Clock },
): Promise<EngineHost> {
  const host = new EngineHost({ workflows, runtime: { clock, journal } });
  await host.resumeAll();
  return host;
}
