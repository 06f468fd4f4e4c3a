// SPDX-License-Identifier: GPL-2.0-only
/** Columns: text side by side, one column for each task, as in the diagrams of commit messages. */

export interface Cell {
  readonly column: number;
  readonly text: string;
  /** Said behind the text, or below it where there is no room. */
  readonly mark: string;
}

/** Lines of a report are not longer. */
export const WIDTH_MAX = 100;
const BETWEEN = ' | ';

/** Lays out headers, a rule under them, and lines of cells. */
export function columns(headers: readonly string[], lines: readonly (readonly Cell[])[]): string[] {
  const widths = headers.map((header, column) => {
    const cells = lines.flat().filter((cell) => cell.column === column);
    return Math.max(header.length, ...cells.map(({ text, mark }) => withMark(text, mark).length));
  });
  const room = WIDTH_MAX - BETWEEN.length * (headers.length - 1) - 1;
  for (let sum = widths.reduce(add, 0); sum > room; sum--) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  const head = headers.map((header, column) => ({ column, text: header, mark: '' }));
  const rule = headers.map((header, column) => ({
    column,
    text: '-'.repeat(header.length),
    mark: '',
  }));
  return [head, rule, ...lines.flatMap((cells) => split(cells, widths))].map((cells) =>
    line(cells, widths),
  );
}

function add(a: number, b: number): number {
  return a + b;
}

function withMark(text: string, mark: string): string {
  return mark === '' ? text : `${text} <-- ${mark}`.trimEnd();
}

/** Joins text and mark, on two lines if they do not fit on one. */
function split(cells: readonly Cell[], widths: readonly number[]): Cell[][] {
  const lines: Cell[][] = [[], []];
  for (const { column, text, mark } of cells) {
    const whole = withMark(text, mark);
    const fits = whole.length <= (widths[column] ?? 0);
    lines[0]?.push({ column, text: fits ? whole : text, mark: '' });
    if (fits || mark === '') continue;
    const indent = text.length - text.replace(/^[\d\s]+/, '').length;
    lines[1]?.push({ column, text: ' '.repeat(indent) + withMark('', mark).trimStart(), mark: '' });
  }
  return lines.filter((line) => line.length > 0);
}

function line(cells: readonly Cell[], widths: readonly number[]): string {
  const columns = widths.map((width, column) => {
    const text = cells.find((cell) => cell.column === column)?.text ?? '';
    return clip(text, width).padEnd(width);
  });
  return ` ${columns.join(BETWEEN)}`.trimEnd();
}

/** Cuts a text that is too long, and shows that it did. */
export function clip(text: string, width: number): string {
  return text.length <= width
    ? text
    : `${text.slice(0, Math.max(0, width - 3))}...`.slice(0, width);
}
