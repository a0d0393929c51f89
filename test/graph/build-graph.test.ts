import { buildGraph, defineEvent, defineWorkflow, StartEvent, StopEvent, type GraphNode } from "tickwork";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { throughJson } from "../engine/fixtures.ts";

const Doc = defineEvent("Doc", z.object({ url: z.string() }));
const Image = defineEvent("Image", z.object({ url: z.string(), width: z.number() }), { extends: Doc });
const Photo = defineEvent("Photo", z.object({ taken: z.date(), seen: z.map(z.string(), z.number()) }), {
  extends: Image,
});

const workflow = defineWorkflow("w")
  .step("make", { accepts: StartEvent, emits: [Doc, Photo] }, () => undefined)
  .step("take", { accepts: Doc, acceptsSubkinds: true, emits: StopEvent }, () => undefined);
const eventNode = (nodes: readonly GraphNode[], type: string) => nodes.find(({ id }) => id === `event:${type}`);

describe("an event node", () => {
  test("tells what its kind extends, nearest first, also kinds that the workflow does not name (54)", () => {
    const { nodes } = buildGraph(workflow);
    expect(eventNode(nodes, "Photo")).toMatchObject({ extends: ["Image", "Doc"] });
    expect(eventNode(nodes, "Doc")).not.toHaveProperty("extends");
    expect(eventNode(nodes, "Image")).toBeUndefined();
  });

  test("has the JSON Schema of its data if asked, null where there is none; what it cannot say of a field is anything (54)", () => {
    const { nodes } = buildGraph(workflow, { schemas: true });
    expect(eventNode(nodes, "Doc")).toMatchObject({
      schema: { type: "object", properties: { url: { type: "string" } }, required: ["url"] },
    });
    expect(eventNode(nodes, "StartEvent")).toMatchObject({ schema: null });
    expect(eventNode(nodes, "Photo")).toMatchObject({
      schema: { properties: { taken: { type: "string", format: "date-time", "x-tickwork": "Date" }, seen: {} } },
    });
    expect(throughJson(nodes)).toEqual(nodes);
  });

  test("has no schema by default: it would be most of the graph (54)", () => {
    expect(buildGraph(workflow).nodes.some((node) => "schema" in node)).toBe(false);
  });
});
