import { z } from "zod";
import { defineEvent, defineWorkflow, listOf, run, startEvent, stopEvent } from "tickwork";

const Race = startEvent("Race", z.object({ mirrors: z.array(z.number()) }));
const Try = defineEvent("Try", z.object({ delay: z.number() }));
const Got = defineEvent("Got", z.object({ after: z.number() }));
const First = stopEvent("First", z.object({ after: z.array(z.number()) }));

const racing = defineWorkflow("racing")
  .step("start", { accepts: Race, emits: listOf(Try) }, ({ data }) =>
    data.mirrors.map((delay) => Try({ delay })),
  )
  .step("try", { accepts: Try, emits: Got }, async ({ data: { delay } }) => {
    await new Promise((resolve) => setTimeout(resolve, delay));
    return Got({ after: delay });
  })
  // Does not wait for the third.
  .step("finish", { accepts: listOf(Got, { take: 2 }), emits: First }, (got) =>
    First({ after: got.map(({ data }) => data.after) }),
  );

console.log(await run(racing, { mirrors: [900, 100, 500] }).result());
