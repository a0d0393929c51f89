/** A page's line to an engine: in its own worker, or in another tab's. */
import { transfer, type Remote } from "comlink";
import type { EngineUnavailableError } from "../../core/errors.ts";
import type { WorkerApi } from "./protocol.ts";

export interface Line {
  readonly api: Remote<WorkerApi>;
  /** The engine runs in this page's own worker. */
  readonly isOwn: boolean;
  /** Names the engine at the other end. */
  readonly engine: string;
  /** Rejects when the other end is gone. */
  readonly end: Promise<never>;
  /** A channel of its own beside the calls: the near end, and what to hand to the engine for it. */
  openChannel(): InspectionChannel;
  /** What still waits for an answer rejects with the reason. */
  close(reason: EngineUnavailableError): void;
}

export interface InspectionChannel {
  readonly near: MessagePort | BroadcastChannel;
  readonly far: MessagePort | string;
}

/** A promise that only rejects, and from outside; nobody need be waiting for it. */
export class End {
  readonly promise: Promise<never>;
  #reject: (reason: EngineUnavailableError) => void = () => undefined;

  constructor() {
    this.promise = new Promise<never>((_, reject) => {
      this.#reject = reject;
    });
    this.promise.catch(() => undefined);
  }

  because(reason: EngineUnavailableError): void {
    this.#reject(reason);
  }
}

export function ownLine(engine: string, api: Remote<WorkerApi>): Line {
  const end = new End();
  return {
    api,
    isOwn: true,
    engine,
    end: end.promise,
    openChannel: () => {
      const { port1, port2 } = new MessageChannel();
      return { near: port1, far: transfer(port2, [port2]) };
    },
    close: (reason) => end.because(reason),
  };
}
