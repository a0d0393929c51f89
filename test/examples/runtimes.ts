// #region verbose
import { z } from "zod";
import {
  constantDelay,
  defineWorkflow,
  processRuntime,
  run,
  startEvent,
  stopEvent,
  verbose,
  type Runtime,
} from "tickwork";

const Ask = startEvent("Ask", z.object({ city: z.string() }));
const Weather = stopEvent("Weather", z.object({ text: z.string() }));

const weather = defineWorkflow("weather").step(
  "forecast",
  { accepts: Ask, emits: Weather, retryPolicy: constantDelay({ delay: 2_000 }) },
  async ({ data }, ctx) => {
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (ctx.retryInfo().attempt === 0) throw new Error("busy");
    return Weather({ text: `sun in ${data.city}` });
  },
);

const runtime = verbose(processRuntime);
await run(weather, { city: "Ulm" }, { runtime, runId: "r1" }).result();
// #endregion

// #region own
/** The same runtime, which also prints how long each invocation of a step took. */
function withTimes<R extends Runtime>(given: R): R {
  const { clock, executor } = given;
  return {
    ...given,
    executor: {
      async execute(step, input, context, workflow) {
        const began = clock.now();
        try {
          // Whoever called steps before goes on calling them.
          if (executor) return await executor.execute(step, input, context, workflow);
          return await step.run(input, context);
        } finally {
          console.log(`${workflow}.${step.name}: ${clock.now() - began} ms`);
        }
      },
      close: async () => executor?.close?.(),
    },
  };
}

const timed = withTimes(processRuntime);
console.log(await run(weather, { city: "Ulm" }, { runtime: timed }).result());
// #endregion
