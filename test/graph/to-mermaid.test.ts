import { buildGraph, defineWorkflow, StartEvent, StopEvent, toMermaid, WorkflowConfigurationError } from "tickwork";
import { describe, expect, test } from "vitest";

const graphOf = (step: string) =>
  buildGraph(defineWorkflow("w").step(step, { accepts: StartEvent, emits: StopEvent }, () => undefined));
const boxOf = (step: string, maximumLabelLength?: number) =>
  /\["(.*)"\]:::step/.exec(
    toMermaid(graphOf(step), maximumLabelLength === undefined ? {} : { maximumLabelLength }),
  )?.[1];

describe("labels as Mermaid (53)", () => {
  test("longer than the limit are cut to one character less and an ellipsis, of nodes and arrows", () => {
    expect(boxOf("abcdef", 5)).toBe("abcd…");
    const graph = graphOf("s");
    const labelled = { ...graph, edges: graph.edges.map((edge) => ({ ...edge, label: "a long label" })) };
    expect(toMermaid(labelled, { maximumLabelLength: 4 })).toContain('-->|"a l…"|');
  });

  test("up to the limit, and all of them without one, stay whole", () => {
    expect(boxOf("abcde", 5)).toBe("abcde");
    expect(boxOf("a".repeat(500))).toBe("a".repeat(500));
    expect(boxOf("abc", 1)).toBe("…");
  });

  test("are cut before they are escaped, so that no escape is cut in two", () => {
    expect(boxOf("ab&<>cd", 5)).toBe("ab&amp;&lt;…");
    expect(boxOf('"""""', 5)).toBe("&quot;".repeat(5));
  });

  test("are counted by characters: none is cut in two", () => {
    expect(boxOf("😀😀😀😀", 4)).toBe("😀😀😀😀");
    expect(boxOf("😀😀😀😀", 3)).toBe("😀😀…");
  });

  test("with a number sign are no escapes of Mermaid's own", () => {
    expect(boxOf("issue #35;")).toBe("issue #35;35;");
  });

  test("of a length that is none are refused", () => {
    for (const length of [0, -1, 1.5, Number.NaN]) {
      expect(() => toMermaid(graphOf("s"), { maximumLabelLength: length })).toThrow(WorkflowConfigurationError);
    }
  });
});

test("only the styles that are used are defined", () => {
  const text = toMermaid(graphOf("s"));
  const defined = Array.from(text.matchAll(/classDef (\w+)/g), ([, name]) => name);
  expect(new Set(defined)).toEqual(new Set(["startEvent", "step", "stopEvent"]));
});
