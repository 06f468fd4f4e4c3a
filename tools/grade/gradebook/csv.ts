// SPDX-License-Identifier: GPL-2.0-only
/** CSV as spreadsheets read it: quoted where needed, and no cell that a spreadsheet would take for a formula. */
import Papa from 'papaparse';
import { plain } from '../odd';

export type Cell = string | number | null;

/** A table with its head; names from submissions cannot become formulas. */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const clean = (cell: Cell): Cell => (typeof cell === 'string' ? inert(plain(cell)) : cell);
  const data = [head, ...rows].map((row) => row.map(clean));
  return `${Papa.unparse(data, { newline: '\n' })}\n`;
}

/** What opens a formula, in the widths that spreadsheets take for the same, behind whatever they leave out. */
const FORMULA = /^(?:\t|[\s\ufffd'"]*[=+\-@\uff1d\uff0b\uff0d\uff20])/;

/** A text that stays one: spreadsheets show no apostrophe in front. */
function inert(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
