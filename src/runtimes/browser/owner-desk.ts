/** Where the worker that owns a database answers other tabs and serves their pages. */
import { expose } from "comlink";
import { isSameVersion, tabChannel, type AppVersion, type TabMessage } from "./tab-messages.ts";
import { whenFree } from "../../ports/web-lock.ts";
import type { ServedApi } from "./worker-api.ts";
import { endpointOf } from "./channel-endpoint.ts";

export interface DeskOptions {
  readonly database: string;
  readonly self: AppVersion & { readonly alive: string };
  /** The calls that one page may make; released when that page hung up or is gone. */
  readonly createApi: () => ServedApi;
  /** Another version of the app waits for its turn, or the last of them is gone: null. */
  readonly otherVersion: (version: string | null) => void;
}

export class OwnerDesk {
  readonly #options: DeskOptions;
  readonly #channel: BroadcastChannel;
  readonly #lines = new Set<() => void>();
  readonly #others = new Set<string>();
  #epoch: number | null = null;

  /** Answers from now on; serves once it is open. */
  constructor(options: DeskOptions) {
    this.#options = options;
    this.#channel = tabChannel(options.database);
    this.#channel.onmessage = ({ data }: MessageEvent<TabMessage>) => this.#heard(data);
  }

  /** The database was taken over, for the time of that number. */
  open(epoch: number): void {
    this.#epoch = epoch;
    this.#answer();
  }

  /** Answers no more, and hangs up. */
  close(): void {
    this.#channel.close();
    for (const hangUp of this.#lines) hangUp();
  }

  #heard(message: TabMessage): void {
    if (message.tickwork === "look") this.#answer();
    else if (message.tickwork === "ping") {
      this.#answer();
      if (!isSameVersion(message, this.#options.self)) this.#meetOther(message.alive, message.version);
    } else if (message.tickwork === "attach" && message.alive === this.#options.self.alive) {
      this.#serve(message.line);
    }
  }

  #answer(): void {
    const answer: TabMessage =
      this.#epoch === null ? { tickwork: "awake" } : { tickwork: "owner", ...this.#options.self, epoch: this.#epoch };
    this.#channel.postMessage(answer);
  }

  #serve(name: string): void {
    const line = new BroadcastChannel(name);
    const { api, release } = this.#options.createApi();
    const hangUp = (): void => {
      if (!this.#lines.delete(hangUp)) return;
      release();
      line.close();
    };
    this.#lines.add(hangUp);
    // Only the engine's own page closes it.
    expose({ ...api, close: undefined }, endpointOf(line));
    whenFree(name).then(hangUp, hangUp);
    this.#channel.postMessage({ tickwork: "attached", line: name } satisfies TabMessage);
  }

  #meetOther(alive: string, version: string): void {
    const { otherVersion } = this.#options;
    if (this.#others.has(alive)) return;
    this.#others.add(alive);
    otherVersion(version);
    const gone = (): void => {
      this.#others.delete(alive);
      if (this.#others.size === 0) otherVersion(null);
    };
    whenFree(alive).then(gone, gone);
  }
}
