/** What users see: a frozen plain object. */
export interface WorkflowEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/**
 * An event inside a run. Its identity is where it was first written down: the tick and its place in that tick.
 * State holds the reference; the journal holds the payload. In memory `data` is a pointer to the one frozen
 * payload; the state codec writes only `tick` and `index`.
 */
export interface EventRef extends WorkflowEvent {
  readonly tick: number;
  readonly index: number;
}

export type EventRole = "event" | "start" | "stop" | "inputRequired" | "humanResponse";
