// SPDX-License-Identifier: GPL-2.0-only
/** The summary on a terminal: a table of the katas, and under it how many solved each task. */
import { columns, count } from '../../kata/print/words';
import { plainLine } from '../odd';
import { STATUSES, type Tally } from './tally';

const BAR = 30;

/** The whole summary. */
export function summaryText({ katas }: Tally): string {
  const used = STATUSES.filter((status) => katas.some(({ statuses }) => statuses[status] > 0));
  const head = ['kata', 'submissions', ...used, 'mean points'];
  const rows = katas.map((tally) => [
    tally.kata,
    String(tally.submissions),
    ...used.map((status) => String(tally.statuses[status])),
    meanText(tally),
  ]);
  return `${columns([head, ...rows]).join('\n')}\n\n${histogram(katas)}`;
}

/** Mean points of those that have a grade. */
export function meanText({ graded, points, maxScore }: Tally['katas'][0]): string {
  return graded === 0 ? '-' : `${(points / graded).toFixed(1)} of ${maxScore}`;
}

function histogram(katas: Tally['katas']): string {
  const rows = katas.flatMap(({ kata, graded, tasks }) =>
    tasks.map(({ id, title, solved }) => {
      const full = graded === 0 ? 0 : Math.round((solved / graded) * BAR);
      const share = graded === 0 ? 'none graded' : `${solved} of ${count(graded, 'submission')}`;
      return [
        `${kata} task ${id}`,
        `${'#'.repeat(full)}${'.'.repeat(BAR - full)}`,
        share,
        plainLine(title),
      ];
    }),
  );
  return rows.length === 0 ? '' : `${columns(rows).join('\n')}\n`;
}
