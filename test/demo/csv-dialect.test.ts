import { expect, test } from "vitest";
import { columnNames, detectDialect } from "../../inspector/demo/csv-dialect.ts";

function detect(text: string) {
  const head = new TextEncoder().encode(text);
  return detectDialect(head, { name: "file.csv", size: head.length });
}

test.each([
  ["a,b\n1,2\n", ","],
  ["a;b\n1,5;2,5\n", ";"],
  ["a\tb\n1\t2, 3\n", "\t"],
  ["a|b\n1|2\n", "|"],
  ["genre,name\nA|B,x\nC|D,y\n", ","],
  ["name\nx\ny\n", ","],
  ['a,b\n"x;y;z",1\n"x;y",2\n"x",3\n', ","],
])("%j is cut at %j", (text, delimiter) => {
  expect(detect(text).delimiter).toBe(delimiter);
});

test.each([
  ["id,name\n1,x\n2,y\n", true],
  ["name,city\nx,y\nz,w\n", true],
  ["1,x\n2,y\n", false],
  ["2020-01-01,5\n2020-01-02,6\n", false],
  [",a,b\n1,2,3\n", true],
])("the first record of %j is a header: %s", (text, header) => {
  expect(detect(text).header).toBe(header);
});

test("a byte order mark is skipped and belongs to no name", () => {
  expect(detect("\uFEFFa,b\n1,2\n")).toEqual({ delimiter: ",", header: true, skip: 3, width: 2 });
});

test("without a header most records decide the width", () => {
  expect(detect("1,2,3\n4,5,6\n7,8\n").width).toBe(3);
});

test("column names are never empty and never the same", () => {
  expect(columnNames(["a", "", "a", " b\nc ", "a"], 6)).toEqual(["a", "column 2", "a (2)", "b c", "a (3)", "column 6"]);
});
