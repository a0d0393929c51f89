/** The log's rows, however many: by place and by sequence. */
export interface LogRows {
  readonly count: number;
  /** Sequence of the tick in a row. */
  at(row: number): number;
  /** Row of a tick, or of the next shown one after it. */
  rowOf(sequence: number): number;
  /** Ticks that were looked at, of all. */
  readonly searched: number;
}

/** Rows of exactly these ticks, which are sorted. */
export function rowsOf(sequences: readonly number[], searched: number): LogRows {
  return {
    count: sequences.length,
    searched,
    at: (row) => sequences[row] ?? 0,
    rowOf(sequence) {
      let low = 0;
      let high = sequences.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sequences[middle] ?? 0) < sequence) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}
