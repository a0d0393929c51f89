/** What is known of the sandbox that the views show, or would. */
import type { JsonObject, WhatIf } from "tickwork/client";
import type { ErrorText } from "../source/error-text.ts";

export interface SandboxState {
  readonly isComputing: boolean;
  readonly answer: WhatIf | null;
  readonly problem: ErrorText | null;
  /** The tick as it was recorded, and the text that a person makes of it. */
  readonly recorded: JsonObject | null;
  readonly draft: string;
}

export const NO_SANDBOX: SandboxState = { isComputing: false, answer: null, problem: null, recorded: null, draft: "" };
