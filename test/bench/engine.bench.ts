/**
 * The engine's own cost: steps do next to nothing, so all that is measured is what happens between them.
 *
 * Peers in the same process, taking turns: a raw async loop (the floor: no queue, no history, no events) and p-queue
 * (calls functions in order with a limit; no events, state or history). tickwork runs the public API with everything
 * on: events copied, checked and frozen, ticks reduced, results checked against `emits`.
 *
 *   process    run(workflow): no history kept
 *   journal    createEngine with a MemoryJournal: every tick kept
 *   inspected  the same with an inspector subscribed to the run, taking a batch every 16 ms
 *
 * A "step" of the fan-out is one item: tickwork runs two steps for it (the worker's and the join's), p-queue calls
 * one function. Run it with `npm run bench`; it takes about a minute.
 */
import PQueue from "p-queue";
import { defineEvent, defineWorkflow, run, startEvent, stopEvent, type Workflow } from "tickwork";
import { createEngine, MemoryJournal, SimulatedClock, type RunRecord, type TickBatch } from "tickwork/testing";
import { z } from "zod";
import { allocatedBytes, exponentOf, race, retainedBytes, type Contestant } from "./measure.ts";
import { digits, printTable, printTargets, target } from "./report.ts";

// The workflows.

interface Count {
  readonly left: number;
  readonly sum: number;
}
const Begin = startEvent("Begin");
const Next = defineEvent("Next");
const End = stopEvent("End");
const countOf = (event: { readonly data: unknown }): Count => event.data as Count;

/** One step that sends itself the next event until none is left. */
const chain = defineWorkflow("chain", { timeout: null }).step(
  "count",
  { accepts: [Begin, Next], emits: [Next, End] },
  async (event) => {
    const { left, sum } = countOf(event);
    return left === 1 ? End({ sum: sum + left }) : Next({ left: left - 1, sum: sum + left });
  },
);

const counted = z.object({ left: z.number(), sum: z.number() });
const CheckedBegin = startEvent("Begin", counted);
const CheckedNext = defineEvent("Next", counted);
const CheckedEnd = stopEvent("End", z.object({ sum: z.number() }));

/** The same with zod schemas, as the documentation writes it. */
const checkedChain = defineWorkflow("checkedChain", { timeout: null }).step(
  "count",
  { accepts: [CheckedBegin, CheckedNext], emits: [CheckedNext, CheckedEnd] },
  async ({ data: { left, sum } }) =>
    left === 1 ? CheckedEnd({ sum: sum + left }) : CheckedNext({ left: left - 1, sum: sum + left }),
);

const Split = startEvent("Split", z.object({ items: z.number() }));
const Item = defineEvent("Item");
const Done = defineEvent("Done");
const Joined = stopEvent("Joined");
const valueOf = (event: { readonly data: unknown }): number => (event.data as { value: number }).value;
const expectedSum = (items: number): number => (items * (items - 1)) / 2;

/** Made once: making it anew for each event would be the step's cost, not the engine's. */
const expectations = new Map<number, readonly (typeof Done)[]>();
const expectDone = (items: number): readonly (typeof Done)[] => {
  const known = expectations.get(items) ?? Array.from({ length: items }, () => Done);
  expectations.set(items, known);
  return known;
};

const split = (name: string) =>
  defineWorkflow(name, { timeout: null })
    .step("split", { accepts: Split, emits: Item }, (event, ctx) => {
      for (let value = 0; value < event.data.items; value++) ctx.sendEvent(Item({ value }));
    })
    .step("work", { accepts: Item, emits: Done, numWorkers: 4 }, async (event) => Done({ value: valueOf(event) }));

/** Joins with a variable of this file: what splitting and joining cost without a durable way to gather. */
const bareFan = (items: number) => {
  let left = items;
  let sum = 0;
  return split("bareFan").step("join", { accepts: Done, emits: Joined, numWorkers: 1 }, (event) => {
    sum += valueOf(event);
    return --left === 0 ? Joined({ sum }) : undefined;
  });
};

/** Joins with collectEvents, as the documentation does. */
const collectingFan = (items: number) => {
  const expected = expectDone(items);
  return split("collectingFan").step("join", { accepts: Done, emits: Joined }, (event, ctx) => {
    const all = ctx.collectEvents(event, expected, { bufferId: "done" });
    return all ? Joined({ sum: all.reduce((sum, done) => sum + valueOf(done), 0) }) : undefined;
  });
};

