/**
 * One invocation of an isolated step, in the worker that runs it.
 *
 * I1 Exactly one of done, failed and ended is said of it, unless the worker dies.
 * I2 After it was aborted nothing it does has any effect.
 */
import { ContextStateError, type WorkflowError, WorkflowRuntimeError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import { macrotask } from "../ports/macrotask.ts";
import { decodeError, encodeError } from "../serialize/error-codec.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import { declaredOutput, isUndeclared } from "../workflow/declared-output.ts";
import type { StepDefinition } from "../workflow/step.ts";
import { IsolatedContext, type IsolatedPort } from "./isolated-context.ts";
import type { FromWorker, InvocationFacts, Output, Reply, ToWorker, Wait } from "./protocol.ts";
import { received } from "./received.ts";
import type { Ask } from "./remote-store.ts";
import { buffersOf, markMoved } from "./transfer.ts";

export type Post = (message: FromWorker, transfer?: readonly Transferable[]) => void;

export interface InvocationOptions {
  readonly run: Extract<ToWorker, { tickwork: "run" }>;
  readonly compiled: CompiledWorkflow;
  readonly definition: StepDefinition;
  readonly post: Post;
  /** Nothing more is to be said of it. */
  readonly over: () => void;
}

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly callback?: (value: unknown) => unknown;
  /** What the callback threw: told as it is, not as it came back. */
  thrown?: { readonly error: unknown };
}

export class Invocation implements IsolatedPort {
  readonly facts: InvocationFacts;
  readonly compiled: CompiledWorkflow;
  readonly definition: StepDefinition;
  readonly #job: number;
  readonly #input: WorkflowEvent | readonly WorkflowEvent[];
  readonly #post: Post;
  readonly #over: () => void;
  readonly #outputs: Output[] = [];
  readonly #calls = new Map<number, PendingCall>();
  #nextCall = 1;
  /** Waits that are begun together. */
  #waits: Wait[] | null = null;
  /** Waits that were begun and have no answer. */
  readonly #unanswered = new Set<number>();
  /** The first undeclared output: it fails the run even if the step swallows the error. */
  #breach: WorkflowError | null = null;
  readonly #abort = new AbortController();
  #isOver = false;
  /** Its end was told (I1). */
  #isTold = false;

