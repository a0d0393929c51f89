import { z } from "zod";
import {
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  resource,
  startEvent,
  stopEvent,
} from "tickwork";
import { createEngine, MemoryJournal } from "tickwork/engine";
import { SimulatedClock } from "tickwork/testing";

const Offer = startEvent("Offer", z.object({ to: z.string() }));
const Question = inputRequiredEvent("Question", z.object({ text: z.string() }));
const Reply = humanResponseEvent("Reply", z.object({ ok: z.boolean() }));
const Closed = stopEvent("Closed", z.object({ text: z.string() }));

const mail = resource(
  () => {
    console.log("mail: connected");
    return { subject: (to: string) => `An offer for ${to}` };
  },
  { dispose: () => console.log("mail: disconnected") },
);

const offering = defineWorkflow("offering", { timeout: null, resources: { mail } }).step(
  "offer",
  { accepts: Offer, emits: Closed, waitsFor: Reply },
  async ({ data: { to } }, ctx) => {
    const text = ctx.resources.mail.subject(to);
    const { data } = await ctx.waitForEvent(Reply, {
      waiterEvent: Question({ text }),
      timeout: null,
    });
    return Closed({ text: data.ok ? `${to} takes it` : `${to} does not want it` });
  },
);

const clock = new SimulatedClock(); // so that a week takes no time
const engine = await createEngine(
  { offering },
  { journal: new MemoryJournal(), clock },
  { idleTimeout: 60_000 }, // the default
);

const handler = await engine.start("offering", { to: "Ada" });
const result = handler.result();
await clock.advance(59_999);
console.log("after 59 s:", handler.status);
await clock.advance(1); // the run leaves memory
await clock.advance(7 * 24 * 3_600_000);
console.log("after a week:", handler.status);

await handler.sendEvent(Reply({ ok: true })); // it comes back
console.log(await result);
await engine.close();
