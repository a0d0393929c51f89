import type { RunComparison, TickSummary } from "tickwork/client";
import { expect, test } from "vitest";
import { partingSentence, pathWords, rangeWords, tickWords } from "../../inspector/store/compare-words.ts";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { scriptRun } from "./fixtures/scripted-run.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";

const runs = ["a", "b"].map((runId) => ({ script: scriptRun({ runId, chunks: 6, startsAt: 1 }) }));
const source = createScriptedSource({ runs });

test("says in a sentence where two runs part and why", async () => {
  const comparison = await source.compareRuns("a", "b");
  const { parting } = comparison;
  expect(partingSentence(comparison)).toBe("They part here: the same tick, with other data.");
  expect(partingSentence({ ...comparison, parting: null })).toBe("They do not part: 11 ticks of both are alike.");
  const missing = { ...comparison, parting: parting && { ...parting, reason: "missing", b: null } } as RunComparison;
  expect(partingSentence(missing)).toBe("The second run has nothing to match what the first did next.");
});

test("names ticks, paths and what was looked at", async () => {
  const { a } = await source.compareRuns("a", "b");
  expect(tickWords({ kind: "StepResult", step: "read" } as TickSummary)).toBe("Step result of read");
  expect(tickWords({ kind: "CancelRun" } as TickSummary)).toBe("Cancel");
  expect(pathWords(["outputs", 0, "event", "rows", 12])).toBe("outputs[0].event.rows[12]");
  expect(rangeWords({ ...a, from: 1, to: 1_200 })).toBe("ticks #1 to #1,200");
  expect(rangeWords({ ...a, from: 7, to: 9, isCut: true })).toBe("ticks #7 to #9, the rest is not compared");
});

test("comparing opens the first run, and opening another one ends it", () => {
  const { navigation, store } = createInspectorModel(source);
  navigation.openDialog({ kind: "compare", runId: "a" });
  navigation.compare("a", "b");
  expect(store.getState()).toMatchObject({ runId: "a", compareWith: "b", dialog: null, panel: "graph" });
  navigation.compare("a", null);
  expect(store.getState()).toMatchObject({ runId: "a", compareWith: null });
  navigation.compare("b", "a");
  navigation.openRun("a");
  expect(store.getState()).toMatchObject({ runId: "a", compareWith: null });
});
