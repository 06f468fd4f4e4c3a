// SPDX-License-Identifier: GPL-2.0-only
/** The table of katas, for people and as `kata-list/v1`. */
import type { Kata } from '../katas';
import { isDone, type Standing } from '../state/standing';
import type { Style } from './style';
import { fitRows } from './fit';
import { count } from './words';

/** The table and the tally; the kata somebody is at is marked. */
export function printList(all: readonly Standing[], current: string | null, style: Style): string {
  const rows = all.map((standing) => {
    const { kata } = standing;
    const { difficulty, minutes, title } = kata.manifest;
    return [
      kata.id === current ? '>' : '',
      kata.number,
      kata.slug,
      isDone(standing) ? 'done' : 'pending',
      difficulty,
      `${minutes} min`,
      origin(kata),
      title,
    ];
  });
  const names = ['', '', 'kata', 'state', 'level', 'time', 'from Linux', 'title'];
  const shown = [names, ...rows].map((row) => row.filter((_, i) => style.width >= (FROM[i] ?? 0)));
  const [head = [], ...lines] = fitRows(shown, style.width);
  const table = lines.flatMap((whole, i) => {
    const standing = all[i];
    return standing !== undefined && isDone(standing) ? whole.map(style.green) : whole;
  });
  return `${[...head.map(style.dim), ...table, '', tallyOf(all)].join('\n')}\n`;
}

/** From which width on a column of the table has room. */
const FROM = [0, 0, 0, 0, 90, 90, 100, 0];

function origin({ manifest: { upstream } }: Kata): string {
  return upstream === null ? '-' : `${upstream.year} ${upstream.commit.slice(0, 12)}`;
}

/** How many are done. */
export function tallyOf(all: readonly Standing[]): string {
  const done = all.filter(isDone).length;
  const tally = `${done} of ${count(all.length, 'kata')} ${done === 1 ? 'is' : 'are'} done`;
  return done === all.length ? `${tally}. There is nothing left to fix.` : `${tally}.`;
}

/** What a document needs beside the katas. */
export interface ListFrame {
  readonly tool: string;
  readonly current: string | null;
  /** A file as messages name it. */
  readonly shown: (file: string) => string;
}

/** The same for programs. */
export function listDocument(all: readonly Standing[], frame: ListFrame): unknown {
  return {
    schema: 'kata-list/v1',
    tool: frame.tool,
    done: all.filter(isDone).length,
    total: all.length,
    current: frame.current,
    katas: all.map((standing) => entryOf(standing, frame)),
  };
}

function entryOf(standing: Standing, { shown }: ListFrame): unknown {
  const { kata, known, solved, hints } = standing;
  const { id, number, slug, manifest } = kata;
  const { title, blurb, difficulty, minutes, concepts, prerequisites, upstream } = manifest;
  return {
    id,
    number,
    slug,
    title,
    blurb,
    difficulty,
    minutes,
    concepts,
    prerequisites,
    upstream,
    driver: shown(kata.driver),
    state: isDone(standing) ? 'done' : 'pending',
    verdict: known,
    solved,
    hints,
  };
}
