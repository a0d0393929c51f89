/** Why something does not go on, in sentences with links. Pure: from the state at one sequence and a moment. */
import type {
  GraphStatus,
  RunSummary,
  RunView,
  StepStatus,
  WaiterView,
  WorkItemView,
  WorkflowDescription,
} from "tickwork/client";
import { formatAgo, formatCount, formatDue, formatPlural } from "./format.ts";
import { isEnded } from "./inspector-state.ts";
import type { Selection } from "./selection.ts";

/** Text, or text that leads to what it names. */
export type Part = string | { readonly text: string; readonly to: Selection };
export type Sentence = readonly Part[];

export interface WhyInput {
  readonly graph: GraphStatus;
  readonly view: RunView | null;
  readonly run: RunSummary | null;
  readonly description: WorkflowDescription | null;
  readonly moment: number;
}

export function whyRunWaits(input: WhyInput): readonly Sentence[] {
  const { graph, run } = input;
  if (isEnded(graph.status)) return [];
  const sentences: Sentence[] = [];
  if (run?.pausedBecause !== undefined) sentences.push([`Paused: ${run.pausedBecause}`]);
  if (graph.status === "queued") sentences.push(["Queued: it starts when another run of this workflow ends."]);
  for (const status of Object.values(graph.steps)) sentences.push(...whyStepWaits(input, status, true));
  if (sentences.length === 0 && graph.status === "idle")
    sentences.push(["Nothing is left to do until an event is sent to it."]);
  return sentences;
}

/** `isNamed`: begin with the step's name, for a list over all steps. */
export function whyStepWaits(input: WhyInput, status: StepStatus, isNamed = false): readonly Sentence[] {
  const { view, moment } = input;
  const sentences: Sentence[] = [];
  const begin: readonly Part[] = isNamed ? [{ text: status.step, to: { kind: "step", step: status.step } }, ": "] : [];
  if (status.queued > 0 && status.busy >= status.slots) {
    const slots = status.slots === 1 ? "its one slot is busy" : `all ${formatCount(status.slots)} slots are busy`;
    sentences.push([
      ...begin,
      `${formatPlural(status.queued, "work item waits", "work items wait")} because ${slots}.`,
    ]);
  }
  if (status.delayed > 0) {
    const item = firstDelayed(view, status.step);
    const rest = status.delayed > 1 ? ` ${formatCount(status.delayed - 1)} more back off too.` : "";
    if (item !== null) sentences.push([...begin, ...delayedSentence(item, moment), rest]);
    else
      sentences.push([
        ...begin,
        `${formatPlural(status.delayed, "work item backs off", "work items back off")}${dueText(status.nextRetryAt, moment)}${afterError(status.lastError)}.`,
      ]);
  }
  if (status.waiting > 0) {
    const waiters = view?.waiters.filter((waiter) => waiter.step === status.step) ?? [];
    if (waiters.length === 0)
      sentences.push([...begin, `${formatPlural(status.waiting, "work item waits", "work items wait")} for an event.`]);
    for (const waiter of waiters.slice(0, 3)) sentences.push([...begin, ...waiterSentence(waiter, moment)]);
    if (waiters.length > 3) sentences.push([...begin, `${formatCount(status.waiting - 3)} more wait for events.`]);
  }
  if (status.collected !== undefined && status.collected.have < status.collected.want) {
    sentences.push([...begin, ...collectSentence(status.collected, acceptedBy(input.description, status.step))]);
  }
  return sentences;
}

export function whyItemWaits(input: WhyInput, item: WorkItemView): readonly Sentence[] {
  const { graph, view, moment } = input;
  const status = graph.steps[item.step];
  if (item.state === "delayed") return [delayedSentence(item, moment)];
  if (item.state === "waiting") {
    const waiter = view?.waiters.find((candidate) => candidate.workItem === item.workItem);
    return [waiter === undefined ? ["Waits for an event."] : waiterSentence(waiter, moment)];
  }
  if (item.state === "queued" && status !== undefined) {
    return status.busy >= status.slots
      ? [
          [
            `Queued since ${formatAgo(item.since, moment)}: ${status.slots === 1 ? "the one slot" : `all ${formatCount(status.slots)} slots`} of `,
            stepLink(item.step),
            status.slots === 1 ? " is busy." : " are busy.",
          ],
        ]
      : [["Queued: it starts with the next tick."]];
  }
  return [];
}

function waiterSentence(waiter: WaiterView, moment: number): Sentence {
  const where =
    waiter.requirements === undefined
      ? ""
      : ` where ${Object.entries(waiter.requirements)
          .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
          .join(" and ")}`;
  const end = waiter.dueAt === null ? ", without limit." : `, gives up ${formatDue(waiter.dueAt, moment)}.`;
  return [
    "Waits for ",
    { text: waiter.type, to: { kind: "event", type: waiter.type } },
    `${where}, asked ${formatAgo(waiter.askedAt, moment)}${end}`,
  ];
}

function delayedSentence(item: WorkItemView, moment: number): Sentence {
  return [
    { text: `${item.eventType} #${item.workItem}`, to: { kind: "workItem", workItem: item.workItem } },
    ` backs off: its next attempt${dueText(item.dueAt, moment) || " is due"}${afterError(item.lastError)}.`,
  ];
}

function dueText(dueAt: number | undefined, moment: number): string {
  if (dueAt === undefined) return "";
  const due = formatDue(dueAt, moment);
  return due === "due" ? " is due now" : ` is due ${due}`;
}

function afterError(message: string | undefined): string {
  if (message === undefined || message === "") return "";
  return ` after “${message.length > 120 ? `${message.slice(0, 120)}…` : message}”`;
}

function collectSentence(collected: { have: number; want: number }, accepts: readonly string[]): Sentence {
  const missing = collected.want - collected.have;
  const only = accepts.length === 1 ? accepts[0] : undefined;
  const numbers = `${formatCount(missing)} of ${formatCount(collected.want)} `;
  if (only === undefined) return [`${numbers}events ${missing === 1 ? "is" : "are"} still missing.`];
  return [
    numbers,
    { text: only, to: { kind: "event", type: only } },
    ` events ${missing === 1 ? "is" : "are"} still missing.`,
  ];
}

function firstDelayed(view: RunView | null, step: string): WorkItemView | null {
  let first: WorkItemView | null = null;
  for (const item of view?.workItems ?? []) {
    if (item.step !== step || item.state !== "delayed") continue;
    if (first === null || (item.dueAt ?? Infinity) < (first.dueAt ?? Infinity)) first = item;
  }
  return first;
}

function acceptedBy(description: WorkflowDescription | null, step: string): readonly string[] {
  const node = description?.graph.nodes.find((candidate) => candidate.kind === "step" && candidate.name === step);
  return node?.kind === "step" ? node.accepts : [];
}

function stepLink(step: string): Part {
  return { text: step, to: { kind: "step", step } };
}
