// SPDX-License-Identifier: GPL-2.0-only
/** CSV as spreadsheets read it: quoted where needed, and no cell that a spreadsheet would take for a formula. */
import Papa from 'papaparse';
import { plain } from '../emit/visible';

export type Cell = string | number | null;

/** A table with its head; names from submissions cannot become formulas. */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const clean = (cell: Cell): Cell => (typeof cell === 'string' ? plain(cell) : cell);
  const data = [head, ...rows].map((row) => row.map(clean));
  return `${Papa.unparse(data, { escapeFormulae: true, newline: '\n' })}\n`;
}
