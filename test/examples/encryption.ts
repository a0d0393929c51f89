// #region page
import { connect } from "tickwork/client";
import type { workflows } from "./encryption.worker";

const salt = crypto.getRandomValues(new Uint8Array(16)); // not secret: keep it, e.g. in localStorage

const open = (passphrase: string) =>
  connect<typeof workflows>(() => {
    const worker = new Worker(new URL("./encryption.worker.ts", import.meta.url), {
      type: "module",
    });
    worker.postMessage({ unlock: { passphrase, salt } });
    return worker;
  });

const engine = open("correct horse");
await engine.start("visiting", { patient: "Ada" }, { runId: "visit-1" });
await engine.close();
// #endregion

// #region wrong
const wrong = open("battery staple");
const finding = { type: "Finding", data: { text: "well" } };
await wrong.sendEvent("visit-1", finding).catch((error) => console.log(error.code));
await wrong.close();

const right = open("correct horse");
const visit = await right.attach<{ text: string }>("visit-1");
await visit.sendEvent(finding);
console.log((await visit.result()).text);
await right.deleteRun("visit-1");
await right.close();
// #endregion
