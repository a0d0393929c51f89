/** Why a file cannot be profiled, in words for the person who dropped it. Trying again would not help. */
export class NotCsvError extends Error {
  override readonly name = "NotCsvError";
  readonly code = "NOT_CSV";
  readonly reason: NotCsvReason;

  constructor(reason: NotCsvReason, fileName: string, explanation: string) {
    super(`“${fileName}” cannot be profiled: ${explanation}`);
    this.reason = reason;
  }
}

export type NotCsvReason = "empty" | "binary" | "encoding" | "other-format";
