// #region stream
import { z } from "zod";
import {
  defineEvent,
  defineWorkflow,
  resume,
  run,
  startEvent,
  stopEvent,
  WorkflowTimeoutError,
} from "tickwork";

const Climb = startEvent("Climb", z.object({ floors: z.number() }));
const Floor = defineEvent("Floor", z.object({ floor: z.number(), of: z.number() }));
const Top = stopEvent("Top", z.object({ floors: z.number() }));

const climbing = defineWorkflow("climbing", { timeout: 10_000 })
  .step("begin", { accepts: Climb, emits: Floor }, ({ data }) =>
    Floor({ floor: 1, of: data.floors }),
  )
  .step("climb", { accepts: Floor, emits: [Floor, Top] }, async (event, ctx) => {
    const { floor, of } = event.data;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    ctx.writeEventToStream(event);
    return floor < of ? Floor({ floor: floor + 1, of }) : Top({ floors: of });
  });

const handler = run(climbing, { floors: 2 }, { runId: "short-climb" });
console.log(handler.runId, handler.status);
for await (const { sequence, type, data } of handler.streamEvents()) {
  console.log(sequence, type, data);
}
console.log(handler.status, await handler.result());
// #endregion

// #region cancel
const unwanted = run(climbing, { floors: 9 });
const outcome = unwanted.result().catch((error: Error) => error.name);
await unwanted.cancelRun("changed my mind");
console.log(await outcome, unwanted.status);
// #endregion

// #region timeout
const slow = run(climbing, { floors: 99 });
await slow.result().catch((error) => {
  if (error instanceof WorkflowTimeoutError)
    console.log(error.code, error.data.activeSteps);
});
// #endregion

// #region resume
const saved = await slow.snapshot(); // plain JSON: put it where you like
const later = resume(climbing, JSON.parse(JSON.stringify(saved)), { timeout: null });
console.log(await later.result());
// #endregion
