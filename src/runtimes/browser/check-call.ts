/** Whether a page asks in the form that the protocol has: another page, an older one, or none of ours may be at the end. */
import { WorkflowRuntimeError } from "../../core/errors.ts";
import { encodeError } from "../../serialize/error-codec.ts";
import { decodeValue } from "../../serialize/serializer.ts";
import type { WorkerApi } from "./protocol.ts";

type Shape =
  | "text"
  | "text or null"
  | "number"
  | "number or null"
  | "object"
  | "text or object"
  | "texts"
  | "numbers"
  | "anything";

const shapes: { readonly [Call in keyof WorkerApi]: readonly Shape[] } = {
  describeWorkflows: [],
  describeRun: ["text"],
  startRun: ["text", "anything", "object"],
  runStatus: ["text"],
  result: ["text"],
  sendEvent: ["text", "object", "object"],
  cancelRun: ["text", "text or null"],
  snapshot: ["text"],
  resumeRun: ["text", "object"],
  debugRun: ["text", "object"],
  deleteRun: ["text"],
  exportRun: ["text"],
  importRun: ["anything", "object"],
  forkRun: ["text", "object"],
  listRuns: ["object"],
  stateAt: ["text", "number or null"],
  readTicks: ["text", "object"],
  readTick: ["text", "number"],
  depthOverTime: ["text", "number"],
  listWaiters: ["object"],
  stateDifference: ["text", "object"],
  whatIf: ["text", "object", "text"],
  abandon: ["text"],
  timeline: ["text", "object"],
  searchTicks: ["text", "object"],
  causes: ["text", "number"],
  readPart: ["text", "object", "texts", "number or null"],
  readText: ["text", "object", "texts"],
  readTickLines: ["text", "numbers"],
  readStream: ["text", "object"],
  readWorkItems: ["text", "object"],
  runningLogs: ["text", "object"],
  edgeTraffic: ["text", "number or null"],
  compareRuns: ["text", "text"],
  prune: ["object"],
  storage: [],
  retryStorage: [],
  openReader: ["text", "object"],
  nextEvents: ["text"],
  closeReader: ["text"],
  inspect: ["text", "text or object"],
  wake: [],
  close: [],
};

/** Fields of the objects above that are text or a number if they are there. What an event is, the run says: it is the same error everywhere. */
const fields: { readonly [name: string]: "string" | "number" } = {
  __proto__: null as never,
  runId: "string",
  step: "string",
  waiter: "number",
  onMismatch: "string",
  workflow: "string",
  from: "number",
  to: "number",
  buckets: "number",
  workItem: "number",
  limit: "number",
  after: "number",
  atSequence: "number",
  viewAt: "number",
  sequence: "number",
  bytes: "number",
  text: "string",
  kind: "string",
  by: "string",
  event: "string",
  of: "string",
};
const required: { readonly [Call in keyof WorkerApi]?: readonly string[] } = {
  sendEvent: ["type"],
  readTicks: ["from", "limit"],
  stateDifference: ["from", "to"],
  whatIf: ["atSequence", "change"],
  searchTicks: ["from", "limit"],
  readStream: ["from", "limit"],
  readPart: ["of", "sequence"],
  readText: ["of", "sequence"],
  readWorkItems: ["step", "from", "limit"],
};

/** The same calls; one in another form is answered with `WorkflowRuntimeError`, code CALL_INVALID, and not made. */
export function checked(api: WorkerApi): WorkerApi {
  const calls = Object.entries(api) as [keyof WorkerApi, (...given: unknown[]) => Promise<unknown>][];
  const wrapped = calls.map(([call, make]) => [
    call,
    async (...given: unknown[]): Promise<unknown> => {
      try {
        checkCall(call, given);
      } catch (error) {
        return { ok: false, error: encodeError(error) };
      }
      return make(...given);
    },
  ]);
  return Object.fromEntries(wrapped) as WorkerApi;
}

/** A payload as the page meant it. */
export function decodeArgument(call: keyof WorkerApi, value: unknown): unknown {
  try {
    return decodeValue(value);
  } catch (error) {
    throw invalid(call, `its data cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}

function checkCall(call: keyof WorkerApi, given: readonly unknown[]): void {
  for (const [index, shape] of shapes[call].entries()) {
    const value = given[index];
    if (!fits(value, shape)) throw invalid(call, `argument ${index + 1} must be ${shape}`);
    // A run file is checked by what reads it.
    if (shape !== "object") continue;
    for (const [name, field] of Object.entries(value as object)) {
      const type = fields[name];
      if (type && field !== undefined && typeof field !== type) throw invalid(call, `${name} must be a ${type}`);
      if (type === "number" && Number.isNaN(field)) throw invalid(call, `${name} must be a number`);
    }
    const missing = index === 1 && required[call]?.find((name) => !Object.hasOwn(value as object, name));
    if (missing) throw invalid(call, `${missing} is missing`);
  }
}

function fits(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case "text":
      return typeof value === "string";
    case "text or null":
      return typeof value === "string" || value === null || value === undefined;
    case "number":
      return typeof value === "number" && !Number.isNaN(value);
    case "number or null":
      return (typeof value === "number" && !Number.isNaN(value)) || value === null || value === undefined;
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "text or object":
      return fits(value, "text") || fits(value, "object");
    case "texts":
      return isListOf(value, "string");
    case "numbers":
      return isListOf(value, "number");
    case "anything":
      return true;
  }
}

function isListOf(value: unknown, type: "string" | "number"): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === type);
}

function invalid(call: string, why: string): WorkflowRuntimeError {
  return new WorkflowRuntimeError(
    `${call} was called with what it does not take: ${why}. Do page and worker come from the same build?`,
    { code: "CALL_INVALID", data: { call } },
  );
}
