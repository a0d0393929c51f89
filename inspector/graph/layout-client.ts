/**
 * Layouts by topology, each computed once. In the worker the host supplies; without one, or when it fails,
 * in the page, with dagre loaded only then.
 */
import type { Layout, LayoutRequest } from "./layout.ts";
import type { LayoutAnswer, LayoutQuestion } from "./layout.worker.ts";
import type { Topology } from "./topology.ts";

export interface LayoutClient {
  /** Several ways to draw it; the caller takes the one that fits its place. */
  layout(topology: Topology): Promise<readonly Layout[]>;
  /** Starts the worker, so that the first graph need not wait for it. */
  prepare(): void;
  /** Ends the worker. What is under way rejects, and nothing is begun any more. */
  close(): void;
}

const MOST_CACHED = 32;
/** In the page a layout of more nodes would block it for long. */
const MOST_IN_PAGE = 200;

/** Nobody waits for it any more: what the worker did not do is not begun in the page. */
class LayoutGivenUp extends Error {}

export function createLayoutClient(createWorker: (() => Worker) | undefined, deadline = 60_000): LayoutClient {
  const cache = new Map<string, Promise<readonly Layout[]>>();
  let worker: Worker | null = null;
  let isWorkerBroken = createWorker === undefined;
  let lastId = 0;
  let isClosed = false;
  const underWay = new Set<(reason: LayoutGivenUp) => void>();

  function openWorker(): Worker | null {
    if (worker === null && createWorker !== undefined) {
      const made = createWorker();
      // Also before it is asked anything: nobody is told of it later.
      made.addEventListener("error", () => {
        isWorkerBroken = true;
      });
      worker = made;
    }
    return worker;
  }

  function askWorker(request: LayoutRequest): Promise<readonly Layout[]> {
    const live = openWorker();
    if (live === null) return Promise.reject(new Error("No layout worker"));
    lastId += 1;
    const question: LayoutQuestion = { id: lastId, request };
    return new Promise((resolve, reject) => {
      const giveUp = (reason: LayoutGivenUp): void => settle(() => reject(reason));
      const timer = setTimeout(() => giveUp(new LayoutGivenUp("it is too large for that")), deadline);
      const onMessage = ({ data }: MessageEvent<LayoutAnswer>): void => {
        if (data.id !== question.id) return;
        if ("layouts" in data) settle(() => resolve(data.layouts));
        else settle(() => reject(new Error(data.problem)));
      };
      const onError = (event: Event): void =>
        settle(() => reject(new Error(`The layout worker failed: ${event.type}`)));
      const settle = (done: () => void): void => {
        clearTimeout(timer);
        underWay.delete(giveUp);
        live.removeEventListener("message", onMessage);
        live.removeEventListener("error", onError);
        done();
      };
      underWay.add(giveUp);
      live.addEventListener("message", onMessage);
      live.addEventListener("error", onError);
      live.postMessage(question);
    });
  }

  async function compute(request: LayoutRequest): Promise<readonly Layout[]> {
    if (isClosed) throw closed();
    if (!isWorkerBroken) {
      try {
        return await askWorker(request);
      } catch (error) {
        // The next layout gets a worker of its own.
        isWorkerBroken = !(error instanceof LayoutGivenUp);
        worker?.terminate();
        worker = null;
        if (error instanceof LayoutGivenUp) throw error;
      }
    }
    if (request.nodes.length > MOST_IN_PAGE) throw new Error("it needs a worker, and the page cannot start one");
    const { layoutGraph } = await import("./layout.ts");
    return layoutGraph(request);
  }

  return {
    layout(topology) {
      const known = cache.get(topology.hash);
      if (known !== undefined) return known;
      const nodes = topology.nodes.map(({ id, node, width, height }) => ({
        id,
        width,
        height,
        isLabel: node.kind === "event",
      }));
      const edges = topology.edges.map(({ id, source, target }) => ({ id, source, target }));
      const layouts = compute({ nodes, edges });
      cache.set(topology.hash, layouts);
      layouts.catch(() => cache.delete(topology.hash));
      const oldest = cache.keys().next();
      if (cache.size > MOST_CACHED && oldest.done === false) cache.delete(oldest.value);
      return layouts;
    },
    prepare() {
      try {
        if (!isWorkerBroken && !isClosed) openWorker();
      } catch {
        isWorkerBroken = true;
      }
    },
    close() {
      isClosed = true;
      for (const giveUp of underWay) giveUp(closed());
      worker?.terminate();
      worker = null;
    },
  };
}

function closed(): LayoutGivenUp {
  return new LayoutGivenUp("the drawing was closed");
}
