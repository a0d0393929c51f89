import {
  allOf,
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  listOf,
  StartEvent,
  StopEvent,
  type Workflow,
} from "tickwork";
import type { WorkflowDescription } from "tickwork/client";
import { expect, test } from "vitest";
import { z } from "zod";
import { describeWorkflow } from "../../src/engine/describe-workflow.ts";
import { recordedWorkflow } from "../../src/inspection/recorded-workflow.ts";
import { compile } from "../../src/workflow/compile.ts";

const Page = defineEvent("Page", z.string());
const Part = defineEvent("Part");
const Other = defineEvent("Other");
const Question = inputRequiredEvent("Question");
const Answer = humanResponseEvent("Answer", z.object({ yes: z.boolean() }));

/** Joins, handlers of failures, a wait: all that draws an arrow. */
const reading = defineWorkflow("reading", { version: "1", skipGraphChecks: ["deadEnd"] })
  .step("split", { accepts: StartEvent, emits: [Page, Other] }, () => undefined)
  .step(
    "read",
    { accepts: Page, emits: [Part, Question], waitsFor: Answer, retryPolicy: constantDelay({ delay: 5 }) },
    () => undefined,
  )
  .step("join", { accepts: allOf(Part, Other), emits: StopEvent }, () => undefined)
  .catchError("rescue", { emits: Part }, () => undefined)
  .catchError("rescueRead", { forSteps: ["read"], emits: Part }, () => undefined);
const listing = defineWorkflow("listing")
  .step("split", { accepts: StartEvent, emits: listOf(Page) }, () => [])
  .step("work", { accepts: Page, emits: Part, numWorkers: 3 }, () => undefined)
  .step("join", { accepts: listOf(Part), emits: StopEvent }, () => StopEvent());

const described = (workflow: Workflow) => describeWorkflow(compile(workflow));
const sorted = ({ graph, ...rest }: WorkflowDescription) => ({
  ...rest,
  graph: { ...graph, edges: graph.edges.toSorted((a, b) => (a.id < b.id ? -1 : 1)) },
});

test.each([reading, listing] as const)("of unchanged code it is the workflow as it is described: %o", (workflow) => {
  const recorded = recordedWorkflow(compile(workflow).program, described(workflow));
  expect(sorted(recorded)).toEqual(sorted(described(workflow)));
});

test("of code that lost a step, it has the step, its arrows and its numbers", () => {
  const after = defineWorkflow("reading", { version: "2" }).step(
    "split",
    { accepts: StartEvent, emits: StopEvent },
    () => StopEvent(),
  );
  const { version, graph, events } = recordedWorkflow(compile(reading).program, described(after));
  expect([version, graph.version]).toEqual(["1", "1"]);
  expect(graph.nodes.find(({ name }) => name === "read")).toMatchObject({
    accepts: ["Page"],
    numWorkers: 4,
    hasRetryPolicy: false,
  });
  const ids = graph.edges.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(["event:Page>step:read", "step:read>step:rescueRead"]));
  // Nothing recorded says who waits for what.
  expect(ids).not.toContain("event:Answer>step:read");
  expect(events["Page"]).toEqual({ type: "Page", role: "event", schema: null });
});

test("of code that is nowhere it is what was recorded", () => {
  const { graph, startEvent, stopEvent } = recordedWorkflow(compile(listing).program, null);
  expect([startEvent, stopEvent]).toEqual(["StartEvent", "StopEvent"]);
  expect(graph.nodes.map(({ name }) => name)).toEqual(described(listing).graph.nodes.map(({ name }) => name));
});
