/** `tickwork/run-file.schema.json` is made from what reads run files. After a change: `npx vitest run … -u`. */
import { defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { runFileSchema } from "../../src/serialize/run-file-schema.ts";
import { Answer, throughJson } from "../engine/fixtures.ts";
import { recordings } from "./hostile.ts";

const place = fileURLToPath(new URL("../../src/run-file.schema.json", import.meta.url));
const published = JSON.parse(readFileSync(place, "utf8")) as z.core.JSONSchema.JSONSchema;
const fits = z.fromJSONSchema(published);
const problemsOf = (file: unknown): string[] =>
  fits.safeParse(file).error?.issues.map(({ path }) => path.join(".")) ?? [];

test("is up to date", async () => {
  const made = z.toJSONSchema(runFileSchema, { io: "input", unrepresentable: "any", reused: "ref" });
  const described = { ...made, title: "A run of a tickwork workflow, exported" };
  await expect(`${JSON.stringify(described, null, 2)}\n`).toMatchFileSnapshot(place);
});

describe("fits", () => {
  test.each(recordings.filter(({ format }) => format === "format-2"))("the recording $name", ({ runFile }) => {
    expect(problemsOf(runFile)).toEqual([]);
  });

  test("exports: of a run with children, of one that waits, of a fork, of a migrated run", async () => {
    const child = defineWorkflow("child").step("c", { accepts: StartEvent, emits: StopEvent }, () =>
      StopEvent(new Date(0) as never),
    );
    const parent = (version: string) =>
      defineWorkflow("parent", {
        version,
        timeout: null,
        migrate: () => ({ steps: { ask: "ask" }, rewrite: ({ type, data }) => ({ type, data }) }),
      }).step(
        "ask",
        { accepts: StartEvent, emits: StopEvent, runs: [child], waitsFor: Answer },
        async (_event, ctx) => {
          await ctx.runWorkflow(child);
          return StopEvent((await ctx.waitForEvent(Answer)).data);
        },
      );
    const journal = new MemoryJournal();
    for (const version of ["1", "2"]) {
      const engine = await createEngine({ parent: parent(version) }, { journal, clock: new SimulatedClock() });
      if (version === "1") await engine.start("parent", null, { runId: "r" });
      await settle();
      await engine.forkRun("r", { runId: `fork ${version}` });
      await settle();
      for (const runId of ["r", `fork ${version}`]) {
        expect(problemsOf(throughJson(await engine.exportRun(runId)))).toEqual([]);
      }
      await engine.close();
    }
  });
});

test.each<[string, (file: Record<string, unknown>) => void]>([
  ["another format", (file) => (file["format"] = "other")],
  ["a record without an id", (file) => (file["run"] = { ...(file["run"] as object), runId: undefined })],
  ["a tick of no kind", (file) => (file["ticks"] = [{ kind: "Nope", sequence: 1, at: 0, causedBy: "external" }])],
  ["no graph", (file) => delete file["graph"]],
])("refuses %s", (_what, change) => {
  const file = structuredClone(recordings.find(({ format }) => format === "format-2")?.runFile) as Record<
    string,
    unknown
  >;
  change(file);
  expect(problemsOf(file)).not.toEqual([]);
});
