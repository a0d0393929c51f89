/**
 * A run file made ready for the journal: read, folded from its first tick to its last, and only then stored. What it
 * says of itself (status, times, counts) is not believed but computed.
 */
import type { BrokerState } from "../core/broker-state.ts";
import type { Command } from "../core/command.ts";
import { ContextSerdeError } from "../core/errors.ts";
import { brokenInvariants } from "../core/invariants.ts";
import { own, type JsonObject } from "../core/json.ts";
import { noProgram, type Program } from "../core/program.ts";
import { reduce } from "../core/reduce.ts";
import type { Tick } from "../core/tick.ts";
import type { WorkflowGraph } from "../graph/workflow-graph.ts";
import type { EventDescription, WorkflowDescription } from "../inspection/inspection-event.ts";
import type { PublishedRecord, StoredSnapshot, TickBatch, WholeRun } from "../ports/journal.ts";
import { adoptRunFile, parseRunFile, programOfRunFile, startOfRunFile, type RunFile } from "../serialize/run-file.ts";
import { renameState, renameTick, renaming, type Rename } from "../serialize/rename-run.ts";
import { encodeState } from "../serialize/state-codec.ts";
import { givesWay } from "./give-way.ts";
import { toPublishedRecord } from "./published-record.ts";
import { toRunRecord } from "./run-record.ts";
import { isSnapshotDue } from "./snapshot-keeper.ts";

export interface ImportFacts {
  /** The id it gets; default: the one it has. */
  readonly runId: string | undefined;
  /** The definition at hand, for files too old to say theirs. */
  readonly programOf: (workflow: string) => Program | undefined;
}

/** Ticks in one batch of the journal. */
const BATCH = 256;
const LONGEST_TEXT = 2 ** 29 - 24;
/** Pieces of work that the ticks of one file may make in all: a guard against files that would work for ever. */
const MOST_WORK = 20_000_000;

/** The run, and its children after it. Throws `ContextSerdeError` as `parseRunFile` does, and for ticks that do not fit. */
export async function readWholeRuns(file: unknown, { runId, programOf }: ImportFacts): Promise<WholeRun[]> {
  const root = file instanceof Blob ? adoptRunFile(await readJson(file)) : parseRunFile(file);
  const rename = renaming(root.run.runId, runId ?? root.run.runId);
  const whole: WholeRun[] = [];
  const add = async (inner: RunFile, outer: RunFile | null): Promise<void> => {
    const parent = outer && outer.run.runId;
    const each = outer?.redacted === true ? { ...inner, redacted: true } : inner;
    const { runId: id } = each.run;
    if (parent !== null && !id.startsWith(`${parent}/`)) throw refuse(id, `it is no part of run ${parent}`);
    whole.push(await new Folding(each, rename, parent, programOf).fold());
    for (const child of each.children) await add(child, each);
  };
  await add(root, null);
  const ids = new Set(whole.map(({ record }) => record.runId));
  if (ids.size < whole.length) throw refuse(root.run.runId, "two of its children have one id");
  return whole;
}

/** A file as it lies on the disk: read here, for its text is as long as the run. */
async function readJson(file: Blob): Promise<unknown> {
  // No engine has longer strings.
  if (file.size > LONGEST_TEXT) {
    throw new ContextSerdeError(`This file is too large to be opened: ${file.size} bytes.`, {
      code: "RUN_FILE_TOO_LARGE",
      data: { bytes: file.size, limit: LONGEST_TEXT },
    });
  }
  const text = await file.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ContextSerdeError(`This is no exported run: it is not JSON (${why}).`, {
      code: "RUN_FILE_UNREADABLE",
      cause: error,
    });
  }
}

/** One run of the file. */
class Folding {
  readonly #file: RunFile;
  readonly #rename: Rename;
  readonly #parent: string | null;
  readonly #batches: TickBatch[] = [];
  readonly #snapshots: StoredSnapshot[] = [];
  #state: BrokerState;
  #work = 0;
  #weighed: { readonly program: Program; readonly byType: Map<string, number> } | null = null;

  constructor(file: RunFile, rename: Rename, parent: string | null, programOf: ImportFacts["programOf"]) {
    const { runId, workflow } = file.run;
    if (!file.base && file.ticks.length === 0) throw refuse(runId, "it has no history");
    const atHand = programOf(workflow);
    if (!atHand && !file.base?.program && !programOfRunFile(file.ticks)) {
      throw refuse(runId, `it is too old to say its definition: open it where workflow ${workflow} is served`);
    }
    this.#file = file;
    this.#rename = rename;
    this.#parent = parent;
    this.#state = renameState(startOfRunFile(file, atHand ?? noProgram(workflow)), rename, parent !== null);
    if (file.base) this.#save(Number.MAX_SAFE_INTEGER);
  }

