/** The isolated steps of pool.bench.ts, and the worker that runs them. */
import { isMainThread } from "node:worker_threads";
import { defineEvent, defineWorkflow, startEvent, stopEvent } from "tickwork";
import { serveSteps } from "tickwork/pool";

export interface Load {
  readonly items: number;
  /** Numbers below which each item counts primes: 0 does nothing. */
  readonly below: number;
}

const Begin = startEvent("Begin");
const Item = defineEvent("Item");
const Done = defineEvent("Done");
const End = stopEvent("End");
const Bytes = defineEvent("Bytes");

/** Work that nothing but a processor can do. */
function countPrimes(below: number): number {
  let count = 0;
  for (let candidate = 2; candidate < below; candidate++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate && isPrime; divisor++) isPrime = candidate % divisor !== 0;
    if (isPrime) count += 1;
  }
  return count;
}

/** Made once: making it anew for each event would be the step's cost, not the pool's. */
const expectations = new Map<number, readonly (typeof Done)[]>();
function expectDone(items: number): readonly (typeof Done)[] {
  const known = expectations.get(items) ?? Array.from({ length: items }, () => Done);
  expectations.set(items, known);
  return known;
}

/** Fan-out of so many items, as many at once as a pool may have workers. */
const fan = (name: string, isolated: boolean) =>
  defineWorkflow(name, { timeout: null })
    .step("split", { accepts: Begin, emits: Item }, ({ data }, ctx) => {
      for (let item = 0; item < (data as unknown as Load).items; item++) ctx.sendEvent(Item(data));
    })
    .step("crunch", { accepts: Item, emits: Done, numWorkers: 16, isolated }, ({ data }) =>
      Done({ ...(data as object), primes: countPrimes((data as unknown as Load).below) }),
    )
    .step("join", { accepts: Done, emits: End, numWorkers: 1 }, (event, ctx) => {
      const { items } = event.data as unknown as Load;
      const all = ctx.collectEvents(event, expectDone(items));
      return all ? End(all.reduce((sum, { data }) => sum + (data as { primes: number }).primes, 0)) : undefined;
    });

export const inPlace = fan("inPlace", false);
export const pooled = fan("pooled", true);

/** Makes bytes, which move to the engine. */
export const moved = defineWorkflow("moved", { timeout: null })
  .step("make", { accepts: Begin, emits: Bytes, isolated: true }, ({ data }) =>
    Bytes(new Uint8Array(data as number) as never),
  )
  .step("measure", { accepts: Bytes, emits: End }, ({ data }) => End((data as unknown as Uint8Array).length));

if (!isMainThread) serveSteps({ pooled, moved });
