import { QueueBar } from "./QueueBar.tsx";

const STEPS: readonly (readonly [queued: number, words: string])[] = [
  [9, "to 9"],
  [99, "to 99"],
  [999, "to 999"],
  [9_999, "more"],
];

/** What the bars of the queues mean. */
export function HeatLegend() {
  return (
    <dl className="tw-heat-legend" aria-label="Length of a queue's bar">
      <dt>Queued</dt>
      {STEPS.map(([queued, words]) => (
        <dd key={words}>
          <QueueBar queued={queued} /> {words}
        </dd>
      ))}
    </dl>
  );
}
