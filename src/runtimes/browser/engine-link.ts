/**
 * The page's link to the engine, wherever it runs: in its own worker, or in that of another tab, as long as its own
 * waits for its turn. Calls wait until there is an engine. When it dies, is replaced or its tab is closed, what was
 * under way rejects, and the link leads to the next one, which takes up the runs from their journals.
 */
import type { Remote } from "comlink";
import { EngineUnavailableError } from "../../core/errors.ts";
import type { ConnectionState, EngineConnection } from "../../inspection/engine-control.ts";
import { decodeError } from "../../serialize/error-codec.ts";
import { answerForWorker } from "./busy-answer.ts";
import { ownLine, type Line } from "./line.ts";
import type { EngineHome, EngineHomePort, Said } from "./own-worker.ts";
import type { EngineElsewhere, Reply, WaitingGreeting, WorkerApi } from "./protocol.ts";
import { goneElsewhere, openTabLine } from "./tab-line.ts";

export interface LinkOptions {
  /** Milliseconds a call waits for an engine to become ready; default 20,000. */
  readonly readyDeadline?: number;
}

export const READY_DEADLINE = 20_000;
/** Deaths in a row, without becoming ready in between, after which no new worker is tried. */
const MAX_RESTARTS = 5;

/** An engine that was replaced refuses what it is asked. */
const REPLACED: ReadonlySet<string> = new Set(["ENGINE_REPLACED", "STORAGE_TAKEN_OVER"]);

export class EngineLink {
  readonly #open: (port: EngineHomePort) => EngineHome;
  readonly #deadline: number;
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Set<{ resolve(line: Line): void; reject(error: EngineUnavailableError): void }>();
  #connection: EngineConnection = { state: "starting", reason: null, isElsewhere: false, otherVersion: null };
  #error: EngineUnavailableError | null = null;
  /** What calls reject with that waited too long for another tab. */
  #waitingCode: string | null = null;
  #home: EngineHome;
  #line: Line | null = null;
  /** Aborts an attempt to reach another tab's engine. */
  #attempt: AbortController | null = null;
  #restarts = 0;
  #stopAnswering: () => void = () => undefined;

  /** `open` is called again when what it opened died. */
  constructor(open: (port: EngineHomePort) => EngineHome, { readyDeadline = READY_DEADLINE }: LinkOptions) {
    this.#open = open;
    this.#deadline = readyDeadline;
    this.#home = this.#openHome();
  }

  get connection(): EngineConnection {
    return this.#connection;
  }

  /** Null: no engine can be called at the moment. */
  get line(): Line | null {
    return this.#line;
  }

  /** Calls back whenever `connection` or `line` changed; returns unsubscribe. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls the engine; rejects with its error, or `EngineUnavailableError` when it died, is not ready, or was closed. */
  async call<T>(action: (api: Remote<WorkerApi>) => Promise<Reply<T>>): Promise<T> {
    const line = this.#line ?? (await this.#nextLine());
    const reply = await line.end.before(action(line.api));
    if (reply.ok) return reply.value;
    const code = reply.error.code ?? "";
    // The engine of another tab was closed with it: the runs go on in the next one.
    const isNone = REPLACED.has(code) || (code === "ENGINE_CLOSED" && !line.isOwn);
    if (!isNone) throw decodeError(reply.error);
    this.#replaced(line);
    throw goneElsewhere();
  }

