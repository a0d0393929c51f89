/**
 * The engine: hosts the runs of some workflows on one runtime, resumes those that were not finished, and tells
 * inspectors what happens. One per process, worker or server; everything that runs there goes through it.
 */
import { hasEnded, type BrokerState } from "../core/broker-state.ts";
import type { Command } from "../core/command.ts";
import { EngineUnavailableError, WorkflowConfigurationError, WorkflowRuntimeError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import type { ParentRun, Tick } from "../core/tick.ts";
import type {
  DepthPoint,
  EngineControl,
  RunList,
  RunQuery,
  SendOptions,
  StorageStatus,
} from "../inspection/engine-control.ts";
import { InspectionHub, type Subscription } from "../inspection/inspection-hub.ts";
import type {
  InspectionBatch,
  RunSummary,
  RunView,
  TickDetail,
  TickPage,
  WorkflowDescription,
} from "../inspection/inspection-event.ts";
import { runView } from "../inspection/run-view.ts";
import { invocationFacts, summariseTick } from "../inspection/tick-summary.ts";
import type { Journal, RunRecord } from "../ports/journal.ts";
import type { Runtime } from "../ports/runtime.ts";
import { encodeValue } from "../serialize/serializer.ts";
import { encodeTick } from "../serialize/tick-codec.ts";
import { compile, type CompiledWorkflow } from "../workflow/compile.ts";
import { jsonSchemaOf } from "../workflow/json-schema.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { RunBroker, type RunObserver } from "./broker.ts";
import { PARENT_ENDED, type ChildOpener, type ChildRequest } from "./child-runs.ts";
import { describeWorkflow } from "./describe-workflow.ts";
import type { StreamOptions } from "./event-stream.ts";
import { RunHandler, type Handler } from "./handler.ts";
import { initialStore } from "./initial-store.ts";
import { loadState } from "./load-run.ts";
import { RunHistory } from "./run-history.ts";
import { toRunRecord } from "./run-record.ts";
import { createRunId, newState, resumeBroker, startBroker } from "./begin-run.ts";
import { toStartEvent } from "./start-event.ts";

export interface HostOptions {
  readonly workflows: { readonly [name: string]: Workflow };
  readonly runtime: Runtime & { readonly journal: Journal };
  /** What the platform knows of its storage. */
  readonly storage?: () => Promise<Partial<StorageStatus>>;
  /** Batches of inspection news come at most this often, in milliseconds; default 16. */
  readonly inspectionInterval?: number;
}

const UNFINISHED = ["queued", "running", "idle"] as const;
const PAGE = 100;

export class EngineHost implements EngineControl, RunObserver, ChildOpener {
  /** By the name they are served under, and by their own, which runs are stored with. */
  readonly #compiled = new Map<string, CompiledWorkflow>();
  readonly #runtime: HostOptions["runtime"];
  readonly #journal: Journal;
  readonly #options: HostOptions;
  readonly #hub: InspectionHub;
  /** Runs in memory. */
  readonly #runs = new Map<string, RunBroker>();
  readonly #loading = new Map<string, Promise<RunBroker>>();
  readonly #histories = new Recent<RunHistory>(4);
  /** Runs that ended lately: their last news is still on its way, and attaching to them is quick. */
  readonly #ended = new Recent<RunBroker>(32);
  readonly #finished = new Recent<RunRecord>(2000);
  /** Why a run could not be taken up. */
  readonly #unloadable = new Map<string, string>();
  readonly #starting = new Set<string>();
  #closed = false;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#runtime = options.runtime;
    this.#journal = options.runtime.journal;
    const byName = new Map<string, CompiledWorkflow>();
    for (const [name, workflow] of Object.entries(options.workflows)) {
      const compiled = compile(workflow);
      this.#compiled.set(name, compiled);
      addWithChildren(compiled, byName);
    }
    for (const [name, compiled] of byName) this.#compiled.set(name, compiled);
    this.#hub = new InspectionHub({
      summarise: (runId) => this.#summaryOf(runId),
      stateOf: (runId) => this.#inMemory(runId)?.state,
      later: (callback) => void setTimeout(callback, options.inspectionInterval ?? 16),
    });
  }

  /** Takes up every run that was not finished. Those whose workflow is not served here stay as they are. */
  async resumeAll(): Promise<void> {
    const unfinished = await this.#journal.listRuns({ status: UNFINISHED, limit: Number.MAX_SAFE_INTEGER });
    const begun: RunRecord[] = [];
    // Oldest first, so that waiting turns keep their order.
    for (const record of unfinished.toReversed()) {
      if (!this.#servedBy(record)) continue;
      if (record.sequence > 0) begun.push(record);
      // Created and never begun: whoever started it was not told that it exists.
      else await this.#journal.deleteRun(record.runId);
    }
    // Only then: what is taken up may create runs of its own.
    for (const { runId, parent } of begun) {
      const taken = parent ? this.#endOrphan(runId, parent.runId) : this.#load(runId);
      await taken.catch((error: unknown) => {
        this.#unloadable.set(runId, error instanceof Error ? error.message : String(error));
      });
    }
  }

  /** A child is taken up by the step it belongs to; without its parent it has nobody to go on for. */
  async #endOrphan(runId: string, parent: string): Promise<void> {
    const record = await this.#journal.getRun(parent);
    if (record && (UNFINISHED as readonly string[]).includes(record.status)) return;
    await this.cancelRun(runId, PARENT_ENDED);
  }

  async start(workflow: string, input: unknown, options: { runId?: string } = {}): Promise<Handler> {
    this.#assertOpen();
    const compiled = this.#served(workflow);
    const event = toStartEvent(compiled, input);
    return new RunHandler(await this.#start(options.runId ?? createRunId(), compiled, { event }));
  }

  /** Opens a run that a step of another one runs. */
  async open({ runId, compiled, start }: ChildRequest): Promise<RunBroker | null> {
    if (this.#inMemory(runId) || (await this.#journal.getRun(runId))) return this.#load(runId);
    return start && this.#start(runId, compiled, start);
  }

  async #start(
    runId: string,
    compiled: CompiledWorkflow,
    { event, parent }: { event: WorkflowEvent; parent?: ParentRun },
  ): Promise<RunBroker> {
    if (this.#starting.has(runId)) throw runIsStarting(runId);
    this.#starting.add(runId);
    try {
      const store = initialStore(compiled.definition);
      const state = newState(compiled, runId, this.#runtime);
      const broker = this.#broker(compiled, parent ? { ...state, parent } : state);
      await this.#journal.createRun(toRunRecord(broker.state));
      this.#runs.set(runId, broker);
      startBroker(broker, event, store, parent);
      this.#forgetWhenDone(broker);
      // Replayable from here on, whatever happens.
      await broker.flush();
      if (broker.problem) {
        this.#runs.delete(runId);
        throw broker.problem;
      }
      return broker;
    } finally {
      this.#starting.delete(runId);
    }
  }

  /** The handler of a run, loaded from the journal if need be. */
  async attach(runId: string): Promise<Handler> {
    return new RunHandler(await this.#load(runId));
  }

  // EngineControl

  async startRun(workflow: string, input: unknown, options?: { runId?: string }): Promise<string> {
    return (await this.start(workflow, input, options)).runId;
  }

  async sendEvent(runId: string, event: WorkflowEvent, options: SendOptions = {}): Promise<void> {
    await (await this.#load(runId)).sendEvent(event, options);
  }

  async cancelRun(runId: string, reason?: string): Promise<void> {
    await (await this.#load(runId)).cancel(reason);
  }

  async result(runId: string): Promise<unknown> {
    return (await this.#load(runId)).result();
  }

  async readEvents(
    runId: string,
    options: StreamOptions,
  ): Promise<AsyncIterableIterator<{ type: string; data: unknown; sequence: number; at: number }>> {
    return (await this.#load(runId)).readEvents(options);
  }

  async deleteRun(runId: string): Promise<void> {
    await this.#record(runId);
    const broker = this.#runs.get(runId);
    if (broker && !broker.problem && !hasEnded(broker.state)) await broker.cancel("the run is being deleted");
    await broker?.unload(new WorkflowRuntimeError(`Run ${runId} was deleted.`));
    const children = await this.#journal.listRuns({ parent: runId, limit: Number.MAX_SAFE_INTEGER });
    for (const child of children) await this.deleteRun(child.runId);
    this.#runs.delete(runId);
    this.#ended.delete(runId);
    this.#finished.delete(runId);
    this.#histories.delete(runId);
    await this.#journal.deleteRun(runId);
    this.#hub.deleted(runId);
  }

  async listRuns(query: RunQuery = {}): Promise<RunList> {
    this.#assertOpen();
    // What is true in memory is to be true in the journal before it is asked.
    await Promise.all(Array.from(this.#runs.values(), (broker) => broker.flush().catch(() => undefined)));
    const limit = query.limit ?? PAGE;
    const status =
      query.status === undefined ? undefined : typeof query.status === "string" ? [query.status] : query.status;
    // One more than asked for tells whether there is a next page.
    const records = await this.#journal.listRuns({
      limit: limit + 1,
      ...(status && { status }),
      ...(query.workflow !== undefined && { workflow: query.workflow }),
      ...(query.parent !== undefined && { parent: query.parent }),
      ...(query.before !== undefined && { before: parseCursor(query.before) }),
    });
    const runs = records.slice(0, limit).map((record) => this.#summaryOf(record.runId) ?? this.#summary(record));
    const last = records[limit - 1];
    return { runs, ...(records.length > limit && last && { nextBefore: `${last.createdAt}/${last.runId}` }) };
  }

  async describeWorkflows(): Promise<readonly WorkflowDescription[]> {
    return Array.from(new Set(this.#compiled.values()), describeWorkflow);
  }

  async describeRun(runId: string): Promise<WorkflowDescription> {
    return describeWorkflow(this.#served((await this.#record(runId)).workflow));
  }

  inspect(runId: string, listener: (batch: InspectionBatch) => void): () => void {
    const subscription = this.subscribe(runId, (batch) => {
      listener(batch);
      subscription.acknowledge();
    });
    return () => subscription.close();
  }

  /** As `inspect`, with the acknowledgement left to the subscriber. */
  subscribe(runId: string, send: (batch: InspectionBatch) => void): Subscription {
    return this.#hub.subscribe(runId, send);
  }

  async stateAt(runId: string, sequence?: number): Promise<RunView> {
    const record = await this.#record(runId);
    const { program, kinds } = this.#served(record.workflow);
    const schemaOf = (type: string): JsonObject | null => {
      const kind = kinds.get(type);
      return kind ? jsonSchemaOf(kind) : null;
    };
    const newest = this.#inMemory(runId)?.state;
    if (newest && (sequence === undefined || sequence >= newest.sequence)) {
      return runView(newest, null, null, encodeValue, schemaOf);
    }
    await this.#runs.get(runId)?.flush();
    const history = this.#history(runId, program);
    const wanted = Math.max(0, Math.min(sequence ?? record.sequence, newest?.sequence ?? record.sequence));
    if (wanted === 0) return runView(await history.stateAt(0), null, null, encodeValue, schemaOf);
    const past = await history.tickAt(wanted);
    if (!past) throw noSuchTick(runId, wanted);
    return runView(past.after, past.before, past.tick, encodeValue, schemaOf);
  }

  async readTicks(runId: string, { from, limit }: { from: number; limit: number }): Promise<TickPage> {
    const { program, lastSequence } = await this.#past(runId);
    const ticks = await this.#history(runId, program).summaries(Math.max(1, from), Math.min(Math.max(0, limit), 2000));
    return { runId, ticks, lastSequence };
  }

  async readTick(runId: string, sequence: number): Promise<TickDetail> {
    const { program } = await this.#past(runId);
    const past = await this.#history(runId, program).tickAt(sequence);
    if (!past) throw noSuchTick(runId, sequence);
    const { tick, commands, before } = past;
    return {
      summary: summariseTick(tick, commands, program, invocationFacts(before, tick)),
      tick: encodeTick(tick),
      commands: commands.map(({ kind }) => kind),
    };
  }

  async depthOverTime(runId: string, points: number): Promise<readonly DepthPoint[]> {
    const { program } = await this.#past(runId);
    return this.#history(runId, program).depth(points);
  }

  async exportRun(runId: string): Promise<JsonObject> {
    const { program, record } = await this.#past(runId);
    const ticks: JsonObject[] = [];
    for await (const batch of this.#journal.read(runId, { from: 1, to: Number.MAX_SAFE_INTEGER })) {
      for (const tick of batch.ticks) ticks.push(encodeTick(tick));
    }
    const graph = describeWorkflow(this.#served(record.workflow)).graph;
    const parts = await this.#journal.listRuns({ parent: runId, limit: Number.MAX_SAFE_INTEGER });
    const children = await Promise.all(parts.map((part) => this.exportRun(part.runId)));
    return {
      format: "tickwork/run",
      version: 1,
      run: record as unknown as JsonObject,
      program: program as unknown as JsonObject,
      graph: graph as unknown as JsonObject,
      ticks,
      ...(children.length > 0 && { children }),
    };
  }

  async storage(): Promise<StorageStatus> {
    const platform = (await this.#options.storage?.()) ?? {};
    let problem: string | undefined;
    let lastDurableSequence = 0;
    for (const broker of this.#runs.values()) {
      lastDurableSequence = Math.max(lastDurableSequence, broker.durableSequence);
      if (broker.problem) problem = broker.problem.message;
    }
    return {
      durable: this.#journal.durable,
      persisted: false,
      leader: true,
      lastDurableSequence,
      ...(problem !== undefined && { problem }),
      ...platform,
    };
  }

  /** Acts on what is due now: call when the machine wakes from sleep or the page comes back. */
  wake(): void {
    for (const broker of this.#runs.values()) broker.wake();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const reason = new EngineUnavailableError("The engine was closed.");
    await Promise.all(Array.from(this.#runs.values(), (broker) => broker.unload(reason)));
    this.#runs.clear();
    await this.#runtime.executor?.close?.();
    await this.#journal.close();
  }

  // RunObserver

  onTick(broker: RunBroker, tick: Tick, commands: readonly Command[], before: BrokerState): void {
    if (!this.#hub.isQuiet) this.#hub.tick(broker.runId, tick, commands, before);
  }

  onDurable(broker: RunBroker): void {
    if (!this.#hub.isQuiet) this.#hub.touch(broker.runId);
  }

  // Loading

  #load(runId: string): Promise<RunBroker> {
    this.#assertOpen();
    const loaded = this.#runs.get(runId) ?? this.#ended.get(runId);
    if (loaded) return Promise.resolve(loaded);
    const loading = this.#loading.get(runId) ?? this.#loadNow(runId).finally(() => this.#loading.delete(runId));
    this.#loading.set(runId, loading);
    return loading;
  }

  async #loadNow(runId: string): Promise<RunBroker> {
    const record = await this.#record(runId);
    const compiled = this.#served(record.workflow);
    const state = await loadState(this.#journal, runId, compiled.program);
    const broker = this.#broker(compiled, state);
    if (record.readOnly || hasEnded(state)) {
      broker.settleEnded();
      this.#ended.set(runId, broker);
      return broker;
    }
    this.#runs.set(runId, broker);
    resumeBroker(broker);
    this.#forgetWhenDone(broker);
    return broker;
  }

  #broker(compiled: CompiledWorkflow, state: BrokerState): RunBroker {
    return new RunBroker({ compiled, runtime: this.#runtime, state, observer: this, children: this });
  }

  /** A finished run leaves memory; its journal has all there is to know. */
  #forgetWhenDone(broker: RunBroker): void {
    const forget = (): void => {
      if (broker.problem) return;
      void broker.flush().then(() => {
        this.#runs.delete(broker.runId);
        this.#ended.set(broker.runId, broker);
        this.#finished.set(broker.runId, toRunRecord(broker.state));
        if (!this.#hub.isQuiet) this.#hub.touch(broker.runId);
      });
    };
    broker.result().then(forget, forget);
  }

  async #past(
    runId: string,
  ): Promise<{ record: RunRecord; program: CompiledWorkflow["program"]; lastSequence: number }> {
    const broker = this.#runs.get(runId);
    await broker?.flush();
    const record = await this.#record(runId);
    const { program } = this.#served(record.workflow);
    return { record, program, lastSequence: broker?.durableSequence ?? record.sequence };
  }

  #history(runId: string, program: CompiledWorkflow["program"]): RunHistory {
    const known = this.#histories.get(runId) ?? new RunHistory(this.#journal, runId, program);
    this.#histories.set(runId, known);
    return known;
  }

  async #record(runId: string): Promise<RunRecord> {
    this.#assertOpen();
    const record = await this.#journal.getRun(runId);
    if (record) return record;
    throw new WorkflowRuntimeError(
      `There is no run ${JSON.stringify(runId)} here. It may have been deleted, or belong to another browser or database.`,
      {
        code: "RUN_UNKNOWN",
        data: { runId },
      },
    );
  }

  #servedBy(record: RunRecord): boolean {
    return this.#compiled.has(record.workflow) && record.readOnly !== true;
  }

  #served(name: string): CompiledWorkflow {
    const compiled = this.#compiled.get(name);
    if (compiled) return compiled;
    throw new WorkflowRuntimeError(
      `Workflow ${JSON.stringify(name)} is not served here. Served: ${[...this.#compiled.keys()].join(", ") || "none"}.`,
      {
        code: "WORKFLOW_UNKNOWN",
        data: { workflow: name },
      },
    );
  }

  #assertOpen(): void {
    if (this.#closed) throw new EngineUnavailableError("The engine was closed.");
  }

  // Summaries

  #inMemory(runId: string): RunBroker | undefined {
    return this.#runs.get(runId) ?? this.#ended.get(runId);
  }

  #summaryOf(runId: string): RunSummary | undefined {
    const broker = this.#inMemory(runId);
    if (!broker) {
      const record = this.#finished.get(runId);
      return record && this.#summary(record);
    }
    const { problem } = broker;
    return {
      ...this.#summary(toRunRecord(broker.state)),
      durableSequence: broker.durableSequence,
      ...(problem && { pausedBecause: problem.message }),
    };
  }

  #summary(record: RunRecord): RunSummary {
    const { error, ...facts } = record;
    return {
      runId: facts.runId,
      workflow: facts.workflow,
      version: facts.version,
      status: facts.status,
      createdAt: facts.createdAt,
      updatedAt: facts.updatedAt,
      sequence: facts.sequence,
      durableSequence: facts.sequence,
      busy: facts.busy,
      queued: facts.queued,
      waiting: facts.waiting,
      waitingFor: facts.waitingFor,
      ...(error && { error: error as unknown as SerializedError }),
      ...(record.parent && { parent: record.parent }),
      ...(record.readOnly && { readOnly: true }),
      ...this.#whyPaused(record),
    };
  }

  #whyPaused({ status, workflow, runId }: RunRecord): { pausedBecause?: string } {
    if (status !== "running" && status !== "idle" && status !== "queued") return {};
    if (!this.#compiled.has(workflow)) return { pausedBecause: `Workflow ${workflow} is not served here.` };
    const problem = this.#unloadable.get(runId);
    return problem === undefined ? {} : { pausedBecause: problem };
  }
}

/** Its own name, and those of all that is run as part of it: what their runs are stored with. */
function addWithChildren(compiled: CompiledWorkflow, byName: Map<string, CompiledWorkflow>): void {
  const { name } = compiled.definition;
  const known = byName.get(name);
  if (known === compiled) return;
  if (known) {
    throw new WorkflowConfigurationError(
      `Two workflows are named ${name}. Runs are stored by that name: give each its own.`,
    );
  }
  byName.set(name, compiled);
  for (const child of compiled.children.values()) addWithChildren(child, byName);
}

/** The entries set last, at most so many. */
class Recent<V> {
  readonly #limit: number;
  readonly #entries = new Map<string, V>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit) return;
      this.#entries.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}

function parseCursor(before: number | string): { createdAt: number; runId?: string } {
  if (typeof before === "number") return { createdAt: before };
  const [, createdAt, runId] = /^(\d+)\/(.+)$/s.exec(before) ?? [];
  if (createdAt === undefined || runId === undefined) {
    throw new WorkflowRuntimeError(
      `${JSON.stringify(before)} is no place in the list of runs. Pass the nextBefore of a page, or a time.`,
      {
        code: "CURSOR_INVALID",
      },
    );
  }
  return { createdAt: Number(createdAt), runId };
}

function noSuchTick(runId: string, sequence: number): WorkflowRuntimeError {
  return new WorkflowRuntimeError(`Run ${runId} has no tick ${sequence}.`, {
    code: "TICK_UNKNOWN",
    data: { runId, sequence },
  });
}

function runIsStarting(runId: string): WorkflowRuntimeError {
  return new WorkflowRuntimeError(`Run ${runId} is being started already.`, { code: "RUN_EXISTS", data: { runId } });
}
