// #region hook
import { z } from "zod";
import {
  defineEvent,
  defineWorkflow,
  processRuntime,
  run,
  startEvent,
  stopEvent,
  verbose,
  withHooks,
  type RunHook,
} from "tickwork";

const Greet = startEvent("Greet", z.object({ name: z.string() }));
const Named = defineEvent("Named", z.object({ name: z.string() }));
const Greeting = stopEvent("Greeting", z.object({ text: z.string() }));

const greeting = defineWorkflow("greeting")
  .step("name", { accepts: Greet, emits: Named }, ({ data }, ctx) => {
    ctx.log("got a name", { length: data.name.length });
    return Named(data);
  })
  .step("greet", { accepts: Named, emits: Greeting }, ({ data }) =>
    Greeting({ text: `Hello, ${data.name}` }),
  );

const printing: RunHook = {
  onTick({ tick, commands }) {
    console.log(
      tick.sequence,
      tick.kind,
      "->",
      commands.map(({ kind }) => kind).join(", "),
    );
    if (tick.kind !== "StepResult") return;
    for (const { message, data } of tick.logs ?? []) console.log("  log:", message, data);
  },
};

const runtime = withHooks(processRuntime, printing);
await run(greeting, { name: "Ada" }, { runtime }).result();
// #endregion

// #region verbose
await run(
  greeting,
  { name: "Di" },
  { runtime: verbose(processRuntime), runId: "g1" },
).result();
// #endregion

// #region internal
const Guests = startEvent("Guests", z.object({ names: z.array(z.string()) }));

const welcoming = defineWorkflow("welcoming")
  .step("list", { accepts: Guests, emits: Named }, ({ data: { names } }, ctx) => {
    for (const name of names) ctx.sendEvent(Named({ name }));
  })
  .step("greet", { accepts: Named, emits: Greeting, numWorkers: 1 }, ({ data }) =>
    data.name === "Cy" ? Greeting({ text: "Hello to all" }) : undefined,
  );

const handler = run(welcoming, { names: ["Bo", "Cy"] });
for await (const event of handler.streamEvents({ exposeInternal: true })) {
  const { step, state } = event.data as { step?: string; state?: string };
  console.log(
    [event.sequence, event.type, step, state].filter((it) => it !== undefined).join(" "),
  );
}
// #endregion
