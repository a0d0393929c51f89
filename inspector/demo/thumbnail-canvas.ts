/** The part of the thumbnails workflow that touches pixels: for a worker with `OffscreenCanvas`. */
import { type Box, captionHeight, centreIn, fitWithin, layOutSheet, type Size } from "./contact-sheet.ts";

/** The browser could not decode it: broken, empty, or in a format it does not know. */
class ImageUnreadableError extends Error {
  override readonly name = "ImageUnreadableError";
  readonly code = "IMAGE_UNREADABLE";

  constructor(fileName: string, type: string, cause: unknown) {
    // A worker has no document to render SVG in.
    const why = type.startsWith("image/svg")
      ? "SVG cannot be decoded in a worker; save it as PNG."
      : "it is broken, or no image format that this browser knows.";
    super(`“${fileName}” could not be decoded: ${why}`, { cause });
  }
}

export interface Thumbnail {
  readonly blob: Blob;
  readonly original: Size;
  readonly size: Size;
}

export async function drawThumbnail(file: Blob, name: string, square: number): Promise<Thumbnail> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw new ImageUnreadableError(name, file.type, cause);
  });
  try {
    const original = { width: bitmap.width, height: bitmap.height };
    const size = fitWithin(original, square);
    const { canvas, pen } = createCanvas(size);
    pen.drawImage(bitmap, 0, 0, size.width, size.height);
    return { blob: await canvas.convertToBlob({ type: "image/webp", quality: 0.85 }), original, size };
  } finally {
    bitmap.close();
  }
}

/** A place on the sheet: the thumbnail, or null for an image that could not be read. */
export interface SheetEntry {
  readonly name: string;
  readonly thumbnail: Blob | null;
}

export async function drawContactSheet(
  entries: readonly SheetEntry[],
  square: number,
  signal: AbortSignal,
): Promise<{ blob: Blob; size: Size }> {
  const layout = layOutSheet(entries.length, square);
  const { canvas, pen } = createCanvas(layout);
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, layout.width, layout.height);
  for (const [index, entry] of entries.entries()) {
    signal.throwIfAborted();
    const cell = layout.cells[index];
    if (!cell) continue;
    pen.fillStyle = "#f1f3f5";
    pen.fillRect(cell.x, cell.y, cell.width, cell.height);
    if (entry.thumbnail) await drawImageIn(pen, cell, entry.thumbnail);
    else drawCross(pen, cell);
    drawCaption(pen, cell, entry.name, entry.thumbnail ? "#343a40" : "#c92a2a");
  }
  return { blob: await canvas.convertToBlob({ type: "image/png" }), size: canvas };
}

type Pen = OffscreenCanvasRenderingContext2D;

function createCanvas({ width, height }: Size): { canvas: OffscreenCanvas; pen: Pen } {
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error(`No canvas of ${width} × ${height} pixels could be had: the images need too much memory.`);
  pen.imageSmoothingQuality = "high";
  return { canvas, pen };
}

async function drawImageIn(pen: Pen, cell: Box, image: Blob): Promise<void> {
  const bitmap = await createImageBitmap(image);
  const box = centreIn(cell, bitmap);
  pen.drawImage(bitmap, box.x, box.y);
  bitmap.close();
}

function drawCross(pen: Pen, cell: Box): void {
  const reach = cell.width / 8;
  const [x, y] = [cell.x + cell.width / 2, cell.y + cell.height / 2];
  pen.strokeStyle = "#c92a2a";
  pen.lineWidth = 3;
  pen.beginPath();
  pen.moveTo(x - reach, y - reach);
  pen.lineTo(x + reach, y + reach);
  pen.moveTo(x + reach, y - reach);
  pen.lineTo(x - reach, y + reach);
  pen.stroke();
}

function drawCaption(pen: Pen, cell: Box, name: string, colour: string): void {
  pen.fillStyle = colour;
  pen.font = "12px system-ui, sans-serif";
  pen.textBaseline = "middle";
  let text = name;
  while (text.length > 4 && pen.measureText(text).width > cell.width) text = `${text.slice(0, -2).trimEnd()}…`;
  pen.fillText(text, cell.x, cell.y + cell.height + captionHeight / 2 + 2);
}
