/** The context of an isolated step, in the worker that runs it: a thin face on the invocation. */
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { EventRole, WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import { assertAccepts } from "../engine/context.ts";
import { decodeToError } from "../serialize/error-codec.ts";
import type { StateStore } from "../store/state-store.ts";
import type { ChildOptions, RetryInfo, StepContext, WaitOptions } from "../workflow/context-api.ts";
import { checkEvent, isEvent, type EventKind } from "../workflow/event.ts";
import { refuseCollecting, withoutResources } from "../workflow/isolation.ts";
import { toLogData, toWrittenData } from "../workflow/written-data.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import { declaredWorkflow } from "../workflow/declared-workflow.ts";
import type { AnyWorkflow } from "../workflow/infer.ts";
import type { StepDefinition } from "../workflow/step.ts";
import type { FromWorker, InvocationFacts, Output, Wait } from "./protocol.ts";
import { createRemoteStore, type Ask } from "./remote-store.ts";

/** What the context of one invocation may ask of it. */
export interface IsolatedPort {
  readonly facts: InvocationFacts;
  readonly compiled: CompiledWorkflow;
  readonly definition: StepDefinition;
  readonly signal: AbortSignal;
  readonly ask: Ask;
  /** Throws `ContextStateError` once nothing has an effect any more. */
  assertOpen(call: string): void;
  /** The event, checked against its kind; throws for one the step does not declare. */
  declared(event: unknown): WorkflowEvent;
  addOutput(output: Output): void;
  log(message: string, data: Extract<FromWorker, { tickwork: "log" }>["data"]): void;
  /** Resolves with the answer, or never: then the step is suspended and runs again from the top. */
  wait(wait: Omit<Wait, "call">): Promise<unknown>;
}

export class IsolatedContext implements StepContext {
  readonly resources: object;
  readonly store: StateStore;
  readonly #invocation: IsolatedPort;
  /** Side effects under way or done in this invocation, by key. */
  readonly #effects = new Map<string, Promise<unknown>>();

  constructor(invocation: IsolatedPort) {
    this.#invocation = invocation;
    this.resources = withoutResources(invocation.definition.name);
    this.store = createRemoteStore(invocation.ask);
  }

  get runId(): string {
    return this.#invocation.facts.runId;
  }

  get stepName(): string {
    return this.#invocation.definition.name;
  }

  get workerId(): number {
    return this.#invocation.facts.workerId;
  }

  get workItem(): number {
    return this.#invocation.facts.workItem;
  }

  get signal(): AbortSignal {
    return this.#invocation.signal;
  }

  sendEvent(event: WorkflowEvent, { step }: { readonly step?: string } = {}): void {
    const invocation = this.#invocation;
    invocation.assertOpen("sendEvent");
    const declared = invocation.declared(event);
    if (step !== undefined) assertAccepts(invocation.compiled, step, event.type);
    invocation.addOutput({ mode: "send", event: declared, ...(step !== undefined && { target: step }) });
  }

  collectEvents(): never {
    throw refuseCollecting(this.stepName);
  }

  waitForEvent<Type extends string, Data, Input, Role extends EventRole>(
    kind: EventKind<Type, Data, Input, Role>,
    options: WaitOptions<Data> = {},
  ): Promise<WorkflowEvent<Type, Data>> {
    this.#invocation.assertOpen("waitForEvent");
    if (!this.#invocation.compiled.kinds.has(kind.type)) throw this.#unknownKind(kind.type);
    const { requirements, waiterEvent, ...others } = options;
    const what = `What waitForEvent(${kind.type}) requires`;
    return this.#invocation.wait({
      type: kind.type,
      ...others,
      ...(requirements && { requirements: toWrittenData(what, requirements) as JsonObject }),
      ...(waiterEvent && { waiterEvent: this.#checked(waiterEvent) }),
    }) as Promise<WorkflowEvent<Type, Data>>;
  }

  writeEventToStream(event: WorkflowEvent): void {
    this.#invocation.assertOpen("writeEventToStream");
    this.#invocation.addOutput({ mode: "stream", event: this.#checked(event) });
  }

  once<Result>(key: string, effect: () => Result | Promise<Result>): Promise<Result> {
    const running = this.#effects.get(key);
    if (running) return running as Promise<Result>;
    const result = this.#invocation.ask({ method: "once", key }, async () =>
      toWrittenData(`The result of ctx.once("${key}")`, await effect()),
    );
    this.#effects.set(key, result);
    // The next call tries anew what failed.
    result.catch(() => this.#effects.delete(key));
    return result as Promise<Result>;
  }

  async runWorkflow(workflow: AnyWorkflow, input?: unknown, options: ChildOptions = {}): Promise<never> {
    this.#invocation.assertOpen("runWorkflow");
    const { name } = declaredWorkflow(this.#invocation.definition, workflow);
    const written = input === undefined ? input : toWrittenData(`The input of workflow ${name}`, input);
    return (await this.#invocation.ask({ method: "runWorkflow", workflow: name, input: written, options })) as never;
  }

  retryInfo(): RetryInfo {
    const { lastError, ...retry } = this.#invocation.facts.retry;
    return { ...retry, lastError: lastError && decodeToError(lastError) };
  }

  log(message: string, data?: unknown): void {
    this.#invocation.assertOpen("log");
    this.#invocation.log(message, data === undefined ? undefined : toLogData(data));
  }

  #checked(event: unknown): WorkflowEvent {
    if (isEvent(event)) return checkEvent(this.#invocation.compiled.kinds.get(event.type), event);
    throw new WorkflowRuntimeError(
      `Step ${this.stepName} passed something that is no event. Make one with an event kind.`,
    );
  }

  #unknownKind(type: string): WorkflowRuntimeError {
    return new WorkflowRuntimeError(
      `Step ${this.stepName} is isolated and waits for ${type}, which no step of the workflow names: the engine could not check the answer. Add it to the step's \`waitsFor\`.`,
      { code: "KIND_UNKNOWN", data: { step: this.stepName, event: type } },
    );
  }
}
