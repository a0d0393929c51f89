/** One sentence per change worth hearing, for the polite live region. Ticks are not: there are thousands. */
import type { News } from "../source/live-feed.ts";
import { heldSentence } from "./debugging.ts";
import type { InspectorState } from "./inspector-state.ts";
import { STATUS_WORDS } from "./status-words.ts";

export function announceNews(before: InspectorState, after: InspectorState, news: News): string | null {
  const sentences: string[] = [];
  for (const { runId } of news.runs) {
    const old = before.runs[runId];
    const run = after.runs[runId];
    if (run === undefined) continue;
    if (old !== undefined && old.status !== run.status && run.status !== "idle") {
      sentences.push(`${run.workflow} is ${STATUS_WORDS[run.status].toLowerCase()}.`);
    }
    const held = run.held && heldSentence(run.held);
    if (held && held !== (old?.held && heldSentence(old.held))) sentences.push(`Held: ${held}`);
    if (run.waiting > (old?.waiting ?? 0) && run.waitingFor.length > 0) {
      sentences.push(`${run.workflow} waits for ${run.waitingFor.join(", ")}.`);
    }
  }
  return sentences.length === 0 ? null : sentences.slice(0, 3).join(" ");
}
