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
  /** Comes when the other end is gone. */
  readonly end: End;
  /** A channel of its own beside the calls: the near end, and what to hand to the engine for it. */
  openChannel(): InspectionChannel;
  /** What still waits for an answer rejects with the reason. */
  close(reason: EngineUnavailableError): void;
}

export interface InspectionChannel {
  readonly near: MessagePort | BroadcastChannel;
  readonly far: MessagePort | string;
}

/** Comes once, from outside, with a reason, or never. */
export class End {
  /** Only rejects, and nobody need be waiting for it. */
  readonly promise: Promise<never>;
  readonly #waiting = new Set<(reason: EngineUnavailableError) => void>();
  #reason: EngineUnavailableError | null = null;
  #reject: (reason: EngineUnavailableError) => void = () => undefined;

  constructor() {
    this.promise = new Promise<never>((_, reject) => {
      this.#reject = reject;
    });
    this.promise.catch(() => undefined);
  }

  because(reason: EngineUnavailableError): void {
    this.#reason ??= reason;
    this.#reject(reason);
    for (const tell of this.#waiting) tell(reason);
    this.#waiting.clear();
  }

  /**
   * What is waited for, or a rejection if the end comes first. No race of promises: the one that stays would keep a part
   * of every race for as long as the line lasts, which may be days.
   */
  before<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#reason) reject(this.#reason);
      else this.#waiting.add(reject);
      answer.finally(() => this.#waiting.delete(reject)).then(resolve, reject);
    });
  }
}

export function ownLine(engine: string, api: Remote<WorkerApi>): Line {
  const end = new End();
  return {
    api,
    isOwn: true,
    engine,
    end,
    openChannel: () => {
      const { port1, port2 } = new MessageChannel();
      return { near: port1, far: transfer(port2, [port2]) };
    },
    close: (reason) => end.because(reason),
  };
}
