/** Runs that were recorded by every version of the formats, kept for ever: they replay and resume as they did then. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decodeTick, encodeTick } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { portraitOf } from "./portrait.ts";
import { resumed, stampsOf, type RecordedHistory } from "./record.ts";
import { statesOf } from "./states.ts";
import { histories } from "./workflows.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const recordings = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const read = (recording: string, file: string) =>
  JSON.parse(readFileSync(`${here}${recording}/${file}`, "utf8")) as RecordedHistory;

test("there is a recording, and each has a file of every workflow that was there", () => {
  expect(recordings).not.toEqual([]);
  for (const recording of recordings) expect(readdirSync(here + recording).length).toBeGreaterThanOrEqual(16);
});

describe.each(recordings)("recorded as %s", (recording) => {
  describe.each(readdirSync(here + recording))("%s", (file) => {
    const { name, runFile, stamps, end, contexts } = read(recording, file);
    const history = histories[name];
    if (!history) throw new Error(`The workflow of ${file} is gone. Put it back: recorded runs are kept for ever.`);
    const { workflow } = history;

    test("the run file folds to the states it had", () => {
      const states = statesOf(runFile, workflow);
      const last = states.at(-1);
      expect(last && portraitOf(last)).toEqual(end);
      expect(stampsOf(states)).toEqual(stamps);
    });

    test("its ticks are written as they were", () => {
      for (const tick of runFile["ticks"] as readonly JsonObject[]) expect(encodeTick(decodeTick(tick))).toEqual(tick);
    });

    test.each(contexts.map(({ moment }, index) => [moment, index] as const))(
      "the context of %s resumes to the end it had",
      async (_moment, index) => {
        const { context, resumed: recorded } = contexts[index] as (typeof contexts)[number];
        expect(await resumed(workflow, context)).toEqual(recorded);
      },
    );
  });
});
