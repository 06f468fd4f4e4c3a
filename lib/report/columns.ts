// SPDX-License-Identifier: GPL-2.0-only
/** Columns: text side by side, one column for each task, as in the diagrams of commit messages. */
import { fold, GLUE } from './fold';

export interface Cell {
  readonly column: number;
  readonly text: string;
  /** Shown after the text, or below it where the column is too narrow. */
  readonly mark: string;
}

const BETWEEN = ' | ';
/** A column that is narrower breaks nearly every line. */
const COLUMN_MIN = 30;

/** Lays out headers, a rule under them, and lines of cells; returns null if the columns do not fit side by side. */
export function columns(
  headers: readonly string[],
  lines: readonly (readonly Cell[])[],
  width: number,
): string[] | null {
  const widths = widthsFor(headers, lines.flat(), width);
  if (headers.length > 1 && widths.some((one) => one < COLUMN_MIN)) return null;
  const head = headers.map((text, column) => ({ column, text, mark: '' }));
  const rule = head.map((cell) => ({
    ...cell,
    text: '-'.repeat(Math.min(cell.text.length, widths[cell.column] ?? 0)),
  }));
  const laid = [head, rule, ...lines].map((cells) => folded(cells, widths));
  return laid.flat().map((cells) => line(cells, widths));
}

/**
 * Gives every column room for its text, then room for marks, from the last column to the first. The widest columns
 * shrink first.
 */
function widthsFor(headers: readonly string[], cells: readonly Cell[], width: number): number[] {
  const widest = (lengthOf: (cell: Cell) => number): number[] =>
    headers.map(({ length }, column) =>
      Math.max(
        Math.min(length, COLUMN_MIN),
        ...cells.filter((cell) => cell.column === column).map(lengthOf),
      ),
    );
  const widths = widest(({ text, mark }) =>
    Math.max(text.length, indentOf(text) + mark.length + 4),
  );
  const wished = widest(({ text, mark }) => withMark(text, mark).length);
  const room = width - BETWEEN.length * (headers.length - 1) - 1;
  let left = room - widths.reduce((sum, one) => sum + one, 0);
  for (; left < 0; left++) {
    const column = widths.indexOf(Math.max(...widths));
    widths[column] = (widths[column] ?? 1) - 1;
  }
  for (let column = headers.length - 1; column >= 0; column--) {
    const wish = Math.max(wished[column] ?? 0, headers[column]?.length ?? 0);
    const more = Math.min(left, wish - (widths[column] ?? 0));
    if (more <= 0) continue;
    widths[column] = (widths[column] ?? 0) + more;
    left -= more;
  }
  return widths;
}

function withMark(text: string, mark: string): string {
  return mark === '' ? text : `${text} <-- ${mark.replaceAll(' ', GLUE)}`.trimEnd();
}

/** Folds cells that stand side by side into lines. */
function folded(cells: readonly Cell[], widths: readonly number[]): Cell[][] {
  const lines: Cell[][] = [];
  for (const { column, text, mark } of cells) {
    const parts = fold(withMark(text, mark), widths[column] ?? 0, indentOf(text) + 2);
    parts.forEach((part, i) => (lines[i] ??= []).push({ column, text: part, mark: '' }));
  }
  return lines;
}

/** Where a text begins after its line number. */
function indentOf(text: string): number {
  return text.length - text.replace(/^[\d\s]+/, '').length;
}

function line(cells: readonly Cell[], widths: readonly number[]): string {
  const texts = widths.map((width, column) => {
    const text = cells.find((cell) => cell.column === column)?.text ?? '';
    return text.padEnd(width);
  });
  return ` ${texts.join(BETWEEN)}`.trimEnd();
}

/** Lays out lines in one column; each line begins with the name of its task. */
export function oneColumn(
  rows: readonly { readonly label: string; readonly text: string; readonly mark: string }[],
  width: number,
): string[] {
  const labels = Math.max(1, ...rows.map(({ label }) => label.length)) + 1;
  return rows.flatMap(({ label, text, mark }) => {
    const parts = fold(withMark(text, mark), width - labels - 1, indentOf(text) + 2);
    return parts.map((part, i) => ` ${(i === 0 ? label : '').padEnd(labels)}${part}`.trimEnd());
  });
}