/** Joins with a counter in the state store. */
const storingFan = (items: number) =>
  split("storingFan").step("join", { accepts: Done, emits: Joined, numWorkers: 1 }, async (event, ctx) => {
    const gathered = await ctx.store.get("gathered", { left: items, sum: 0 });
    const { left, sum } = gathered as Count;
    if (left === 1) return Joined({ sum: sum + valueOf(event) });
    await ctx.store.set("gathered", { left: left - 1, sum: sum + valueOf(event) });
    return undefined;
  });

const First = startEvent("First");
const Second = defineEvent("Second");
const Third = defineEvent("Third");
const Last = stopEvent("Last");
const threeSteps = defineWorkflow("threeSteps", { timeout: null })
  .step("one", { accepts: First, emits: Second }, async (event) => Second({ value: valueOf(event) + 1 }))
  .step("two", { accepts: Second, emits: Third }, async (event) => Third({ value: valueOf(event) + 1 }))
  .step("three", { accepts: Third, emits: Last }, async (event) => Last({ value: valueOf(event) + 1 }));

/** Shares nothing with the engine, as a disk does not. */
class CopyingJournal extends MemoryJournal {
  override createRun(record: RunRecord): Promise<void> {
    return super.createRun(structuredClone(record));
  }
  override append(runId: string, batch: TickBatch, record: RunRecord): undefined {
    return super.append(runId, structuredClone(batch), structuredClone(record));
  }
}

// How they are run.

function check(what: string, got: unknown, want: unknown): void {
  if (JSON.stringify(got) !== JSON.stringify(want)) {
    throw new Error(`${what}: got ${JSON.stringify(got)}, wanted ${JSON.stringify(want)}`);
  }
}

type AnyRun = (workflow: Workflow, input: unknown) => { result(): Promise<unknown> };

async function inProcess(workflow: unknown, input: unknown, want: unknown): Promise<void> {
  const handler = (run as unknown as AnyRun)(workflow as Workflow, input);
  check("process", await handler.result(), want);
}

async function inJournal(workflow: unknown, input: unknown, want: unknown): Promise<void> {
  const { name } = workflow as Workflow;
  const host = await createEngine({ [name]: workflow as Workflow }, { journal: new MemoryJournal() });
  const handler = await host.start(name, input);
  check("journal", await handler.result(), want);
}

let ticksSeen = 0;

async function inspected(workflow: unknown, input: unknown, want: unknown): Promise<void> {
  const { name } = workflow as Workflow;
  const host = await createEngine({ [name]: workflow as Workflow }, { journal: new MemoryJournal() });
  const stop = host.inspect("inspected", ({ run: news }) => {
    if (news) ticksSeen += news.ticks.length + news.skipped;
  });
  const handler = await host.start(name, input, { runId: "inspected" });
  check("inspected", await handler.result(), want);
  stop();
}

const floorChain = (steps: number) => async (): Promise<void> => {
  const step = async ({ left, sum }: Count): Promise<Count> => ({ left: left - 1, sum: sum + left });
  let count: Count = { left: steps, sum: 0 };
  while (count.left > 0) count = await step(count);
  check("floor", count.sum, expectedSum(steps + 1));
};

const queueChain = (steps: number) => async (): Promise<void> => {
  const queue = new PQueue({ concurrency: 1 });
  const step = async ({ left, sum }: Count): Promise<Count> => ({ left: left - 1, sum: sum + left });
  let count: Count = { left: steps, sum: 0 };
  while (count.left > 0) {
    const before = count;
    count = await queue.add(() => step(before));
  }
  check("p-queue", count.sum, expectedSum(steps + 1));
};

const work = async (value: number): Promise<number> => value;

