import type { JsonObject } from "tickwork/client";
import { saveFile } from "../source/save-file.ts";

export function downloadJson(name: string, value: JsonObject): void {
  saveFile(name, new Blob([JSON.stringify(value)], { type: "application/json" }));
}

/** Parts of a text, as one file. */
export function downloadText(name: string, parts: readonly string[], type: string): void {
  saveFile(name, new Blob([...parts], { type }));
}
