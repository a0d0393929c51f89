import fc from "fast-check";
import { expect, test } from "vitest";
import {
  centerOn,
  chooseAnchor,
  farthestZoom,
  fitCamera,
  keepInPlace,
  zoomCamera,
} from "../../inspector/graph/camera.ts";

const size = { width: 1_000, height: 600 };
const box = (id: string, x: number, y: number) => ({ id, position: { x, y }, width: 100, height: 50 });

test("a node that moved in the drawing stays on its pixel, at every zoom", () => {
  const number = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  const point = fc.record({ x: number, y: number });
  fc.assert(
    fc.property(number, number, fc.double({ min: 0.01, max: 2, noNaN: true }), point, point, (x, y, zoom, was, is) => {
      const after = keepInPlace({ x, y, zoom }, was, is);
      expect(after.zoom).toBe(zoom);
      expect(is.x * zoom + after.x).toBeCloseTo(was.x * zoom + x, 3);
      expect(is.y * zoom + after.y).toBeCloseTo(was.y * zoom + y, 3);
    }),
  );
});

test("what stays is the selected node if it is in view, else what is nearest to the middle, and only what is there after", () => {
  const before = [box("selected", 10, 10), box("middle", 450, 280), box("gone", 440, 270), box("away", 5_000, 0)];
  const after = before.filter(({ id }) => id !== "gone");
  const camera = { x: 0, y: 0, zoom: 1 };
  expect(chooseAnchor(before, after, ["selected"], camera, size)).toBe("selected");
  expect(chooseAnchor(before, after, ["away", null], camera, size)).toBe("middle");
  expect(chooseAnchor(before, [], [], camera, size)).toBeNull();
});

test("a graph is fitted whole, however large, and not enlarged much", () => {
  for (const drawing of [
    { width: 80, height: 40 },
    { width: 99_576, height: 145 },
    { width: 300, height: 49_184 },
  ]) {
    const { x, y, zoom } = fitCamera(drawing, size);
    expect(x).toBeGreaterThanOrEqual(24);
    expect(y).toBeGreaterThanOrEqual(52);
    expect(x + drawing.width * zoom).toBeLessThanOrEqual(976.01);
    expect(y + drawing.height * zoom).toBeLessThanOrEqual(548.01);
    expect(zoom).toBeLessThanOrEqual(1.1);
    expect(farthestZoom(drawing)).toBeLessThanOrEqual(zoom);
  }
});

test("zooming keeps the middle and its limits; centring puts a node there", () => {
  const limits = { ...size, minZoom: 0.5, maxZoom: 2 };
  expect(zoomCamera({ x: 0, y: 0, zoom: 1 }, 2, limits)).toEqual({ x: -500, y: -300, zoom: 2 });
  expect(zoomCamera({ x: 0, y: 0, zoom: 2 }, 2, limits)).toEqual({ x: 0, y: 0, zoom: 2 });
  expect(centerOn(box("a", 100, 100), size, 2)).toEqual({ x: 200, y: 50, zoom: 2 });
});
