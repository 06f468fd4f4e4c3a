// SPDX-License-Identifier: GPL-2.0-only
/** How all katas stand: from what is remembered, and by judging only what is not. */
import fs from 'node:fs';
import { walk } from '../judging';
import { allKatas, type Kata } from '../katas';
import type { Shell } from '../shell';
import { currentIn, hintsRead, wasSolved } from './facts';
import { type Known, knownOf, stateOf } from './memory';

/** One kata, and how far it has come. */
export interface Standing {
  readonly kata: Kata;
  readonly known: Known;
  readonly solved: boolean;
  readonly hints: number;
}

/** Whether a kata is done with: its driver, as it is now, holds. */
export function isDone({ known }: Standing): boolean {
  return known === 'holds';
}

/** Katas as far as is known; all of them by default. */
export function remembered(
  shell: Shell,
  katas: readonly Kata[] = allKatas(shell.root),
): Standing[] {
  const facts = stateOf(shell).read();
  return katas.map((kata) => ({
    kata,
    known: knownOf(facts, shell.root, kata, textOf(kata)),
    solved: wasSolved(facts, kata.id),
    hints: hintsRead(facts, kata.id),
  }));
}

/** Katas, all of them by default; those of which nothing is known are judged first. */
export async function standings(
  shell: Shell,
  asked: readonly Kata[] = allKatas(shell.root),
): Promise<Standing[]> {
  const unknown = remembered(shell, asked).filter(({ known }) => known === 'unknown');
  const verdicts = new Map<string, Known>();
  const katas = unknown.map(({ kata }) => kata);
  for await (const { kata, judgement } of walk(shell, katas, 0)) {
    const { status } = judgement.report;
    const fails = status === 'fail' || status === 'rejected';
    verdicts.set(kata.id, status === 'pass' ? 'holds' : fails ? 'fails' : 'unknown');
  }
  return remembered(shell, asked).map((standing) => ({
    ...standing,
    // Where nothing can be remembered, what has just been seen counts all the same.
    known: verdicts.get(standing.kata.id) ?? standing.known,
  }));
}

/** The kata somebody is at: where they have gone to, or else the first that is not done. */
export function currentOf(shell: Shell, all: readonly Standing[] = remembered(shell)): Kata | null {
  const gone = currentIn(stateOf(shell).read());
  const named = all.find(({ kata }) => kata.id === gone);
  return (named ?? all.find((standing) => !isDone(standing)) ?? all[0])?.kata ?? null;
}

/** The next kata to do after one, those before it last; null if all others are done. */
export function nextAfter(all: readonly Standing[], id: string): Standing | null {
  const at = all.findIndex(({ kata }) => kata.id === id);
  const others = [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0))];
  return others.find((standing) => !isDone(standing)) ?? null;
}

function textOf({ driver }: Kata): string {
  try {
    return fs.readFileSync(driver, 'utf8');
  } catch {
    return ''; // judging it says so
  }
}
