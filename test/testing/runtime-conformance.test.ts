/** The suite finds what it is there for: each engine here has one fault. */
import {
  conformanceWorkflows,
  createEngine,
  FaultInjectingJournal,
  MemoryJournal,
  runtimeConformance,
  type ConformanceEngine,
  type RuntimeUnderTest,
} from "tickwork/testing";
import type { Handler } from "tickwork";
import { expect, test } from "vitest";

const openEngine = (journal = new MemoryJournal()) => createEngine(conformanceWorkflows, { journal });

/** Some methods replaced; the others are those of the object itself. */
function altered<T extends object>(object: T, alter: Partial<T>): T {
  return new Proxy(object, {
    get: (target, key) => {
      const value: unknown = key in alter ? alter[key as keyof T] : Reflect.get(target, key, target);
      return typeof value === "function" && !(key in alter) ? (value.bind(target) as unknown) : value;
    },
  });
}

const withHandler = (alter: (handler: Handler) => Partial<Handler>) => async (): Promise<RuntimeUnderTest> => {
  const engine = await openEngine();
  const attach = async (runId: string) => {
    const handler = await engine.attach(runId);
    return altered<Handler>(handler, alter(handler));
  };
  return { engine: altered<ConformanceEngine>(engine, { attach }) };
};

const withEngine =
  (alter: (engine: ConformanceEngine) => Partial<ConformanceEngine>) => async (): Promise<RuntimeUnderTest> => {
    const engine = await openEngine();
    return { engine: altered<ConformanceEngine>(engine, alter(engine)) };
  };

const faulty: { readonly [fault: string]: () => Promise<RuntimeUnderTest> } = {
  "reads every stream from its beginning": withHandler((handler) => ({ streamEvents: () => handler.streamEvents() })),
  "swallows refusals of events": withHandler((handler) => ({
    sendEvent: (event, options) => handler.sendEvent(event, options).catch(() => undefined),
  })),
  "loses the class of errors": withHandler((handler) => ({
    result: () => handler.result().catch((error: unknown) => Promise.reject(new Error(String(error)))),
  })),
  "passes results through JSON": withHandler((handler) => ({
    result: async () =>
      JSON.parse(
        JSON.stringify(await handler.result(), (_key, value: unknown) =>
          typeof value === "bigint" ? Number(value) : value,
        ),
      ) as unknown,
  })),
  "cancels without the reason": withHandler((handler) => ({ cancelRun: () => handler.cancelRun() })),
  "lists every run whatever is asked": withEngine((engine) => ({
    listRuns: ({ limit, before } = {}) =>
      engine.listRuns({ ...(limit !== undefined && { limit }), ...(before !== undefined && { before }) }),
  })),
  "does not delete": withEngine(() => ({ deleteRun: async () => undefined })),
  "shows the newest state of any tick": withEngine((engine) => ({ stateAt: (runId) => engine.stateAt(runId) })),
  "says nothing to inspectors": withEngine(() => ({ inspect: () => () => undefined })),
  "forgets its runs in a crash": async () => ({
    engine: await openEngine(),
    crash: () => openEngine(),
  }),
  "is durable and gives no crash": async () => ({
    engine: await createEngine(conformanceWorkflows, {
      journal: new FaultInjectingJournal(new MemoryJournal(), { durable: true }),
    }),
  }),
};

test.each(Object.entries(faulty))("an engine that %s does not pass", async (_fault, open) => {
  // The first check that finds it is enough: others may wait for what never comes.
  const found = await Promise.any(
    runtimeConformance.map(async ({ run }) => {
      const fault = await run(open).then(
        () => null,
        (error: unknown) => error as Error,
      );
      return fault ?? Promise.reject(new Error("It passed."));
    }),
  );
  expect(found.message.length).toBeGreaterThan(10);
});
