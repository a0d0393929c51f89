/**
 * The switchboard of one run: owns its loop, workers, timer, stream and storage, and gives each of its collaborators the
 * narrow port it needs.
 */
import { dueTick } from "../core/reduce.ts";
import { deadlineOf, hasEnded, isIdle, nextDue, type Answer, type BrokerState } from "../core/broker-state.ts";
import type { Command, RunWorkerCommand } from "../core/command.ts";
import { StorageError, WorkflowError, WorkflowRuntimeError } from "../core/errors.ts";
import type { EventRef, WorkflowEvent } from "../core/event-ref.ts";
import type { RunStatus } from "../core/run-status.ts";
import { stuckStream } from "../core/streams.ts";
import { runStatus } from "../graph/graph-status.ts";
import type { InvocationId, Tick, UnstampedTick } from "../core/tick.ts";
import type { SendOptions } from "../inspection/engine-control.ts";
import { notBefore, type Clock } from "../ports/clock.ts";
import type { RunRecord } from "../ports/journal.ts";
import type { RunHook } from "../ports/run-hook.ts";
import type { Runtime } from "../ports/runtime.ts";
import type { StepExecutor } from "../ports/step-executor.ts";
import type { StorageHealth } from "../ports/storage-health.ts";
import { encodeError } from "../serialize/error-codec.ts";
import type { SerializedContext } from "../serialize/serialized-context.ts";
import { encodeState } from "../serialize/state-codec.ts";
import type { StateStore } from "../store/state-store.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import type { AnyEventKind } from "../workflow/event.ts";
import { toDelivery } from "../workflow/plain-data.ts";
import { ChildRuns, type ChildOpener } from "./child-runs.ts";
import { ControlLoop, type LoopPort } from "./control-loop.ts";
import { deferred } from "./deferred.ts";
import { tickOfEvent } from "./event-from-outside.ts";
import { errorOfOutcome } from "./error-of-outcome.ts";
import { EventStream, type PublishedEvent, type StreamOptions } from "./event-stream.ts";
import { executeCommand, type CommandPort } from "./execute-command.ts";
import { tellOfProblem, tellOfTick } from "./hook-calls.ts";
import { publishInternals, runningNow } from "./internal-events.ts";
import { warnOfIsolationInPlace } from "./isolation-in-place.ts";
import { toPublishedRecord } from "./published-record.ts";
import { readyQueue } from "./ready-queue.ts";
import { runIsReadOnly, type ReadOnly } from "./read-only-run.ts";
import { readPublished } from "./read-published.ts";
import { openResources, type RunResources } from "./resource-manager.ts";
import type { GatePort, RunGate } from "./run-gate.ts";
import type { CallerPort, PendingState, StepPort } from "./run-ports.ts";
import { toRunRecord } from "./run-record.ts";
import { RunStorage, type RunOrigin, type StoragePort } from "./run-storage.ts";
import { createRunStore, WriterLock } from "./run-store.ts";
import { RunWorkers } from "./run-workers.ts";
import { initialStore } from "./initial-store.ts";
import { stateToSave } from "./save-run.ts";
import { checkState } from "./state-schema.ts";
import { StepWorker } from "./step-worker.ts";
import { Wakeups } from "./wakeups.ts";

/** Watches a run from outside; called after each turn. */
export interface RunObserver {
  onTick(broker: RunBroker, tick: Tick, commands: readonly Command[], before: BrokerState): void;
  onDurable(broker: RunBroker): void;
  /** The loop has nothing more to do for now. */
  onRest(broker: RunBroker): void;
  /** Somebody holds it, lets it go on, or something more is held. */
  onHoldChange(broker: RunBroker): void;
  /** A step wrote to its log. */
  onLog(broker: RunBroker): void;
}

