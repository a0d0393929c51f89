/** A value that may be large, as differences tell it: what fits into a line, and all of it where that is little. */
import type { Json } from "../core/json.ts";
import type { ToJson } from "./cut-json.ts";
import { previewOf, sizeOf } from "./preview.ts";

export interface ShownValue {
  /** Its first characters. */
  readonly preview: string;
  /** About how many characters it has as JSON. */
  readonly size: number;
  /** The whole value, if it is small or was asked for by its path. */
  readonly value?: Json;
}

/** Characters up to which a value is sent whole. */
const WHOLE = 2_000;
const PREVIEW = 160;

export function shownValue(value: unknown, toJson: ToJson, isWhole = false): ShownValue {
  const size = sizeOf(value);
  return { preview: previewOf(value, PREVIEW), size, ...((isWhole || size <= WHOLE) && { value: toJson(value) }) };
}
