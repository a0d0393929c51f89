import {
  buildGraph,
  defineEvent,
  defineWorkflow,
  resource,
  run,
  startEvent,
  StartEvent,
  stopEvent,
  StopEvent,
  toMermaid,
  validate,
  WorkflowConfigurationError,
  WorkflowValidationError,
  type StepConfig,
  type Workflow,
} from "tickwork";
import { describe, expect, test } from "vitest";
import { Answer, Question } from "../engine/fixtures.ts";

const A = defineEvent("A");
const B = defineEvent("B");
const C = defineEvent("C");
const noop = () => undefined;
const begin = (name = "w", options = {}) =>
  defineWorkflow(name, options).step("begin", { accepts: StartEvent, emits: StopEvent }, noop);

function problems(workflow: Workflow): string[] {
  try {
    validate(workflow);
  } catch (error) {
    expect(error).toBeInstanceOf(WorkflowValidationError);
    return (error as WorkflowValidationError).data["problems"] as string[];
  }
  return [];
}
const refused = (workflow: Workflow) => {
  expect(() => validate(workflow)).toThrow(WorkflowConfigurationError);
  return expect(() => validate(workflow));
};

describe("start and stop kinds", () => {
  test("a workflow without steps has a message of its own", () => {
    refused(defineWorkflow("empty")).toThrow(/empty has no steps.*step\(/);
  });

  test("no start kind is refused and says what to do", () => {
    refused(defineWorkflow("w").step("a", { accepts: Answer, emits: StopEvent }, noop)).toThrow(
      /w: No step accepts a start event.*startEvent/,
    );
  });

  test("no stop kind is refused and says what to do", () => {
    refused(defineWorkflow("w").step("a", { accepts: StartEvent, emits: [] }, noop)).toThrow(
      /No step emits a stop event.*stopEvent/,
    );
  });

  test("two start kinds are refused and named", () => {
    refused(begin().step("b", { accepts: startEvent("Other"), emits: [] }, noop)).toThrow(/StartEvent, Other/);
  });

  test("two stop kinds are refused and named", () => {
    refused(begin().step("b", { accepts: StartEvent, emits: stopEvent("Other") }, noop)).toThrow(/StopEvent, Other/);
  });

  test("both mistakes are reported together", () => {
    refused(defineWorkflow("w").step("a", { accepts: Answer, emits: [] }, noop)).toThrow(/start event.*stop event/);
  });
});

describe("the graph", () => {
  test("of a workflow that can work is fine", () => {
    expect(problems(begin())).toEqual([]);
  });

  test("with an event nobody produces names it, the step and the remedy", () => {
    const [problem, ...others] = problems(
      begin().step("b", { accepts: A, emits: [], skipGraphChecks: ["reachability"] }, noop),
    );
    expect(problem).toMatch(/Step b accepts A, which no step emits\. Emit it/);
    expect(others).toEqual([]);
  });

  test("with an event nobody consumes names it, the steps and the remedy", () => {
    const workflow = begin()
      .step("b", { accepts: StartEvent, emits: [A, StopEvent] }, noop)
      .step("c", { accepts: StartEvent, emits: [A, StopEvent] }, noop);
    expect(problems(workflow)).toEqual([
      expect.stringMatching(/^A, emitted by b, c, is accepted by no step\. Accept it/),
    ]);
  });

  test("with a step that cannot be reached names it and the remedy", () => {
    const workflow = begin()
      .step("x", { accepts: A, emits: [B, StopEvent] }, noop)
      .step("y", { accepts: B, emits: [A, StopEvent] }, noop);
    expect(problems(workflow)).toEqual([
      expect.stringMatching(/Step x can never be reached.*emit A/),
      expect.stringMatching(/Step y can never be reached.*emit B/),
    ]);
  });

  test("with a cycle without a way out names its steps and the remedy", () => {
    const workflow = begin()
      .step("x", { accepts: StartEvent, emits: A }, noop)
      .step("y", { accepts: A, emits: B }, noop)
      .step("z", { accepts: B, emits: A }, noop);
    expect(problems(workflow)).toEqual(
      ["x", "y", "z"].map((name) => expect.stringMatching(new RegExp(`Step ${name} leads to no stop event.*way out`))),
    );
  });

  test("with a cycle and one way out is fine", () => {
    const workflow = begin()
      .step("x", { accepts: StartEvent, emits: A }, noop)
      .step("y", { accepts: A, emits: [A, StopEvent] }, noop);
    expect(problems(workflow)).toEqual([]);
  });

  test("with a cycle that asks somebody outside is fine", () => {
    const workflow = begin()
      .step("x", { accepts: StartEvent, emits: A }, noop)
      .step("y", { accepts: A, emits: [A, Question] }, noop);
    expect(problems(workflow)).toEqual([]);
  });

  test("reaches steps through human responses", () => {
    expect(problems(begin().step("h", { accepts: Answer, emits: StopEvent }, noop))).toEqual([]);
  });

  test("with a step that takes an answer and emits nothing is fine", () => {
    expect(problems(begin().step("h", { accepts: Answer, emits: [] }, noop))).toEqual([]);
  });

  test("with two kinds of one name says so", () => {
    const workflow = begin()
      .step("x", { accepts: StartEvent, emits: A }, noop)
      .step("y", { accepts: defineEvent("A"), emits: StopEvent }, noop);
    expect(problems(workflow)).toEqual([expect.stringMatching(/Two different event kinds are named A/)]);
  });

  test("with several mistakes reports all of them together, in the message too", () => {
    const workflow = begin()
      .step("lost", { accepts: StartEvent, emits: [A, StopEvent] }, noop)
      .step("orphan", { accepts: B, emits: StopEvent }, noop)
      .step("round", { accepts: [StartEvent, C], emits: C }, noop);
    expect(problems(workflow)).toHaveLength(4);
    expect(() => validate(workflow)).toThrow(/- A, emitted by lost[^]*- Step orphan can never[^]*- Step round leads/);
  });
});

describe("skipGraphChecks", () => {
  test.each([
    ["reachability", { accepts: A, emits: [A, StopEvent] }],
    ["deadEnd", { accepts: [StartEvent, A], emits: A }],
    ["terminalEvent", { accepts: StartEvent, emits: [A, StopEvent] }],
  ] as const)("%s is skipped for the workflow", (check, config) => {
    expect(problems(begin().step("x", config as StepConfig, noop))).not.toEqual([]);
    expect(problems(begin("w", { skipGraphChecks: [check] }).step("x", config as StepConfig, noop))).toEqual([]);
  });

  test.each([
    ["reachability", { accepts: A, emits: [A, StopEvent] }],
    ["deadEnd", { accepts: [StartEvent, A], emits: A }],
    ["terminalEvent", { accepts: StartEvent, emits: [A, StopEvent] }],
  ] as const)("%s is skipped for one step", (check, config) => {
    expect(problems(begin().step("x", { ...(config as StepConfig), skipGraphChecks: [check] }, noop))).toEqual([]);
  });

  test("refuses a name it does not know", () => {
    expect(() => begin("w", { skipGraphChecks: ["nonsense"] })).toThrow(/"nonsense"/);
    expect(() => begin().step("x", { accepts: A, emits: [], skipGraphChecks: ["nonsense" as never] }, noop)).toThrow(
      WorkflowConfigurationError,
    );
  });
});

describe("a definition", () => {
  const config = { accepts: A, emits: B };

  test.each([
    ["a step name that is taken", () => begin().step("begin", config, noop)],
    ["an empty step name", () => begin().step(" ", config, noop)],
    ["a missing function", () => begin().step("x", config, undefined as never)],
    ["a missing emits", () => begin().step("x", { accepts: A } as never, noop)],
    ["a missing accepts", () => begin().step("x", { emits: A } as never, noop)],
    ["nothing accepted", () => begin().step("x", { accepts: [], emits: [] }, noop)],
    ["a stop event accepted", () => begin().step("x", { accepts: StopEvent, emits: [] }, noop)],
    ["something that is no kind", () => begin().step("x", { accepts: "A" as never, emits: [] }, noop)],
    ...[0, -1, 0.5, Number.NaN, "2", true].map(
      (numWorkers) =>
        [
          `numWorkers ${numWorkers}`,
          () => begin().step("x", { ...config, numWorkers: numWorkers as never }, noop),
        ] as const,
    ),
    ...[0, -1, 0.5, Number.NaN, "2", true].map(
      (numConcurrentRuns) =>
        [`numConcurrentRuns ${numConcurrentRuns}`, () => begin("w", { numConcurrentRuns })] as const,
    ),
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, "2"].map(
      (timeout) => [`timeout ${timeout}`, () => begin("w", { timeout })] as const,
    ),
    ["an empty workflow name", () => defineWorkflow(" ")],
    ["an event kind without a name", () => defineEvent("" as never)],
  ] as const)("with %s is refused", (_name, make) => {
    expect(make).toThrow(WorkflowConfigurationError);
  });

  test("is immutable: .step returns a new one", () => {
    const first = begin();
    const second = first.step("x", config, noop);
    expect([first.steps.length, second.steps.length]).toEqual([1, 2]);
    expect(Object.isFrozen(first)).toBe(true);
  });

  test("has defaults", () => {
    expect(begin()).toMatchObject({ timeout: 45_000, numConcurrentRuns: null, version: "1", description: null });
    expect(begin().steps[0]).toMatchObject({ numWorkers: 4, retryPolicy: null });
  });

  test("that is no workflow is refused", () => {
    expect(() => run({} as Workflow, null as never)).toThrow(WorkflowConfigurationError);
    expect(() => run(null as unknown as Workflow, null as never)).toThrow(WorkflowConfigurationError);
  });
});

