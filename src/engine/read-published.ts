/** Published events read back from a journal. */
import { eventOfTick } from "../core/tick-events.ts";
import type { Journal } from "../ports/journal.ts";
import type { PublishedEvent } from "./event-stream.ts";
import { toDelivery } from "../workflow/plain-data.ts";

export async function* readPublished(
  journal: Journal,
  runId: string,
  from: number,
): AsyncGenerator<PublishedEvent, void, undefined> {
  for await (const batch of journal.readPublished(runId, from)) {
    for (const { position, tick, index, event } of batch.published) {
      if (position < from) continue;
      const source = batch.ticks[tick - batch.from];
      const payload = event ?? (source && eventOfTick(source, index));
      if (!payload || !source) continue;
      yield { type: payload.type, data: toDelivery(payload.data), sequence: position, at: source.at };
    }
  }
}
