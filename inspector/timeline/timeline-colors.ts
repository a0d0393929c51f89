/** The tokens as a canvas understands them: resolved for the theme at hand, or the system's own where it asks for these. */
import type { TimelineColors } from "./draw-rows.ts";

const TOKENS: { readonly [name in keyof TimelineColors]: readonly [token: string, forced: string] } = {
  surface: ["--tw-surface", "Canvas"],
  line: ["--tw-border", "GrayText"],
  text: ["--tw-text", "CanvasText"],
  running: ["--tw-accent", "CanvasText"],
  runningSoft: ["--tw-accent-soft", "Canvas"],
  failed: ["--tw-danger", "LinkText"],
  retry: ["--tw-retry", "CanvasText"],
  waiting: ["--tw-warn", "CanvasText"],
  waitingSoft: ["--tw-warn-soft", "Canvas"],
  fold: ["--tw-surface-2", "Canvas"],
};

/** `probe`: an element within the inspector that shows nothing. */
export function readColors(probe: HTMLElement): TimelineColors {
  const isForced = matchMedia("(forced-colors: active)").matches;
  const colors = Object.entries(TOKENS).map(([name, [token, forced]]) => {
    probe.style.color = isForced ? forced : `var(${token})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.style.color = "";
  return Object.fromEntries(colors);
}
