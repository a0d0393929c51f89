/** Why something does not go on, in sentences with links. Pure: from the state at one sequence and a moment. */
import type {
  EngineConnection,
  GraphStatus,
  RunSummary,
  RunView,
  StepNode,
  StepStatus,
  StorageStatus,
  WaiterView,
  WorkItemView,
  WorkflowDescription,
} from "tickwork/client";
import { formatAgo, formatCount, formatDue, formatPlural, formatRunsOut } from "./format.ts";
import { isEnded } from "./inspector-state.ts";
import type { Part, Sentence } from "./sentence.ts";
import { listed, toEvent, toItem, toRun, toStep } from "./sentence.ts";

export interface WhyInput {
  readonly graph: GraphStatus;
  readonly view: RunView | null;
  readonly run: RunSummary | null;
  readonly description: WorkflowDescription | null;
  readonly moment: number;
  /** What is so now, not at the tick that is shown: left out of what is said of the past. */
  readonly now?: {
    readonly storage: StorageStatus | null;
    readonly engine: EngineConnection | null;
    readonly runs: { readonly [runId: string]: RunSummary };
  };
}

/** Links in one sentence. */
const MOST_NAMED = 3;

export function whyRunWaits(input: WhyInput): readonly Sentence[] {
  const { graph, run, now } = input;
  if (isEnded(graph.status)) return [];
  const sentences: Sentence[] = [...whyEngineWaits(input)];
  const reason = now === undefined ? undefined : run?.pausedBecause;
  // Of the storage it is said already.
  if (reason !== undefined && reason !== now?.storage?.problem?.message) sentences.push([`Paused: ${reason}`]);
  if (graph.status === "queued") sentences.push(queuedSentence(input));
  for (const status of Object.values(graph.steps)) sentences.push(...whyStepWaits(input, status, true));
  if (sentences.length === 0 && graph.status === "idle")
    sentences.push(["Nothing is left to do until an event is sent to it."]);
  return sentences;
}

/** What keeps every run from going on. */
function whyEngineWaits({ now }: WhyInput): readonly Sentence[] {
  const sentences: Sentence[] = [];
  if (now?.engine?.state === "waiting")
    sentences.push([`Another tab owns this run. ${now.engine.reason ?? "It goes on there."}`]);
  const problem = now?.storage?.problem;
  if (problem !== undefined)
    sentences.push([
      `${now?.storage?.state === "full" ? "Storage is full" : "Ticks cannot be written"}, so no step begins: ${problem.message}`,
    ]);
  return sentences;
}

function queuedSentence({ run, now }: WhyInput): Sentence {
  const others = Object.values(now?.runs ?? {}).filter(
    ({ runId, workflow, status }) =>
      workflow === run?.workflow && runId !== run.runId && (status === "running" || status === "idle"),
  );
  if (others.length === 0) return ["Queued: it starts when another run of this workflow ends."];
  const names = listed(
    others.map(({ runId }) => toRun(runId)),
    MOST_NAMED,
  );
  return ["Queued: no more runs of this workflow may go on at once. It starts when one of these ends: ", ...names, "."];
}

/** `isNamed`: begin with the step's name, for a list over all steps. */
export function whyStepWaits(input: WhyInput, status: StepStatus, isNamed = false): readonly Sentence[] {
  const begin: readonly Part[] = isNamed ? [toStep(status.step), ": "] : [];
  return [
    ...heldSentences(input, status),
    ...slotSentences(input, status),
    ...delayedSentences(input, status),
    ...waiterSentences(input, status),
    ...setSentences(input, status),
    ...childSentences(input, status),
  ].map((sentence) => [...begin, ...sentence]);
}