  async close(): Promise<void> {
    if (this.#connection.state === "closed") return;
    const line = this.#line;
    if (line?.isOwn) await this.call((api) => api.close()).catch(() => undefined);
    this.#end("closed", new EngineUnavailableError("The engine was closed.", { code: "ENGINE_CLOSED" }));
  }

  #nextLine(): Promise<Line> {
    if (this.#error) return Promise.reject(this.#error);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(() => reject(this.#tooLate())), this.#deadline);
      const settle = (how: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(entry);
        how();
      };
      const entry = {
        resolve: (line: Line) => settle(() => resolve(line)),
        reject: (error: EngineUnavailableError) => settle(() => reject(error)),
      };
      this.#waiting.add(entry);
    });
  }

  #tooLate(): EngineUnavailableError {
    const { state, reason } = this.#connection;
    const known = state === "waiting" ? this.#waitingCode : null;
    if (known !== null && reason !== null) return new EngineUnavailableError(reason, { code: known });
    return new EngineUnavailableError(
      reason ?? `The engine's worker was not ready within ${this.#deadline / 1000} s.`,
      { code: state === "waiting" ? "ENGINE_ELSEWHERE" : "ENGINE_NOT_READY" },
    );
  }

  #openHome(): EngineHome {
    const home: EngineHome = this.#open({
      said: (greeting) => this.#said(home, greeting),
      died: (reason) => this.#died(reason),
      failed: (error) => this.#end("failed", error),
    });
    return home;
  }

  #said({ api }: EngineHome, greeting: Said): void {
    switch (greeting.tickwork) {
      case "waiting":
        this.#restarts = 0;
        this.#waitsFor(greeting);
        return;
      case "ready":
        this.#restarts = 0;
        this.#stopAnswering = answerForWorker(greeting.database);
        if (api) this.#use(ownLine("own", api), greeting.database);
        return;
      case "otherVersion":
        this.#set({ otherVersion: greeting.reason });
        return;
      case "replaced":
        this.#reopen();
        this.#drop(goneElsewhere(), greeting.reason);
    }
  }

  /** Our worker waits for its turn, and another tab's engine is to be called; or another tab stands in its way. */
  #waitsFor({ owner, reason, isOtherVersion, code }: WaitingGreeting): void {
    if (owner && owner.alive === this.#line?.engine) return;
    // A worker that was started anew does not know yet whom we call.
    if (!owner && !isOtherVersion && this.#line) return;
    if (this.#line) this.#drop(goneElsewhere(), "Another tab has taken over.");
    if (owner) return void this.#attachTo(owner);
    this.#waitingCode = code ?? null;
    this.#set({ state: "waiting", reason, otherVersion: isOtherVersion ? reason : null, ...(code && { code }) });
    if (code === undefined) return;
    const error = new EngineUnavailableError(reason, { code });
    for (const waiting of this.#waiting) waiting.reject(error);
  }

  async #attachTo(owner: EngineElsewhere): Promise<void> {
    this.#attempt?.abort();
    const attempt = new AbortController();
    this.#attempt = attempt;
    try {
      const line = await openTabLine(owner, attempt.signal);
      if (attempt.signal.aborted) line.close(goneElsewhere());
      else this.#use(line, owner.database);
    } catch {
      // It is gone, or was replaced meanwhile: our worker tells which is next.
    }
  }

  /** From now on this is the engine. */
  #use(line: Line, database: string): void {
    this.#attempt?.abort();
    this.#attempt = null;
    this.#line?.close(goneElsewhere());
    this.#line = line;
    line.end.promise.catch((reason: EngineUnavailableError) => {
      if (line === this.#line) this.#drop(reason, reason.message);
    });
    this.#set({ state: "ready", reason: null, database, isElsewhere: !line.isOwn, otherVersion: null });
    for (const waiting of this.#waiting) waiting.resolve(line);
  }

  /** There is no engine until another one is found or started. */
  #drop(error: EngineUnavailableError, reason: string): void {
    const line = this.#line;
    this.#line = null;
    this.#stopAnswering();
    this.#set({ state: "restarting", reason, isElsewhere: false });
    line?.close(error);
  }

  #died(reason: string): void {
    this.#restarts += 1;
    if (this.#restarts > MAX_RESTARTS) {
      const why = `${reason} It died ${this.#restarts} times in a row. Reload the page.`;
      this.#end("failed", new EngineUnavailableError(why, { code: "ENGINE_DIED" }));
      return;
    }
    const wasOurs = this.#line === null || this.#line.isOwn;
    this.#reopen();
    // Another tab's engine is none the worse for it.
    if (!wasOurs) return;
    const error = new EngineUnavailableError(`${reason} A new one is being started; runs resume by themselves.`, {
      code: "ENGINE_RESTARTING",
    });
    this.#drop(error, reason);
  }

  /** An engine said that it is none any more, before its tab noticed. */
  #replaced(line: Line): void {
    if (line !== this.#line) return;
    if (line.isOwn) this.#reopen();
    this.#drop(goneElsewhere(), "Another tab has taken over.");
  }

  #reopen(): void {
    this.#home.terminate();
    this.#home = this.#openHome();
  }

  #end(state: "failed" | "closed", error: EngineUnavailableError): void {
    this.#error = error;
    this.#attempt?.abort();
    this.#stopAnswering();
    this.#home.terminate();
    const line = this.#line;
    this.#line = null;
    this.#set({ state, reason: error.message, isElsewhere: false });
    line?.close(error);
    for (const waiting of this.#waiting) waiting.reject(error);
  }

  #set(change: Partial<EngineConnection> & { readonly state?: ConnectionState }): void {
    const { code: _ofBefore, ...before } = this.#connection;
    this.#connection = { ...before, ...change };
    for (const listener of this.#listeners) listener();
  }
}
