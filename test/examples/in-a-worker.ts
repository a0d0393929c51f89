// #region connect
import { connect } from "tickwork/client";
import type { workflows } from "./in-a-worker.worker";

const createWorker = () =>
  new Worker(new URL("./in-a-worker.worker.ts", import.meta.url), { type: "module" });

const engine = connect<typeof workflows>(createWorker);

const handler = await engine.start("writing", { to: "Ada" }, { runId: "letter-1" });
for await (const event of handler.streamEvents()) {
  console.log(`${event.sequence} ${event.type}`);
  if (event.type === "Sign") break; // the run waits for an answer
}
await engine.close(); // the worker ends, as it does when the page is reloaded
// #endregion

// #region attach
const next = connect<typeof workflows>(createWorker);
const same = await next.attach<{ text: string }>("letter-1");
console.log(`status: ${same.status}`);

await same.sendEvent({ type: "Signed", data: { by: "Bo" } });
console.log((await same.result()).text);

const { runs } = await next.listRuns({ workflow: "writing" });
console.log(runs.map(({ runId, status }) => `${runId} ${status}`).join());

await next.deleteRun("letter-1");
await next.close();
// #endregion
