import type { Page } from "@playwright/test";

/**
 * How elements differ with and without some of the page's sheets, one line each: at one moment, so that nothing else
 * can be the cause. Sheets are chosen by a selector for their `link`, elements by another.
 */
export function changedStyles(page: Page, sheets: string, elements: string): Promise<string[]> {
  return page.evaluate(compareStyles, [sheets, elements] as const);
}

/** Runs in the page. */
function compareStyles([sheets, selector]: readonly [string, string]): string[] {
  const elements = [...document.querySelectorAll(selector)];
  const read = (): Map<string, string>[] =>
    elements.flatMap((element) =>
      [undefined, "::before", "::after"].map((pseudo) => {
        const style = getComputedStyle(element, pseudo);
        const isShown = pseudo === undefined || (style.content !== "none" && style.content !== "normal");
        // What a page calls its own is inherited, and is no style yet. Firefox lists it.
        // And how far what is placed in the window is from its far edges depends on the page's scroll bars.
        const ignored = style.position === "fixed" ? /^(?:--|right|bottom|inset-)/ : /^--/;
        const names = isShown ? [...style].filter((name) => !ignored.test(name)) : [];
        return new Map(names.map((name) => [name, style.getPropertyValue(name)]));
      }),
    );
  const links = [...document.querySelectorAll<HTMLLinkElement>(`link[rel=stylesheet]${sheets}`)];
  if (links.length === 0) throw new Error(`No sheet is ${sheets}.`);
  const withThem = read();
  for (const link of links) link.disabled = true;
  const without = read();
  for (const link of links) link.disabled = false;

  const changes: string[] = [];
  for (const [index, before] of withThem.entries()) {
    const element = elements[Math.floor(index / 3)];
    const after = without[index];
    const changed = [...before].filter(([name, value]) => after?.get(name) !== value);
    if (changed.length === 0) continue;
    const what = changed.slice(0, 6).map(([name, value]) => `${name}: ${value}, not ${after?.get(name)}`);
    changes.push(`${element?.localName}.${element?.getAttribute("class")}: ${what.join("; ")}`);
  }
  return [...new Set(changes)];
}
