// SPDX-License-Identifier: GPL-2.0-only
/** The summary on a terminal: a table of the katas, and under it how many solved each task. */
import { columns, count } from '../../kata/print/words';
import { STATUSES, type Tally } from './tally';

const BAR = 30;

/** The whole summary. */
export function summaryText({ katas }: Tally): string {
  const used = STATUSES.filter((status) => katas.some(({ statuses }) => statuses[status] > 0));
  const head = ['kata', 'submissions', ...used, 'mean points'];
  const rows = katas.map(({ kata, submissions, statuses, points, maxScore }) => [
    kata,
    String(submissions),
    ...used.map((status) => String(statuses[status])),
    `${(points / submissions).toFixed(1)} of ${maxScore}`,
  ]);
  return `${columns([head, ...rows]).join('\n')}\n\n${histogram(katas)}`;
}

function histogram(katas: Tally['katas']): string {
  const rows = katas.flatMap(({ kata, submissions, tasks }) =>
    tasks.map(({ id, title, solved }) => {
      const full = Math.round((solved / submissions) * BAR);
      const share = `${solved} of ${count(submissions, 'submission')}`;
      return [`${kata} task ${id}`, `${'#'.repeat(full)}${'.'.repeat(BAR - full)}`, share, title];
    }),
  );
  return rows.length === 0 ? '' : `${columns(rows).join('\n')}\n`;
}
