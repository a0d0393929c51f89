/** Resources as a user types them, and the mistakes that types must catch. */
import {
  defineWorkflow,
  resource,
  resume,
  run,
  StartEvent,
  StopEvent,
  type Resource,
  type ResourcesOfWorkflow,
  type RunOptions,
  type SerializedContext,
} from "tickwork";
import { MemoryJournal, runToEnd } from "tickwork/testing";
import { expectTypeOf, test } from "vitest";

class Pool {
  readonly url: string;
  constructor(url: string) {
    this.url = url;
  }
  async close(): Promise<void> {}
}
const url = resource(() => "db://");
const pool = resource(async ({ use }) => new Pool(await use(url)), { dispose: (value) => value.close() });
const users = resource(async ({ use, runId, signal }) => {
  expectTypeOf(use(pool)).resolves.toEqualTypeOf<Pool>();
  expectTypeOf(runId).toEqualTypeOf<string>();
  expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
  // @ts-expect-error a factory is no resource
  void use(() => 1);
  // @ts-expect-error what the other has not
  void (await use(pool)).missing;
  return { pool: await use(pool) };
});
const workflow = defineWorkflow("w", { resources: { users, url } }).step(
  "a",
  { accepts: StartEvent, emits: StopEvent },
  (_event, { resources }) => {
    expectTypeOf(resources.users).toEqualTypeOf<{ pool: Pool }>();
    expectTypeOf(resources.url).toEqualTypeOf<string>();
    return StopEvent();
  },
);

test("a resource is typed by what its factory gives in the end", () => {
  expectTypeOf(pool).toEqualTypeOf<Resource<Pool>>();
  expectTypeOf(resource((): number | null => null)).toEqualTypeOf<Resource<number | null>>();
  expectTypeOf(resource(() => new Map<string, number>(), { cache: false, name: "map" })).toEqualTypeOf<
    Resource<Map<string, number>>
  >();
});

test("dispose gets the value", () => {
  resource(() => new Pool(""), { dispose: (value: Pool) => value.close() });
  // @ts-expect-error what the value has not
  resource(() => 5, { dispose: (value) => value.close() });
  // @ts-expect-error a name for a function
  resource(() => 5, { dispose: "close" });
  // @ts-expect-error an unknown option
  resource(() => 5, { cached: false });
});

test("values are given by hand by their names, and typed by their factories", () => {
  expectTypeOf<ResourcesOfWorkflow<typeof workflow>>().toEqualTypeOf<{
    readonly users: { pool: Pool };
    readonly url: string;
  }>();
  run(workflow, null, { resources: { url: "fake://" } });
  run(workflow, null, { resources: { users: { pool: new Pool("") }, url: "" }, runId: "r" });
  resume(workflow, {} as SerializedContext, { resources: { url: "fake://" } });
  void runToEnd(workflow, null, { journal: new MemoryJournal(), resources: { url: "fake://" } });
  const options: RunOptions = { runId: "r" };
  run(workflow, null, options);
  // @ts-expect-error a name that is not listed
  run(workflow, null, { resources: { pool: new Pool("") } });
  // @ts-expect-error a value of another type
  run(workflow, null, { resources: { url: 5 } });
  // @ts-expect-error the wrong type, in a test too
  void runToEnd(workflow, null, { journal: new MemoryJournal(), resources: { url: 5 } });
});