const floorFan = (items: number) => async (): Promise<void> => {
  let next = 0;
  let sum = 0;
  const worker = async (): Promise<void> => {
    while (next < items) {
      const value = await work(next++);
      sum += value;
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  check("floor", sum, expectedSum(items));
};

const queueFan = (items: number) => async (): Promise<void> => {
  const queue = new PQueue({ concurrency: 4 });
  const results = await Promise.all(Array.from({ length: items }, (_, value) => queue.add(() => work(value))));
  check(
    "p-queue",
    results.reduce((sum, value) => sum + value, 0),
    expectedSum(items),
  );
};

// What is measured.

const ratio = (value: number): string => value.toFixed(value < 0.1 ? 4 : 2);

/** One table: each contestant's speed, and its ratio to p-queue and to the floor in the same repeats. */
async function compare(title: string, unit: string, amount: number, repeats: number, contestants: Contestant[]) {
  const times = await race(contestants, repeats);
  const floor = times.get("floor")!;
  const queue = times.get("p-queue")!;
  printTable(
    title,
    ["", `${unit}/s`, `µs per ${unit.replace(/s$/, "")}`, "x p-queue", "x floor"],
    Array.from(times, ([name, time]) => [
      name,
      digits((amount / time) * 1000),
      ((time / amount) * 1000).toFixed(2),
      ratio(queue / time),
      ratio(floor / time),
    ]),
  );
  return times;
}

for (const steps of [1000, 10_000]) {
  const input = { left: steps, sum: 0 };
  const want = { sum: expectedSum(steps + 1) };
  const times = await compare(`Chain of ${steps} async steps`, "steps", steps, steps === 1000 ? 50 : 11, [
    { name: "floor", run: floorChain(steps) },
    { name: "p-queue", run: queueChain(steps) },
    { name: "tickwork process", run: () => inProcess(chain, input, want) },
    { name: "tickwork process, zod", run: () => inProcess(checkedChain, input, want) },
    { name: "tickwork journal", run: () => inJournal(chain, input, want) },
    { name: "tickwork inspected", run: () => inspected(chain, input, want) },
  ]);
  const queue = times.get("p-queue")!;
  if (steps === 1000) {
    target("chain 1,000, process: x p-queue", queue / times.get("tickwork process")!, 0.6, false);
    target("chain 1,000, journal: x p-queue", queue / times.get("tickwork journal")!, 0.6, false);
  } else {
    // Only runs longer than the 16 ms between two batches say something.
    target(
      "chain 10,000, inspected: x time",
      times.get("tickwork inspected")! / times.get("tickwork journal")!,
      1.3,
      true,
    );
  }
}

for (const items of [1000, 10_000]) {
  const want = { sum: expectedSum(items) };
  const times = await compare(
    `Fan-out to 4 workers and fan-in, ${items} items`,
    "items",
    items,
    items === 1000 ? 25 : 5,
    [
      { name: "floor", run: floorFan(items) },
      { name: "p-queue", run: queueFan(items) },
      { name: "tickwork process, bare join", run: () => inProcess(bareFan(items), { items }, want) },
      { name: "tickwork process, collectEvents", run: () => inProcess(collectingFan(items), { items }, want) },
      { name: "tickwork process, store", run: () => inProcess(storingFan(items), { items }, want) },
      { name: "tickwork journal, bare join", run: () => inJournal(bareFan(items), { items }, want) },
      { name: "tickwork journal, collectEvents", run: () => inJournal(collectingFan(items), { items }, want) },
      { name: "tickwork inspected, collectEvents", run: () => inspected(collectingFan(items), { items }, want) },
    ],
  );
  const queue = times.get("p-queue")!;
  const [least, size] = items === 1000 ? [1, "1,000"] : [3, "10,000"];
  target(
    `fan-out ${size}, process, bare join: x p-queue`,
    queue / times.get("tickwork process, bare join")!,
    least,
    false,
  );
  target(
    `fan-out ${size}, process, collectEvents: x p-queue`,
    queue / times.get("tickwork process, collectEvents")!,
    least,
    false,
  );
  target(
    `fan-out ${size}, journal, collectEvents: x p-queue`,
    queue / times.get("tickwork journal, collectEvents")!,
    least,
    false,
  );
  if (items === 10_000) {
    const [watched, alone] = [
      times.get("tickwork inspected, collectEvents")!,
      times.get("tickwork journal, collectEvents")!,
    ];
    target("fan-out 10,000, inspected: x time", watched / alone, 1.3, true);
  }
}

// Growth: the same fan-out, larger and larger; small ones are run several times per sample.
{
  const sizes = [1000, 3000, 10_000, 30_000, 100_000];
  const names = { bare: "bare join", collect: "collectEvents" };
  const growth = await race(
    sizes.flatMap((items): Contestant[] => {
      const want = { sum: expectedSum(items) };
      const times = Math.max(1, Math.round(10_000 / items));
      const bare = { name: `${names.bare} ${items}`, times, run: () => inProcess(bareFan(items), { items }, want) };
      const collect = {
        name: `${names.collect} ${items}`,
        times,
        run: () => inProcess(collectingFan(items), { items }, want),
      };
      return items <= 10_000 ? [bare, collect] : [bare];
    }),
    3,
  );
  const pointsOf = (name: string) =>
    sizes.flatMap((size) => {
      const time = growth.get(`${name} ${size}`);
      return time === undefined ? [] : [{ size, time }];
    });
  const bare = pointsOf(names.bare);
  const collect = pointsOf(names.collect);
  printTable(
    "Growth with the number of queued events (process)",
    ["µs per item", ...sizes.map(digits), "exponent"],
    [
      [names.bare, ...bare.map(({ size, time }) => ((time / size) * 1000).toFixed(2)), exponentOf(bare).toFixed(3)],
      [
        names.collect,
        ...collect.map(({ size, time }) => ((time / size) * 1000).toFixed(2)),
        "",
        "",
        exponentOf(collect).toFixed(3),
      ],
    ],
  );
  target("growth 1,000 to 100,000 queued: exponent", exponentOf(bare), 1.05, true, 3);
  target("growth with collectEvents, 1,000 to 10,000: exponent", exponentOf(collect), 1.05, true, 3);
}

// Many runs at once.
{
  const runs = 1000;
  const together = (one: (index: number) => Promise<void>) => async (): Promise<void> => {
    await Promise.all(Array.from({ length: runs }, (_, index) => one(index)));
  };
  const plusOne = async (value: number): Promise<number> => value + 1;
  // As an engine that is long at work has it: it does not keep every run it ever finished.
  const host = await createEngine({ threeSteps }, { journal: new MemoryJournal({ maxFinishedRuns: 1000 }) });
  const times = await compare("1,000 runs at once of three steps", "runs", runs, 15, [
    {
      name: "floor",
      run: together(async (value) => {
        check("floor", await plusOne(await plusOne(await plusOne(value))), value + 3);
      }),
    },
    {
      name: "p-queue",
      run: together(async (value) => {
        const queue = new PQueue({ concurrency: 4 });
        const one = await queue.add(() => plusOne(value));
        const two = await queue.add(() => plusOne(one));
        check("p-queue", await queue.add(() => plusOne(two)), value + 3);
      }),
    },
    {
      name: "tickwork process",
      run: together((value) => inProcess(threeSteps, { value }, { value: value + 3 })),
    },
    {
      name: "tickwork journal",
      run: together(async (value) => {
        const handler = await host.start("threeSteps", { value });
        check("journal", await handler.result(), { value: value + 3 });
      }),
    },
  ]);
  await host.close();
  target("1,000 runs at once, process: runs/s", (runs / times.get("tickwork process")!) * 1000, 20_000, false, 0);
  target("1,000 runs at once, journal: runs/s", (runs / times.get("tickwork journal")!) * 1000, 20_000, false, 0);
}

// Allocation: everything, also what the step itself makes (its promise, its events).
{
  const steps = 10_000;
  const chained = { sum: expectedSum(steps + 1) };
  const perUnit = async (action: () => Promise<void>, units: number): Promise<number> =>
    (await allocatedBytes(action)) / units;
  const runs = 1000;
  const perStep = await perUnit(() => inProcess(chain, { left: steps, sum: 0 }, chained), steps);
  const perItem = await perUnit(() => inProcess(bareFan(steps), { items: steps }, { sum: expectedSum(steps) }), steps);
  const perRun = await perUnit(async () => {
    await Promise.all(
      Array.from({ length: runs }, (_, value) => inProcess(threeSteps, { value }, { value: value + 3 })),
    );
  }, runs);
  const rows: [string, number][] = [
    ["p-queue chain, per step", await perUnit(queueChain(steps), steps)],
    ["chain, process, per step", perStep],
    ["chain, journal, per step", await perUnit(() => inJournal(chain, { left: steps, sum: 0 }, chained), steps)],
    ["fan-out, bare join, per item (2 steps)", perItem],
    ["1,000 runs of three steps, per step", perRun / 3],
  ];
  printTable(
    "Allocated bytes (sampled)",
    ["", "bytes"],
    rows.map(([name, bytes]) => [name, bytes.toFixed(0)]),
  );
  target("1,000 runs at once: bytes allocated per step", perRun / 3, 8000, true, 0);
}

// Memory: what a queued event keeps beyond its data, while the workers are held up; and what a waiting run keeps.
{
  const items = 10_000;
  const Halt = startEvent("Halt", z.object({ items: z.number() }));
  const held = (gate: Promise<void>) => {
    let left = items;
    return defineWorkflow("held", { timeout: null })
      .step("split", { accepts: Halt, emits: Item }, (event, ctx) => {
        for (let value = 0; value < event.data.items; value++) ctx.sendEvent(Item({ value }));
      })
      .step("work", { accepts: Item, emits: Joined, numWorkers: 4 }, async () => {
        await gate;
        return --left === 0 ? Joined({ items }) : undefined;
      });
  };
  await retainedBytes();
  const dataBefore = await retainedBytes();
  const data = Array.from({ length: items }, (_, value) => Object.freeze({ value }));
  const perData = ((await retainedBytes()) - dataBefore) / items - 8;
  check("data", data.length, items);

  const measure = async (start: (workflow: ReturnType<typeof held>) => Promise<{ result(): Promise<unknown> }>) => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const workflow = held(gate);
    const before = await retainedBytes();
    const handler = await start(workflow);
    const bytes = (await retainedBytes()) - before;
    open();
    check("held", await handler.result(), { items });
    return bytes / items - perData;
  };
  const host = async (workflow: Workflow) => createEngine({ held: workflow }, { journal: new MemoryJournal() });
  const inMemory = async () => measure(async (workflow) => run(workflow, { items }));
  const inAJournal = async () => measure(async (workflow) => (await host(workflow)).start("held", { items }));
  const underInspection = async () =>
    measure(async (workflow) => {
      const engine = await host(workflow);
      engine.inspect("held", () => undefined);
      return engine.start("held", { items }, { runId: "held" });
    });
  const rows: [string, number][] = [];
  // The first pass compiles; the second counts.
  for (let pass = 0; pass < 2; pass++) {
    rows.length = 0;
    rows.push(["process", await inMemory()], ["journal", await inAJournal()], ["inspected", await underInspection()]);
  }

  const Ask = startEvent("Ask");
  const Answer = defineEvent("Answer");
  const waiting = defineWorkflow("waiting", { timeout: null }).step(
    "wait",
    { accepts: Ask, emits: Joined },
    async (_event, ctx) => Joined({ answer: (await ctx.waitForEvent(Answer, { timeout: null })).data as number }),
  );
  const runs = 1000;
  const beforeRuns = await retainedBytes();
  const handlers = Array.from({ length: runs }, () => run(waiting, {}));
  const perRun = ((await retainedBytes()) - beforeRuns) / runs;
  for (const handler of handlers) await handler.sendEvent(Answer(42));
  for (const handler of handlers) check("waiting", await handler.result(), { answer: 42 });

  // What an engine keeps of runs it released: the difference when it goes and its journal stays.
  const idleRuns = 10_000;
  const released = async (timeout: number | null): Promise<number> => {
    const idle = defineWorkflow("idle", { timeout: null }).step(
      "wait",
      { accepts: Ask, emits: Joined },
      async (_event, ctx) => Joined({ answer: (await ctx.waitForEvent(Answer, { timeout })).data as number }),
    );
    const clock = new SimulatedClock();
    const journal = new CopyingJournal();
    let engine: Awaited<ReturnType<typeof createEngine>> | null = await createEngine({ idle }, { journal, clock });
    for (let left = idleRuns; left > 0; left--) await engine.start("idle", {});
    await clock.advance(60_000);
    const loaded = (await engine.listRuns({ limit: idleRuns })).runs.map((row) => row.loaded);
    check("released", [loaded.length, loaded.includes(true)], [idleRuns, false]);
    const withEngine = await retainedBytes();
    await engine.close();
    engine = null;
    const bytes = (withEngine - (await retainedBytes())) / idleRuns;
    check("journal", (await journal.listRuns({ limit: 1 })).length, 1);
    return bytes;
  };
  const perReleased = await released(null);
  const perReleasedWithTimer = await released(2_000_000);

  printTable(
    `Retained bytes per queued event beyond its data (${perData.toFixed(0)} bytes), ${digits(items)} queued`,
    ["", "bytes"],
    [
      ...rows.map(([name, bytes]) => [name, bytes.toFixed(0)]),
      ["(a run that waits for an event)", perRun.toFixed(0)],
      ["(one that was released)", perReleased.toFixed(0)],
      ["(one that was released and has a timer)", perReleasedWithTimer.toFixed(0)],
    ],
  );
  target("retained per queued event, process: bytes", rows[0]![1], 300, true, 0);
  target("retained per queued event, journal: bytes", rows[1]![1], 300, true, 0);
  target("a live waiting run: bytes retained", perRun, 4096, true, 0);
  target("a released run: bytes retained", perReleased, 512, true, 0);
  target("a released run with a timer: bytes retained", perReleasedWithTimer, 512, true, 0);
}

check("the inspector saw ticks", ticksSeen > 0, true);
printTargets();
