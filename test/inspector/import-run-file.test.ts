import { expect, test } from "vitest";
import { importRunFiles, linesOf } from "../../inspector/runs/import-run-file.ts";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";

test("lines are found across the pieces a file is read in, empty ones and a missing end included", async () => {
  const long = JSON.stringify({ text: "ü".repeat(200_000) });
  const lines = await linesOf(new Blob([`{"a":1}\n\n${long}\n{"b":2}`]));
  expect(await Promise.all(lines.map((line) => line.text()))).toEqual(['{"a":1}', long, '{"b":2}']);
});

test("of a file of many runs each is imported, of any other the file itself", async () => {
  const source = createScriptedSource({ runs: [] });
  const { commands } = createInspectorModel(source);
  await importRunFiles(commands, [new File(["{1}\n{2}\n"], "runs.jsonl"), new File(["{\n3\n}"], "run.json")]);
  expect(source.calls).toEqual(["importRun {1}", "importRun {2}", "importRun {\n3\n}"]);
});
