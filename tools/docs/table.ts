// SPDX-License-Identifier: GPL-2.0-only
/** Tables in Markdown, laid out as Prettier lays them out. */

/** Writes a table; the first row is its head. */
export function table(rows: readonly (readonly string[])[], align: 'left' | 'right'): string {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(3, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [head, ...body] = rows.map((row) =>
    line(
      widths.map((width, i) => {
        const cell = row[i] ?? '';
        return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      }),
    ),
  );
  const rule = widths.map((width) =>
    align === 'right' ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [head, line(rule), ...body].join('\n');
}
