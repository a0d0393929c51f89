// #region catch
import { z } from "zod";
import {
  constantDelay,
  defineWorkflow,
  resume,
  run,
  startEvent,
  stopEvent,
  WorkflowFailedEvent,
} from "tickwork";

const Ask = startEvent("Ask", z.object({ city: z.string() }));
const Weather = stopEvent("Weather", z.object({ text: z.string() }));

const weather = defineWorkflow("weather")
  .step(
    "forecast",
    {
      accepts: Ask,
      emits: Weather,
      retryPolicy: constantDelay({ maximumAttempts: 2, delay: 500 }),
    },
    ({ data }) => {
      throw new Error(`no forecast for ${data.city}`);
    },
  )
  .catchError("fallback", { forSteps: ["forecast"], emits: Weather }, (failure) => {
    const { step, attempts, elapsed, error } = failure;
    console.log(`${step} failed ${attempts} times in ${elapsed} ms: ${error.message}`);
    return Weather({ text: "as yesterday" });
  });

console.log(await run(weather, { city: "Ulm" }).result());
// #endregion

// #region keep
let isOnline = false;
const saving = defineWorkflow("saving").step(
  "save",
  { accepts: Ask, emits: Weather },
  ({ data }) => {
    if (!isOnline) throw new TypeError("no connection");
    return Weather({ text: `saved for ${data.city}` });
  },
);

const failed = run(saving, { city: "Ulm" });
const error: unknown = await failed.result().catch((thrown: unknown) => thrown);
console.log(failed.status, error instanceof TypeError);
for await (const event of failed.streamEvents()) {
  if (!WorkflowFailedEvent.is(event)) continue;
  const { step, attempts, elapsed } = event.data;
  console.log(`${step} failed: attempts ${attempts}, ${elapsed} ms`);
}

isOnline = true; // what was wrong is put right
const again = resume(saving, await failed.snapshot());
console.log(await again.result());
// #endregion
