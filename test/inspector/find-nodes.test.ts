import { expect, test } from "vitest";
import { findNodes } from "../../inspector/graph/find-nodes.ts";
import { largeGraph } from "./fixtures/large-graph.ts";
import { DESCRIPTION } from "./fixtures/scripted-run.ts";

const names = (text: string): readonly string[] => findNodes(DESCRIPTION.graph.nodes, text).map(({ name }) => name);

test("what begins with the text comes first, then words in the name, then the rest; steps before events", () => {
  expect(names("p")).toEqual(["profile", "Part", "split", "Report"]);
  expect(names("PART")).toEqual(["Part"]);
  const nodes = ["reloadPage", "page", "homepages"].flatMap((name) => {
    const [first] = DESCRIPTION.graph.nodes;
    return first?.kind === "step" ? [{ ...first, name, id: `step:${name}` }] : [];
  });
  expect(findNodes(nodes, "page").map(({ name }) => name)).toEqual(["page", "reloadPage", "homepages"]);
});

test("without a text steps and events are listed, without resources and the outside world", () => {
  expect(names("")).toHaveLength(11);
  expect(names(" ")).toHaveLength(11);
  expect(names("parser")).toEqual([]);
});

test("the list is bounded", () => {
  expect(findNodes(largeGraph(300).nodes, "work")).toHaveLength(50);
});
