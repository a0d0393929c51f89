import { expect, test } from "vitest";
import { profileCsv } from "../../inspector/demo/csv-direct.ts";
import { profileInChunks } from "./profile-in-chunks.ts";

/** 60,000 rows from a fixed generator: ids, skewed amounts, a few states, days, and repeating names. */
function makeCsv(): string {
  let seed = 7;
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
  const lines = ["id,amount,state,day,name"];
  for (let row = 0; row < 60_000; row++) {
    const amount = Math.round(Math.exp(random() * 9)) / 10;
    const state = ["new", "paid", "sent"][Math.floor(random() ** 2 * 3)];
    const day = new Date(Date.UTC(2020, 0, 1) + Math.floor(random() * 900) * 86_400_000).toISOString().slice(0, 10);
    lines.push(`${row},${amount},${state},${day},name ${Math.floor(random() * 8_000)}`);
  }
  return `${lines.join("\n")}\n`;
}

const text = makeCsv();
const whole = profileCsv(text);
const sample = profileInChunks(new Blob([text]), { exactRecords: 0, chunkBytes: 20_000 });

test("a sampled profile has exact counts, types and extremes", async () => {
  const { report } = await sample;
  const exactly = ({ name, type, nulls, kinds, min, max, whole: isWhole }: (typeof whole.columns)[number]) => {
    return { name, type, nulls, kinds, min, max, whole: isWhole };
  };
  expect(report.file).toEqual(whole.file);
  expect(report.columns.map(exactly)).toEqual(whole.columns.map(exactly));
});

test("columns of few values stay exact in every respect", async () => {
  const { report } = await sample;
  expect(report.columns[2]).toEqual(whole.columns[2]);
});

test("quantiles are off by at most 1/512 of the rows", async () => {
  const { report } = await sample;
  const amounts = text
    .split("\n")
    .slice(1, -1)
    .map((line) => Number(line.split(",")[1]))
    .toSorted((a, b) => a - b);
  const { quantiles } = report.columns[1]!;
  for (const [name, share] of [
    ["p05", 0.05],
    ["p25", 0.25],
    ["p50", 0.5],
    ["p75", 0.75],
    ["p95", 0.95],
  ] as const) {
    const value = Number(quantiles?.[name]);
    const below = amounts.findIndex((amount) => amount >= value) / amounts.length;
    const through = (amounts.findLastIndex((amount) => amount <= value) + 1) / amounts.length;
    expect(below).toBeLessThanOrEqual(share + 1 / 512);
    expect(through).toBeGreaterThanOrEqual(share - 1 / 512);
  }
});

test("distinct values are estimated within a few per cent, and said to be estimates", async () => {
  const { report } = await sample;
  for (const index of [0, 4]) {
    const { distinct, exact } = report.columns[index]!;
    expect(exact).toBe(false);
    expect(Math.abs(distinct / whole.columns[index]!.distinct - 1)).toBeLessThan(0.06);
  }
});

test("the same file gives the same sampled profile again", async () => {
  const again = await profileInChunks(new Blob([text]), { exactRecords: 0, chunkBytes: 20_000 });
  expect(again.report).toEqual((await sample).report);
});

test("a sampled file of windows-1252 bytes is read as such", async () => {
  const bytes = Uint8Array.from("name;n\ncaf\xe9;1\nth\xe9;2\n", (letter) => letter.charCodeAt(0));
  const { report } = await profileInChunks(new Blob([bytes]));
  expect(report.file.encoding).toBe("windows-1252");
  expect(report.columns[0]?.top.map(({ value }) => value)).toEqual(["café", "thé"]);
});
