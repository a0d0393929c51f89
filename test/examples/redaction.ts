import { z } from "zod";
import { defineWorkflow, startEvent, stopEvent } from "tickwork";
import { createEngine, MemoryJournal, redactKeys, type Redact } from "tickwork/engine";

const SignUp = startEvent(
  "SignUp",
  z.object({ name: z.string(), password: z.string(), mail: z.string() }),
);
const Welcome = stopEvent("Welcome", z.object({ token: z.string() }));

const signingUp = defineWorkflow("signingUp").step(
  "create",
  { accepts: SignUp, emits: Welcome },
  async ({ data }, ctx) => {
    await ctx.store.set("account", data);
    return Welcome({ token: `secret of ${data.name}` });
  },
);

const fields = redactKeys(["password", /token$/i]);
const redact: Redact = (value, context) =>
  // Errors of this app may quote what was typed.
  context.kind === "error" ? "an error" : fields(value, context);

const engine = await createEngine(
  { signingUp },
  { journal: new MemoryJournal() },
  { redact },
);
const input = { name: "Ada", password: "1815", mail: "ada@example.org" };
const handler = await engine.start("signingUp", input, { runId: "s" });

console.log("the app gets", await handler.result());
const { store, result } = await engine.stateAt("s");
console.log("an inspector sees", store, result);
const { ticks } = await engine.readTicks("s", { from: 1, limit: 1 });
console.log(ticks[0]?.events[0]?.preview);
console.log((await engine.exportRun("s"))["redacted"]);
await engine.close();
