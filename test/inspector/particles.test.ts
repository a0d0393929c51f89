import { expect, test } from "vitest";
import { createParticleField, PARTICLE_LIFE } from "../../inspector/graph/particle-field.ts";
import { toParticleRoutes } from "../../inspector/graph/particle-routes.ts";
import { tick } from "./fixtures/tick.ts";

const edges = new Set([
  "step:split>event:Chunk",
  "event:Chunk>step:profile",
  "event:Answer>step:ask",
  "external>event:Answer",
]);
const hasEdge = (id: string) => edges.has(id);

test("an event goes from the step that sent it to each step it was delivered to", () => {
  const sent = { type: "Chunk", mode: "send", to: ["profile"], preview: "" } as const;
  const routes = toParticleRoutes(
    [tick(1, { step: "split", events: [sent, sent] }), tick(2, { step: "split", events: [sent] })],
    hasEdge,
  );
  expect(routes).toEqual([{ edges: ["step:split>event:Chunk", "event:Chunk>step:profile"], count: 3 }]);
});

test("an event from outside comes from outside", () => {
  const routes = toParticleRoutes(
    [tick(1, { kind: "AddEvent", events: [{ type: "Answer", mode: "in", to: ["ask"], preview: "" }] })],
    hasEdge,
  );
  expect(routes[0]?.edges).toEqual(["external>event:Answer", "event:Answer>step:ask"]);
});

test("queued work that starts arrives at its step", () => {
  const routes = toParticleRoutes(
    [tick(1, { step: "profile", input: "Chunk", started: [{ step: "profile", workItem: 9, workerId: 0 }] })],
    hasEdge,
  );
  expect(routes[0]?.edges).toEqual(["event:Chunk>step:profile"]);
});

test("however much happens there are no more dots than the budget, and none after their life", () => {
  const field = createParticleField(50);
  const line = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
  ];
  const add = (at: number): boolean => field.add([{ edges: ["a"], count: 1_000 }], () => line, at);
  expect(add(0)).toBe(true);
  for (let i = 1; i < 100; i += 1) add(i);
  // Counters stand in for what is not shown.
  expect(add(100)).toBe(false);
  expect(field.size).toBeLessThanOrEqual(50);
  const drawn: number[] = [];
  expect(field.forEach(300, (x) => drawn.push(x))).toBe(true);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(10);
  expect(field.forEach(400 + PARTICLE_LIFE, () => drawn.push(0))).toBe(false);
  expect(field.size).toBe(0);
});
