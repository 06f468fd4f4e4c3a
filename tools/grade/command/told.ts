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

/** What a class has come to. */
export interface Told {
  readonly batch: Batch;
  readonly tally: Tally;
  readonly out: string;
}

/** Prints the summary; the exit code says whether everybody got a verdict to rely on, and not how they did. */
export function told({ write, complain, cwd }: Shell, { batch, tally, out }: Told): number {
  write(`${summaryText(tally)}\n`);
  const { index, count: shares } = batch.shard;
  if (shares !== WHOLE.count)
    write(`Share ${index} of ${shares}; npx kata grade merge puts them together.\n`);
  write(`Who fails what, and how: ${shown(cwd, path.join(out, 'report.html'))}\n`);
  const errors = tally.rows.filter(({ report }) => report.status === 'error').length;
  if (errors > 0) {
    complain(
      `kata: ${count(errors, 'submission')} could not be graded, and got no grade; try again with --resume\n`,
    );
  }
  if (batch.untrusted !== null)
    complain(`kata: do not rely on these results: ${batch.untrusted}\n`);
  return errors > 0 || batch.untrusted !== null ? EXIT.fault : EXIT.holds;
}

/** A path from here where it lies below, and the whole of it elsewhere. */
export function shown(cwd: string, file: string): string {
  const near = shownPath(cwd, file);
  return near.startsWith('../') ? file : near;
}
