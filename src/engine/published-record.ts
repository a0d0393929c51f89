import type { PublishEventCommand } from "../core/command.ts";
import { TERMINAL_INDEX } from "../core/tick-events.ts";
import type { PublishedRecord } from "../ports/journal.ts";

/** How an event that a tick published is written down beside it. */
export function toPublishedRecord(
  { position, event }: Pick<PublishEventCommand, "position" | "event">,
  tick: number,
): PublishedRecord {
  const { type, data, index } = event;
  // An event of an earlier tick, kept until now, stands in another batch: it is written down again.
  const isElsewhere = index === TERMINAL_INDEX || event.tick !== tick;
  return { position, tick, index, ...(isElsewhere && { event: { type, data } }) };
}
