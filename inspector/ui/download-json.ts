import type { JsonObject } from "tickwork/client";
import { downloadFile } from "./download-file.ts";

export function downloadJson(name: string, value: JsonObject): void {
  downloadFile(name, new Blob([JSON.stringify(value)], { type: "application/json" }));
}

/** Parts of a text, as one file. */
export function downloadText(name: string, parts: readonly string[], type: string): void {
  downloadFile(name, new Blob([...parts], { type }));
}
