/** The app at `index.html`: the inspector over the engine that serves the demo workflows. */
// First: it keeps zod from compiling functions, which the page's security policy forbids.
import "./demo/zod-without-eval.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { connect } from "tickwork/client";
import { demo, isDemoName } from "./demo/demos.tsx";
import { FirstRun } from "./demo/FirstRun.tsx";
import { TourBar } from "./demo/TourBar.tsx";
import { createTourStore, tabStorage } from "./demo/tour-store.ts";
import type { RenderFirstRun, RenderReport, RenderStart } from "./index.ts";
import { Inspector } from "./index.ts";
import { AppUpdate } from "./offline/app-update.ts";
import { UpdateNotice } from "./offline/UpdateNotice.tsx";
import "./inspector.css";
import "./demo/demo.css";
import "./ui/app.css";

// Made once and outside React: StrictMode mounts twice, and a second worker would fight over the database.
const engine = connect(() => new Worker(new URL("./demo/engine.worker.ts", import.meta.url), { type: "module" }));

const renderStart: RenderStart = ({ workflow, start }) => {
  if (!isDemoName(workflow.name)) return null;
  const { StartPanel } = demo[workflow.name];
  return <StartPanel onStart={(_name, input) => start(input)} />;
};
const helpUrl = "guide/index.html";
const tour = createTourStore(tabStorage());
const renderFirstRun: RenderFirstRun = ({ start }) => <FirstRun start={start} tour={tour} />;
const renderReport: RenderReport = ({ run, result }) => {
  if (!isDemoName(run.workflow) || result === undefined) return null;
  const { ReportView } = demo[run.workflow];
  return <ReportView result={result} />;
};

// The dev server has none; and it needs https, or this machine.
const update =
  import.meta.env.PROD && "serviceWorker" in navigator
    ? new AppUpdate(navigator.serviceWorker, () => location.reload())
    : null;
void update?.start("./service-worker.js");
// An installed app may stay open for weeks.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") void update?.look();
});

const element = document.getElementById("root");
if (element === null) throw new Error("The page has no element with the id root.");
const root = createRoot(element);
root.render(
  <StrictMode>
    <Inspector
      source={engine}
      renderStart={renderStart}
      renderFirstRun={renderFirstRun}
      renderReport={renderReport}
      placeInUrl
      helpUrl={helpUrl}
      header={<TourBar store={tour} helpUrl={helpUrl} />}
    />
    {update && <UpdateNotice update={update} />}
  </StrictMode>,
);

import.meta.hot?.dispose(() => {
  root.unmount();
  void engine.close();
});