export function whyItemWaits(input: WhyInput, item: WorkItemView): readonly Sentence[] {
  const { graph, view, moment } = input;
  const status = graph.steps[item.step];
  if (item.isHeld) {
    return [[`Held ${heldPart(input, item.step) ?? "before it begins"}. Continue or Step lets it begin.`]];
  }
  switch (item.state) {
    case "delayed":
      return [delayedSentence(input, item)];
    case "waiting": {
      const waiter = view?.waiters.find((candidate) => candidate.workItem === item.workItem);
      return [waiter === undefined ? ["Waits for an event."] : waiterSentence(waiter, moment)];
    }
    case "running":
      return childSentence(item);
    case "queued":
      if (status === undefined) return [];
      if (status.busy < status.slots) return [["Queued: it starts with the next tick."]];
      return [
        [
          `Queued ${formatAgo(item.since, moment)}: ${slotsOf(status)} of `,
          toStep(item.step),
          ` ${status.slots === 1 ? "is" : "are"} busy`,
          ...busyWith(input, status),
          ".",
        ],
      ];
  }
}

function slotSentences(input: WhyInput, status: StepStatus): readonly Sentence[] {
  if (status.queued === 0 || status.busy < status.slots) return [];
  const waits = formatPlural(status.queued, "work item waits", "work items wait");
  const slots = status.slots === 1 ? "its one slot is busy" : `all ${formatCount(status.slots)} slots are busy`;
  return [[`${waits} because ${slots}`, ...busyWith(input, status), "."]];
}

/** " with Page #3 and Page #4" */
function busyWith({ view }: WhyInput, { step, busy }: StepStatus): Sentence {
  const items = view?.workItems.filter((item) => item.step === step && item.state === "running") ?? [];
  return items.length === 0 ? [] : [" with ", ...listed(items.map(toItem), MOST_NAMED, Math.max(busy, items.length))];
}

function slotsOf({ slots }: StepStatus): string {
  return slots === 1 ? "the one slot" : `all ${formatCount(slots)} slots`;
}

function delayedSentences(input: WhyInput, status: StepStatus): readonly Sentence[] {
  if (status.delayed === 0) return [];
  const item = firstDelayed(input.view, status.step);
  const rest = status.delayed > 1 ? ` ${formatCount(status.delayed - 1)} more back off too.` : "";
  if (item !== null) return [[...delayedSentence(input, item), ...(rest === "" ? [] : [rest])]];
  const back = formatPlural(status.delayed, "work item backs off", "work items back off");
  return [[`${back}${dueText(status.nextRetryAt, input.moment)}${afterError(status.lastError)}.`]];
}

function delayedSentence(input: WhyInput, item: WorkItemView): Sentence {
  const most = mostAttempts(input.description, item.step);
  const attempt = `attempt ${formatCount(item.attempt)}${most === null ? "" : ` of ${formatCount(most)}`}`;
  return [
    toItem(item),
    ` backs off: ${attempt}${dueText(item.dueAt, input.moment) || " is due"}${afterError(item.lastError)}.`,
  ];
}

/** As the policy says it of itself; null: it says no number, or has none. */
function mostAttempts(description: WorkflowDescription | null, step: string): number | null {
  const most = /^(\d+) attempts\b/.exec(nodeOf(description, step)?.retryPolicy ?? "")?.[1];
  return most === undefined ? null : Number(most);
}

function waiterSentences({ view, moment }: WhyInput, status: StepStatus): readonly Sentence[] {
  if (status.waiting === 0) return [];
  const waiters = view?.waiters.filter((waiter) => waiter.step === status.step) ?? [];
  if (waiters.length === 0)
    return [[`${formatPlural(status.waiting, "work item waits", "work items wait")} for an event.`]];
  const sentences = waiters.slice(0, MOST_NAMED).map((waiter) => waiterSentence(waiter, moment));
  const rest = status.waiting - MOST_NAMED;
  return rest > 0 ? [...sentences, [`${formatCount(rest)} more wait for events.`]] : sentences;
}

function heldSentences(input: WhyInput, { step, held }: StepStatus): readonly Sentence[] {
  const by = heldPart(input, step);
  if (held === undefined || by === null) return [];
  return [[`${formatPlural(held, "work item is", "work items are")} held ${by}.`]];
}

