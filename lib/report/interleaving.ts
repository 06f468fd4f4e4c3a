// SPDX-License-Identifier: GPL-2.0-only
/** The interleaving: who did what in which order, one column for each task, top first. */
import type { Finding } from '../machine';
import type { Place } from './calls';
import { type Cell, columns } from './columns';
import type { FrameRules } from './frames';
import type { Recorded } from './recorded';
import { type Row, rowsOf, Weight } from './rows';

export interface InterleavingOptions {
  readonly rules: FrameRules;
  /** Stacks the finding's report speaks of: where they were taken is marked. */
  readonly guilty: ReadonlySet<string>;
  readonly rowsMax: number;
}

export interface Interleaving {
  readonly lines: string[];
  /** Steps that were left out for want of room. */
  readonly omitted: number;
}

/** Draws an execution up to a finding, all of it if there is none. */
export function interleaving(
  recorded: Recorded,
  finding: Finding | null,
  { rules, guilty, rowsMax }: InterleavingOptions,
): Interleaving {
  const rows = rowsOf(recorded, finding, guilty, rules);
  if (rows.length === 0) return { lines: [], omitted: 0 };
  const tasks = tasksOf(recorded, rows);
  const file = mainFile(rows);
  const gaps = select(rows, rowsMax);
  const cells = gaps.map((item) =>
    item instanceof Gap ? item.cells(tasks) : [cellOf(item, tasks, file)],
  );
  const headers = headersOf(tasks);
  const title =
    file === null ? 'interleaving, top first:' : `interleaving, top first, with lines of ${file}:`;
  const shown = stepsOf(gaps.flatMap((item) => (item instanceof Gap ? [] : [item])));
  return {
    lines: [title, ...columns(headers, cells)],
    omitted: [...stepsOf(rows)].filter((step) => !shown.has(step)).length,
  };
}

/** Steps that have a row of their own. */
export function stepsOf(rows: readonly Row[]): Set<number> {
  return new Set(rows.flatMap(({ weight, step }) => (weight === Weight.Entry ? [] : [step])));
}

/** More tasks than this share one column, each line beginning with its task. */
const COLUMNS_MAX = 4;

function headersOf(tasks: readonly Column[]): string[] {
  const names = tasks.map(({ id, comm, path }) => `CPU ${id}: ${comm} (${path})`);
  return tasks.length <= COLUMNS_MAX ? names : [names.join(', ')];
}

interface Column {
  readonly id: number;
  readonly path: string;
  readonly comm: string;
}

/** The tasks that have rows, in the order of their numbers. */
function tasksOf({ steps }: Recorded, rows: readonly Row[]): Column[] {
  const paths = new Set(rows.map(({ path }) => path));
  const columns = new Map<string, Column>();
  for (const { task: id, path, comm } of steps) {
    if (paths.has(path)) columns.set(path, { id, path, comm });
  }
  return [...columns.values()].sort((a, b) => a.id - b.id);
}

/** The file most rows are in: their lines need no file name. */
function mainFile(rows: readonly Row[]): string | null {
  const counts = new Map<string, number>();
  for (const { at } of rows) if (at !== null) counts.set(at.file, (counts.get(at.file) ?? 0) + 1);
  let main: string | null = null;
  for (const [file, count] of counts) {
    if (main === null || count > (counts.get(main) ?? 0)) main = file;
  }
  return main;
}

const DEPTH_MAX = 8;

function cellOf(row: Row, tasks: readonly Column[], file: string | null): Cell {
  const { at, depth, text, mark } = row;
  const number = at !== null && at.file === file ? String(at.line) : '';
  const elsewhere = at !== null && at.file !== file ? ` ${placeText(at)}` : '';
  const indent = '  '.repeat(Math.min(depth, DEPTH_MAX));
  return {
    column: columnOf(row.path, tasks),
    text: `${whose(row.path, tasks)}${number.padStart(4)} ${indent}${text}${elsewhere}`,
    mark,
  };
}

function placeText({ file, line }: Place): string {
  return `(${file}:${line})`;
}

/** The task a line is about, where the column does not say it. */
function whose(path: string, tasks: readonly Column[]): string {
  return tasks.length <= COLUMNS_MAX ? '' : path.padEnd(4);
}

function columnOf(path: string, tasks: readonly Column[]): number {
  if (tasks.length > COLUMNS_MAX) return 0;
  return tasks.findIndex((task) => task.path === path);
}

/** Rows left out in a row. */
export class Gap {
  readonly rows: Row[];

  constructor(first: Row) {
    this.rows = [first];
  }

  cells(tasks: readonly Column[]): Cell[] {
    return [...new Set(this.rows.map(({ path }) => path))].map((path) => {
      const { size } = stepsOf(this.rows.filter((row) => row.path === path));
      const text = size === 0 ? '     ...' : `     ... ${size} step${size === 1 ? '' : 's'}`;
      return { column: columnOf(path, tasks), text: whose(path, tasks) + text, mark: '' };
    });
  }
}

/** The last rows before the failure are told in any case. */
const LAST_ROWS = 6;

/** If there is no room for all, what is shared or beside a context switch, the weightiest first, with gaps between. */
export function select(rows: readonly Row[], rowsMax: number): (Row | Gap)[] {
  if (rows.length <= rowsMax) return rows.slice();
  const worth = rows.map((row, i) => {
    const switches = [rows[i - 1], rows[i + 1]].some((other) => other?.path !== row.path);
    const late = i >= rows.length - LAST_ROWS;
    return { i, worth: row.weight * 4 + (switches ? 6 : 0) + (late ? 1 : 0) };
  });
  const worthwhile = worth.filter((row) => row.worth > 0);
  worthwhile.sort((a, b) => b.worth - a.worth || b.i - a.i);
  for (let count = Math.min(rowsMax - 1, worthwhile.length); count > 0; count--) {
    const items = withGaps(rows, new Set(worthwhile.slice(0, count).map(({ i }) => i)));
    if (items.length <= rowsMax) return items;
  }
  return withGaps(rows, new Set());
}

function withGaps(rows: readonly Row[], kept: ReadonlySet<number>): (Row | Gap)[] {
  const items: (Row | Gap)[] = [];
  rows.forEach((row, i) => {
    const last = items[items.length - 1];
    if (kept.has(i)) items.push(row);
    else if (last instanceof Gap) last.rows.push(row);
    else items.push(new Gap(row));
  });
  // A gap takes a line: it must be worth more than what would stand there.
  return items
    .filter((item) => !(item instanceof Gap) || stepsOf(item.rows).size > 0)
    .map((item) => (item instanceof Gap && item.rows.length === 1 ? (item.rows[0] ?? item) : item));
}
