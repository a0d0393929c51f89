import { z } from "zod";
import { defineEvent, defineWorkflow, listOf, startEvent, stopEvent } from "tickwork";

const Search = startEvent("Search", z.object({ below: z.number() }));
const Part = defineEvent("Part", z.object({ from: z.number(), to: z.number() }));
const Found = defineEvent("Found", z.object({ primes: z.number() }));
const Total = stopEvent("Total", z.object({ primes: z.number() }));

const isPrime = (n: number): boolean => {
  for (let divisor = 2; divisor * divisor <= n; divisor++)
    if (n % divisor === 0) return false;
  return n > 1;
};

export const counting = defineWorkflow("counting")
  .step("split", { accepts: Search, emits: listOf(Part) }, ({ data: { below } }) =>
    Array.from({ length: 8 }, (_, part) =>
      Part({ from: (below / 8) * part, to: (below / 8) * (part + 1) }),
    ),
  )
  // Keeps a processor busy: up to eight workers of the pool do it at once.
  .step(
    "count",
    { accepts: Part, emits: Found, isolated: true, numWorkers: 8 },
    ({ data: { from, to } }) => {
      let primes = 0;
      for (let n = from; n < to; n++) if (isPrime(n)) primes += 1;
      return Found({ primes });
    },
  )
  .step("add", { accepts: listOf(Found), emits: Total }, (all) =>
    Total({ primes: all.reduce((sum, { data }) => sum + data.primes, 0) }),
  );
