// SPDX-License-Identifier: GPL-2.0-only
/** Text on lines that are no longer than they should be, broken between words only. Colours take no room. */

/** Characters that are seen. */
export function visible(text: string): number {
  return text.replace(COLOUR, '').length;
}

/** What makes a terminal change colours: the only control characters here. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

/** One paragraph; lines after the first begin with `hang`, whose place the first line has of its own. */
export function wrapped(text: string, width: number, hang = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) +/)) {
    if (line === '') line = word;
    else if (visible(line) + 1 + visible(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = `${hang}${word}`;
    }
  }
  return [...lines, line];
}

/** Rows as columns, two blanks apart; the last column is folded below itself. */
export function fitColumns(rows: readonly (readonly string[])[], width: number): string[] {
  return fitRows(rows, width).flat();
}

/** The same, with the lines of each row apart. */
export function fitRows(rows: readonly (readonly string[])[], width: number): string[][] {
  const last = Math.max(0, ...rows.map((row) => row.length)) - 1;
  const widths = widthsOf(rows).slice(0, last);
  const room = Math.max(MIN, width - widths.reduce((sum, one) => sum + one + 2, 0));
  return rows.map((row) => {
    const head = widths.map((one, i) => padded(row[i] ?? '', one)).join('  ');
    const hang = ' '.repeat(visible(head) + 2);
    return wrapped(row[last] ?? '', room).map((line, i) =>
      `${i === 0 ? `${head}${head === '' ? '' : '  '}` : head === '' ? '' : hang}${line}`.trimEnd(),
    );
  });
}

/** A table with every column folded where they do not fit side by side. */
export function fitTable(rows: readonly (readonly string[])[], width: number): string[][] {
  const widths = shrunk(widthsOf(rows), width);
  return rows.map((row) => {
    const cells = widths.map((one, i) => wrapped(row[i] ?? '', one));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, i) => padded(lines[line] ?? '', widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  });
}

/** No column of a table gets narrower than this. */
const MIN = 12;

/** Takes from the widest column until all fit. */
function shrunk(widths: readonly number[], width: number): number[] {
  const room = [...widths];
  const sum = (): number => room.reduce((total, one) => total + one + 2, -2);
  while (sum() > width) {
    const widest = room.indexOf(Math.max(...room));
    if ((room[widest] ?? 0) <= MIN) break;
    room[widest] = (room[widest] ?? 0) - 1;
  }
  return room;
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, visible(cell))));
  return widths;
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visible(text)));
}
