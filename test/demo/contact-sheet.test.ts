import fc from "fast-check";
import { expect, test } from "vitest";
import { captionHeight, centreIn, fitWithin, layOutSheet } from "../../inspector/demo/contact-sheet.ts";

test("images shrink to the square and keep their shape; small ones stay", () => {
  expect(fitWithin({ width: 4000, height: 3000 }, 160)).toEqual({ width: 160, height: 120 });
  expect(fitWithin({ width: 10, height: 5000 }, 160)).toEqual({ width: 1, height: 160 });
  expect(fitWithin({ width: 32, height: 16 }, 160)).toEqual({ width: 32, height: 16 });
});

test("cells lie within the sheet and do not overlap, captions included", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 16, max: 512 }), (count, square) => {
      const { width, height, cells } = layOutSheet(count, square);
      expect(cells).toHaveLength(count);
      for (const cell of cells) {
        expect(cell.x + square).toBeLessThanOrEqual(width);
        expect(cell.y + square + captionHeight).toBeLessThanOrEqual(height);
      }
      const places = new Set(cells.map(({ x, y }) => `${x} ${y}`));
      expect(places.size).toBe(count);
    }),
  );
});

test("an image is centred in its cell", () => {
  const cell = { x: 100, y: 200, width: 160, height: 160 };
  expect(centreIn(cell, { width: 80, height: 160 })).toEqual({ x: 140, y: 200, width: 80, height: 160 });
});
