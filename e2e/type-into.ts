import type { Locator } from "@playwright/test";

/**
 * Writes over what is in a field, key by key. Not `fill`: Firefox's driver sets the value as a script of the page would,
 * so React takes it for known and nobody is told of it. Nor `selectText`, which does nothing there after a download.
 */
export async function typeInto(field: Locator, text: string): Promise<void> {
  await field.press("ControlOrMeta+a");
  await field.pressSequentially(text);
}
