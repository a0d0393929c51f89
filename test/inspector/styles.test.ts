import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("../../inspector/", import.meta.url);

test("no two style sheets are about the same class: one would bend the other's view", () => {
  const owners = new Map<string, Set<string>>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".css") || name.startsWith("guide")) continue;
    const css = readFileSync(new URL(name, folder), "utf8");
    for (const [, found = ""] of css.matchAll(/^(\.tw-[\w-]+) \{/gm)) {
      owners.set(found, (owners.get(found) ?? new Set()).add(name));
    }
  }
  expect(owners.size).toBeGreaterThan(200);
  owners.delete(".tw-root"); // tokens.css has its colours, base.css its type
  expect([...owners].filter(([, sheets]) => sheets.size > 1)).toEqual([]);
});