/** By what work is held before a step; null: by nothing. */
function heldPart({ run }: WhyInput, step: string): string | null {
  if (run?.held === undefined) return null;
  const isBreakpoint = run.held.breakpoints.some((each) => each.step === step);
  return isBreakpoint ? `at the breakpoint before ${step}` : "by a pause";
}

function waiterSentence(waiter: WaiterView, moment: number): Sentence {
  const where =
    waiter.requirements === undefined
      ? ""
      : ` where ${Object.entries(waiter.requirements)
          .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
          .join(" and ")}`;
  const end = waiter.dueAt === null ? ", without limit." : `, ${formatRunsOut(waiter.dueAt, moment)}.`;
  return ["Waits for ", toEvent(waiter.type), `${where}, asked ${formatAgo(waiter.askedAt, moment)}${end}`];
}

function setSentences({ view, description }: WhyInput, { step, collected }: StepStatus): readonly Sentence[] {
  if (collected === undefined || collected.have >= collected.want) return [];
  const accepts = nodeOf(description, step)?.accepts ?? [];
  const missing = collected.want - collected.have;
  const only = accepts.length === 1 ? accepts[0] : undefined;
  const makers = stepsThatMake(description, accepts);
  const items = view?.workItems.filter((item) => item.step !== step && makers.has(item.step)) ?? [];
  const from: Sentence =
    items.length === 0
      ? []
      : [`, from work item${items.length === 1 ? "" : "s"} `, ...listed(items.map(toItem), MOST_NAMED)];
  return [
    [
      `${formatCount(missing)} of ${formatCount(collected.want)} `,
      ...(only === undefined ? [] : [toEvent(only), " "]),
      `events ${missing === 1 ? "is" : "are"} still missing`,
      ...from,
      ".",
    ],
  ];
}

function childSentences({ view }: WhyInput, { step }: StepStatus): readonly Sentence[] {
  const parents = view?.workItems.filter((item) => item.step === step && item.children !== undefined) ?? [];
  return parents.slice(0, MOST_NAMED).flatMap(childSentence);
}

function childSentence(item: WorkItemView): readonly Sentence[] {
  const [child] = item.children ?? [];
  if (child === undefined) return [];
  const rest = (item.children?.length ?? 1) - 1;
  return [
    [
      toItem(item),
      ` waits for its child run of ${child.workflow}, `,
      toRun(child.runId),
      rest > 0 ? ` and ${formatPlural(rest, "other")}` : "",
      ", which goes on.",
    ],
  ];
}

function dueText(dueAt: number | undefined, moment: number): string {
  if (dueAt === undefined) return "";
  const due = formatDue(dueAt, moment);
  return due === "due" ? " is due now" : ` is due ${due}`;
}

function afterError(message: string | undefined): string {
  if (message === undefined || message === "") return "";
  const short = message.length > 120 ? `${message.slice(0, 120)}…` : message.replace(/\.$/, "");
  return ` after “${short}”`;
}

function firstDelayed(view: RunView | null, step: string): WorkItemView | null {
  let first: WorkItemView | null = null;
  for (const item of view?.workItems ?? []) {
    if (item.step !== step || item.state !== "delayed") continue;
    if (first === null || (item.dueAt ?? Infinity) < (first.dueAt ?? Infinity)) first = item;
  }
  return first;
}

export function nodeOf(description: WorkflowDescription | null, step: string): StepNode | undefined {
  const node = description?.graph.nodes.find((candidate) => candidate.kind === "step" && candidate.name === step);
  return node?.kind === "step" ? node : undefined;
}

function stepsThatMake(description: WorkflowDescription | null, types: readonly string[]): ReadonlySet<string> {
  const makers = new Set<string>();
  for (const node of description?.graph.nodes ?? []) {
    if (node.kind === "step" && node.emits.some((type) => types.includes(type))) makers.add(node.name);
  }
  return makers;
}
