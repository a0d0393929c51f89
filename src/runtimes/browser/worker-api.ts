/** The calls a page can make, each answered with a value or an error as data. */
import type { EngineHost } from "../../engine/host.ts";
import type { JsonObject } from "../../core/json.ts";
import { WorkflowRuntimeError } from "../../core/errors.ts";
import type { PublishedEvent } from "../../engine/event-stream.ts";
import { encodeError } from "../../serialize/error-codec.ts";
import { encodeValue } from "../../serialize/serializer.ts";
import { checked, decodeArgument } from "./check-call.ts";
import type { EncodedEvent, InspectionPortMessage, Reply, WorkerApi } from "./protocol.ts";

/** Events handed over in one reply. */
const EVENTS_IN_PAGE = 512;

export interface ServedApi {
  readonly api: WorkerApi;
  /** The caller is gone: closes what it left open. */
  readonly release: () => void;
}

/** The calls of one page. */
export function createWorkerApi(getHost: () => Promise<EngineHost>): ServedApi {
  const readers = new Readers();
  const inspections = new Set<() => void>();
  const sandboxes = new Map<string, AbortController>();
  const connection = new AbortController();
  const reply = async <T>(action: (host: EngineHost) => Promise<T>): Promise<Reply<T>> => {
    try {
      return { ok: true, value: await action(await getHost()) };
    } catch (error) {
      return { ok: false, error: encodeError(error) };
    }
  };
  const done = (action: (host: EngineHost) => Promise<void>): Promise<Reply<null>> =>
    reply(async (host) => {
      await action(host);
      return null;
    });

  const api: WorkerApi = {
    describeWorkflows: () => reply((host) => host.describeWorkflows()),
    describeRun: (runId) => reply((host) => host.describeRun(runId)),
    startRun: (workflow, input, options) =>
      reply((host) => host.startRun(workflow, decodeArgument("startRun", input), options)),
    runStatus: (runId) => reply(async (host) => (await host.attach(runId)).status),
    result: (runId) => reply(async (host) => encodeValue(await host.result(runId))),
    sendEvent: (runId, { type, data }, options) =>
      done((host) => host.sendEvent(runId, { type, data: decodeArgument("sendEvent", data) }, options)),
    cancelRun: (runId, reason) => done((host) => host.cancelRun(runId, reason ?? undefined)),
    snapshot: (runId) => reply(async (host) => (await (await host.attach(runId)).snapshot()) as unknown as JsonObject),
    resumeRun: (runId, options) => done((host) => host.resumeRun(runId, options)),
    debugRun: (runId, command) => done((host) => host.debugRun(runId, command, connection.signal)),
    deleteRun: (runId) => done((host) => host.deleteRun(runId)),
    prune: (options) => reply((host) => host.prune(options)),
    exportRun: (runId) => reply((host) => host.exportRun(runId)),
    importRun: (file, options) => reply((host) => host.importRun(file, options)),
    forkRun: (runId, options) => reply((host) => host.forkRun(runId, options)),
    listRuns: (query) => reply((host) => host.listRuns(query)),
    stateAt: (runId, sequence) => reply((host) => host.stateAt(runId, sequence ?? undefined)),
    readTicks: (runId, range) => reply((host) => host.readTicks(runId, range)),
    readTick: (runId, sequence) => reply((host) => host.readTick(runId, sequence)),
    depthOverTime: (runId, points) => reply((host) => host.depthOverTime(runId, points)),
    listWaiters: (query) => reply((host) => host.listWaiters(query)),
    stateDifference: (runId, range) => reply((host) => host.stateDifference(runId, range)),
    whatIf: async (runId, question, ticket) => {
      const abandoned = new AbortController();
      sandboxes.set(ticket, abandoned);
      const answer = await reply((host) => host.whatIf(runId, question, abandoned.signal));
      sandboxes.delete(ticket);
      return answer;
    },
    abandon: (ticket) => done(async () => sandboxes.get(ticket)?.abort()),
    timeline: (runId, range) => reply((host) => host.timeline(runId, range)),
    searchTicks: (runId, query) => reply((host) => host.searchTicks(runId, query)),
    causes: (runId, sequence) => reply((host) => host.causes(runId, sequence)),
    readPart: (runId, payload, path, from) => reply((host) => host.readPart(runId, payload, path, from)),
    readText: (runId, payload, path) => reply((host) => host.readText(runId, payload, path)),
    readTickLines: (runId, sequences) => reply((host) => host.readTickLines(runId, sequences)),
    readStream: (runId, range) => reply((host) => host.readStream(runId, range)),
    readWorkItems: (runId, query) => reply((host) => host.readWorkItems(runId, query)),
    runningLogs: (runId, query) => reply((host) => host.runningLogs(runId, query)),
    edgeTraffic: (runId, sequence) => reply((host) => host.edgeTraffic(runId, sequence ?? undefined)),
    compareRuns: (a, b) => reply((host) => host.compareRuns(a, b)),
    storage: () => reply((host) => host.storage()),
    retryStorage: () => done((host) => host.retryStorage()),
    openReader: (runId, options) =>
      reply(async (host) => readers.open((await host.attach(runId)).streamEvents(options))),
    nextEvents: (reader) => reply(() => readers.next(reader)),
    closeReader: (reader) => done(async () => readers.close(reader)),
    inspect: (runId, port) =>
      done(async (host) => {
        const close = inspectThrough(host, runId, typeof port === "string" ? new BroadcastChannel(port) : port, () =>
          inspections.delete(close),
        );
        inspections.add(close);
      }),
    wake: () => done(async (host) => host.wake()),
    close: () => done((host) => host.close()),
  };
  return {
    api: checked(api),
    release: () => {
      readers.closeAll();
      connection.abort();
      for (const close of inspections) close();
      for (const abandoned of sandboxes.values()) abandoned.abort();
    },
  };
}

