/** Child runs in this process, beside their parent: on the same runtime. */
import { hasEnded, type BrokerState } from "../core/broker-state.ts";
import type { Runtime } from "../ports/runtime.ts";
import { parseContext, type SerializedContext } from "../serialize/serialized-context.ts";
import { decodeState } from "../serialize/decode-state.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import { newState, resumeBroker, startBroker } from "./begin-run.ts";
import { RunBroker } from "./broker.ts";
import { PARENT_ENDED, type ChildOpener, type ChildRequest } from "./child-runs.ts";
import { initialStore } from "./initial-store.ts";
import { loadState } from "./load-run.ts";

/** Nearly all runs have none: those of a runtime share one opener. */
const openers = new WeakMap<Runtime, ChildOpener>();

/** `saved`: children that were saved with their parent, for a runtime whose journal does not know them. */
export function childrenHere(runtime: Runtime, saved: readonly unknown[] = []): ChildOpener {
  if (saved.length > 0) {
    return openerOf(runtime, new Map(saved.map(parseContext).map((context) => [context.runId, context])));
  }
  const opener = openers.get(runtime) ?? openerOf(runtime, new Map());
  openers.set(runtime, opener);
  return opener;
}

function openerOf(runtime: Runtime, contexts: ReadonlyMap<string, SerializedContext>): ChildOpener {
  return {
    open: async ({ runId, compiled, start }) => {
      const context = contexts.get(runId);
      const known = await knownState(runtime, runId, compiled, context);
      if (!known && !start) return null;
      const { state, origin, historyFrom } = known ?? {
        state: newState(compiled, runId, runtime),
        origin: "new" as const,
        historyFrom: 1,
      };
      const broker = new RunBroker({
        compiled,
        runtime,
        state,
        origin,
        historyFrom,
        children: childrenHere(runtime, context?.children),
      });
      if (known) goOn(broker, start);
      else if (start) startBroker(broker, start.event, initialStore(compiled.definition), start.parent);
      return broker;
    },
  };
}

async function knownState(
  { journal }: Runtime,
  runId: string,
  compiled: CompiledWorkflow,
  context: SerializedContext | undefined,
): Promise<{ state: BrokerState; origin: "journal" | "context"; historyFrom: number } | null> {
  const record = await journal?.getRun(runId);
  if (journal && record) {
    const { historyFrom = 1 } = record;
    return { state: await loadState(journal, runId, compiled.program), origin: "journal", historyFrom };
  }
  return context ? { state: decodeState(compiled.program, context), origin: "context", historyFrom: 1 } : null;
}

/** A child that was cancelled because its parent ended goes on when its parent does. */
function goOn(broker: RunBroker, start: ChildRequest["start"]): void {
  const { outcome } = broker.state;
  const wasLetGo = outcome?.kind === "cancelled" && outcome.reason === PARENT_ENDED;
  if (hasEnded(broker.state) && !(wasLetGo && start)) broker.settleEnded();
  else resumeBroker(broker);
}
