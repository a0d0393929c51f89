import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { type Handler, resume, run } from "tickwork";
import { expect, test } from "vitest";
import { profileCsv } from "../../inspector/demo/csv-direct.ts";
import { Answer, csvProfile } from "../../inspector/demo/csv-profile.ts";
import type { CsvReport } from "../../inspector/demo/csv-report.ts";
import { deleteDerived, deleteFile, getDerived, putFile } from "../../inspector/demo/files.ts";

const dataSets = new URL("../../node_modules/vega-datasets/data/", import.meta.url);
const readDataSet = (name: string): string => readFileSync(new URL(name, dataSets), "utf8");

const store = (text: string, name = "file.csv"): Promise<string> => putFile(new Blob([text]), name);

/** Answers every question of the run alike, and remembers the questions. */
async function answerAll(handler: Handler<CsvReport>, treatAs: "text" | "number" | "date"): Promise<string[]> {
  const questions: string[] = [];
  for await (const { type, data } of handler.streamEvents()) {
    if (type !== "Question") continue;
    const { question } = data as { question: string };
    const column = /“(.+?)”/.exec(question)?.[1] ?? "";
    questions.push(question);
    await handler.sendEvent(Answer({ column, treatAs }));
  }
  return questions;
}

test("the report of a public data set equals its direct profile, with the person's answer", async () => {
  const text = readDataSet("species.csv");
  const handler = run(csvProfile, { fileId: await store(text, "species.csv") });
  const questions = await answerAll(handler, "text");

  expect(questions).toEqual([
    "What is the column “county_id”? 11,212 cells look like a number (“53000”, “53073”, “30105”); " +
      "1,148 cells look like text (“09005”, “09003”, “09013”).",
  ]);
  const report = await handler.result();
  expect(report).toEqual(profileCsv(text, { name: "species.csv", decisions: { county_id: "text" } }));
  expect(report.columns.map(({ name, type, decidedBy }) => [name, type, decidedBy])).toEqual([
    ["item_id", "text", "data"],
    ["common_name", "text", "data"],
    ["scientific_name", "text", "data"],
    ["gap_species_code", "text", "data"],
    ["county_id", "text", "person"],
    ["habitat_yearround_pct", "number", "data"],
  ]);
});

test("a file without a conflict is profiled without a question", async () => {
  const text = readDataSet("birdstrikes.csv");
  const handler = run(csvProfile, { fileId: await store(text, "birdstrikes.csv") });
  const questions = await answerAll(handler, "text");
  expect(questions).toEqual([]);
  expect(await handler.result()).toEqual(profileCsv(text, { name: "birdstrikes.csv" }));
});

test("an answer may come before anybody reads the question", async () => {
  const text = "id,price\n1,10\n2,free\n3,12\n";
  const handler = run(csvProfile, { fileId: await store(text) });
  await handler.sendEvent(Answer({ column: "price", treatAs: "number" }));
  const report = await handler.result();
  expect(report).toEqual(profileCsv(text, { decisions: { price: "number" } }));
  expect(report.columns[1]?.anomalies).toEqual([{ kind: "misfit", count: 1, examples: ["free"] }]);
});

test("every conflicting column is asked about, and answers find their column in any order", async () => {
  const text = "a,b,c\n1,2020-01-01,x\ntwo,7,y\n3,2020-01-03,z\n";
  const handler = run(csvProfile, { fileId: await store(text) });
  await handler.sendEvent(Answer({ column: "b", treatAs: "date" }));
  await handler.sendEvent(Answer({ column: "a", treatAs: "text" }));
  expect(await handler.result()).toEqual(profileCsv(text, { decisions: { a: "text", b: "date" } }));
});

test("a run saved while it waits for an answer ends with the same report after a restart", async () => {
  const text = readDataSet("species.csv");
  const first = run(csvProfile, { fileId: await store(text, "species.csv") });
  for await (const { type } of first.streamEvents()) if (type === "Question") break;
  const saved = JSON.parse(JSON.stringify(await first.snapshot()));
  await first.cancelRun();
  await expect(first.result()).rejects.toThrow();

  const second = resume(csvProfile, saved);
  await second.sendEvent(Answer({ column: "county_id", treatAs: "number" }));
  expect(await second.result()).toEqual(profileCsv(text, { name: "species.csv", decisions: { county_id: "number" } }));
});

test("a run saved among its chunks, its sketches lost, ends with the same report after a restart", async () => {
  const text = readDataSet("birdstrikes.csv");
  const fileId = await store(text, "birdstrikes.csv");
  const first = run(csvProfile, { fileId, paceMs: 20 });
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(first.status).toBe("running");
  const saved = JSON.parse(JSON.stringify(await first.snapshot()));
  await first.cancelRun();
  await expect(first.result()).rejects.toThrow();
  await deleteDerived(fileId);

  const second = resume(csvProfile, saved);
  expect(await second.result()).toEqual(profileCsv(text, { name: "birdstrikes.csv" }));
});

test("the journal stays small: no event carries content of the file", async () => {
  const text = readDataSet("birdstrikes.csv");
  const handler = run(csvProfile, { fileId: await store(text, "birdstrikes.csv"), paceMs: 20 });
  await new Promise((resolve) => setTimeout(resolve, 150));
  const saved = JSON.stringify(await handler.snapshot());
  expect(saved).not.toContain("BARKSDALE");
  expect(saved.length).toBeLessThan(text.length / 10);
  await handler.result();
});

test("sketches are gone once the report is there", async () => {
  const fileId = await store("a,b\n1,2\n");
  await run(csvProfile, { fileId }).result();
  expect(await getDerived(fileId, "sketch 1: 4-8 2 , utf-8 full")).toBeUndefined();
});

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
const utf16 = new Uint8Array([0xff, 0xfe, 0x61, 0, 0x2c, 0]);

test.each([
  ["a renamed image", png, "binary", /“data\.csv” cannot be profiled: its content is a PNG image/],
  ["an empty file", "", "empty", /the file is empty/],
  ["a file of blank lines", "\n \n\n", "empty", /has no content/],
  ["binary data", "a,b\n\0\0\0", "binary", /zero bytes/],
  ["binary data late in a file", `a,b\n${"1,2\n".repeat(40_000)}\0`, "binary", /zero bytes/],
  ["a quote that never closes", `a,b\n1,"${"x\n".repeat(17 * 2 ** 20)}`, "other-format", /record at byte 4 has no end/],
  ["UTF-16", utf16, "encoding", /UTF-16. Save it as UTF-8/],
  ["JSON", '[{"a": 1}]', "other-format", /JSON/],
  ["a web page", "<!doctype html><p>", "other-format", /web page/],
])("%s fails the run with an explanation", async (_, content, reason, message) => {
  const fileId = await putFile(new Blob([content]), "data.csv");
  const failure = run(csvProfile, { fileId }).result();
  await expect(failure).rejects.toThrow(message);
  await expect(failure).rejects.toMatchObject({ name: "NotCsvError", code: "NOT_CSV", reason });
});

test("a file that was deleted meanwhile fails the run with an explanation", async () => {
  const fileId = await store("a,b\n1,2\n");
  await deleteFile(fileId);
  await expect(run(csvProfile, { fileId }).result()).rejects.toMatchObject({ name: "FileMissingError" });
});
