// SPDX-License-Identifier: GPL-2.0-only
/** Which rows are shown if there is no room for all. */
import type { Row } from './row-list';
import { Weight } from './weights';

/** Rows left out in a row. */
export class Gap {
  readonly rows: Row[];

  constructor(first: Row) {
    this.rows = [first];
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

/** The last rows before the failure are told in any case. */
const LAST_ROWS = 6;

/**
 * What makes the bug, however much that is; of the rest what is shared or beside a context switch, the weightiest first. Gaps
 * stand for what is left out.
 */
export function select(rows: readonly Row[], rowsMax: number): (Row | Gap)[] {
  if (rows.length <= rowsMax) return rows.slice();
  const worth = rows.map((row, i) => {
    const switches = [rows[i - 1], rows[i + 1]].some((other) => other?.letter !== row.letter);
    const late = i >= rows.length - LAST_ROWS;
    return { i, worth: row.weight * 4 + (switches ? 6 : 0) + (late ? 1 : 0) };
  });
  const functions = functionsAround(rows);
  const key = worth.filter(({ i }) => (rows[i]?.weight ?? 0) >= Weight.Key || functions.has(i));
  const rest = worth.filter((one) => one.worth > 0 && !key.includes(one));
  rest.sort((a, b) => b.worth - a.worth || b.i - a.i);
  const ordered = [...key, ...rest];
  for (let count = Math.min(rowsMax - 1, ordered.length); count > key.length; count--) {
    const items = withGaps(rows, new Set(ordered.slice(0, count).map(({ i }) => i)));
    if (items.length <= rowsMax) return items;
  }
  return withGaps(rows, new Set(key.map(({ i }) => i)));
}

/** The rows that say which function a row that makes the bug is in. */
function functionsAround(rows: readonly Row[]): Set<number> {
  const found = new Set<number>();
  rows.forEach(({ letter, depth, weight }, i) => {
    if (weight < Weight.Key) return;
    const around = rows.findLastIndex(
      (row, j) => j < i && row.letter === letter && row.depth < depth,
    );
    if (rows[around]?.weight === Weight.Entry) found.add(around);
  });
  return found;
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
