/**
 * One run of a host, in memory or not: what handlers hold, so that they outlive its stay in memory.
 *
 *    loaded --idle for idleTimeout--> checkpoint --nothing happened--> released --event, cancel, due timer--> loaded
 *       ^                                  |
 *       '-----------an event---------------'
 *
 * H1 From the last look at the run to its release nothing waits: an event comes before, and the run stays, or after,
 *    and loads it.
 * H2 A call that needs the run in memory takes its place behind those that wait for the same load.
 * H3 A released run keeps what others wait on, and no more: its next due time, the promise of its result if somebody
 *    has it, its stream if somebody reads it, and its slot (`numConcurrentRuns`).
 */
import { hasEnded, isIdle, nextDue, type BrokerState } from "../core/broker-state.ts";
import type { Command } from "../core/command.ts";
import type { WorkflowError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import type { RunStatus } from "../core/run-status.ts";
import type { Migration, ParentRun, Tick } from "../core/tick.ts";
import type { DebugCommand } from "../inspection/debug-command.ts";
import type { OnMismatch, SendOptions } from "../inspection/engine-control.ts";
import type { Journal } from "../ports/journal.ts";
import type { Runtime } from "../ports/runtime.ts";
import type { SerializedContext } from "../serialize/serialized-context.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import { startBroker } from "./begin-run.ts";
import { resumeBroker, type ResumeFacts } from "./resume-broker.ts";
import { RunBroker, type RunObserver } from "./broker.ts";
import type { Alarms, Sleeper } from "./alarms.ts";
import { isPausedByCode } from "./changed-code.ts";
import type { ChildOpener } from "./child-runs.ts";
import { deferred, type Deferred } from "./deferred.ts";
import { EventStream, type PublishedEvent, type StreamOptions } from "./event-stream.ts";
import type { ReadOnly } from "./read-only-run.ts";
import { readPublished } from "./read-published.ts";
import type { CallerPort } from "./run-ports.ts";
import { firstTimer } from "./run-record.ts";

/** A run as it stands in the journal. */
export interface StoredState {
  readonly compiled: CompiledWorkflow;
  readonly state: BrokerState;
  /** It ended, or is never continued in place. */
  readonly isOver: boolean;
  /** Sequence of the snapshot it was read from; 0 without one. */
  readonly snapshotAt: number;
  /** The first tick that the journal holds. */
  readonly historyFrom: number;
  /** Any other state of the run. */
  readonly stateAt: (sequence: number) => Promise<BrokerState>;
  readonly readOnly: ReadOnly | null;
  /** How it is made to fit changed code. */
  readonly migration: Migration | null;
}

/** What to do if changed code has no place for some of its work; to cancel it needs none. Default: as the host has it. */
export type LoadFor = OnMismatch | "cancel";

/** What a hosted run asks of the table it is in. */
export interface HostedRunPort {
  readonly runtime: Runtime & { readonly journal: Journal };
  /** Opens the runs that its steps start. */
  readonly children: ChildOpener;
  readonly alarms: Pick<Alarms, "set">;
  /** After so many idle milliseconds a run leaves memory; null: never. */
  readonly idleTimeout: number | null;
  readonly isClosed: boolean;
  /** Throws `EngineUnavailableError` when the host was closed. */
  assertOpen(): void;
  /** Rejects when the run is not there, cannot be read, or changed code has no place for its work. */
  read(runId: string, onMismatch: LoadFor | undefined): Promise<StoredState>;
  onTick(broker: RunBroker, tick: Tick, commands: readonly Command[], before: BrokerState): void;
  /** Ticks of the run were written. */
  written(runId: string): void;
  /** A step of the run wrote to its log. */
  logged(runId: string): void;
  /** Somebody holds the run, or something more of it is held. */
  holdChanged(runId: string): void;
  loaded(run: HostedRun): void;
  notLoaded(run: HostedRun): void;
  released(state: BrokerState): void;
  /** The run ended here, or was stopped by its storage. */
  over(run: HostedRun, broker: RunBroker): void;
}

/** What is remembered of a released run. */
interface Released {
  /** When it left memory; null: before this host. */
  readonly at: number | null;
  readonly published: number;
}

/** A run that was due and could not be read is tried again after so many milliseconds. */
const RETRY_LOAD = 30_000;

export class HostedRun implements CallerPort, RunObserver, Sleeper {
  readonly runId: string;
  alarmAt = 0;
  alarmPlace = -1;
  readonly #port: HostedRunPort;
  #broker: RunBroker | null = null;
  #released: Released | null = null;
  #loading: Promise<void> | null = null;
  /** What the run had in memory is being disposed of. */
  #leaving: Promise<void> | null = null;
  /** Made when somebody asks for the result: it outlives brokers. */
  #outcome: Deferred<unknown> | null = null;
  /** Only while the run is released. */
  #stream: EventStream | null = null;
  /** Gives the run's slot back. */
  #slot: (() => void) | null = null;

  constructor(runId: string, port: HostedRunPort) {
    this.runId = runId;
    this.#port = port;
  }

  get broker(): RunBroker | null {
    return this.#broker;
  }

  get isReleased(): boolean {
    return this.#released !== null;
  }

  // For the table.

  start(broker: RunBroker, event: WorkflowEvent, store: JsonObject, parent?: ParentRun): void {
    this.#broker = broker;
    this.#slot = startBroker(broker, event, store, parent);
    this.#watch(broker);
  }

  /** Goes on with a state that was made for it. */
  carryOn(broker: RunBroker, facts: ResumeFacts): void {
    this.#broker = broker;
    this.#slot = resumeBroker(broker, facts);
    this.#watch(broker);
  }

  /** Takes a run that is idle in the journal as released; `slot` gives its slot back. */
  leaveInJournal(published: number, due: number | null, slot: (() => void) | null): void {
    this.#released = { at: null, published };
    this.#slot = slot;
    this.#port.alarms.set(this, due);
  }

  /** Resolves when the run is in memory; one load for all who ask. */
  load(onMismatch?: LoadFor): Promise<void> {
    if (this.#loading) return this.#loading;
    if (this.#broker) return Promise.resolve();
    const loading = this.#load(onMismatch);
    const over = (): void => {
      this.#loading = null;
    };
    // The first to be told (H2): whoever comes after this is behind those who wait.
    loading.then(over, over);
    loading.catch(() => this.#port.notLoaded(this));
    this.#loading = loading;
    return loading;
  }

  /** Acts on what is due by the clock. */
  wake(): void {
    this.#broker?.wake();
  }

  /** Lets the run go without ending it; who waits for it here is told `reason`. */
  async unload(reason: WorkflowError): Promise<void> {
    this.#port.alarms.set(this, null);
    if (this.#broker) return this.#broker.unload(reason);
    this.#outcome?.reject(reason);
    this.#stream?.letGo(reason);
    this.#slot?.();
    await this.#leaving;
  }

  /** Ends the run because it is being deleted. */
  async remove(reason: WorkflowError): Promise<void> {
    // Those who wait for it see it end. One that cannot be read can be deleted all the same.
    await this.load().catch(() => undefined);
    const broker = this.#broker;
    const goesOn = broker && !broker.problem && !broker.isReadOnly && !hasEnded(broker.state);
    if (goesOn) {
      const cancelled = broker.cancel("the run is being deleted");
      // Deleting it may be what makes room for others.
      await (this.#port.runtime.health?.orPaused(cancelled) ?? cancelled);
    }
    await this.unload(reason);
  }

  /** Takes the run up, if it is not. Rejects for one that is read-only. */
  async goOn(onMismatch?: LoadFor): Promise<void> {
    await this.load(onMismatch);
    this.#broker?.assertWritable();
  }

  /** Loads the run, if need be: while somebody holds it, it stays in memory. */
  async debug(command: DebugCommand, connection: AbortSignal | null): Promise<void> {
    const { debugRun } = await import("./debug-run.ts");
    await this.#withBroker((broker) => debugRun(broker, command, connection));
  }

  // CallerPort

  get status(): RunStatus {
    return this.#broker ? this.#broker.status : "idle";
  }

  /** Loads nothing: an idle run is not brought nearer to its result by being in memory. */
  result(): Promise<unknown> {
    if (!this.#outcome) {
      this.#outcome = deferred();
      // Nobody may be listening: a failed run must not end the process.
      this.#outcome.promise.catch(() => undefined);
      if (this.#broker) settleWith(this.#outcome, this.#broker);
    }
    return this.#outcome.promise;
  }

  /** A run that waits for others is at work, so it is never released. */
  async childRuns(): Promise<readonly CallerPort[]> {
    return this.#broker ? this.#broker.childRuns() : [];
  }

  /** Loads nothing, unless internal events are asked for: what was published is in the journal, more comes later. */
  readEvents(options: StreamOptions = {}): AsyncIterableIterator<PublishedEvent> {
    if (this.#broker) return this.#broker.readEvents(options);
    if (options.exposeInternal) this.load().catch(() => undefined);
    const { journal } = this.#port.runtime;
    this.#stream ??= new EventStream(this.#released?.published ?? 0, (from) =>
      readPublished(journal, this.runId, from),
    );
    return this.#stream.read(options);
  }

  sendEvent(event: WorkflowEvent, options: SendOptions): Promise<void> {
    return this.#withBroker((broker) => broker.sendEvent(event, options));
  }

  /** Also a run that is paused because its code changed. */
  async cancel(reason?: string): Promise<void> {
    await this.load().catch((error: unknown) => {
      if (!isPausedByCode(error)) throw error;
      return this.load("cancel");
    });
    await this.#withBroker((broker) => broker.cancel(reason));
  }

  snapshot(): Promise<SerializedContext> {
    return this.#withBroker((broker) => broker.snapshot());
  }

  // RunObserver

  onTick(broker: RunBroker, tick: Tick, commands: readonly Command[], before: BrokerState): void {
    this.#port.onTick(broker, tick, commands, before);
  }

  onDurable(): void {
    this.#port.written(this.runId);
  }

  onLog(): void {
    this.#port.logged(this.runId);
  }

  onHoldChange(broker: RunBroker): void {
    this.#port.holdChanged(this.runId);
    if (!broker.gate?.isInUse) this.onRest(broker);
  }

  /** One alarm for a whole stretch of work: when it rings, the run's newest tick tells how long it is idle. */
  onRest(broker: RunBroker): void {
    if (this.alarmPlace >= 0) return;
    const at = this.#releaseAt(broker);
    if (at !== null) this.#port.alarms.set(this, at);
  }

  // Sleeper

  /** A loaded run may have been idle for long enough; a released one is due. */
  ring(): void {
    const now = this.#port.runtime.clock.now();
    if (!this.#broker) {
      this.load().catch(() => this.#port.alarms.set(this, now + RETRY_LOAD));
      return;
    }
    const at = this.#releaseAt(this.#broker);
    if (at !== null && at > now) this.#port.alarms.set(this, at);
    else if (at !== null) void this.#release(this.#broker, now);
  }

  #releaseAt({ state, problem, gate }: RunBroker): number | null {
    const { idleTimeout } = this.#port;
    return idleTimeout === null || problem || gate?.isInUse || !isIdle(state) ? null : state.at + idleTimeout;
  }

  async #release(broker: RunBroker, now: number): Promise<void> {
    const { state } = broker;
    const due = nextDue(state);
    // Both at the same moment: the run's own timer, or the end of its time, comes first.
    if (due !== null && due <= now) return broker.wake();
    await broker.checkpoint();
    // Something happened meanwhile (H1), or it could not be written down: the run stays.
    if (broker.state !== state || broker.problem || broker.gate?.isInUse || this.#port.isClosed) return;
    const { clock } = this.#port.runtime;
    const { stream } = broker;
    this.#broker = null;
    this.#released = { at: clock.now(), published: state.published };
    const leaving = broker.release().then(() => {
      if (this.#leaving === leaving) this.#leaving = null;
    });
    this.#leaving = leaving;
    if (stream.hasReaders) {
      stream.forget();
      this.#stream = stream;
    }
    this.#port.alarms.set(this, firstTimer(state));
    this.#port.released(state);
  }

  async #load(onMismatch: LoadFor | undefined): Promise<void> {
    // What the run had must have left before it is made again: a file may be open only once.
    await this.#leaving;
    const stored = await this.#port.read(this.runId, onMismatch);
    const { compiled, state, isOver, snapshotAt, historyFrom, readOnly, stateAt, migration } = stored;
    this.#port.assertOpen();
    const loadedUntil = this.#released?.at;
    const broker = new RunBroker({
      compiled,
      runtime: this.#port.runtime,
      state,
      observer: this,
      children: this.#port.children,
      snapshotAt,
      historyFrom,
      stateAt,
      readOnly,
      ...(this.#stream && { stream: this.#stream }),
    });
    this.#port.alarms.set(this, null);
    this.#broker = broker;
    this.#released = null;
    this.#stream = null;
    if (isOver) {
      broker.settleEnded();
      if (this.#outcome) settleWith(this.#outcome, broker);
    } else if (onMismatch === "cancel") {
      // Who cancels it wants nothing started.
      this.#watch(broker);
    } else {
      this.#slot = resumeBroker(broker, {
        migration,
        ...(typeof loadedUntil === "number" && { loadedUntil }),
        ...(this.#slot && { slot: this.#slot }),
      });
      this.#watch(broker);
    }
    this.#port.loaded(this);
  }

  /** Calls with the broker, loading the run if need be; what it does at once is done before anything else happens. */
  async #withBroker<T>(action: (broker: RunBroker) => Promise<T>): Promise<T> {
    for (;;) {
      if (this.#broker && !this.#loading) return action(this.#broker);
      await this.load();
    }
  }

  #watch(broker: RunBroker): void {
    if (this.#outcome) settleWith(this.#outcome, broker);
    const over = (): void => this.#port.over(this, broker);
    broker.result().then(over, over);
  }
}

function settleWith({ resolve, reject }: Deferred<unknown>, broker: RunBroker): void {
  broker.result().then(resolve, reject);
}
