import {
  allOf,
  constantDelay,
  defineEvent,
  defineWorkflow,
  listOf,
  startEvent,
  StartEvent,
  StopEvent,
  stopEvent,
  validate,
  WorkflowConfigurationError,
  WorkflowValidationError,
  type Workflow,
} from "tickwork";
import { expect, test } from "vitest";

const A = defineEvent("A");
const B = defineEvent("B");
const noop = () => undefined;
const begin = () => defineWorkflow("w").step("begin", { accepts: StartEvent, emits: StopEvent }, noop);

test("a step keeps what it was declared with (1)", () => {
  const retryPolicy = constantDelay();
  const { steps } = begin().step(
    "x",
    { accepts: [A, B], emits: [], numWorkers: 3, retryPolicy, description: "d" },
    noop,
  );
  expect(steps[1]).toMatchObject({ name: "x", numWorkers: 3, retryPolicy, description: "d", run: noop });
  expect(steps[1]?.accepts.map(({ type }) => type)).toEqual(["A", "B"]);
  expect(steps[1]?.emits).toEqual([]);
});

test("kinds mixed with something that is none are refused, in accepts and emits (6)", () => {
  expect(() => begin().step("x", { accepts: [A, "B" as never], emits: [] }, noop)).toThrow(WorkflowConfigurationError);
  expect(() => begin().step("x", { accepts: A, emits: [B, {} as never] }, noop)).toThrow(WorkflowConfigurationError);
});

test("a step that accepts a stop event, or a kind that extends one, is named (22)", () => {
  const Special = stopEvent("Special", undefined, { extends: StopEvent });
  for (const accepts of [StopEvent, Special, [A, Special]] as const) {
    expect(() => begin().step("greedy", { accepts, emits: [] }, noop)).toThrow(/greedy.*(StopEvent|Special)/);
  }
});

test("several events nobody accepts are in one error (30)", () => {
  const workflow = begin()
    .step("x", { accepts: StartEvent, emits: [A, StopEvent] }, noop)
    .step("y", { accepts: StartEvent, emits: [B, StopEvent] }, noop);
  expect(() => validate(workflow)).toThrow(WorkflowValidationError);
  expect(() => validate(workflow)).toThrow(/- A, emitted by x[^]*- B, emitted by y/);
});

test("what passed once is not checked again; another step makes it a workflow that is (36)", () => {
  let looked = 0;
  const good = begin();
  const watched: Workflow = {
    ...good,
    get steps() {
      looked += 1;
      return good.steps;
    },
  };
  validate(watched);
  const once = looked;
  validate(watched);
  expect([once > 0, looked]).toEqual([true, once]);
  expect(() => validate(good.step("lost", { accepts: StartEvent, emits: [A, StopEvent] }, noop))).toThrow(/A/);
});

test("a slot of a join takes one kind, and no list stands beside other kinds (117)", () => {
  const joining = (accepts: unknown) => () => begin().step("join", { accepts, emits: [] } as never, noop);
  expect(joining(allOf([A, B] as never, A))).toThrow(WorkflowConfigurationError);
  expect(joining(allOf(A, listOf(B) as never))).toThrow(/joins a list with other kinds/);
  expect(joining([A, listOf(B)])).toThrow(WorkflowConfigurationError);
  expect(() => allOf(A)).toThrow(WorkflowConfigurationError);
});

test("two start kinds are two even if one extends the other (17)", () => {
  const Special = startEvent("Special", undefined, { extends: StartEvent });
  const workflow = begin().step("x", { accepts: Special, emits: [] }, noop);
  expect(() => validate(workflow)).toThrow(/StartEvent, Special/);
});
