/** The whole graph as one SVG text with nothing outside of it: no styles, no fonts to load. Pure. */
import type { GraphStatus, StepStatus } from "tickwork/client";
import { formatCount, formatShortCount } from "../store/format.ts";
import { queueHeat, heatLevel } from "./step-words.ts";
import type { Box } from "./placed.ts";
import type { Flow, FlowEdge, FlowNode } from "./to-flow.ts";

/** Colours as SVG takes them. */
export interface Palette {
  readonly background: string;
  readonly surface: string;
  readonly surface2: string;
  readonly border: string;
  readonly line: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly ok: string;
  readonly warn: string;
  readonly danger: string;
  readonly retry: string;
  /** Of a queue's levels 1 to 4. */
  readonly heat: readonly [string, string, string, string];
}

export interface PictureParts {
  readonly flow: Pick<Flow, "nodes" | "edges" | "layout">;
  /** null: without numbers. */
  readonly status: GraphStatus | null;
  /** What the picture says it is of. */
  readonly title: string;
  readonly palette: Palette;
}

const MARGIN = 24;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";

/** What the picture shows of the plane: all nodes, and arrows that lead round them. */
export function pictureBox({ layout, edges }: Pick<Flow, "layout" | "edges">): Box {
  const points = edges.flatMap(({ route }) => route.line);
  const low = points.reduce((least, { x, y }) => ({ x: Math.min(least.x, x), y: Math.min(least.y, y) }), {
    x: 0,
    y: 0,
  });
  const high = points.reduce((most, { x, y }) => ({ x: Math.max(most.x, x), y: Math.max(most.y, y) }), {
    x: layout.width,
    y: layout.height,
  });
  const [x, y] = [Math.floor(low.x - MARGIN), Math.floor(low.y - MARGIN)];
  return { x, y, width: Math.ceil(high.x + MARGIN) - x, height: Math.ceil(high.y + MARGIN) - y };
}

export function drawPicture({ flow, status, title, palette }: PictureParts): string {
  const { x, y, width, height } = pictureBox(flow);
  const edges = flow.edges.map((edge) => drawEdge(edge, palette)).join("");
  const nodes = flow.nodes.map((node) => drawNode(node, status, palette)).join("");
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}" ` +
    `font-family="${FONT}" font-size="12"><title>${escape(title)}</title><defs><marker id="arrow" viewBox="0 0 8 8" refX="7" ` +
    `refY="4" markerWidth="10" markerHeight="10" markerUnits="userSpaceOnUse" orient="auto"><path d="M.5.5L7 4L.5 7.5" ` +
    `fill="none" stroke="${palette.line}" stroke-width="1.5"/></marker></defs>` +
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${palette.background}"/>${edges}${nodes}</svg>`
  );
}

function drawEdge({ route, isUse, hasArrow }: FlowEdge, { line }: Palette): string {
  const dash = isUse ? ' stroke-dasharray="2 4"' : "";
  const arrow = hasArrow ? ' marker-end="url(#arrow)"' : "";
  return `<path d="${route.path}" fill="none" stroke="${line}" stroke-width="1.5"${dash}${arrow}/>`;
}

function drawNode(node: FlowNode, status: GraphStatus | null, palette: Palette): string {
  const { x, y } = node.position;
  const { width = 0, height = 0 } = node;
  const inside =
    node.type === "step"
      ? drawStep(node.data.node.name, status?.steps[node.data.node.name], width, height, palette)
      : drawPill(node, width, height, palette);
  return `<g transform="translate(${x} ${y})">${inside}</g>`;
}

function drawPill(node: Exclude<FlowNode, { type?: "step" }>, width: number, height: number, palette: Palette): string {
  const { kind } = node.data.node;
  const name = kind === "external" ? "Outside" : node.data.node.name;
  const radius = kind === "event" ? height / 2 : 6;
  const dash = kind === "resource" ? ' stroke-dasharray="3 3"' : "";
  const fill = kind === "external" ? palette.surface2 : palette.surface;
  return (
    `<rect width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${palette.border}"${dash}/>` +
    `<text x="${width / 2}" y="${height / 2 + 4}" text-anchor="middle" font-weight="500" fill="${palette.text}">${escape(cut(name, width - 16))}</text>`
  );
}

function drawStep(
  name: string,
  status: StepStatus | undefined,
  width: number,
  height: number,
  palette: Palette,
): string {
  const right = width - 12;
  const parts = [
    `<rect width="${width}" height="${height}" rx="8" fill="${palette.surface}" stroke="${palette.border}"/>`,
    `<text x="12" y="23" font-size="13" font-weight="600" fill="${palette.text}">${escape(cut(name, width - 24))}</text>`,
  ];
  if (status === undefined) return parts.join("");
  const { busy, slots, queued } = status;
  const barWidth = Math.max(24, right - 12 - 90);
  const bar = (y: number, of: number, fill: string): string =>
    `<rect x="12" y="${y}" width="${barWidth}" height="6" rx="3" fill="${palette.surface2}"/>` +
    `<rect x="12" y="${y}" width="${round(barWidth * Math.min(1, of))}" height="6" rx="3" fill="${fill}"/>`;
  const level = heatLevel(queued);
  parts.push(
    bar(39, slots === 0 ? 0 : busy / slots, palette.accent),
    text(right, 46, `${formatCount(busy)}/${formatCount(slots)} busy`, palette.muted, "end"),
    bar(61, queueHeat(queued), level === 0 ? palette.surface2 : (palette.heat[level - 1] ?? palette.accent)),
    text(right, 68, `${formatShortCount(queued)} queued`, palette.text, "end"),
    `<text x="12" y="91">${footOf(status, palette)}</text>`,
  );
  return parts.join("");
}

function footOf({ completed, failed, delayed, waiting, collected }: StepStatus, palette: Palette): string {
  const facts: [string, string][] = [[`✓ ${formatShortCount(completed)}`, palette.ok]];
  if (failed > 0) facts.push([`✕ ${formatShortCount(failed)}`, palette.danger]);
  if (delayed > 0) facts.push([`↻ ${formatShortCount(delayed)}`, palette.retry]);
  if (waiting > 0) facts.push([`waiting ${formatShortCount(waiting)}`, palette.warn]);
  if (collected !== undefined)
    facts.push([`${formatShortCount(collected.have)} of ${formatShortCount(collected.want)}`, palette.muted]);
  return facts
    .map(([words, fill], index) => `<tspan fill="${fill}"${index === 0 ? "" : ' dx="10"'}>${words}</tspan>`)
    .join("");
}

function text(x: number, y: number, words: string, fill: string, anchor: "start" | "end"): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${fill}">${escape(words)}</text>`;
}

/** A picture cannot measure its letters: 7 px each is what the nodes' widths are made for. */
function cut(name: string, width: number): string {
  const letters = Array.from(name);
  const most = Math.max(1, Math.floor(width / 7));
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join("")}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(words: string): string {
  // Signs that XML 1.0 does not allow would make the file unreadable.
  // eslint-disable-next-line no-control-regex
  const allowed = words.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "\uFFFD");
  return allowed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