  constructor({ run, compiled, definition, post, over }: InvocationOptions) {
    this.compiled = compiled;
    this.definition = definition;
    this.facts = run.facts;
    this.#job = run.job;
    this.#input = run.input;
    this.#post = post;
    this.#over = over;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  async run(): Promise<void> {
    const input = Array.isArray(this.#input)
      ? Object.freeze(this.#input.map(toInput))
      : toInput(this.#input as WorkflowEvent);
    try {
      const returned = await this.definition.run(input, new IsolatedContext(this));
      this.#done(returned);
    } catch (error) {
      this.#failed(error);
    }
  }

  assertOpen(call: string): void {
    if (this.#isOver) throw this.#ended(call);
  }

  declared(event: unknown): WorkflowEvent {
    try {
      return declaredOutput(this.definition, event);
    } catch (error) {
      if (isUndeclared(error)) this.#breach ??= error;
      throw error;
    }
  }

  addOutput(output: Output): void {
    this.#outputs.push(output);
  }

  log(message: string, data: Extract<FromWorker, { tickwork: "log" }>["data"]): void {
    this.#post({ tickwork: "log", job: this.#job, message, data });
  }

  readonly ask: Ask = async (request, callback) => {
    this.assertOpen(request.method === "once" ? "once" : `store.${request.method}`);
    const { call, reply } = this.#begin(callback);
    this.#post({ tickwork: "call", job: this.#job, call, request });
    return reply;
  };

  wait(wait: Omit<Wait, "call">): Promise<unknown> {
    const { call, reply } = this.#begin();
    if (!this.#waits) {
      this.#waits = [];
      // A little later, so that waits begun side by side are registered together.
      macrotask(() => this.#sendWaits());
    }
    this.#waits.push({ ...wait, call });
    this.#unanswered.add(call);
    return reply;
  }

  receive(message: Exclude<ToWorker, { tickwork: "run" }>): void {
    switch (message.tickwork) {
      case "reply":
        this.#replied(message.call, message.reply);
        break;
      case "callback":
        void this.#callBack(message.call, message.value);
        break;
      case "abort":
        this.#aborted(decodeError(message.reason));
        break;
    }
  }

  #begin(callback?: (value: unknown) => unknown): { call: number; reply: Promise<unknown> } {
    const call = this.#nextCall++;
    const reply = new Promise<unknown>((resolve, reject) => {
      this.#calls.set(call, { resolve, reject, ...(callback && { callback }) });
    });
    return { call, reply };
  }

  #sendWaits(): void {
    const waits = this.#waits;
    this.#waits = null;
    if (this.#isOver || !waits) return;
    if (this.#breach) this.#failed(this.#breach);
    else this.#post({ tickwork: "waits", job: this.#job, waits });
  }

  #replied(call: number, reply: Reply): void {
    const pending = this.#calls.get(call);
    this.#calls.delete(call);
    this.#unanswered.delete(call);
    if (reply.ok) pending?.resolve(received(reply.value));
    else pending?.reject(pending.thrown ? pending.thrown.error : decodeError(reply.error));
  }

  async #callBack(call: number, value: unknown): Promise<void> {
    const pending = this.#calls.get(call);
    if (!pending?.callback) return;
    let reply: Reply;
    try {
      reply = { ok: true, value: await pending.callback(value) };
    } catch (error) {
      pending.thrown = { error };
      reply = { ok: false, error: encodeError(error) };
    }
    if (!this.#isOver) this.#post({ tickwork: "answer", job: this.#job, call, reply });
  }

  #done(value: unknown): void {
    if (this.#isOver) return this.#end({ tickwork: "ended", job: this.#job });
    if (this.#breach) throw this.#breach;
    const returned = this.#toReturned(value);
    const list = returned === undefined ? [] : Array.isArray(returned) ? returned : [returned as WorkflowEvent];
    const buffers = buffersOf([...this.#outputs.map(({ event }) => event), ...list]);
    this.#end({ tickwork: "done", job: this.#job, outputs: this.#outputs, returned }, buffers);
    markMoved(buffers);
  }

  /** What it declares and where it may return a list is the engine's to say. */
  #toReturned(value: unknown): WorkflowEvent | readonly WorkflowEvent[] | undefined {
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) return this.declared(value);
    return this.definition.lists.size === 0 ? [] : value.map((event) => this.declared(event));
  }

  #failed(thrown: unknown): void {
    if (this.#isOver) return this.#end({ tickwork: "ended", job: this.#job });
    const error = encodeError(this.#breach ?? thrown);
    this.#end({ tickwork: "failed", job: this.#job, error, breach: this.#breach !== null });
  }

  #end(message: FromWorker, transfer: readonly Transferable[] = []): void {
    if (this.#isTold) return;
    this.#post(message, transfer);
    this.#isOver = true;
    this.#isTold = true;
    this.#over();
  }

  #aborted(reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#abort.abort(reason);
    for (const [call, { reject }] of this.#calls) {
      if (this.#unanswered.has(call)) continue;
      this.#calls.delete(call);
      reject(this.#ended("store"));
    }
    // A suspended step stays where it is for ever, so nothing is waited for.
    if (this.#unanswered.size > 0) this.#end({ tickwork: "ended", job: this.#job });
  }

  #ended(call: string): ContextStateError {
    return new ContextStateError(
      `ctx.${call} was called after this invocation of step ${this.definition.name} ended, or did not come back before. Await everything the step starts.`,
    );
  }
}

function toInput({ type, data }: WorkflowEvent): WorkflowEvent {
  return Object.freeze({ type, data: received(data) });
}

/** For a step or a workflow that this worker does not know. */
export function notServed(workflow: string, step: string, served: readonly string[]): WorkflowRuntimeError {
  return new WorkflowRuntimeError(
    `The pool's worker does not know step ${step} of workflow ${workflow}. Pass the workflow to serveSteps in the worker's module. Served: ${served.join(", ") || "none"}.`,
    { code: "STEP_NOT_SERVED", data: { workflow, step } },
  );
}
