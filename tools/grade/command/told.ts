// SPDX-License-Identifier: GPL-2.0-only
/** The last words of grading a class, and what they mean for the exit code. */
import path from 'node:path';
import { EXIT } from '../../kata/exit-code';
import { count } from '../../kata/print/words';
import { type Shell, shownPath } from '../../kata/shell';
import type { Batch } from '../batch/batch-file';
import { WHOLE } from '../batch/shard';
import { summaryText } from '../summary/text';
import type { Tally } from '../summary/tally';
import { nameOf } from '../collect/handed-in';
import { plain } from '../odd';

/** What a class has come to. */
export interface Told {
  readonly batch: Batch;
  readonly tally: Tally;
  /** What gradebooks cannot hold. */
  readonly notes: readonly string[];
  readonly out: string;
}

/** Prints the summary; the exit code says whether everybody got a verdict to rely on, and not how they did. */
export function told({ write, complain, cwd }: Shell, told: Told): number {
  const { batch, tally, notes, out } = told;
  write(`${summaryText(tally)}\n`);
  for (const note of notes) write(`${note}\n`);
  const { index, count: shares } = batch.shard;
  if (shares !== WHOLE.count)
    write(`Share ${index} of ${shares}; npx kata grade merge puts them together.\n`);
  write(`Who fails what, and how: ${shown(cwd, path.join(out, 'report.html'))}\n`);
  const faults = tally.rows.flatMap(({ fault }) => (fault === null ? [] : [fault]));
  if (batch.untrusted !== null) {
    complain(
      `kata: do not rely on these results: ${batch.untrusted}; nothing of them is a grade\n`,
    );
    complain(
      'kata: npx kata doctor looks at the installation; then the same command with --resume\n',
    );
    return EXIT.fault;
  }
  if (faults.length === 0) return tellAbsent(complain, batch);
  complain(
    `kata: ${count(faults.length, 'submission')} without a grade and in no gradebook, because of faults of this tool:\n`,
  );
  for (const [why, times] of tallied(faults)) complain(`  ${times} times: ${why}\n`);
  complain('kata: the same command with --resume tries these again\n');
  return EXIT.fault;
}

/** Who has nothing to grade is named last; where the list was wrong about them, not everybody has a verdict. */
function tellAbsent(complain: Shell['complain'], { absent = [] }: Batch): number {
  if (absent.length === 0) return EXIT.holds;
  const names = absent.map(({ student, why }) => `${plain(nameOf(student))}: ${plain(why)}`);
  complain(`kata: ${count(absent.length, 'student')} without a grade: ${names.join('; ')}\n`);
  return absent.some(({ ours }) => ours) ? EXIT.fault : EXIT.holds;
}

/** Each sentence once, the most frequent first. */
function tallied(sentences: readonly string[]): [string, number][] {
  const times = new Map<string, number>();
  for (const each of sentences) times.set(each, (times.get(each) ?? 0) + 1);
  return [...times].sort(([, a], [, b]) => b - a);
}

/** A path from here where it lies below, and the whole of it elsewhere. */
export function shown(cwd: string, file: string): string {
  const near = shownPath(cwd, file);
  return near.startsWith('../') ? file : near;
}
