import type { Locator } from "@playwright/test";

/**
 * Writes over what is in a field, key by key. Not `fill`: Firefox's driver sets the value as a script of the page would,
 * so React takes it for known and nobody is told of it.
 */
export async function typeInto(field: Locator, text: string): Promise<void> {
  await field.selectText();
  await field.pressSequentially(text);
}
