/** The inspector, whole page, over an engine whose workflows make as much of everything as is asked for. */
import "../../../inspector/demo/zod-without-eval.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { Engine } from "tickwork/client";
import { connect } from "tickwork/client";
import { Inspector } from "tickwork/inspector";
import "../../../inspector/inspector.css";
import "../../../inspector/ui/app.css";

declare global {
  /** For the test that drives this page. */
  var engine: Engine;
}

const database = new URLSearchParams(location.search).get("database") ?? "load";
globalThis.engine = connect(
  () => new Worker(new URL("./load.worker.ts", import.meta.url), { type: "module", name: database }),
);

const element = document.getElementById("root");
if (element === null) throw new Error("The page has no element with the id root.");
createRoot(element).render(
  <StrictMode>
    <Inspector source={globalThis.engine} placeInUrl />
  </StrictMode>,
);
