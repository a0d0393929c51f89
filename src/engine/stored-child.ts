/** Child runs that were there before: in the journal, or saved with their parent. */
import { hasEnded, type BrokerState } from "../core/broker-state.ts";
import type { Runtime } from "../ports/runtime.ts";
import { decodeState } from "../serialize/decode-state.ts";
import { parseContext, type SerializedContext } from "../serialize/serialized-context.ts";
import { RunBroker } from "./broker.ts";
import { PARENT_ENDED, type ChildOpener, type ChildRequest } from "./child-runs.ts";
import { loadState } from "./load-run.ts";
import { prepareResume } from "./migrate-run.ts";
import { resumeBroker } from "./resume-broker.ts";

/** Goes on where the child stands; null: there is none yet. `childrenOf`: opens the children of this one. */
export async function openStoredChild(
  runtime: Runtime,
  saved: readonly unknown[],
  request: ChildRequest,
  childrenOf: (saved: readonly unknown[] | undefined) => ChildOpener,
): Promise<RunBroker | null> {
  const { runId, compiled, start } = request;
  const context = saved.map(parseContext).find((one) => one.runId === runId);
  const stored = await storedState(runtime, request, context);
  if (!stored) return null;
  const broker = new RunBroker({ ...stored, compiled, runtime, children: childrenOf(context?.children) });
  goOn(broker, start);
  return broker;
}

async function storedState(
  { journal }: Runtime,
  { runId, compiled: { program } }: ChildRequest,
  context: SerializedContext | undefined,
): Promise<{ state: BrokerState; origin: "journal" | "context"; historyFrom: number } | null> {
  const record = await journal?.getRun(runId);
  if (journal && record) {
    const { historyFrom = 1 } = record;
    return { state: await loadState(journal, runId, program), origin: "journal", historyFrom };
  }
  return context ? { state: decodeState(program, context), origin: "context", historyFrom: 1 } : null;
}

/** A child that was cancelled because its parent ended goes on when its parent does. */
function goOn(broker: RunBroker, start: ChildRequest["start"]): void {
  const { outcome } = broker.state;
  const wasLetGo = outcome?.kind === "cancelled" && outcome.reason === PARENT_ENDED;
  if (hasEnded(broker.state) && !(wasLetGo && start)) broker.settleEnded();
  else resumeBroker(broker, { migration: prepareResume(broker.state, broker.compiled, "bestEffort") });
}