test("a workflow that lists what is no resource is refused, with all the names and what to do", () => {
  const ready = { query: () => [] };
  const list = (resources: object) => () => defineWorkflow("w", { resources: resources as never });
  expect(list({ db: ready, cache: () => new Map(), ok: resource(() => 1), gone: null })).toThrow(
    "Workflow w lists resources that are none: db (object), cache (function), gone (null). Make each with resource(() => value).",
  );
  expect(list({ db: undefined })).toThrow(WorkflowConfigurationError);
  expect(list({ ok: resource(() => null) })).not.toThrow();
});

describe("buildGraph", () => {
  const workflow = defineWorkflow("g", { description: "d", version: "2" })
    .step("ask", { accepts: StartEvent, emits: [Question, A] }, noop)
    .step("take", { accepts: [Answer, A], emits: StopEvent, numWorkers: 2 }, noop);
  const graph = buildGraph(workflow);

  test("has one node per step and event, and one for the outside", () => {
    expect(graph.nodes.map(({ id }) => id).toSorted()).toEqual(
      [
        "event:A",
        "event:Answer",
        "event:Question",
        "event:StartEvent",
        "event:StopEvent",
        "external",
        "step:ask",
        "step:take",
      ].toSorted(),
    );
  });

  test("joins them by what is accepted and emitted, and questions and answers with the outside", () => {
    expect(graph.edges.map(({ id }) => id).toSorted()).toEqual(
      [
        "event:A>step:take",
        "event:Answer>step:take",
        "event:Question>external",
        "event:StartEvent>step:ask",
        "external>event:Answer",
        "step:ask>event:A",
        "step:ask>event:Question",
        "step:take>event:StopEvent",
      ].toSorted(),
    );
  });

  test("is plain JSON", () => {
    expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
    expect(graph).toMatchObject({ name: "g", version: "2", description: "d" });
  });

  test("says who produces and accepts an event", () => {
    expect(graph.nodes.find(({ id }) => id === "event:A")).toMatchObject({
      producedBy: ["ask"],
      acceptedBy: ["take"],
      role: "event",
    });
  });

  test("joins only nodes that it has", () => {
    const ids = new Set(graph.nodes.map(({ id }) => id));
    expect(graph.edges.every(({ source, target }) => ids.has(source) && ids.has(target))).toBe(true);
  });

  test("as Mermaid is a top-down flowchart with a line per node and edge", () => {
    const text = toMermaid(graph);
    expect(text.startsWith("flowchart TD\n")).toBe(true);
    expect(text.match(/-->/g)?.length).toBe(graph.edges.length);
    expect(text.match(/:::/g)?.length).toBe(graph.nodes.length);
    expect(text).toContain('["ask"]:::step');
    expect(text).toContain('(["StopEvent"]):::stopEvent');
  });

  test("as Mermaid escapes what would break it", () => {
    const odd = defineWorkflow("w").step('a "quoted" <b> & c', { accepts: StartEvent, emits: StopEvent }, noop);
    expect(toMermaid(buildGraph(odd))).toContain('["a &quot;quoted&quot; &lt;b&gt; &amp; c"]');
  });
});
