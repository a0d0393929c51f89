/** Child runs in this process, beside their parent: on the same runtime. */
import type { Runtime } from "../ports/runtime.ts";
import { newState, startBroker } from "./begin-run.ts";
import { RunBroker } from "./broker.ts";
import type { ChildOpener } from "./child-runs.ts";
import { initialStore } from "./initial-store.ts";

/** Nearly all runs have none: those of a runtime share one opener. */
const openers = new WeakMap<Runtime, ChildOpener>();

/** `saved`: children that were saved with their parent, for a runtime whose journal does not know them. */
export function childrenHere(runtime: Runtime, saved: readonly unknown[] = []): ChildOpener {
  if (saved.length > 0) return openerOf(runtime, saved);
  const opener = openers.get(runtime) ?? openerOf(runtime, saved);
  openers.set(runtime, opener);
  return opener;
}

function openerOf(runtime: Runtime, saved: readonly unknown[]): ChildOpener {
  return {
    open: async (request) => {
      if (runtime.journal !== null || saved.length > 0) {
        // Loaded when it is needed: reading what was saved is as large as all the rest.
        const { openStoredChild } = await import("./stored-child.ts");
        const child = await openStoredChild(runtime, saved, request, (theirs) => childrenHere(runtime, theirs));
        if (child) return child;
      }
      const { runId, compiled, start } = request;
      if (!start) return null;
      const state = newState(compiled, runId, runtime);
      const broker = new RunBroker({ compiled, runtime, state, origin: "new", children: childrenHere(runtime) });
      startBroker(broker, start.event, initialStore(compiled.definition), start.parent);
      return broker;
    },
  };
}
