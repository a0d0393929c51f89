import { Play } from "lucide-react";
import type { StartWorkflow } from "../shell/Welcome.tsx";
import { putFile } from "./files.ts";
import { csvSamples, fetchSample } from "./samples.ts";
import { TaskStatus } from "./TaskStatus.tsx";
import type { TourStore } from "./tour-store.ts";
import { useTask } from "./use-task.ts";

/** So that the run is still going when its watcher has read a line, gone back in time, and reloaded the page. */
const paceMs = 2_500;

/** Where somebody begins who has never seen it: what this is, and one button. */
export function FirstRun({ start, tour }: { readonly start: StartWorkflow; readonly tour: TourStore }) {
  const task = useTask();
  const [sample] = csvSamples;
  const begin = async (): Promise<void> => {
    if (sample === undefined) return;
    const fileId = await putFile(await fetchSample(sample), sample.name);
    const runId = await start("csv-profile", { fileId, paceMs });
    tour.setState({ tour: { runId, step: "watch" } });
  };
  return (
    <header className="tw-first">
      <h1>Workflows that outlive their tab</h1>
      <p className="tw-welcome-text">
        tickwork runs workflows of typed steps in this browser, without a server, and writes down all they do: a run
        goes on after a reload, a crash, or a closed laptop. Here you watch one at work, go back to any of its moments,
        and answer what it asks.
      </p>
      <button
        type="button"
        className="tw-button tw-button-primary tw-first-start"
        disabled={task.doing !== null}
        onClick={() => task.start(`Loading ${sample?.name ?? ""}…`, begin)}
      >
        <Play size={14} aria-hidden="true" /> Start a first run
      </button>
      <p className="tw-muted">
        Profiles a table of wildlife by county, 12,360 rows, on eight slots. Nothing leaves this browser.
      </p>
      <TaskStatus task={task} />
    </header>
  );
}
