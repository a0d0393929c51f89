import * as tickwork from "tickwork";
import { expect, test } from "vitest";
import { errorClasses } from "../../src/core/errors.ts";

/** What programs branch on, and what stands in saved runs: never to be changed. */
const codes: Record<string, string> = {
  WorkflowValidationError: "WORKFLOW_INVALID",
  WorkflowConfigurationError: "CONFIGURATION_INVALID",
  WorkflowRuntimeError: "RUNTIME",
  WorkflowTimeoutError: "WORKFLOW_TIMEOUT",
  WaiterTimeoutError: "WAITER_TIMEOUT",
  WorkflowCancelledByUser: "WORKFLOW_CANCELLED",
  EventValidationError: "EVENT_INVALID",
  ContextSerdeError: "CONTEXT_UNREADABLE",
  ContextStateError: "CONTEXT_STATE",
  StorageError: "STORAGE",
  EngineUnavailableError: "ENGINE_UNAVAILABLE",
};

test("every class keeps the code that programs branch on", () => {
  const found = Object.entries(errorClasses).map(([name, ErrorClass]) => [name, new ErrorClass("m").code]);
  expect(Object.fromEntries(found)).toEqual(codes);
});

test("an error has a cause only if there was one, and no data if none was given", () => {
  const error = new tickwork.WorkflowError("m", "CODE");
  expect(error).toMatchObject({ name: "WorkflowError", code: "CODE", data: {} });
  expect(Object.hasOwn(error, "cause")).toBe(false);
  expect(new tickwork.WorkflowError("m", "CODE", { cause: null })).toHaveProperty("cause", null);
});
