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
  const widths = widthsFor(headers, lines.flat());
  const head = headers.map((text, column) => ({ column, text, mark: '' }));
  const rule = head.map((cell) => ({ ...cell, text: '-'.repeat(cell.text.length) }));
  return [head, rule, ...lines.flatMap((cells) => split(cells, widths))].map((cells) =>
    line(cells, widths),
  );
}

/** Room for all texts first, then for marks beside them, the last column first; the widest give way. */
function widthsFor(headers: readonly string[], cells: readonly Cell[]): number[] {
  const widest = (lengthOf: (cell: Cell) => number): number[] =>
    headers.map(({ length }, column) =>
      Math.max(length, ...cells.filter((cell) => cell.column === column).map(lengthOf)),
    );
  const widths = widest(({ text, mark }) =>
    Math.max(text.length, indentOf(text) + mark.length + 4),
  );
  const wished = widest(({ text, mark }) => withMark(text, mark).length);
  let room = WIDTH_MAX - BETWEEN.length * (headers.length - 1) - 1;
  for (const width of widths) room -= width;
  for (; room < 0; room++) {
    const column = widths.indexOf(Math.max(...widths));
    widths[column] = (widths[column] ?? 1) - 1;
  }
  for (let column = headers.length - 1; column >= 0; column--) {
    const more = Math.min(room, (wished[column] ?? 0) - (widths[column] ?? 0));
    if (more <= 0) continue;
    widths[column] = (widths[column] ?? 0) + more;
    room -= more;
  }
  return widths;
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
    const below = ' '.repeat(indentOf(text)) + withMark('', mark).trimStart();
    lines[1]?.push({ column, text: below, mark: '' });
  }
  return lines.filter((line) => line.length > 0);
}

/** Where a text begins behind its line number. */
function indentOf(text: string): number {
  return text.length - text.replace(/^[\d\s]+/, '').length;
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
