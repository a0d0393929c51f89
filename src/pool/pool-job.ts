/**
 * One invocation of an isolated step, on the engine's side: what its function asks for from afar is asked of the
 * context that the engine made for it, so that all is checked, recorded and taken back as it is for any other step.
 */
import type { SerializedError } from "../core/serialized-error.ts";
import { EngineUnavailableError, WorkflowError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import { ContractBreach } from "../ports/step-executor.ts";
import { decodeError, encodeError } from "../serialize/error-codec.ts";
import type { StepContext } from "../workflow/context-api.ts";
import { adoptEvent, defineEvent } from "../workflow/event.ts";
import type { AnyWorkflow } from "../workflow/infer.ts";
import type { StepDefinition } from "../workflow/step.ts";
import type { FromWorker, Output, Reply, Request, ToWorker, Wait } from "./protocol.ts";

export interface JobOptions {
  readonly id: number;
  readonly workflow: string;
  readonly step: StepDefinition;
  readonly input: unknown;
  readonly context: StepContext;
}

interface Callback {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

export class PoolJob {
  readonly id: number;
  /** Resolves with what the step's function returned. */
  readonly result: Promise<unknown>;
  readonly context: StepContext;
  readonly step: StepDefinition;
  readonly #workflow: string;
  readonly #input: unknown;
  #resolve: (value: unknown) => void = () => undefined;
  #reject: (reason: unknown) => void = () => undefined;
  #send: ((message: ToWorker) => void) | null = null;
  /** Functions in the worker that something here waits for, by call. */
  readonly #callbacks = new Map<number, Callback>();

  constructor({ id, workflow, step, input, context }: JobOptions) {
    this.id = id;
    this.step = step;
    this.context = context;
    this.#workflow = workflow;
    this.#input = input;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // It may be given up while nobody waits for it any more.
    this.result.catch(() => undefined);
  }

  /** Hands it to a worker. */
  begin(send: (message: ToWorker) => void): void {
    this.#send = send;
    const { runId, workerId, workItem } = this.context;
    const { lastError, ...retry } = this.context.retryInfo();
    send({
      tickwork: "run",
      job: this.id,
      workflow: this.#workflow,
      step: this.step.name,
      input: this.#input as WorkflowEvent,
      facts: { runId, workerId, workItem, retry: { ...retry, lastError: lastError && encodeError(lastError) } },
    });
  }

  /** Takes what the worker says of it; nothing once it is over. */
  receive(message: Exclude<FromWorker, { tickwork: "ready" }>): void {
    if (!this.#send) return;
    switch (message.tickwork) {
      case "log":
        this.context.log(message.message, message.data);
        break;
      case "call":
        this.#answer(message.call, () => serve[message.request.method](this, message.call, message.request as never));
        break;
      case "waits":
        for (const wait of message.waits) this.#answer(wait.call, () => this.#wait(wait));
        break;
      case "answer":
        this.#called(message.call, message.reply);
        break;
      case "done":
        this.#done(message.outputs, message.returned);
        break;
      case "failed":
        this.#failed(message.error, message.breach);
        break;
      case "ended":
        break;
    }
  }

  /** The result is not wanted any more. */
  abort(reason: unknown): void {
    const send = this.#send;
    this.#end();
    send?.({ tickwork: "abort", job: this.id, reason: encodeError(reason) });
  }

  /** It cannot come to its end. */
  fail(error: unknown): void {
    this.#end();
    this.#reject(error);
  }

  /** Has the function of a call run in the worker. */
  call(call: number, value?: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#callbacks.set(call, { resolve, reject });
      this.#send?.({ tickwork: "callback", job: this.id, call, value });
    });
  }

  #end(): void {
    this.#send = null;
    // An edit of the store keeps other writers waiting until it is over.
    const error = new EngineUnavailableError(
      `Step ${this.step.name} was stopped in the middle of an edit or an effect.`,
    );
    for (const { reject } of this.#callbacks.values()) reject(error);
    this.#callbacks.clear();
  }

  #called(call: number, reply: Reply): void {
    const callback = this.#callbacks.get(call);
    this.#callbacks.delete(call);
    if (reply.ok) callback?.resolve(reply.value);
    else callback?.reject(decodeError(reply.error));
  }

  #answer(call: number, action: () => Promise<unknown>): void {
    const reply = (sent: Reply): void => this.#send?.({ tickwork: "reply", job: this.id, call, reply: sent });
    const refuse = (error: unknown): void => reply({ ok: false, error: encodeError(error) });
    try {
      action().then((value) => reply({ ok: true, value }), refuse);
    } catch (error) {
      refuse(error);
    }
  }

  #wait({ type, waiterEvent, call: _call, ...options }: Wait): Promise<unknown> {
    // Only its name counts: the workflow knows the kind.
    return this.context.waitForEvent(defineEvent(type), {
      ...(options as object),
      ...(waiterEvent && { waiterEvent: adoptEvent(waiterEvent) }),
    });
  }

  #done(outputs: readonly Output[], returned: WorkflowEvent | readonly WorkflowEvent[] | undefined): void {
    this.#end();
    try {
      for (const { mode, event, target } of outputs) {
        if (mode === "stream") this.context.writeEventToStream(adoptEvent(event));
        else this.context.sendEvent(adoptEvent(event), target === undefined ? {} : { step: target });
      }
      this.#resolve(
        Array.isArray(returned) ? returned.map(adoptEvent) : returned && adoptEvent(returned as WorkflowEvent),
      );
    } catch (error) {
      this.#reject(error);
    }
  }

  #failed(encoded: SerializedError, isBreach: boolean): void {
    this.#end();
    const error = decodeError(encoded);
    this.#reject(isBreach && error instanceof WorkflowError ? new ContractBreach(error) : error);
  }
}

type Serve = {
  readonly [Method in Request["method"]]: (
    job: PoolJob,
    call: number,
    request: Extract<Request, { method: Method }>,
  ) => Promise<unknown>;
};

const serve: Serve = {
  get: ({ context }, _call, { path }) => context.store.get(path),
  set: ({ context }, _call, { path, value }) => context.store.set(path, value),
  edit: (job, call) =>
    job.context.store.edit(async (draft) => {
      replace(draft, (await job.call(call, draft)) as object);
    }),
  getState: ({ context }) => context.store.getState(),
  setState: ({ context }, _call, { state }) => context.store.setState(state),
  clear: ({ context }) => context.store.clear(),
  once: (job, call, { key }) => job.context.once(key, () => job.call(call)),
  runWorkflow: ({ context, step }, _call, { workflow, input, options }) =>
    context.runWorkflow(step.runs.find(({ name }) => name === workflow) as AnyWorkflow, input as never, options),
};

function replace(draft: Record<string, unknown>, changed: object): void {
  for (const key of Object.keys(draft)) delete draft[key];
  // By definition, not by assignment: __proto__ is a key like any other.
  Object.defineProperties(draft, Object.getOwnPropertyDescriptors(changed));
}
