/**
 * Holding the open run to look at it. Only when asked for: nothing of it is shown until somebody turns it on here, or
 * another inspector holds the run. Leaving takes back what was asked for, so that no run waits for a closed inspector.
 */
import type { Breakpoint, DebugCommand, EngineControl, RunHold, RunSummary } from "tickwork/client";
import type { StoreApi } from "zustand/vanilla";
import { toErrorText } from "../source/error-text.ts";
import { isLeftAlone } from "./abilities.ts";
import { formatDue, formatPlural } from "./format.ts";
import type { InspectorState } from "./inspector-state.ts";
import { isEnded } from "./inspector-state.ts";

export interface Debugging {
  /** Shows the controls; off again takes away what holds the open run. */
  turn(isOn: boolean): Promise<void>;
  /** Sets a breakpoint before this step, or takes away those it has. */
  toggleBreakpoint(step: string): Promise<void>;
  /** Holds every step that takes an event of this type, when it begins with one; or no longer does. */
  toggleEventBreakpoint(type: string): Promise<void>;
  pause(): Promise<void>;
  /** Lets one thing happen. */
  step(): Promise<void>;
  /** All goes on; breakpoints stay. */
  resume(): Promise<void>;
  /** Takes back what was asked for here, in all runs. */
  leave(): void;
}

export function createDebugging(source: EngineControl, store: StoreApi<InspectorState>): Debugging {
  /** Runs that somebody held from here. */
  const debugged = new Set<string>();

  async function send(command: DebugCommand): Promise<void> {
    const { runId } = store.getState();
    if (runId === null) return;
    debugged.add(runId);
    try {
      await source.debugRun?.(runId, command);
    } catch (error) {
      store.setState({ notice: toErrorText(error) });
    }
  }
  const debugging: Debugging = {
    async turn(isOn) {
      const hold = openHold(store.getState());
      store.setState({ isDebugging: isOn });
      if (isOn || hold === null) return;
      await send({ kind: "set", breakpoints: [] });
      await send({ kind: "resume" });
      debugged.delete(store.getState().runId ?? "");
    },
    async toggleBreakpoint(step) {
      const state = store.getState();
      if (!showsDebugging(state)) return;
      const old = openHold(state)?.breakpoints ?? [];
      const others = old.filter((each) => each.step !== step);
      const breakpoints: readonly Breakpoint[] = others.length < old.length ? others : [...old, { step }];
      store.setState({
        announcement: others.length < old.length ? `No breakpoint before ${step}.` : `Breakpoint before ${step}.`,
      });
      await send({ kind: "set", breakpoints });
    },
    async toggleEventBreakpoint(eventType) {
      const state = store.getState();
      const steps = takersOf(state, eventType);
      if (!showsDebugging(state) || steps.length === 0) return;
      const others = (openHold(state)?.breakpoints ?? []).filter((each) => each.eventType !== eventType);
      const isSet = hasEventBreakpoint(openHold(state), eventType);
      const mine = isSet ? [] : steps.map((step): Breakpoint => ({ step, eventType }));
      store.setState({ announcement: isSet ? `No breakpoint for ${eventType}.` : `Breakpoint for ${eventType}.` });
      await send({ kind: "set", breakpoints: [...others, ...mine] });
    },
    pause: () => send({ kind: "pause" }),
    step: () => send({ kind: "step" }),
    resume: () => send({ kind: "resume" }),
    leave() {
      const { runs } = store.getState();
      for (const runId of debugged) {
        if (isEnded(runs[runId]?.status)) continue;
        // Whoever leaves is not there to be told why it could not be.
        source.debugRun?.(runId, { kind: "set", breakpoints: [] }).catch(() => undefined);
        source.debugRun?.(runId, { kind: "resume" }).catch(() => undefined);
      }
      debugged.clear();
    },
  };
  return debugging;
}

/** What holds the open run, in its newest state; null in the past, which nothing holds. */
export function openHold(state: InspectorState): RunHold | null {
  return state.position === "live" ? (openRun(state)?.held ?? null) : null;
}

/** The open run goes on, is followed, and can be held. */
export function canDebug(state: InspectorState): boolean {
  const run = openRun(state);
  return (
    state.position === "live" && run !== null && run.readOnly !== true && !isEnded(run.status) && !isLeftAlone(run)
  );
}

/** Its controls and breakpoints are shown. */
export function showsDebugging(state: InspectorState): boolean {
  return canDebug(state) && (state.isDebugging || openRun(state)?.held !== undefined);
}

export function hasBreakpoint(hold: RunHold | null, step: string): boolean {
  return hold?.breakpoints.some((each) => each.step === step) ?? false;
}

/** Work that begins with an event of this type is held somewhere. */
export function hasEventBreakpoint(hold: RunHold | null, type: string): boolean {
  return hold?.breakpoints.some((each) => each.eventType === type) ?? false;
}

/** The steps that begin with an event of this type, as their input or as an answer. */
export function takersOf({ description }: InspectorState, type: string): readonly string[] {
  const node = description?.graph.nodes.find((each) => each.kind === "event" && each.name === type);
  return node?.kind === "event" ? node.acceptedBy : [];
}

/** What waits, in a sentence; null: nothing waits, and the run is not paused. */
export function heldSentence(hold: RunHold): string | null {
  const places = hold.steps.map(
    ({ step, count }) => `${formatPlural(count, "work item waits", "work items wait")} before ${step}`,
  );
  const waits = [...places, ...(hold.isTimerDue ? ["a timer is due"] : [])];
  if (waits.length === 0) return hold.isPaused ? "Nothing begins until you continue." : null;
  const last = waits.pop() ?? "";
  return `${waits.length === 0 ? last : `${waits.join(", ")} and ${last}`}.`;
}

/** That the run may end although it is held; null: it has no time limit. */
export function limitSentence({ deadline }: RunHold, now: number): string | null {
  if (deadline === undefined) return null;
  const due = formatDue(deadline, now);
  return due === "due" ? "Its time limit is over." : `Its time limit goes on: it ends ${due}.`;
}

function openRun({ runId, runs }: InspectorState): RunSummary | null {
  return runId === null ? null : (runs[runId] ?? null);
}
