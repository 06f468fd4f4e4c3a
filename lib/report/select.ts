// SPDX-License-Identifier: GPL-2.0-only
/** Chooses the rows to show when there are too many. */
import type { Row } from './row-list';
import { Weight } from './weights';

/** A gap: consecutive rows that were left out. */
export class Gap {
  readonly rows: Row[];

  constructor(first: Row) {
    this.rows = [first];
  }

  /** The task of its first row; empty in the final check. */
  get letter(): string {
    return this.rows[0]?.letter ?? '';
  }
}

/** Steps that have a row of their own. */
export function stepsOf(rows: readonly Row[]): Set<number> {
  const steps = new Set<number>();
  for (const { weight, step, last } of rows) {
    for (let i = step; weight !== Weight.Entry && i <= last; i++) steps.add(i);
  }
  return steps;
}

/** How many of the last rows before the failure are always shown. */
const LAST_ROWS = 6;

/**
 * Keeps every row that makes the bug. Of the others it keeps those that share memory or stand beside a context switch,
 * the weightiest first. An entered function is kept where one of its own rows is. Gaps replace the rest.
 */
export function select(rows: readonly Row[], rowsMax: number): (Row | Gap)[] {
  if (rows.length <= rowsMax) return rows.slice();
  const worth = rows.map((row, i) => {
    const switches = [rows[i - 1], rows[i + 1]].some((other) => other?.letter !== row.letter);
    const late = i >= rows.length - LAST_ROWS;
    return { i, worth: row.weight * 4 + (switches ? 6 : 0) + (late ? 1 : 0) };
  });
  const key = worth.filter(({ i }) => (rows[i]?.weight ?? 0) >= Weight.Key);
  const rest = worth.filter(({ i }) => {
    const { weight = Weight.Entry } = rows[i] ?? {};
    return weight < Weight.Key && weight !== Weight.Entry;
  });
  rest.sort((a, b) => b.worth - a.worth || b.i - a.i);
  const ordered = [...key, ...rest.filter((one) => one.worth > 0)];
  const keeping = (count: number): (Row | Gap)[] =>
    withGaps(rows, withFunctions(rows, new Set(ordered.slice(0, count).map(({ i }) => i))));
  for (let count = Math.min(rowsMax - 1, ordered.length); count > key.length; count--) {
    const items = keeping(count);
    if (items.length <= rowsMax) return items;
  }
  return keeping(key.length);
}

/** The kept rows, and those of the calls around them. */
function withFunctions(rows: readonly Row[], kept: ReadonlySet<number>): Set<number> {
  const all = new Set(kept);
  for (const i of kept) {
    const { letter, depth } = rows[i] ?? {};
    const around = rows.findLastIndex(
      (row, j) => j < i && row.letter === letter && row.depth < (depth ?? 0),
    );
    if (around >= 0) all.add(around);
  }
  return all;
}

function withGaps(rows: readonly Row[], kept: ReadonlySet<number>): (Row | Gap)[] {
  const items: (Row | Gap)[] = [];
  rows.forEach((row, i) => {
    const last = items[items.length - 1];
    if (kept.has(i)) items.push(row);
    else if (last instanceof Gap && (last.letter === '') === (row.letter === ''))
      last.rows.push(row);
    else items.push(new Gap(row));
  });
  // A gap takes a line, so it must replace more than one row.
  return items
    .filter((item) => !(item instanceof Gap) || stepsOf(item.rows).size > 0)
    .map((item) => (item instanceof Gap && item.rows.length === 1 ? (item.rows[0] ?? item) : item));
}
