// SPDX-License-Identifier: GPL-2.0-only
/** The table of an assault: how the attacks of each class ended, and how long they took. */
import { availableLayers } from '../sandbox/layers';
import type { OsLayer } from '../types';
import type { Outcome } from './attack';

/** The sets of layers to try: none, then one more each time, as far as this machine has them. */
export function layerings(root: string): OsLayer[][] {
  const all = availableLayers(root);
  return [[], ...all.map((_, i) => all.slice(0, i + 1))];
}

const STATUSES = ['rejected', 'fail', 'bound', 'timeout', 'error', 'pass'] as const;

/** One row per class. */
export function table(title: string, outcomes: readonly Outcome[]): string {
  const classes = [...new Set(outcomes.map(({ attack }) => classOf(attack.id)))].sort();
  const rows = [...classes, 'all'].map((name) => {
    const own = outcomes.filter(({ attack }) => name === 'all' || classOf(attack.id) === name);
    return row(name, own);
  });
  const head = ['', 'attacks', 'stopped', ...STATUSES, 'median ms', 'slowest ms'];
  return `\n${[[title], head, ...rows].map((cells) => line(cells)).join('\n')}\n\n`;
}

function row(name: string, outcomes: readonly Outcome[]): string[] {
  const times = outcomes.map(({ report }) => report.durationMs).sort((a, b) => a - b);
  const stopped = outcomes.filter(({ problems }) => problems.length === 0).length;
  const count = (status: string): number =>
    outcomes.filter(({ report }) => report.status === status).length;
  return [
    name,
    String(outcomes.length),
    String(stopped),
    ...STATUSES.map((status) => String(count(status))),
    String(times[times.length >> 1] ?? 0),
    String(times.at(-1) ?? 0),
  ];
}

function classOf(id: string): string {
  return id.replace(/\/.*/, '');
}

function line([first = '', ...rest]: readonly string[]): string {
  if (rest.length === 0) return first;
  return first.padEnd(8) + rest.map((cell) => cell.padStart(11)).join('');
}