export interface BrokerOptions {
  readonly compiled: CompiledWorkflow;
  readonly runtime: Runtime;
  /** The state to go on from; its last tick is durable. */
  readonly state: BrokerState;
  readonly observer?: RunObserver;
  /** Where the state comes from; default "journal". */
  readonly origin?: RunOrigin;
  /** The first tick that the journal holds; default 1. */
  readonly historyFrom?: number;
  /** Resources by name, in place of those the workflow's factories would make. */
  readonly resources?: object;
  /** Opens the runs that steps start. */
  readonly children?: ChildOpener;
  /** The run's stream of before, which readers hold; default: a new one. */
  readonly stream?: EventStream;
  /** Sequence of the newest snapshot in the journal; default: that of the state. */
  readonly snapshotAt?: number;
  /** Reads a state of this run from the journal. Without it the history is never cut, whatever the workflow says. */
  readonly stateAt?: (sequence: number) => Promise<BrokerState>;
  /** It is looked at only: nothing happens in it, and nothing of it is written. */
  readonly readOnly?: ReadOnly | null;
}

export class RunBroker implements CallerPort, StepPort, CommandPort, LoopPort, StoragePort, GatePort {
  readonly compiled: CompiledWorkflow;
  readonly clock: Clock;
  readonly executor: StepExecutor | null;
  readonly resources: RunResources;
  readonly stream: EventStream;
  readonly #readOnly: ReadOnly | null;
  readonly #loop: ControlLoop;
  /** null: nothing of it is kept. */
  readonly #storage: RunStorage | null;
  readonly #health: StorageHealth | null;
  /** The first tick that the journal held when the run was loaded. */
  readonly #historyFrom: number;
  readonly #wakeups: Wakeups;
  readonly #observer: RunObserver | null;
  readonly #hooks: readonly RunHook[] | null;
  readonly #workers: RunWorkers;
  readonly #writerLock = new WriterLock();
  readonly #result = deferred<unknown>();
  readonly #opener: ChildOpener | null;
  /** Made on first use. */
  #children: ChildRuns | null = null;
  /** Kinds that steps wait for and none names: few, so a list is smaller than a map and as quick. */
  #noted: AnyEventKind[] | null = null;
  #idleAnnounced: boolean;
  #problem: WorkflowError | null = null;
  /** Made when somebody debugs the run. */
  #gate: RunGate | null = null;

  constructor(options: BrokerOptions) {
    const { compiled, runtime, state, observer, historyFrom = 1, resources = {} } = options;
    const { children, stream, readOnly = null } = options;
    this.compiled = compiled;
    this.#readOnly = readOnly;
    this.#opener = children ?? null;
    this.#workers = new RunWorkers(compiled.steps.length);
    this.clock = notBefore(runtime.clock, state.at);
    this.executor = runtime.executor ?? null;
    this.#health = runtime.health ?? null;
    this.#observer = observer ?? null;
    this.#hooks = runtime.hooks?.length ? runtime.hooks : null;
    this.#loop = new ControlLoop(state, this);
    this.#wakeups = new Wakeups(this.clock, () => this.wake());
    this.resources = this.#openResources(state.runId, resources);
    const { journal } = runtime;
    this.#storage = this.#openStorage(options);
    this.#historyFrom = historyFrom;
    this.stream =
      stream ?? new EventStream(state.published, journal && ((from) => readPublished(journal, this.runId, from)));
    // A run that is loaded again as it was is no news.
    this.#idleAnnounced = isIdle(state);
    // Nobody may be listening yet, or ever: a failed run must not end the process.
    this.#result.promise.catch(() => undefined);
    if (compiled.isolated.length > 0 && !this.executor) {
      warnOfIsolationInPlace(compiled, (problem) => this.#tellProblem(problem));
    }
  }

  // Methods of their own: closures made in one function keep all that any of them uses alive, here the first state.

  #openResources(runId: string, given: object): RunResources {
    const signal = (): AbortSignal => this.#workers.signal;
    return openResources(this.compiled.definition.resources, {
      scope: {
        runId,
        get signal() {
          return signal();
        },
      },
      given: { ...given },
      report: (problem) => this.#tellProblem(problem),
    });
  }

