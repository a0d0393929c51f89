import type { JsonObject } from "tickwork/client";

/** Gives a file to the browser to save. */
export function downloadJson(name: string, value: JsonObject): void {
  downloadText(name, [JSON.stringify(value)], "application/json");
}

/** Parts of a text, as one file. */
export function downloadText(name: string, parts: readonly string[], type: string): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replaceAll(/[^\w.-]+/g, "_");
  link.click();
  // The download may begin after the click returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
