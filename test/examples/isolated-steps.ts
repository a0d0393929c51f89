import { connect } from "tickwork/client";
import type { workflows } from "./isolated-steps.engine.worker.ts";

const engine = connect<typeof workflows>(
  () =>
    new Worker(new URL("./isolated-steps.engine.worker.ts", import.meta.url), {
      type: "module",
    }),
);

const handler = await engine.start("counting", { below: 400_000 });
console.log(`${(await handler.result()).primes} primes`);

await engine.deleteRun(handler.runId);
await engine.close(); // the pool ends with it
