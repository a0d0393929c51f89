import type { JsonObject } from "tickwork/client";

/** Gives a file to the browser to save. */
export function downloadJson(name: string, value: JsonObject): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(value)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replaceAll(/[^\w.-]+/g, "_");
  link.click();
  // The download may begin after the click returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
