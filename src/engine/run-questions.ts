/**
 * Answers to inspectors that look at single ticks: read from the journal, redacted before anything is looked at or
 * searched, and bounded. Loaded when the first is asked.
 */
import type { BrokerState, WorkItem } from "../core/broker-state.ts";
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import { busySlots } from "../core/slots.ts";
import type { Tick } from "../core/tick.ts";
import { eventOfTick } from "../core/tick-events.ts";
import { partOf, cutJson, valueAt } from "../inspection/cut-json.ts";
import { tickMatcher } from "../inspection/match-tick.ts";
import { previewOf, sizeOf } from "../inspection/preview.ts";
import { redactTick } from "../inspection/redact-tick.ts";
import type { Redaction } from "../inspection/redaction.ts";
import type {
  CauseChain,
  Payload,
  StreamEntry,
  StreamPage,
  TickQuery,
  TickQuestions,
  TickSearch,
} from "../inspection/tick-questions.ts";
import type { Journal } from "../ports/journal.ts";
import { encodeValue } from "../serialize/serializer.ts";
import { encodeTick } from "../serialize/tick-codec.ts";
import { givesWay } from "./give-way.ts";
import { noSuchTick, type Past, type RunArchive } from "./run-archive.ts";
import { traceCauses } from "./trace-causes.ts";

/** Ticks looked at in one answer, and characters of their JSON: what a search takes between two answers. */
const MOST_TICKS = 2000;
const MOST_TEXT = 4_000_000;
const MOST_EVENTS = 500;
/** Characters of one part of a payload. */
const PART = 64_000;

export class RunQuestions implements TickQuestions {
  readonly #journal: Journal;
  readonly #archive: RunArchive;

  constructor(journal: Journal, archive: RunArchive) {
    this.#journal = journal;
    this.#archive = archive;
  }

