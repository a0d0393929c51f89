import { z } from "zod";
import {
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  StartEvent,
  StopEvent,
} from "tickwork";
import { createEngine, MemoryJournal } from "tickwork/engine";

const Text = humanResponseEvent("Text", z.string());
const Mail = defineEvent("Mail", z.string());

const sending = defineWorkflow("sending", { timeout: null })
  .step(
    "write",
    { accepts: StartEvent, emits: Mail, waitsFor: Text },
    async (_event, ctx) => Mail((await ctx.waitForEvent(Text, { timeout: null })).data),
  )
  .step("send", { accepts: Mail, emits: StopEvent }, ({ data }) => {
    console.log("sent:", data);
    return StopEvent();
  });

const engine = await createEngine({ sending }, { journal: new MemoryJournal() });
const handler = await engine.start("sending", null, { runId: "s" });
await engine.debugRun("s", { kind: "set", breakpoints: [{ step: "send" }] });

const held = new Promise<void>((resolve) => {
  engine.inspect("s", ({ runs: [run] }) => {
    const [first] = run?.held?.steps ?? [];
    if (!first) return;
    console.log(`${first.count} held before ${first.step}`);
    resolve();
  });
});
await handler.sendEvent(Text("Dear Ada"));
await held;

await engine.debugRun("s", { kind: "resume" });
await handler.result();
await engine.close();
