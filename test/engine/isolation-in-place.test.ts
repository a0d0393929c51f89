/** Isolated steps where there is no pool: they run in place, as they would in one, and somebody is told. */
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  defineWorkflow,
  processRuntime,
  resource,
  run,
  StartEvent,
  StopEvent,
  withHooks,
  type StepContext,
  type WorkflowError,
} from "tickwork";

const isolated = (step: (ctx: StepContext) => unknown, makes: () => void = () => undefined) =>
  defineWorkflow("alone", { resources: { tool: resource(() => makes()) } }).step(
    "step",
    { accepts: StartEvent, emits: StopEvent, isolated: true },
    (_event, ctx) => StopEvent(step(ctx as unknown as StepContext) as never),
  );
const quiet = () => {
  const problems: WorkflowError[] = [];
  const hook = { onTick: () => undefined, onProblem: (problem: WorkflowError) => void problems.push(problem) };
  return { problems, runtime: withHooks(processRuntime, hook) };
};

afterEach(() => vi.restoreAllMocks());

describe("without a pool an isolated step", () => {
  test("runs in place, and a hook is told once for the workflow", async () => {
    const { problems, runtime } = quiet();
    const workflow = isolated(() => "ran");
    for (let times = 0; times < 2; times++) expect(await run(workflow, null, { runtime }).result()).toBe("ran");
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: "POOL_MISSING", data: { workflow: "alone", steps: ["step"] } });
    expect(problems[0]?.message).toContain("withPool");
  });

  test("warns on the console where nobody listens", async () => {
    const error = vi.spyOn(console, "error").mockReturnValue();
    await run(
      isolated(() => 1),
      null,
    ).result();
    expect(error).toHaveBeenCalledOnce();
  });

  test("cannot collect, as in a pool", async () => {
    const { runtime } = quiet();
    const handler = run(
      isolated((ctx) => ctx.collectEvents(StartEvent(), [StartEvent])),
      null,
      { runtime },
    );
    await expect(handler.result()).rejects.toMatchObject({
      name: "ContextStateError",
      code: "STEP_ISOLATED",
      message: expect.stringContaining("allOf(…) or listOf(…)"),
    });
  });

  test("has no resources, and none are made for it", async () => {
    const { runtime } = quiet();
    const makes = vi.fn();
    const handler = run(
      isolated((ctx) => (ctx.resources as { tool: unknown }).tool, makes),
      null,
      { runtime },
    );
    await expect(handler.result()).rejects.toMatchObject({
      code: "STEP_ISOLATED",
      data: { step: "step", call: "resources", resource: "tool" },
    });
    expect(makes).not.toHaveBeenCalled();
  });
});

test("workflows without isolated steps are not warned of", async () => {
  const { problems, runtime } = quiet();
  const workflow = defineWorkflow("plain").step("step", { accepts: StartEvent, emits: StopEvent }, () => StopEvent(1));
  await run(workflow, null, { runtime }).result();
  expect(problems).toEqual([]);
});
