/**
 * What if: the ticks after the one shown, recomputed without it or with another in its place. While there is an answer
 * the views show the sandbox, and nothing else may write what they show. One question at a time; the one before it is
 * abandoned.
 */
import type { InspectionSource, TickChange, WhatIf, WhatIfQuestion } from "tickwork/client";
import type { StoreApi } from "zustand/vanilla";
import { toErrorText } from "../source/error-text.ts";
import { createLatestWins } from "../source/latest-wins.ts";
import type { InspectorState } from "./inspector-state.ts";
import { shareStructure } from "./share-structure.ts";
import type { SandboxState } from "./sandbox-state.ts";
import { NO_SANDBOX } from "./sandbox-state.ts";
import { draftOf, parseDraft, readDraft } from "./tick-draft.ts";
import { whatIfHeadline } from "./what-if-words.ts";

export interface SandboxSession {
  /** Shows the sandbox after the tick that its place says. */
  move(): void;
  /** Makes the store's sandbox what its place says: opens it, asks again, or clears it. */
  follow(): void;
  /** Asks for what the place and the draft say. */
  compute(): void;
  close(): void;
}

/** `showRun`: shows the run again in the views, as it is at the position. */
export function openSandboxSession(
  runId: string,
  source: InspectionSource,
  store: StoreApi<InspectorState>,
  showRun: () => void,
): SandboxSession {
  let underWay: AbortController | null = null;
  let opened: number | null = null;
  /** What the answer is of; the draft may be another by now. */
  let asked: WhatIfQuestion | null = null;
  const set = (change: Partial<SandboxState>): void => {
    const { sandbox } = store.getState();
    const next = { ...sandbox, ...change };
    store.setState({ sandbox: next });
    if (sandbox.answer !== null && next.answer === null) showRun();
  };

  function changeOf(): TickChange | { readonly problem: string } {
    const { whatIf, sandbox } = store.getState();
    if (whatIf?.kind !== "change" || sandbox.recorded === null) return { kind: "skip" };
    const parsed = parseDraft(sandbox.recorded, sandbox.draft);
    return "tick" in parsed ? { kind: "replace", tick: parsed.tick } : parsed;
  }

  function stop(): void {
    underWay?.abort();
    underWay = null;
    asked = null;
  }

  function show(answer: WhatIf): void {
    set({ answer, isComputing: false });
    store.setState(({ graph, view }) => ({
      graph: shareStructure(graph, answer.view.graph),
      view: shareStructure(view, answer.view),
    }));
  }

  const moves = createLatestWins<WhatIfQuestion, WhatIf>(
    (question) => source.whatIf(runId, question, underWay?.signal),
    (answer, { change }) => {
      if (asked?.change === change) show(answer);
    },
    (error, { change }) => {
      if (asked?.change === change) set({ problem: toErrorText(error) });
    },
  );

  /** To where the place says; `from` is what is shown. */
  function move(from: number): void {
    const { sandboxAt, sandbox } = store.getState();
    const viewAt = sandboxAt ?? sandbox.answer?.lastSequence ?? from;
    if (asked !== null && (viewAt !== from || moves.isBusy)) moves.request({ ...asked, viewAt });
  }

  async function compute(): Promise<void> {
    stop();
    const { whatIf } = store.getState();
    if (whatIf === null) return;
    const change = changeOf();
    if ("problem" in change) {
      set({ answer: null, isComputing: false, problem: { name: "Not recomputed", message: change.problem } });
      return;
    }
    const mine = (underWay = new AbortController());
    set({ isComputing: true, problem: null });
    try {
      const question = { atSequence: whatIf.sequence, change };
      const answer = await source.whatIf(runId, question, mine.signal);
      if (mine.signal.aborted) return;
      asked = question;
      show(answer);
      store.setState({ announcement: whatIfHeadline(answer) });
      move(answer.lastSequence);
    } catch (error) {
      if (!mine.signal.aborted) set({ answer: null, isComputing: false, problem: toErrorText(error) });
    }
  }

  async function open(sequence: number): Promise<void> {
    try {
      const { tick } = await source.readTick(runId, sequence);
      if (store.getState().whatIf?.sequence !== sequence) return;
      const kept = readDraft(runId, sequence);
      set({ recorded: tick, draft: kept ?? draftOf(tick) });
      // A change that was never made is nothing to recompute.
      if (store.getState().whatIf?.kind === "skip" || kept !== null) await compute();
    } catch (error) {
      set({ problem: toErrorText(error) });
    }
  }

  return {
    move() {
      const { answer } = store.getState().sandbox;
      if (answer !== null) move(answer.view.graph.sequence);
    },
    follow() {
      stop();
      const { whatIf, sandbox } = store.getState();
      const isSame = whatIf !== null && opened === whatIf.sequence && sandbox.recorded !== null;
      opened = whatIf?.sequence ?? null;
      set({ ...NO_SANDBOX, ...(isSame && { recorded: sandbox.recorded, draft: sandbox.draft }) });
      if (whatIf === null) return;
      if (!isSame) void open(whatIf.sequence);
      else if (whatIf.kind === "skip") void compute();
    },
    compute: () => void compute(),
    close() {
      stop();
      moves.close();
    },
  };
}
