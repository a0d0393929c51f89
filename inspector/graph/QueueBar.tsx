import { heatLevel, queueHeat } from "./step-words.ts";

/** How deep a queue is: by length and pattern as well as by colour. The number beside it says the same, so it is hidden from readers. */
export function QueueBar({ queued }: { readonly queued: number }) {
  return (
    <span className="tw-queue-bar" aria-hidden="true">
      <span className="tw-queue-fill" data-heat={heatLevel(queued)} style={{ width: `${queueHeat(queued) * 100}%` }} />
    </span>
  );
}
