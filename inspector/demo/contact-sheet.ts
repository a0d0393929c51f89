/** Where things go on a contact sheet: numbers only, no canvas. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

export interface SheetLayout extends Size {
  /** A square for each image, in order. Its caption has the `captionHeight` below it. */
  readonly cells: readonly Box[];
}

export const captionHeight = 20;
const gap = 12;

/** The largest size of the same shape within a square; small images keep their size. */
export function fitWithin(image: Size, square: number): Size {
  const scale = Math.min(1, square / Math.max(image.width, image.height, 1));
  return {
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
  };
}

/** A sheet about as wide as high. */
export function layOutSheet(count: number, square: number): SheetLayout {
  const columns = Math.max(1, Math.ceil(Math.sqrt(count)));
  const rows = Math.max(1, Math.ceil(count / columns));
  const stepX = square + gap;
  const stepY = square + captionHeight + gap;
  return {
    width: columns * stepX + gap,
    height: rows * stepY + gap,
    cells: Array.from({ length: count }, (_, index) => ({
      x: gap + (index % columns) * stepX,
      y: gap + Math.floor(index / columns) * stepY,
      width: square,
      height: square,
    })),
  };
}

export function centreIn(cell: Box, image: Size): Box {
  return {
    x: cell.x + Math.round((cell.width - image.width) / 2),
    y: cell.y + Math.round((cell.height - image.height) / 2),
    ...image,
  };
}
