/** The state of a run that steps share. Types only; `engine/run-store.ts` is the implementation. */

/**
 * Readers see the last committed state and never wait. Writers are one at a time; each change is a tick of its
 * own, so state at any moment of the run can be shown.
 */
export interface StateStore<State = unknown> {
  /** The value at `a.b.0`. Throws `WorkflowRuntimeError` when nothing is there and no default is given. */
  get<const Path extends string>(path: Path): Promise<PathValue<State, Path>>;
  get<const Path extends string, Default>(path: Path, defaultValue: Default): Promise<PathValue<State, Path> | Default>;
  set<const Path extends string>(path: Path, value: PathValue<State, Path>): Promise<void>;
  /**
   * Changes a copy; what the function leaves is committed when it returns, or nothing if it throws. The function
   * may be asynchronous: other writers wait for it, readers see the old state. A writer called inside it throws.
   */
  edit<Result = void>(change: (draft: Draft<State>) => Result | Promise<Result>): Promise<Result>;
  getState(): Promise<State>;
  setState(state: State): Promise<void>;
  /** Back to the defaults of the workflow's state schema. */
  clear(): Promise<void>;
}

export type Draft<State> = unknown extends State ? Record<string, any> : Mutable<State>; // oxlint-disable-line typescript/no-explicit-any -- without a schema the state has no type

type Mutable<T> = T extends (infer Item)[] ? Item[] : T extends object ? { -readonly [Key in keyof T]: T[Key] } : T;

/** The type at a dotted path; `unknown` where the state's type does not say. */
export type PathValue<State, Path extends string> = unknown extends State
  ? any // oxlint-disable-line typescript/no-explicit-any -- without a schema the state has no type
  : Path extends `${infer Head}.${infer Rest}`
    ? Head extends keyof State
      ? PathValue<State[Head], Rest>
      : State extends readonly (infer Item)[]
        ? PathValue<Item, Rest>
        : unknown
    : Path extends keyof State
      ? State[Path]
      : State extends readonly (infer Item)[]
        ? Item
        : unknown;
