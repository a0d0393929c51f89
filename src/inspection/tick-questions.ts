/**
 * What can be asked about single ticks and their payloads. Types only. Every answer is bounded, so that a run of any
 * length and payloads of any size can be looked at piece by piece, and all of it shows what redaction lets through.
 */
import type { Json } from "../core/json.ts";
import type { TickKind } from "../core/tick.ts";
import type { TickSummary } from "./inspection-event.ts";

export interface TickQuestions {
  /**
   * Sequences of the ticks that match, among `limit` ticks from `from` on (at most 2,000 of them). Ends early where the
   * payloads are large: `next` says where to go on. Looks at the whole of each tick, however large.
   */
  searchTicks(runId: string, query: TickQuery): Promise<TickSearch>;
  /** What led to a tick, back to what came from outside, and what came of it. */
  causes(runId: string, sequence: number): Promise<CauseChain>;
  /**
   * A part of a payload that was cut (see `CutJson`): the value at `path`, from member or character `from` on, cut
   * itself where it is large. Rejects with PATH_UNKNOWN where there is none.
   */
  readPart(runId: string, payload: Payload, path: readonly string[], from?: number): Promise<Json>;
  /** A whole payload, or the value at a path of it, as JSON text, however large. Rejects as `readPart` does. */
  readText(runId: string, payload: Payload, path?: readonly string[]): Promise<string>;
  /** Whole ticks, each as one line of JSON: as many of those asked for as fit in an answer, at least one. */
  readTickLines(runId: string, sequences: readonly number[]): Promise<readonly string[]>;
  /** Published events `from` … `from + limit - 1`, at most 500. Positions start at 1. */
  readStream(runId: string, range: { readonly from: number; readonly limit: number }): Promise<StreamPage>;
}

/** A tick must match all that is given. */
export interface TickQuery {
  /** Its JSON contains this text, as it stands or as JSON writes it, in capitals or not. */
  readonly text?: string;
  readonly kind?: TickKind;
  /** It is of this step. */
  readonly by?: string;
  /** It is of this step, or brings an event that goes to it. */
  readonly step?: string;
  /** It brings an event of this type, or waits for one. */
  readonly event?: string;
  readonly workItem?: number;
  /** Its step wrote to its log. */
  readonly logs?: boolean;
  /** Kinds that are left out. */
  readonly without?: readonly string[];
  readonly from: number;
  readonly limit: number;
}

export interface TickSearch {
  readonly sequences: readonly number[];
  /** The first tick that was not looked at: `from + limit`, or less. */
  readonly next: number;
  readonly lastSequence: number;
}

/** A tick in a chain of causes. */
export interface CauseNode {
  readonly tick: TickSummary;
  /**
   * What led to it. Where `tick.causedBy` names only the moment (a timer that fell due), this names what set the timer.
   */
  readonly cause: number | "external";
}

export interface CauseChain {
  readonly sequence: number;
  /** Oldest first; the last one led to the tick. At most 64. */
  readonly ancestors: readonly CauseNode[];
  /** The oldest of them came from outside, or was first of all: nothing is left out. */
  readonly isWhole: boolean;
  /** In their order; each names another of them, or the tick itself, as its cause. At most 200. */
  readonly descendants: readonly CauseNode[];
  /** Later ones were looked for up to this tick. */
  readonly searchedTo: number;
  readonly lastSequence: number;
}

/** Where a payload stands. */
export interface Payload {
  /** "input": of a work item that is under way, what its event carries; a list, where events were joined for it. */
  readonly of: "tick" | "store" | "result" | "input";
  /** The tick itself, or after which tick; 0 is the newest. */
  readonly sequence: number;
  /** Whose input. */
  readonly workItem?: number;
}

/**
 * Takes the place of a value that is too large to be sent at once. Payloads that have such a key of their own are
 * written as `{ "$tickwork": "object", … }`, so nothing is mistaken for it.
 */
export interface CutJson {
  readonly $tickwork: "cut";
  readonly kind: "object" | "array" | "string";
  /** Members or characters of the whole. */
  readonly length: number;
  /** About how many characters the whole takes as JSON. */
  readonly size: number;
  /** Which member or character `part` begins with. */
  readonly from: number;
  /** Some of its members, cut themselves where they are large, or some of its text. */
  readonly part: Json;
}

export interface StreamPage {
  readonly events: readonly StreamEntry[];
  /** How many events were published until now. */
  readonly published: number;
}

export interface StreamEntry {
  readonly position: number;
  /** The tick that holds it: where its data can be read. */
  readonly tick: number;
  readonly at: number;
  readonly type: string;
  /** First characters of its data. */
  readonly preview: string;
  readonly size: number;
}
