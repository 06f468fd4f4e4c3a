// SPDX-License-Identifier: GPL-2.0-only
/**
 * The facts of `.kata/state.txt`: one a line, sorted, each true for itself, so that two files can be merged by taking the
 * lines of both. A verdict names what it is about by digests and is believed only as long as they fit; of two merged
 * levels of hints the higher counts, of two current katas the later.
 */

export type Fact =
  | { readonly about: string; readonly what: 'current' }
  | { readonly about: string; readonly what: 'hints'; readonly level: number }
  /** It has held once: its solution need not be hidden any more. */
  | { readonly about: string; readonly what: 'solved' }
  | ({ readonly about: string; readonly what: 'verdict' } & Verdict)
  | { readonly about: typeof TOOL; readonly what: 'welcomed' };

export interface Verdict {
  readonly holds: boolean;
  /** Digest of the driver that was judged. */
  readonly driver: string;
  /** Digest of the engine and the scenarios that judged it. */
  readonly judge: string;
}

export type Facts = readonly Fact[];

/** What is a fact about no kata. */
export const TOOL = 'kata';

const HEADER = `# What npx kata remembers, one fact a line. Keep it, merge it, or delete it: verdicts are found again by judging.`;

/** So much of a sha256 tells two files apart. */
export const DIGEST_LENGTH = 16;

/** The facts of a file, or the first line that is none. */
export function parseFacts(text: string): { readonly facts: Facts } | { readonly damaged: string } {
  const facts: Fact[] = [];
  for (const line of text.split(/\r?\n/)) {
    // Comments, and what git leaves behind where it could not merge.
    if (line.trim() === '' || /^(#|<{7}|={7}|>{7}|\|{7})/.test(line)) continue;
    const fact = parseFact(line.trim());
    if (fact === null) return { damaged: line };
    facts.push(fact);
  }
  return { facts };
}

const ABOUT = String.raw`^(\d\d-[a-z0-9-]+)`;
const DIGEST = `([0-9a-f]{${DIGEST_LENGTH}})`;
const VERDICT = new RegExp(`${ABOUT} verdict (holds|fails) driver ${DIGEST} judge ${DIGEST}$`);

function parseFact(line: string): Fact | null {
  if (line === `${TOOL} welcomed`) return { about: TOOL, what: 'welcomed' };
  const [, plain = '', what] = new RegExp(`${ABOUT} (current|solved)$`).exec(line) ?? [];
  if (what === 'current' || what === 'solved') return { about: plain, what };
  const [, hinted = '', level] = new RegExp(`${ABOUT} hints (\\d{1,2})$`).exec(line) ?? [];
  if (level !== undefined) return { about: hinted, what: 'hints', level: Number(level) };
  const [, about = '', word, driver = '', judge = ''] = VERDICT.exec(line) ?? [];
  if (word === undefined) return null;
  return { about, what: 'verdict', holds: word === 'holds', driver, judge };
}

/** The file that holds some facts. */
export function formatFacts(facts: Facts): string {
  const lines = [...new Set(facts.map(formatFact))].sort();
  return `${[HEADER, ...lines].join('\n')}\n`;
}

function formatFact(fact: Fact): string {
  const { about, what } = fact;
  switch (what) {
    case 'hints':
      return `${about} ${what} ${fact.level}`;
    case 'verdict': {
      const { holds, driver, judge } = fact;
      return `${about} ${what} ${holds ? 'holds' : 'fails'} driver ${driver} judge ${judge}`;
    }
    default:
      return `${about} ${what}`;
  }
}

/** The facts with one more, which takes the place of those it makes obsolete. */
export function withFact(facts: Facts, fact: Fact): Facts {
  const kept = facts.filter((old) => {
    if (old.what !== fact.what) return true;
    if (fact.what === 'current') return false; // one is current at a time
    if (old.about !== fact.about) return true;
    return old.what === 'hints' && fact.what === 'hints' && old.level > fact.level;
  });
  return [...kept, fact];
}

/** Whether a driver held when it was judged by this judge; null if that is not known. */
export function verdictOf(
  facts: Facts,
  id: string,
  digests: Pick<Verdict, 'driver' | 'judge'>,
): boolean | null {
  for (const fact of facts) {
    if (fact.what !== 'verdict' || fact.about !== id) continue;
    if (fact.driver === digests.driver && fact.judge === digests.judge) return fact.holds;
  }
  return null;
}

/** The strongest hint that was read; 0 if none was. */
export function hintsRead(facts: Facts, id: string): number {
  const levels = facts.map((fact) => (fact.what === 'hints' && fact.about === id ? fact.level : 0));
  return Math.max(0, ...levels);
}

/** Whether a kata's driver has held at some time. */
export function wasSolved(facts: Facts, id: string): boolean {
  return facts.some(({ about, what }) => about === id && what === 'solved');
}

/** The kata somebody has gone to; null before the first time. */
export function currentIn(facts: Facts): string | null {
  const named = facts.filter(({ what }) => what === 'current').map(({ about }) => about);
  return named.sort().at(-1) ?? null;
}
