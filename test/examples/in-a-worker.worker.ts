import { z } from "zod";
import {
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  startEvent,
  stopEvent,
} from "tickwork";
import { serveWorkflows } from "tickwork/worker";

const Letter = startEvent("Letter", z.object({ to: z.string() }));
const Draft = defineEvent("Draft", z.object({ text: z.string() }));
const Sign = inputRequiredEvent("Sign", z.object({ text: z.string() }));
const Signed = humanResponseEvent("Signed", z.object({ by: z.string() }));
const Sent = stopEvent("Sent", z.object({ text: z.string() }));

const writing = defineWorkflow("writing", { timeout: null })
  .step("write", { accepts: Letter, emits: Draft }, ({ data }) =>
    Draft({ text: `Dear ${data.to}` }),
  )
  .step(
    "sign",
    { accepts: Draft, emits: Sent, waitsFor: Signed },
    async ({ data: { text } }, ctx) => {
      const { data } = await ctx.waitForEvent(Signed, {
        waiterEvent: Sign({ text }),
        timeout: null,
      });
      return Sent({ text: `${text}, yours, ${data.by}` });
    },
  );

export const workflows = { writing };

serveWorkflows(workflows, { database: "letters" });
