import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("../../inspector/ui/tokens.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--tw-([\w-]+): light-dark\((#[\da-f]{6}), (#[\da-f]{6})\)/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, [light, dark] as const],
  ),
);

const TEXTS = ["text", "text-muted", "accent", "ok", "warn", "danger", "retry"];
const SURFACES = ["bg", "surface", "surface-2"];
const PAIRS: [string, string][] = [
  ...TEXTS.flatMap((text) => SURFACES.map((surface): [string, string] => [text, surface])),
  ["accent", "accent-soft"],
  ["ok", "ok-soft"],
  ["warn", "warn-soft"],
  ["danger", "danger-soft"],
  ["retry", "retry-soft"],
  ["sandbox", "surface"],
  ["sandbox", "sandbox-soft"],
  ["text", "sandbox-soft"],
  ["text", "accent-soft"],
  ["text", "warn-soft"],
  ["text", "danger-soft"],
  ["text-muted", "accent-soft"],
  ["warn", "accent-soft"],
  ["danger", "accent-soft"],
  ["text-muted", "danger-soft"],
  ["accent-text", "accent"],
];

test.each(["light", "dark"])("text is readable on what it stands on: AA, %s", (theme) => {
  const at = theme === "light" ? 0 : 1;
  const low = PAIRS.map(
    ([text, surface]) =>
      [`${text} on ${surface}`, contrast(tokens.get(text)?.[at], tokens.get(surface)?.[at])] as const,
  ).filter(([, ratio]) => ratio < 4.5);
  expect(low).toEqual([]);
});

test.each(["light", "dark"])("borders of fields stand out: 3 to 1, %s", (theme) => {
  const at = theme === "light" ? 0 : 1;
  expect(contrast(tokens.get("border-strong")?.[at], tokens.get("surface")?.[at])).toBeGreaterThanOrEqual(3);
});

const HEAT = ["heat-1", "heat-2", "heat-3", "heat-4"];
const SIGHTS = ["normal", "protan", "deutan", "tritan"] as const;

test.each(SIGHTS.flatMap((sight) => ["light", "dark"].map((theme) => [sight, theme] as const)))(
  "levels of a queue differ for %s sight, %s: from each other, and from an empty bar",
  (sight, theme) => {
    const at = theme === "light" ? 0 : 1;
    const colors = ["surface-2", ...HEAT].map((name) => seenAs(tokens.get(name)?.[at], sight));
    const near = colors.flatMap((a, i) =>
      colors.slice(i + 1).flatMap((b, j) => {
        const distance = distanceOf(a, b);
        return distance < 0.1 ? [`${i} and ${i + j + 1}: ${distance.toFixed(3)}`] : [];
      }),
    );
    expect(near).toEqual([]);
    // In order without any hue: deeper is further from the ground.
    const lightness = colors.map(([l]) => (at === 0 ? -l : l));
    expect(lightness).toEqual(lightness.toSorted((a, b) => a - b));
  },
);

test.each(SIGHTS.flatMap((sight) => ["light", "dark"].map((theme) => [sight, theme] as const)))(
  "particles stand out from ground and lines for %s sight, %s",
  (sight, theme) => {
    const at = theme === "light" ? 0 : 1;
    const seen = (name: string) => seenAs(tokens.get(name)?.[at], sight);
    for (const ground of ["bg", "surface", "border"])
      expect(distanceOf(seen("accent"), seen(ground))).toBeGreaterThan(0.15);
  },
);

type Lab = readonly [l: number, a: number, b: number];

/** Machado, Oliveira and Fernandes 2009, full severity; on linear light. */
const SIGHT_MATRICES: { readonly [sight in (typeof SIGHTS)[number]]: readonly number[] } = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

/** In Oklab, where distances are as they are seen: black to white is 1. */
function seenAs(hex = "#000000", sight: (typeof SIGHTS)[number]): Lab {
  const light = linear(hex);
  const m = SIGHT_MATRICES[sight];
  const row = (at: number) =>
    Math.min(
      1,
      Math.max(
        0,
        light.reduce((sum, value, index) => sum + value * (m[at * 3 + index] ?? 0), 0),
      ),
    );
  const [r, g, b] = [row(0), row(1), row(2)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const c = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * c - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * c + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * c - 0.808675766 * s,
  ];
}

function distanceOf(a: Lab, b: Lab): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function contrast(a = "#000000", b = "#000000"): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function linear(hex: string): readonly number[] {
  return [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = linear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
