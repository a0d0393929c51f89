import { useState } from "react";
import type { StartPanelProps } from "./demo-entry.ts";
import { DropZone } from "./DropZone.tsx";
import { putFile } from "./files.ts";
import { formatBytes } from "./format.ts";
import { csvSamples, fetchSample } from "./samples.ts";
import { TaskStatus } from "./TaskStatus.tsx";
import { useTask } from "./use-task.ts";

/** Slow enough to see the queue rise and to reload the page in the middle of a run. */
const slowPaceMs = 400;

export function CsvStartPanel({ onStart }: StartPanelProps) {
  const task = useTask();
  const [slowly, setSlowly] = useState(true);

  async function begin(blob: Blob, name: string, paceMs: number): Promise<void> {
    const fileId = await putFile(blob, name);
    await onStart("csv-profile", paceMs > 0 ? { fileId, paceMs } : { fileId });
  }

  return (
    <div className="tw-demo tw-demo-panel">
      <DropZone
        label="Drop a CSV file, or choose one"
        hint="Any size. It stays in this browser."
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
        disabled={task.doing !== null}
        onFiles={([file]) => {
          if (!file) return;
          task.start(`Storing ${file.name} (${formatBytes(file.size)})…`, () => begin(file, file.name, 0));
        }}
      />
      <fieldset className="tw-demo-samples" disabled={task.doing !== null}>
        <legend>Or take a public data set</legend>
        {csvSamples.map((sample) => (
          <button
            key={sample.name}
            type="button"
            className="tw-demo-sample"
            onClick={() =>
              task.start(`Loading ${sample.name}…`, async () =>
                begin(await fetchSample(sample), sample.name, slowly ? slowPaceMs : 0),
              )
            }
          >
            <span>{sample.name}</span>
            <span className="tw-demo-muted">{sample.about}</span>
          </button>
        ))}
        <label className="tw-demo-check">
          <input type="checkbox" checked={slowly} onChange={(event) => setSlowly(event.currentTarget.checked)} />
          Slowly, to watch the queue
        </label>
      </fieldset>
      <TaskStatus task={task} />
    </div>
  );
}