/** Returns how to end it. */
function inspectThrough(
  host: EngineHost,
  runId: string,
  port: MessagePort | BroadcastChannel,
  closed: () => void,
): () => void {
  const subscription = host.subscribe(runId, (batch) => port.postMessage(batch));
  const close = (): void => {
    subscription.close();
    port.close();
    closed();
  };
  port.onmessage = (message: MessageEvent<InspectionPortMessage>) => {
    if ("acknowledge" in message.data) subscription.acknowledge();
    else if ("close" in message.data) close();
  };
  return close;
}

/** Streams that pages read. Their ids are unique beyond this worker: one that died may have had readers too. */
class Readers {
  readonly #open = new Map<string, AsyncIterator<PublishedEvent>>();
  /** An event read ahead to see whether more is there at once. */
  readonly #ahead = new Map<string, Promise<IteratorResult<PublishedEvent>>>();

  open(stream: AsyncIterable<PublishedEvent>): string {
    const reader = crypto.randomUUID();
    this.#open.set(reader, stream[Symbol.asyncIterator]());
    return reader;
  }

  /** Waits for one event, then takes along what is there already. */
  async next(reader: string): Promise<{ events: EncodedEvent[]; ended: boolean }> {
    const iterator = this.#open.get(reader);
    if (!iterator)
      throw new WorkflowRuntimeError("This reader of the run's stream was closed.", { code: "READER_CLOSED" });
    const events: EncodedEvent[] = [];
    for (;;) {
      const pending = this.#ahead.get(reader) ?? iterator.next();
      this.#ahead.set(reader, pending);
      const result = events.length === 0 ? await pending : await Promise.race([pending, nothingYet()]);
      if (result === null) return { events, ended: false };
      this.#ahead.delete(reader);
      if (result.done) {
        this.#open.delete(reader);
        return { events, ended: true };
      }
      const { data, ...facts } = result.value;
      events.push({ ...facts, data: encodeValue(data) });
      if (events.length === EVENTS_IN_PAGE) return { events, ended: false };
    }
  }

  closeAll(): void {
    for (const reader of this.#open.keys()) this.close(reader);
  }

  close(reader: string): void {
    const iterator = this.#open.get(reader);
    this.#open.delete(reader);
    this.#ahead.delete(reader);
    void iterator?.return?.();
  }
}

/** A few microtasks: time enough for an event that is in memory, none for one that is not there. */
async function nothingYet(): Promise<null> {
  for (let hop = 0; hop < 8; hop++) await Promise.resolve();
  return null;
}