  searchTicks(runId: string, query: TickQuery): Promise<TickSearch> {
    return this.#archive.ask(runId, async (past, show) => {
      const { history, lastSequence } = past;
      const from = Math.max(1, Math.floor(query.from));
      const end = from + Math.min(MOST_TICKS, Math.max(0, Math.floor(query.limit)));
      const { program } = await history.stateAt(lastSequence);
      const isMatch = tickMatcher(query, program);
      const hasText = textFinder(query.text ?? "");
      const sequences: number[] = [];
      const rest = givesWay();
      let read = 0;
      for await (const tick of this.#ticks(past, from, end - 1)) {
        if (read > MOST_TEXT) return { sequences, next: tick.sequence, lastSequence };
        await rest();
        if (!isMatch(tick)) continue;
        const found = hasText?.(redactTick(tick, show)) ?? { isFound: true, length: 0 };
        read += found.length;
        if (found.isFound) sequences.push(tick.sequence);
      }
      return { sequences, next: end, lastSequence };
    });
  }

  causes(runId: string, sequence: number): Promise<CauseChain> {
    return this.#archive.ask(runId, async ({ record, history, lastSequence }, show) => {
      const past = sequence > lastSequence ? undefined : await history.tickAt(sequence);
      if (!past) throw noSuchTick(record, sequence);
      return traceCauses(this.#journal, history, past, lastSequence, show);
    });
  }

  readPart(runId: string, payload: Payload, path: readonly string[], from = 0): Promise<Json> {
    return this.#archive.ask(runId, async (past, show) => {
      const value = await this.#valueAt(past, payload, path, show);
      return from > 0 ? partOf(value, from, PART, encodeValue) : cutJson(value, PART, encodeValue);
    });
  }

  readText(runId: string, payload: Payload, path: readonly string[] = []): Promise<string> {
    return this.#archive.ask(runId, async (past, show) => {
      const value = await this.#valueAt(past, payload, path, show);
      return JSON.stringify(payload.of === "tick" ? value : encodeValue(value ?? null));
    });
  }

  readTickLines(runId: string, sequences: readonly number[]): Promise<readonly string[]> {
    return this.#archive.ask(runId, async (past, show) => {
      const lines: string[] = [];
      const rest = givesWay();
      let length = 0;
      for (const sequence of sequences.slice(0, MOST_TICKS)) {
        if (length > MOST_TEXT) break;
        await rest();
        const line = JSON.stringify(encodeTick(redactTick(await this.#tick(past, sequence), show)));
        lines.push(line);
        length += line.length;
      }
      return lines;
    });
  }

  readStream(runId: string, { from, limit }: { from: number; limit: number }): Promise<StreamPage> {
    return this.#archive.ask(runId, async ({ history, lastSequence }, show) => {
      const { published } = await history.stateAt(lastSequence);
      const first = Math.max(1, Math.floor(from));
      const end = Math.min(published, first + Math.min(MOST_EVENTS, Math.floor(limit)) - 1);
      const events: StreamEntry[] = [];
      if (first > end) return { events, published };
      for await (const batch of this.#journal.readPublished(runId, first)) {
        for (const { position, tick: sequence, index, event } of batch.published) {
          if (position < first) continue;
          if (position > end) return { events, published };
          const tick = batch.ticks[sequence - batch.from];
          const payload = event ? show.event(event) : tick && eventOfTick(redactTick(tick, show), index);
          if (!payload || !tick) continue;
          const { type, data } = payload;
          events.push({ position, tick: sequence, at: tick.at, type, preview: previewOf(data), size: sizeOf(data) });
        }
      }
      return { events, published };
    });
  }

  async #valueAt(past: Past, payload: Payload, path: readonly string[], show: Redaction): Promise<unknown> {
    const found = valueAt(await this.#payload(past, payload, show), path, encodeValue);
    if (found) return found.value;
    throw new WorkflowRuntimeError(`There is nothing at /${path.join("/")} of that ${payload.of}.`, {
      code: "PATH_UNKNOWN",
      data: { runId: past.record.runId, path },
    });
  }

  async #payload(past: Past, { of, sequence, workItem }: Payload, show: Redaction): Promise<unknown> {
    if (of === "tick") return encodeTick(redactTick(await this.#tick(past, sequence), show));
    const { history, lastSequence } = past;
    const state = await history.stateAt(sequence === 0 ? lastSequence : Math.min(sequence, lastSequence));
    if (of === "store") return show.state(state.store, []);
    if (of === "input") {
      const item = findWorkItem(state, workItem);
      return item?.inputs ? item.inputs.map((input) => show.event(input).data) : item && show.event(item.event).data;
    }
    return state.outcome?.kind === "completed" ? show.event(state.outcome.event).data : undefined;
  }

  async #tick(past: Past, sequence: number): Promise<Tick> {
    for await (const tick of this.#ticks(past, sequence, sequence)) return tick;
    throw noSuchTick(past.record, sequence);
  }

  async *#ticks({ record, lastSequence }: Past, from: number, to: number): AsyncGenerator<Tick, void, undefined> {
    const [first, last] = [Math.max(from, record.historyFrom ?? 1), Math.min(to, lastSequence)];
    if (!(first <= last)) return;
    for await (const batch of this.#journal.read(record.runId, { from: first, to: last })) {
      for (const tick of batch.ticks) if (tick.sequence >= first && tick.sequence <= last) yield tick;
    }
  }
}

/** Wherever it is; undefined: it is not under way. */
function findWorkItem({ steps, timers, parked }: BrokerState, id: number | undefined): WorkItem | undefined {
  const waiting = id === undefined ? undefined : parked.get(id)?.workItem;
  if (waiting) return waiting;
  for (const { slots, queue } of steps) {
    for (const [, entry] of busySlots(slots)) if (entry.workItem.id === id) return entry.workItem;
    for (const item of queue) if (item.id === id) return item;
  }
  for (const timer of timers.values()) if (timer.kind === "retry" && timer.workItem.id === id) return timer.workItem;
  return undefined;
}

/** Whether a tick's JSON contains a text, and how long that JSON is; null: every tick does. */
function textFinder(text: string): ((tick: Tick) => { isFound: boolean; length: number }) | null {
  if (text === "") return null;
  const asIs = text.toLowerCase();
  const written = JSON.stringify(text).slice(1, -1).toLowerCase();
  return (tick) => {
    const json = JSON.stringify(encodeTick(tick));
    const searched = json.toLowerCase();
    return { isFound: searched.includes(asIs) || searched.includes(written), length: json.length };
  };
}
