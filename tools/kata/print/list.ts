// SPDX-License-Identifier: GPL-2.0-only
/** The table of katas, for people and as `kata-list/v1`. */
import type { Kata } from '../katas';
import { nextAfterFailure } from './next';
import type { Style } from './style';
import { columns, count } from './words';

/** How a kata's driver fares: it holds, it fails, or it was not or could not be judged. */
export type State = 'holds' | 'fails' | 'not run';

export interface ListEntry {
  readonly kata: Kata;
  readonly state: State;
  /** The driver as messages name it. */
  readonly shown: string;
}

/** The table, and what to do next. */
export function printList(entries: readonly ListEntry[], style: Style): string {
  const rows = entries.map(({ kata, state }) => [
    kata.number,
    kata.slug,
    state,
    kata.manifest.difficulty,
    `${kata.manifest.minutes} min`,
    origin(kata),
    kata.manifest.title,
  ]);
  const [head = '', ...lines] = columns([
    ['', 'kata', 'state', 'level', 'time', 'from Linux', 'title'],
    ...rows,
  ]);
  const table = lines.map((line, i) => paint(line, entries[i]?.state ?? 'not run', style));
  return `${[style.dim(head), ...table, '', summary(entries)].join('\n')}\n`;
}

function origin({ manifest: { upstream } }: Kata): string {
  return upstream === null ? '-' : `${upstream.year} ${upstream.commit.slice(0, 12)}`;
}

function paint(line: string, state: State, style: Style): string {
  return state === 'holds' ? style.green(line) : line;
}

function summary(entries: readonly ListEntry[]): string {
  const held = entries.filter(({ state }) => state === 'holds').length;
  const total = `${held} of ${count(entries.length, 'kata')} ${held === 1 ? 'holds' : 'hold'}.`;
  const current = entries.find(({ state }) => state !== 'holds');
  if (current === undefined) return `${total} There is nothing left to fix.`;
  return `${total}\n\n${nextAfterFailure(current.kata, current.shown).trimEnd()}`;
}

/** The same for programs. */
export function listDocument(entries: readonly ListEntry[], tool: string): unknown {
  return {
    schema: 'kata-list/v1',
    tool,
    katas: entries.map(({ kata, state, shown }) => ({
      id: kata.id,
      number: kata.number,
      slug: kata.slug,
      title: kata.manifest.title,
      blurb: kata.manifest.blurb,
      difficulty: kata.manifest.difficulty,
      minutes: kata.manifest.minutes,
      concepts: kata.manifest.concepts,
      prerequisites: kata.manifest.prerequisites,
      upstream: kata.manifest.upstream,
      driver: shown,
      state,
    })),
  };
}
