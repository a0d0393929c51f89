import { constantDelay, defineWorkflow, resource, StartEvent, StopEvent, WorkflowConfigurationError } from "tickwork";
import { createEngine, MemoryJournal, runToEnd, settle, SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { withResources } from "../../src/testing/with-resources.ts";
import { Answer } from "../engine/fixtures.ts";

interface Database {
  readonly name: string;
}

/** A list that uses a resource nobody lists, which uses the database. */
const resources = () => {
  const made: string[] = [];
  const database = resource(
    (): Database => {
      made.push("database");
      return { name: "real" };
    },
    { dispose: () => void made.push("disposed") },
  );
  const pool = resource(async ({ use }) => ({ of: (await use(database)).name }));
  const users = resource(async ({ use, runId }) => `users in ${(await use(pool)).of} of ${typeof runId}`);
  return { made, database, users };
};
const workflowOf = ({ database, users }: ReturnType<typeof resources>) =>
  defineWorkflow("w", { resources: { database, users } }).step(
    "step",
    { accepts: StartEvent, emits: StopEvent, retryPolicy: constantDelay({ delay: 10 }) },
    (_event, ctx) => {
      if (ctx.retryInfo().attempt === 0) throw new Error("once");
      return StopEvent([ctx.resources.database.name, ctx.resources.users]);
    },
  );

describe("runToEnd with resources", () => {
  test("uses the values in place of the factories', for other resources too, and leaves them to the caller", async () => {
    const real = resources();
    const run = await runToEnd(workflowOf(real), null, {
      journal: new MemoryJournal(),
      resources: { database: { name: "fake" } },
    });
    expect(run).toMatchObject({ status: "completed", result: ["fake", "users in fake of string"] });
    expect(real.made).toEqual([]);
  });

  test("without any uses the real ones, also after a run with fakes", async () => {
    const real = resources();
    const workflow = workflowOf(real);
    await runToEnd(workflow, null, { journal: new MemoryJournal(), resources: { database: { name: "fake" } } });
    const run = await runToEnd(workflow, null, { journal: new MemoryJournal() });
    expect(run.result).toEqual(["real", "users in real of string"]);
    expect(real.made).toEqual(["database", "disposed"]);
  });

  test("takes a value that is falsy for what it is", async () => {
    const workflow = defineWorkflow("w", { resources: { limit: resource((): number | null => 5) } }).step(
      "step",
      { accepts: StartEvent, emits: StopEvent },
      (_event, ctx) => StopEvent(ctx.resources.limit),
    );
    for (const limit of [0, null]) {
      expect(await runToEnd(workflow, null, { journal: new MemoryJournal(), resources: { limit } })).toMatchObject({
        result: limit,
      });
    }
  });

  test("refuses one that the workflow does not list", async () => {
    const running = runToEnd(workflowOf(resources()), null, {
      journal: new MemoryJournal(),
      resources: { databse: { name: "typo" } } as never,
    });
    await expect(running).rejects.toThrow(WorkflowConfigurationError);
    await expect(running).rejects.toThrow("lists no resource databse that could be given. It lists: database, users.");
  });
});

describe("withResources", () => {
  test("a run has its fakes after it was loaded again", async () => {
    const journal = new MemoryJournal();
    const workflow = withResources(
      defineWorkflow("w", { timeout: null, resources: { name: resource(() => "real") } }).step(
        "ask",
        { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
        async (_event, ctx) => (await ctx.waitForEvent(Answer), StopEvent(ctx.resources.name)),
      ),
      { name: "fake" },
    );
    const clock = new SimulatedClock();
    const first = await createEngine({ w: workflow }, { journal, clock });
    const runId = await first.startRun("w", null);
    await settle();
    await first.close();
    const next = await createEngine({ w: workflow }, { journal, clock });
    await next.sendEvent(runId, Answer());
    expect(await next.result(runId)).toBe("fake");
    await next.close();
  });

  test("a resource that fails is called in messages what it was", async () => {
    const broken = resource(() => Promise.reject(new Error("no")));
    const connection = resource(function connect() {
      return Promise.reject(new Error("no"));
    });
    const asking = resource(({ use }) => use(connection));
    const messageOf = async (used: object, given: object) => {
      const workflow = defineWorkflow("w", { resources: { fine: resource(() => 1), ...used } as never }).step(
        "step",
        { accepts: StartEvent, emits: StopEvent },
        () => StopEvent(),
      );
      const { error } = await runToEnd(workflow, null, { journal: new MemoryJournal(), resources: given as never });
      return (error as Error).message;
    };
    for (const used of [{ broken }, { asking }]) {
      expect(await messageOf(used, { fine: 2 })).toBe(await messageOf(used, {}));
    }
    expect(await messageOf({ asking }, { fine: 2 })).toContain("connect");
  });
});
