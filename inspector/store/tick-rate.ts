/** Ticks per second over the last two seconds, from what was seen when. */
export interface TickRate {
  /** Rate after seeing `sequence` at `now`. */
  see(sequence: number, now: number): number;
}

export function createTickRate(window = 2_000): TickRate {
  let samples: { sequence: number; at: number }[] = [];
  return {
    see(sequence, now) {
      const newest = samples.at(-1);
      if (newest === undefined || newest.sequence !== sequence || now - newest.at > 250)
        samples.push({ sequence, at: now });
      samples = samples.filter((sample) => now - sample.at <= window);
      const first = samples[0];
      if (first === undefined || now - first.at < 200) return 0;
      return ((sequence - first.sequence) * 1_000) / (now - first.at);
    },
  };
}
