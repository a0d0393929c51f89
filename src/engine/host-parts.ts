/** What a host is made of, and who of these asks whom. */
import { WorkflowConfigurationError } from "../core/errors.ts";
import type { OnMismatch, StorageStatus } from "../inspection/engine-control.ts";
import { InspectionHub } from "../inspection/inspection-hub.ts";
import { Redaction, type Redact } from "../inspection/redaction.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal, RunRecord } from "../ports/journal.ts";
import { withJournal, type Runtime } from "../ports/runtime.ts";
import { toPlainData } from "../workflow/plain-data.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { tellOfProblem } from "./hook-calls.ts";
import { Housekeeping } from "./housekeeping.ts";
import { redactHooks } from "./redact-hooks.ts";
import { deletesAt } from "./retention.ts";
import { RunArchive } from "./run-archive.ts";
import { RunListing } from "./run-listing.ts";
import { RunTable } from "./run-table.ts";
import { ServedWorkflows } from "./served-workflows.ts";
import { SpaceWatch } from "./space-watch.ts";
import { withRoom } from "./with-room.ts";

export interface HostOptions {
  readonly workflows: { readonly [name: string]: Workflow };
  readonly runtime: Runtime & { readonly journal: Journal };
  /** What the platform knows of its storage. */
  readonly storage?: () => Promise<Partial<StorageStatus>>;
  /** Batches of inspection news come at most this often, in milliseconds; default 16. */
  readonly inspectionInterval?: number;
  /**
   * A run in which nothing happened for so many milliseconds while it waits for an event or a timer leaves memory, and
   * comes back by itself when an event is sent to it, a timer is due, or somebody watches it live. Its resources are
   * disposed of and made again; it keeps its place among `numConcurrentRuns`; its time limit stands still meanwhile.
   * Results, streams and handlers stay good. null: never. Default 60,000.
   */
  readonly idleTimeout?: number | null;
  /** For runs whose workflow has no place for some of their work any more; default "pause". */
  readonly onMismatch?: OnMismatch;
  /**
   * Says what may be shown of the runs' data: to inspectors (`inspect`, `stateAt`, `readTicks`, `readTick`), in lists of
   * runs, in exported files, and to hooks. Results, streams and snapshots are for the app that runs them, and stay whole.
   */
  readonly redact?: Redact;
}

const IDLE_TIMEOUT = 60_000;

export class HostParts {
  readonly journal: Journal;
  readonly served: ServedWorkflows;
  readonly table: RunTable;
  readonly archive: RunArchive;
  readonly listing: RunListing;
  readonly hub: InspectionHub;
  readonly housekeeping: Housekeeping;
  readonly clock: Clock;
  readonly lock: Runtime["lock"];
  readonly health: Runtime["health"];
  /** What of a run may be shown. */
  readonly redaction: (runId: string) => Redaction;

  /** Throws `WorkflowConfigurationError` for options or workflows that cannot work. */
  constructor(options: HostOptions) {
    const { workflows, storage, redact, inspectionInterval = 16 } = options;
    const { idleTimeout = IDLE_TIMEOUT, onMismatch = "pause" } = options;
    if (idleTimeout !== null && !(idleTimeout >= 0)) {
      throw new WorkflowConfigurationError(
        `idleTimeout is a number of milliseconds, or null for never; not ${String(idleTimeout)}.`,
      );
    }
    const redaction = (runId: string) => new Redaction(runId, redact, toPlainData);
    const runtime = redact
      ? { ...options.runtime, hooks: redactHooks(options.runtime.hooks ?? [], redaction) }
      : options.runtime;
    const stored = runtime.journal;
    const makeRoom = (): Promise<boolean> => this.housekeeping.makeRoom();
    runtime.health?.onFull(makeRoom);
    // What is not durable is never full. Whoever tries writes again asks for room by itself.
    const journal = stored.durable && !runtime.health ? withRoom(stored, makeRoom) : stored;
    const served = new ServedWorkflows(workflows);
    const { clock, hooks = null } = runtime;
    const space = new SpaceWatch({ clock, estimate: storage, tell: (problem) => tellOfProblem(hooks, problem) });
    const table = new RunTable({
      runtime: withJournal(runtime, journal),
      served,
      idleTimeout,
      onMismatch,
      hub: () => this.hub,
      wrote: () => space.wrote(),
      ended: (state) => this.housekeeping.ended(state),
    });
    const inMemory = (runId: string) => table.inMemory(runId);
    this.journal = journal;
    this.served = served;
    this.table = table;
    this.redaction = redaction;
    this.lock = runtime.lock;
    this.health = runtime.health;
    this.health?.onChange(() => {
      if (!this.hub.isQuiet) for (const { runId } of table.loaded()) this.hub.touch(runId);
    });
    this.clock = runtime.clock;
    this.archive = new RunArchive({ journal, served, inMemory, record: (runId) => table.record(runId), redaction });
    this.listing = new RunListing({
      journal,
      inMemory,
      leftLately: (runId) => table.leftLately(runId),
      isLoaded: (runId) => table.isLoaded(runId),
      whyPaused: (record: RunRecord) => table.whyPaused(record),
      redaction,
      deletesAt: (record) =>
        served.has(record.workflow) ? deletesAt(record, served.get(record.workflow).definition.retention) : undefined,
    });
    this.housekeeping = this.#createHousekeeping(stored, runtime.clock);
    this.hub = new InspectionHub({
      summarise: (runId) => this.listing.of(runId),
      stateOf: (runId) => inMemory(runId)?.state,
      withHold: (runId, graph) => inMemory(runId)?.gate?.inGraph(graph) ?? graph,
      redaction,
      later: (callback) => void setTimeout(callback, inspectionInterval),
    });
  }

  #createHousekeeping(journal: Journal, clock: Clock): Housekeeping {
    const isWatched = (): boolean => !this.hub.isQuiet;
    return new Housekeeping({
      journal,
      clock,
      served: this.served,
      isInUse: (runId) => this.table.inMemory(runId)?.stream.hasReaders === true || this.hub.watches(runId),
      get isWatched() {
        return isWatched();
      },
      delete: (runId) => this.deleteRun(runId),
      changed: (record) => {
        this.listing.note(record);
        if (!this.hub.isQuiet) this.hub.touch(record.runId);
      },
    });
  }

  /** The run and all that is remembered of it. */
  async deleteRun(runId: string): Promise<void> {
    await this.table.delete(runId);
    this.archive.forget(runId);
    this.listing.forget(runId);
  }
}
