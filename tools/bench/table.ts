// SPDX-License-Identifier: GPL-2.0-only
/** The measurements as tables for people. */
import type { KataRow, Search } from './katas';
import type { PaperRow } from './paper';
import type { PromiseRow } from './promises';
import { watchCells, type WatchRow } from './watch';

/** All measurements; `--json` writes the same. */
export interface Figures {
  readonly node: string;
  readonly paper: readonly PaperRow[];
  readonly katas: readonly KataRow[];
  readonly promises: readonly PromiseRow[];
}

/** The times until watchers show their verdicts. */
export function renderWatch({ node, load, watch }: WatchFigures): string {
  const head = ['kata', 'driver', 'verdict', 'min-max', 'report', 'types', 'jest', 'ratio'];
  const sections = [
    `node ${node}, ${load}; from saving the file until the words are on the screen, medians`,
    columns([head, ...watch.map(watchCells)]),
    'verdict: that it fails, or that it holds in all interleavings; report: the shortest failure; types: checked as well.',
  ];
  return `${sections.join('\n\n')}\n`;
}

export interface WatchFigures {
  readonly node: string;
  /** The load of the machine by other programs: `load 0.4 on 2 cores`. */
  readonly load: string;
  readonly watch: readonly WatchRow[];
}

/** Renders everything. */
export function render({ node, paper, katas, promises }: Figures): string {
  const sections = [
    `node ${node}; rates are executions per second; ratios are to the yardstick, measured in turns`,
    columns([
      ['program', 'traces', 'yardstick', 'dpor', 'ratio', 'all on', 'ratio', 'dfs', 'dfs rate'],
      ...paper.map(paperCells),
    ]),
    columns([
      ['scenario', 'driver', 'verdict', 'ms', 'dpor', 'rate', 'fails', 'dfs', 'rate', 'fails'],
      ...katas.map(kataCells),
    ]),
    columns([
      ['fc.scheduler', 'runs to the bug', 'schedules in', 'runs', 'of all'],
      ...promises.map(promiseCells),
    ]),
    'fc.scheduler draws schedules at random: it repeats some, cannot know that none is left, and proves nothing.',
  ];
  return `${sections.join('\n\n')}\n`;
}

function paperCells(row: PaperRow): string[] {
  return [
    row.program,
    bounded(row.executions, row.complete),
    spaced(row.sketchRate),
    spaced(row.offRate),
    row.offRatio.toFixed(2),
    spaced(row.onRate),
    row.onRatio.toFixed(2),
    bounded(row.dfsExecutions, row.dfsComplete),
    spaced(row.dfsRate),
  ];
}

function kataCells(row: KataRow): string[] {
  const name = `${row.kata.slice(0, 2)} ${row.scenario}`;
  return [
    name,
    row.driver,
    row.status,
    row.judgedMs.toFixed(0),
    ...searchCells(row.dpor),
    ...searchCells(row.dfs),
  ];
}

function searchCells({ executions, rate, complete, failureMs }: Search): string[] {
  const failure = failureMs === null ? '-' : `${failureMs.toFixed(1)} ms`;
  return [bounded(executions, complete || failureMs !== null), spaced(rate), failure];
}

function promiseCells(row: PromiseRow): string[] {
  const runs = row.runs.map((one) => (one === null ? `>${row.runsMax}` : String(one)));
  return [
    row.program,
    runs.join(' '),
    String(row.distinct),
    String(row.drawn),
    String(row.interleavings),
  ];
}

/** A number of executions, with a `>` if a bound was reached. */
function bounded(executions: number, complete: boolean): string {
  return `${complete ? '' : '>'}${spaced(executions)}`;
}

/** A whole number with its thousands apart. */
export function spaced(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** Rows as columns: the first aligned left, the others right. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const pad = (cell: string, i: number): string =>
    i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