  #openStorage(options: BrokerOptions): RunStorage | null {
    const { state, origin = "journal", snapshotAt = state.sequence, historyFrom = 1, stateAt = null } = options;
    const { journal } = options.runtime;
    if (!journal || this.#readOnly) return null;
    const { keepTicks = null } = this.compiled.definition.history;
    const snapshots = { last: snapshotAt, historyFrom, keepTicks, stateAt };
    return new RunStorage({ journal, health: this.#health, state, origin, snapshots }, this);
  }

  get state(): BrokerState {
    return this.#loop.state;
  }

  get runId(): string {
    return this.state.runId;
  }

  get isReadOnly(): boolean {
    return this.#readOnly !== null;
  }

  get status(): RunStatus {
    return runStatus(this.state);
  }

  /** What the journal's list of runs shows. */
  get runRecord(): RunRecord {
    const record = toRunRecord(this.state);
    const historyFrom = this.#storage?.historyFrom ?? this.#historyFrom;
    return {
      ...record,
      ...(historyFrom > 1 && { historyFrom }),
      ...(this.#readOnly && { readOnly: true }),
      ...(this.#readOnly === "redacted" && { redacted: true }),
    };
  }

  get durableSequence(): number {
    return this.#storage ? this.#storage.durableSequence : this.state.sequence;
  }

  /** Why ticks can no longer be written, if so. */
  get problem(): WorkflowError | null {
    return this.#problem;
  }

  /** Why nothing more happens in it for now, or for good. */
  get whyPaused(): WorkflowError | null {
    if (this.#problem) return this.#problem;
    const isDone = hasEnded(this.state) && this.durableSequence === this.state.sequence;
    return isDone ? null : (this.#health?.problem ?? null);
  }

  /** What holds its work; null: nobody ever debugged it here. */
  get gate(): RunGate | null {
    return this.#gate;
  }

  // For whoever hosts the run.

  /** Throws `WorkflowRuntimeError` for a run that is only looked at. */
  assertWritable(): void {
    if (this.#readOnly) throw runIsReadOnly(this.runId, this.#readOnly);
  }

  submit(tick: UnstampedTick): void {
    this.assertWritable();
    if (this.#problem) throw this.#problem;
    this.#loop.submit(tick);
  }

  /** Acts on everything that is due by the clock: called by the timer and when the machine wakes up. */
  wake(): void {
    if (this.isReadOnly) return;
    for (let tick = this.#nextTick(); tick; tick = this.#nextTick()) {
      if (this.#problem) return;
      this.#loop.submit(tick);
    }
  }

  /** While it is paused by hand its timers wait, and only the end of its time comes. */
  #nextTick(): UnstampedTick | null {
    const now = this.clock.now();
    const tick = dueTick(this.state, now);
    if (!tick || tick.kind === "Timeout" || !this.#gate?.isPaused) return tick;
    this.holdChanged();
    const deadline = this.deadline();
    if (deadline !== null && deadline <= now) return { kind: "Timeout", causedBy: this.state.sequence };
    this.#wakeups.schedule(deadline);
    return null;
  }

  /** The gate that holds its work: one, for all who debug it. */
  openGate(create: (port: GatePort) => RunGate): RunGate {
    return (this.#gate ??= create(this));
  }

  /** Tells of something that is wrong beside the run and does not stop it. */
  warn(problem: WorkflowError): void {
    this.#tellProblem(problem);
  }

  /** Resolves when what can be written is: at once, while storage fails. */
  async flush(): Promise<void> {
    await this.#storage?.flush();
  }

  /** Resolves when every tick so far is on the disk; to be called in the turn of the newest. */
  durable(): Promise<void> {
    return new Promise((resolve, reject) => this.#whenDurable(resolve, reject));
  }

  /** Resolves when nothing of the run is on its way to the journal that can be written. */
  async atRest(): Promise<void> {
    await this.#storage?.atRest();
  }

  /** What loading the run as it is now needs is in the journal when this resolves, unless the run has a problem then. */
  async checkpoint(): Promise<void> {
    await this.#storage?.checkpoint();
  }

  /**
   * Lets an idle run go after `checkpoint`: it can be loaded again. Its stream stays open and its result unsettled, for
   * whoever hosts it to carry on. Resolves when its resources have left.
   */
  async release(): Promise<void> {
    const reason = new WorkflowRuntimeError(`Run ${this.runId} left memory: it is loaded again when it is needed.`, {
      code: "RUN_RELEASED",
    });
    this.#problem ??= reason;
    this.#abandonAll(() => reason);
    this.#wakeups.schedule(null);
    this.#storage?.stop();
    await this.resources.close();
  }

  /** Lets the run go without ending it: it can be resumed from its journal. Who waits for it here is told `reason`. */
  async unload(reason: WorkflowError): Promise<void> {
    this.#abandonAll(() => reason);
    this.#wakeups.schedule(null);
    await this.atRest().catch(() => undefined);
    this.#storage?.stop();
    this.#problem ??= reason;
    this.stream.letGo(reason);
    this.#result.reject(reason);
    await this.resources.close();
  }

  /** Takes up a state that has ended already, or is read-only: its result, if any, is known, its stream is over. */
  settleEnded(): void {
    this.stream.close();
    this.#settle();
  }

  // CallerPort

  result(): Promise<unknown> {
    return this.#result.promise;
  }

  readEvents(options?: StreamOptions): AsyncIterableIterator<PublishedEvent> {
    return this.stream.read(options, () => runningNow(this.state));
  }

  async sendEvent(event: WorkflowEvent, options: SendOptions = {}): Promise<void> {
    this.assertWritable();
    if (this.#problem) throw this.#problem;
    if (this.#health?.isStuck) throw notTaken(this.#health.problem);
    const noted = (type: string): AnyEventKind | undefined => this.#noted?.find((kind) => kind.type === type);
    this.submit(tickOfEvent(this.state, this.compiled, event, options, noted));
    await this.durable();
  }

  async cancel(reason?: string): Promise<void> {
    this.assertWritable();
    if (hasEnded(this.state)) return;
    if (this.#problem) throw this.#problem;
    this.#loop.submit({ kind: "CancelRun", causedBy: "external", ...(reason !== undefined && { reason }) });
    await this.durable();
  }

  async snapshot(): Promise<SerializedContext> {
    const state = this.isReadOnly ? this.state : stateToSave(this.state, this.clock.now());
    await this.#written();
    const children = await this.childRuns();
    return {
      ...encodeState(state),
      ...(children.length > 0 && { children: await Promise.all(children.map((child) => child.snapshot())) }),
    };
  }

  async childRuns(): Promise<readonly CallerPort[]> {
    return this.#children ? this.#children.list() : [];
  }

  readonly #tellDurable = (): void => this.#observer?.onDurable(this);

  /** At once, where nothing is kept. */
  #whenDurable(release: () => void, refuse?: (error: unknown) => void): void {
    if (this.#storage) this.#storage.whenDurable(release, refuse);
    else release();
  }

  /** Resolves when the journal has every tick so far. */
  #written(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#storage) this.#storage.whenWritten(resolve, reject);
      else resolve();
    });
  }

  // StepPort

  finish(result: Parameters<StepPort["finish"]>[0]): void {
    if (!this.#problem) this.#loop.submit(result);
  }

  collect(request: Parameters<StepPort["collect"]>[0]): readonly WorkflowEvent[] | null {
    const known = this.state.memos.get(request.workItem)?.collected;
    if (!known || !Object.hasOwn(known, request.callId)) this.submit(request);
    return this.state.memos.get(request.workItem)?.collected[request.callId] ?? null;
  }

  effect(workItem: number, key: string): { readonly value: unknown } | undefined {
    const effects = this.state.memos.get(workItem)?.effects;
    return effects && Object.hasOwn(effects, key) ? { value: effects[key] } : undefined;
  }

  /** Resolves when effects can be recorded: null, if they can. */
  untilRecordable(): Promise<void> | null {
    const health = this.#health;
    return health?.isPaused ? new Promise((resolve) => health.whenOk(resolve)) : null;
  }

  async recordEffect(record: Parameters<StepPort["recordEffect"]>[0]): Promise<void> {
    this.submit(record);
    await this.durable();
  }

  runChild(...call: Parameters<StepPort["runChild"]>): Promise<unknown> {
    return this.#childRuns().run(...call);
  }

  #childRuns(): ChildRuns {
    if (!this.#opener) throw new WorkflowRuntimeError("Whoever hosts this run cannot run child workflows.");
    this.#children ??= new ChildRuns(
      {
        state: () => this.state,
        compiled: this.compiled,
        submit: (tick) => this.submit(tick),
        written: () => this.#written(),
        childPaused: (problem) => void this.storageFailed(problem),
      },
      this.#opener,
    );
    return this.#children;
  }

  answer(workItem: number, waiterId: string): Answer | undefined {
    return this.state.memos.get(workItem)?.answers.find((answer) => answer.waiterId === waiterId);
  }

  noteKind(kind: AnyEventKind): void {
    if (this.compiled.kinds.has(kind.type)) return;
    this.#noted = [kind, ...(this.#noted?.filter(({ type }) => type !== kind.type) ?? [])];
  }

  openStore(id: InvocationId, isOver: () => boolean, pending: PendingState): StateStore {
    return createRunStore(
      {
        isAtomic: this.compiled.definition.commitState === "with result",
        current: () => this.state.store,
        defaults: () => initialStore(this.compiled.definition),
        check: (state) => checkState(this.compiled.definition, state),
        commit: (changes, { step, workItem }) => {
          this.submit({ kind: "EditState", causedBy: this.state.sequence, step, workItem, changes });
        },
      },
      this.#writerLock,
      id,
      isOver,
      pending,
    );
  }

  released(stepIndex: number, workerId: number): void {
    const worker = this.#workers.take(stepIndex, workerId);
    if (worker) this.resources.release(worker);
  }

  logged(): void {
    this.#observer?.onLog(this);
  }

  /** Invocations that go on, or are held before they begin. */
  invocations(): IterableIterator<StepWorker> {
    return this.#workers[Symbol.iterator]();
  }

  // GatePort

  now(): number {
    return this.clock.now();
  }

  /** The answer that it waited for, else its input. */
  eventsOf({ workItem }: StepWorker): readonly string[] {
    const answer = this.state.memos.get(workItem.id)?.answers.at(-1);
    if (answer) return answer.event ? [answer.event.type] : [];
    return (workItem.inputs ?? [workItem.event]).map(({ type }) => type);
  }

  begin(worker: StepWorker): void {
    // Nothing with an effect begins while it could not be recorded.
    if (this.#health?.isPaused) this.#health.whenOk(() => readyQueue.push(worker));
    else readyQueue.push(worker);
  }

  isTimerDue(): boolean {
    const due = nextDue(this.state);
    return due !== null && due <= this.clock.now();
  }

  deadline(): number | null {
    return deadlineOf(this.state.limit);
  }

  takeTimer(): void {
    const tick = dueTick(this.state, this.clock.now());
    if (tick) this.submit(tick);
  }

  holdChanged(): void {
    this.#observer?.onHoldChange(this);
  }

  // LoopPort

  record(tick: Tick, commands: readonly Command[], before: BrokerState): void {
    this.#storage?.push(tick);
    this.#observer?.onTick(this, tick, commands, before);
    if (this.#hooks) tellOfTick(this.#hooks, tick, commands, before, this.state);
    if (this.stream.hasInternalReaders) publishInternals(this.stream, tick, commands, before, this.state);
  }

  execute(command: Command, tick: Tick): void {
    executeCommand(this, command, tick);
  }

  rest(): void {
    if (this.#storage) {
      this.#storage.rest();
      if (this.#observer) this.#storage.whenWritten(this.#tellDurable);
    }
    if (stuckStream(this.state)) this.#loop.submit({ kind: "IdleCheck", causedBy: this.state.sequence });
    if (isIdle(this.state) !== this.#idleAnnounced) {
      this.#idleAnnounced = !this.#idleAnnounced;
      if (this.#idleAnnounced) this.stream.publishInternal("WorkflowIdleEvent", {}, this.state.at);
    }
    this.#observer?.onRest(this);
  }

  broken(error: unknown, tick: Tick): void {
    const failure = new WorkflowRuntimeError(
      `The engine failed on tick ${tick.sequence} (${tick.kind}). This is a fault of tickwork, not of your workflow.`,
      {
        cause: error,
        code: "REDUCER_FAILED",
        data: { sequence: tick.sequence, kind: tick.kind },
      },
    );
    if (tick.kind === "FailRun") this.storageFailed(failure);
    else this.#loop.submit({ kind: "FailRun", causedBy: this.state.sequence, error: encodeError(failure) });
  }

  // StoragePort

  /** Nothing may happen that cannot be recorded: the run stops here and stays resumable. */
  storageFailed(error: unknown): WorkflowError {
    const problem = toWorkflowError(error);
    // It was let go meanwhile, and those who waited for it were told why.
    if (this.#problem) return this.#problem;
    this.#problem = problem;
    this.#abandonAll(() => problem);
    this.#wakeups.schedule(null);
    this.stream.letGo(problem);
    this.#result.reject(problem);
    this.#observer?.onDurable(this);
    return problem;
  }

  // CommandPort

  runWorker({ step, workerId, workItem }: RunWorkerCommand, tick: Tick): void {
    const definition = this.compiled.steps[step];
    if (!definition) return;
    const worker = new StepWorker(this, definition, step, workItem, workerId, tick.sequence, tick.at);
    this.#workers.put(step, workerId, worker);
    if (!this.#gate?.holds(worker)) this.begin(worker);
  }

  publish(position: number, event: EventRef, tick: Tick): void {
    const { type, data } = event;
    const publish = (): void => this.stream.publish({ type, data: toDelivery(data), sequence: position, at: tick.at });
    this.#storage?.publish(toPublishedRecord({ position, event }, tick.sequence));
    this.#whenDurable(publish);
  }

  unhandled(event: EventRef, target: string | undefined, tick: Tick): void {
    this.stream.publishInternal(
      "UnhandledEvent",
      { eventType: event.type, idle: isIdle(this.state), ...(target !== undefined && { step: target }) },
      tick.at,
    );
  }

  cancelChild(childRunId: string, workflow: string): void {
    this.#childRuns()
      .cancel(childRunId, workflow)
      .catch((error: unknown) => this.#tellProblem(toWorkflowError(error)));
  }

  scheduleWakeup(due: number | null): void {
    this.#wakeups.schedule(due);
  }

  ended(): void {
    this.#abandonAll(() => errorOfOutcome(this.state) ?? new WorkflowRuntimeError("The run has ended."));
    const release = (): void => {
      this.stream.close();
      this.#settle();
    };
    this.#whenDurable(release, (error) => this.#result.reject(error));
    void this.#storage?.flush();
  }

  /** The run's outcome is known and durable. */
  #settle(): void {
    const { outcome } = this.state;
    if (!outcome) this.#result.reject(runIsReadOnly(this.runId, this.#readOnly ?? "imported"));
    else if (outcome.kind === "completed") this.#result.resolve(toDelivery(outcome.event.data));
    else this.#result.reject(errorOfOutcome(this.state));
  }

  #abandonAll(reason: () => unknown): void {
    this.#gate?.close();
    this.#workers.abandon(reason);
    void this.resources.close();
  }

  #tellProblem(problem: WorkflowError): void {
    tellOfProblem(this.#hooks, problem);
  }
}

function notTaken(problem: WorkflowError | null): StorageError {
  return new StorageError(`The event was not taken, send it again later. ${problem?.message ?? ""}`, {
    code: problem?.code ?? "STORAGE",
    cause: problem,
  });
}

function toWorkflowError(error: unknown): WorkflowError {
  return error instanceof WorkflowError
    ? error
    : new StorageError("The run's history could not be written.", { cause: error });
}
