// SPDX-License-Identifier: GPL-2.0-only
/**
 * Pairs of submissions that changed the port in the same words. A right fix may be two lines that a whole class writes alike,
 * so what many wrote counts for nothing, and what little remains is not compared. A pair is a hint to read both, never a proof.
 */

/** Somebody's additions. */
export interface Additions {
  readonly student: string;
  readonly lines: readonly string[];
}

export interface Pair {
  readonly one: string;
  readonly other: string;
  /** Shared fingerprints of all that either has, 0 to 1. */
  readonly similarity: number;
  readonly shared: number;
}

/** Tokens in a row that make a fingerprint. */
const TOKENS = 6;
/** With fewer of its own a submission is not compared. */
const FINGERPRINTS_MIN = 25;
const SIMILARITY_MIN = 0.6;
/** What more of a class wrote is common ground; a handful is not. */
const COMMON_SHARE = 0.2;
const COMMON_MIN = 3;

/** Suspiciously similar pairs, the most similar first. */
export function similarPairs(all: readonly Additions[]): Pair[] {
  const owners = new Map<string, number[]>();
  for (const [i, { lines }] of all.entries()) {
    for (const print of fingerprints(lines)) {
      const known = owners.get(print);
      if (known === undefined) owners.set(print, [i]);
      else known.push(i);
    }
  }
  const common = Math.max(COMMON_MIN, Math.floor(all.length * COMMON_SHARE));
  const own = all.map(() => 0);
  const shared = new Map<number, number>();
  for (const who of owners.values()) {
    if (who.length > common) continue;
    for (const [place, i] of who.entries()) {
      own[i] = (own[i] ?? 0) + 1;
      for (const j of who.slice(place + 1)) {
        const key = i * all.length + j;
        shared.set(key, (shared.get(key) ?? 0) + 1);
      }
    }
  }
  return [...shared]
    .flatMap(([key, count]): Pair[] => {
      const [i, j] = [Math.floor(key / all.length), key % all.length];
      const [a = 0, b = 0] = [own[i], own[j]];
      const similarity = count / (a + b - count);
      if (Math.min(a, b) < FINGERPRINTS_MIN || similarity < SIMILARITY_MIN) return [];
      return [
        { one: all[i]?.student ?? '', other: all[j]?.student ?? '', similarity, shared: count },
      ];
    })
    .sort((a, b) => b.similarity - a.similarity || (a.one + a.other < b.one + b.other ? -1 : 1));
}

/** Runs of tokens without comments and layout; names count, for they are what copying leaves. */
function fingerprints(lines: readonly string[]): Set<string> {
  const code = lines.map((line) => line.replace(/\/\/.*$|^\s*\/?\*.*$/, '')).join('\n');
  const tokens = code.match(/[A-Za-z_$][\w$]*|\d+|[^\s\w]/g) ?? [];
  const found = new Set<string>();
  for (let i = 0; i + TOKENS <= tokens.length; i++)
    found.add(tokens.slice(i, i + TOKENS).join(' '));
  return found;
}
