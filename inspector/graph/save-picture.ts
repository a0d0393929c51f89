/** Saves the graph as a file. Loaded when it is asked for. */
import type { GraphStatus } from "tickwork/client";
import { saveFile } from "../source/save-file.ts";
import type { Palette } from "./graph-picture.ts";
import { drawPicture, pictureBox } from "./graph-picture.ts";
import type { Flow } from "./to-flow.ts";

interface PictureRequest {
  readonly flow: Flow;
  readonly status: GraphStatus | null;
  /** Of the workflow. */
  readonly name: string;
  /** Any element of the inspector: the picture has the colours of its theme. */
  readonly container: HTMLElement;
}

/** What browsers can draw on one canvas; a larger graph gets fewer pixels. */
const MOST_PIXELS = 32_000_000;
const LONGEST_SIDE = 8_192;
const BEST_SCALE = 2;

export async function savePicture(form: "svg" | "png", request: PictureRequest): Promise<void> {
  const { flow, status, name } = request;
  const title = status === null ? name : `${name}, tick ${status.sequence}`;
  const svg = drawPicture({ flow, status, title, palette: readPalette(request.container) });
  const file = new Blob([svg], { type: "image/svg+xml" });
  const { width, height } = pictureBox(flow);
  const fileName = status === null ? name : `${name}-${status.sequence}`;
  if (form === "svg") saveFile(`${fileName}.svg`, file);
  else saveFile(`${fileName}.png`, await toPng(svg, width, height));
}

/** Rejects where the browser cannot draw it. */
export async function toPng(svg: string, width: number, height: number): Promise<Blob> {
  const scale = Math.min(BEST_SCALE, LONGEST_SIDE / Math.max(width, height), Math.sqrt(MOST_PIXELS / (width * height)));
  const image = new Image(width, height);
  // A data: address, which a strict content policy allows for pictures; blob: it does not.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(width * scale));
  canvas.height = Math.max(1, Math.floor(height * scale));
  const context = canvas.getContext("2d");
  context?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (context === null || blob === null)
    throw new Error("This browser could not draw the graph as PNG. Save it as SVG instead.");
  return blob;
}

/** Tokens hold a colour for each theme; only the browser knows which one counts here. */
export function readPalette(container: HTMLElement): Palette {
  const probe = document.createElement("span");
  container.append(probe);
  const color = (token: string): string => {
    probe.style.color = `var(--tw-${token})`;
    return getComputedStyle(probe).color;
  };
  const palette: Palette = {
    background: color("bg"),
    surface: color("surface"),
    surface2: color("surface-2"),
    border: color("border-strong"),
    line: color("border-strong"),
    text: color("text"),
    muted: color("text-muted"),
    accent: color("accent"),
    ok: color("ok"),
    warn: color("warn"),
    danger: color("danger"),
    retry: color("retry"),
    heat: [color("heat-1"), color("heat-2"), color("heat-3"), color("heat-4")],
  };
  probe.remove();
  return palette;
}
