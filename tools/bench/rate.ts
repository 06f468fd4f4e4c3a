// SPDX-License-Identifier: GPL-2.0-only
/** Measures rates side by side: contestants take turns, so that a slow machine slows all of them. */

/** Does some work and returns the number of executions. */
export type Contestant = () => number;

export interface RateOptions {
  readonly rounds: number;
  /** How long each contestant repeats its work in each round. */
  readonly roundMs: number;
}

/** Executions per second of each contestant, in every round; an uncounted first round warms them up. */
export function rates<K extends string>(
  contestants: Readonly<Record<K, Contestant>>,
  { rounds, roundMs }: RateOptions,
): Record<K, number[]> {
  const names = Object.keys(contestants) as K[]; // keys() loses the names
  const none = names.map((name): [K, number[]] => [name, []]);
  const all = Object.fromEntries(none) as Record<K, number[]>; // fromEntries() loses them
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const rate = repeat(contestants[name], roundMs);
      if (round > 0) all[name].push(rate);
    }
  }
  return all;
}

function repeat(work: Contestant, ms: number): number {
  const started = performance.now();
  let executions = 0;
  for (;;) {
    executions += work();
    const elapsed = performance.now() - started;
    if (elapsed >= ms) return (executions / elapsed) * 1000;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** The median of the ratios round by round. */
export function ratio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((rate, round) => rate / (theirs[round] ?? rate)));
}