  async fold(): Promise<WholeRun> {
    const { ticks, run } = this.#file;
    const giveWay = givesWay();
    for (let index = 0; index < ticks.length; index += BATCH) {
      this.#addBatch(ticks.slice(index, index + BATCH));
      await giveWay();
    }
    this.#check();
    const record = toRunRecord(this.#state);
    const historyFrom = this.#historyFrom;
    const description = describe(this.#state.program, this.#file.graph as unknown as WorkflowGraph, run.runId);
    return {
      record: {
        ...record,
        ...(historyFrom > 1 && { historyFrom }),
        readOnly: true,
        ...(this.#file.redacted && { redacted: true }),
        description: description as unknown as JsonObject,
      },
      snapshots: this.#snapshots,
      batches: this.#batches,
    };
  }

  get #historyFrom(): number {
    return (this.#file.base?.sequence ?? 0) + 1;
  }

  #addBatch(saved: readonly Tick[]): void {
    const published: PublishedRecord[] = [];
    const ticks = saved.map((tick) => renameTick(tick, this.#rename, this.#parent !== null));
    for (const tick of ticks) {
      for (const command of this.#reduce(tick)) {
        if (command.kind === "PublishEvent") published.push(toPublishedRecord(command, tick.sequence));
      }
    }
    this.#batches.push({ from: ticks[0]?.sequence ?? 0, ticks, published });
    if (isSnapshotDue(this.#state, this.#snapshots.at(-1)?.sequence ?? 0)) this.#save(this.#historyFrom);
  }

  #reduce(tick: Tick): readonly Command[] {
    const { runId } = this.#file.run;
    this.#work += this.#workOf(tick);
    if (this.#work > MOST_WORK) {
      throw new ContextSerdeError(`Run ${runId} in this file makes more than ${MOST_WORK} pieces of work.`, {
        code: "RUN_FILE_TOO_LARGE",
        data: { runId, sequence: tick.sequence },
      });
    }
    try {
      const { state, commands } = reduce(this.#state, tick);
      this.#state = state;
      return commands;
    } catch (cause) {
      throw refuse(runId, `tick ${tick.sequence} (${tick.kind}) does not fit those before it`, cause);
    }
  }

  /** At most so much comes of a tick: each of its events goes to each step that takes its type. */
  #workOf(tick: Tick): number {
    switch (tick.kind) {
      case "StartRun":
      case "AddEvent":
        return this.#takersOf(tick.event.type, tick);
      case "StepResult":
        return tick.outputs.reduce((sum, { event }) => sum + this.#takersOf(event.type, tick), 0);
      case "AdmitRun":
        return this.#state.mailbox.reduce((sum, { type }) => sum + this.#takersOf(type, tick), 0);
      default:
        return 0;
    }
  }

  #takersOf(type: string, tick: Tick): number {
    const program = (tick.kind === "StartRun" && tick.program) || this.#state.program;
    if (this.#weighed?.program !== program) this.#weighed = { program, byType: new Map() };
    const { byType } = this.#weighed;
    const known = byType.get(type);
    if (known !== undefined) return known;
    let work = 0;
    for (const index of own(program.routes, type) ?? []) {
      const join = program.steps[index]?.join;
      // Slots are held against one another.
      work += join?.mode === "all" ? join.slots.length ** 2 : 1;
    }
    byType.set(type, work);
    return work;
  }

  /** Payloads of ticks from `journalFrom` on stand in the batches. */
  #save(journalFrom: number): void {
    const state = encodeState(this.#state, journalFrom) as unknown as JsonObject;
    this.#snapshots.push({ sequence: this.#state.sequence, state });
  }

  /** What the fold came to is a state that a run can be in, and of the run that the file speaks of. */
  #check(): void {
    const { runId, workflow } = this.#file.run;
    const { program, parent, runId: named } = this.#state;
    if (named !== this.#rename(runId)) throw refuse(runId, `its history is of run ${named}`);
    if (program.workflow !== workflow) throw refuse(runId, `its history is of workflow ${program.workflow}`);
    if (this.#parent !== null && parent?.runId !== this.#rename(this.#parent)) {
      throw refuse(runId, `its history does not say that it is a part of run ${this.#parent}`);
    }
    const [broken] = brokenInvariants(this.#state);
    if (broken !== undefined) throw refuse(runId, `its history comes to no state of a run (${broken})`);
  }
}

function describe(program: Program, graph: WorkflowGraph, runId: string): WorkflowDescription {
  const nodes = new Set(graph.nodes.map(({ id }) => id));
  const loose = graph.edges.find(({ source, target }) => !nodes.has(source) || !nodes.has(target));
  if (loose) throw refuse(runId, `its graph has an edge without ends, ${loose.id}`);
  const roles = Object.entries(program.roles);
  const typeOf = (wanted: string): string => roles.find(([, role]) => role === wanted)?.[0] ?? "";
  const events: { [type: string]: EventDescription } = Object.create(null);
  for (const [type, role] of roles) events[type] = { type, role, schema: null };
  return {
    name: program.workflow,
    version: program.version,
    ...(graph.description !== undefined && { description: graph.description }),
    graph,
    startEvent: typeOf("start"),
    stopEvent: typeOf("stop"),
    events: { ...events },
  };
}

function refuse(runId: string, why: string, cause?: unknown): ContextSerdeError {
  return new ContextSerdeError(`Run ${runId} in this file cannot be opened: ${why}.`, {
    code: "RUN_FILE_UNREADABLE",
    data: { runId },
    ...(cause !== undefined && { cause }),
  });
}
