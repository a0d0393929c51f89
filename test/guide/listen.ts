/** What is printed, and in which region of an example. In Node and in browsers. */
import { vi } from "vitest";

/** What an example printed: all of it, and by the region that was running. A region that printed nothing is not there. */
export type Printed = ReadonlyMap<string, string>;
/** The key of all that was printed. */
export const WHOLE = "";

declare global {
  /** Examples say which region they come to: `.ci/guide-plugin.mjs` puts a call in place of the mark. */
  var enterRegion: ((name: string) => void) | undefined;
}

/** What is printed while something runs. */
export async function listen(
  action: () => Promise<unknown>,
  toText: (...values: unknown[]) => string,
): Promise<Printed> {
  const printed = new Map<string, string>();
  let region = WHOLE;
  const add = (key: string, text: string): void => {
    const before = printed.get(key);
    printed.set(key, before === undefined ? text : `${before}\n${text}`);
  };
  globalThis.enterRegion = (name) => {
    region = name;
  };
  const log = vi.spyOn(console, "log").mockImplementation((...values) => {
    const text = toText(...values);
    add(WHOLE, text);
    if (region !== WHOLE) add(region, text);
  });
  try {
    await action();
    return printed;
  } finally {
    log.mockRestore();
    globalThis.enterRegion = undefined;
  }
}
