/** What a scene is made of: a real engine, brought to one moment by what people and time did to its runs. */
import { processRuntime, StorageError, withRetries } from "tickwork";
import { connect, type EngineControl } from "tickwork/client";
import { createEngine, MemoryJournal, type Journal } from "tickwork/engine";
import { FaultInjectingJournal } from "tickwork/testing";
import { LONG_ID } from "./fixed.ts";
import { longNames } from "./long.ts";
import { shop } from "./shop.ts";
import { HOUR, MINUTE, SECOND, Stage } from "./stage.ts";

const HOME = { street: "4 Harbour Lane", city: "Portsmouth", zip: "20114" };
const THINGS = ["lamp", "kettle", "glass bowl", "rug", "chair", "mirror", "clock", "basket", "desk", "vase"];
const FOR_A_HOTEL = ["", "small ", "large ", "old "].flatMap((kind) => THINGS.map((thing) => `${kind}${thing}`));

async function open(before: number, journal: Journal = new MemoryJournal(), names?: { approve: string }) {
  const stage = new Stage(before);
  stage.engine = await createEngine(shop(stage.pause, names), { journal, clock: stage }, { idleTimeout: null });
  return stage;
}

const order = (stage: Stage, runId: string, customer: string, items: readonly string[]): Promise<string> =>
  stage.engine.startRun("order", { customer, items, address: HOME }, { runId });

const decide = (stage: Stage, runId: string, carrier: string): Promise<void> =>
  stage.engine.sendEvent(runId, { type: "Decision", data: { carrier, insured: true } });

/** A day of a shop: orders that are done, one given up, prices that failed, one that asks, one in full swing. */
async function day(): Promise<EngineControl> {
  const stage = await open(26 * HOUR);
  await order(stage, "order-1041", "Ada Byrne", THINGS.slice(0, 4));
  await stage.until(26 * HOUR - 3 * MINUTE);
  await decide(stage, "order-1041", "post");
  await stage.until(5 * HOUR);
  await stage.engine.startRun("prices", { shop: "lampshop", items: ["lamp", "desk", "rug"] }, { runId: "prices-12" });
  await stage.until(3 * HOUR);
  await order(stage, "order-1042", "Noor Haddad", THINGS.slice(4, 8));
  await stage.until(3 * HOUR - 4 * SECOND);
  await stage.engine.cancelRun("order-1042", "The customer called.");
  await stage.until(2 * HOUR);
  await order(stage, "order-1043", "Tom Okafor", ["lamp", "kettle", "vase", "rug"]);
  await stage.until(2 * HOUR - 95 * SECOND);
  await decide(stage, "order-1043", "courier");
  await stage.until(14 * MINUTE);
  await order(stage, "order-1044", "Ilse Brandt", THINGS.slice(0, 6));
  await stage.until(3 * MINUTE);
  await order(stage, "order-1045", "Li Wei", THINGS.slice(3, 6));
  await stage.until(5 * SECOND);
  await decide(stage, "order-1045", "courier");
  await stage.until(0);
  return stage.engine;
}

/** One large order, its robots busy: some of it picked, some dropped and due again, most of it queued. */
async function busy(): Promise<EngineControl> {
  const stage = await open(MINUTE);
  await stage.until(11 * SECOND);
  await order(stage, "order-2001", "Grand Hotel", FOR_A_HOTEL);
  await stage.until(0);
  return stage.engine;
}

async function empty(): Promise<EngineControl> {
  const stage = await open(MINUTE);
  await stage.until(0);
  return stage.engine;
}

/** Somebody looks at one step before it begins. */
async function held(): Promise<EngineControl> {
  const stage = await open(MINUTE);
  await order(stage, "order-1041", "Ada Byrne", THINGS.slice(0, 4));
  await stage.engine.debugRun("order-1041", { kind: "set", breakpoints: [{ step: "bill" }, { step: "approve" }] });
  await stage.until(0);
  return stage.engine;
}

/** Nothing more can be written since half a minute. */
async function full(): Promise<EngineControl> {
  const stage = new Stage(3 * MINUTE);
  const journal = new FaultInjectingJournal(new MemoryJournal(), { durable: true, clock: stage });
  const runtime = withRetries({ ...processRuntime, clock: stage, journal });
  stage.engine = await createEngine(shop(stage.pause), runtime, { idleTimeout: null });
  await order(stage, "order-1041", "Ada Byrne", THINGS.slice(0, 4));
  await stage.until(33 * SECOND);
  await order(stage, "order-1042", "Noor Haddad", THINGS);
  await stage.until(30 * SECOND);
  const fail = new StorageError("This site may store no more in this browser: the disk is full, or nearly so.", {
    code: "STORAGE_QUOTA",
  });
  journal.inject({ on: "append", fail });
  await stage.until(0);
  return stage.engine;
}

/** The history of one run cannot be read. */
async function damaged(): Promise<EngineControl> {
  const journal = new FaultInjectingJournal(new MemoryJournal());
  const stage = await open(HOUR, journal);
  await stage.engine.startRun("prices", { shop: "lampshop", items: ["lamp", "desk"] }, { runId: "prices-12" });
  await stage.until(0);
  const fail = new StorageError("The database of this browser is damaged: ticks 3 to 9 of prices-12 cannot be read.", {
    code: "STORAGE_DAMAGED",
  });
  journal.inject({ on: "read", runId: "prices-12", fail });
  return stage.engine;
}

/** A run that waits in a step which the code no longer has. */
async function changed(): Promise<EngineControl> {
  const journal = new MemoryJournal();
  const before = await open(20 * MINUTE, journal);
  await order(before, "order-1041", "Ada Byrne", THINGS.slice(0, 4));
  await before.until(MINUTE);
  const now = await open(MINUTE, journal, { approve: "confirm" });
  await now.until(0);
  return now.engine;
}

/** Names that fit nowhere. */
async function long(): Promise<EngineControl> {
  const stage = new Stage(2 * MINUTE);
  stage.engine = await createEngine({ longNames }, { journal: new MemoryJournal(), clock: stage });
  await stage.engine.startRun("longNames", { region: "north" }, { runId: LONG_ID });
  await stage.until(0);
  return stage.engine;
}

async function dead(): Promise<EngineControl> {
  return connect(() => new Worker(new URL("./dead.worker.ts", import.meta.url), { type: "module" }));
}

export const worlds = { day, busy, empty, held, full, damaged, changed, long, dead } as const;
export type World = keyof typeof worlds;
