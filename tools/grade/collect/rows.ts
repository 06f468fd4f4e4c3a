// SPDX-License-Identifier: GPL-2.0-only
/** CSV files of the instructor's, whose columns have names. */
import fs from 'node:fs';
import path from 'node:path';
import Papa from 'papaparse';
import { codeOf } from '../../errno';
import { Refusal } from '../../kata/errors';
import type { Student } from '../gradebook/gradebooks';

/** One row, by the names of its columns. */
export type Row = Readonly<Record<string, string | undefined>>;

/** The rows of a CSV file that has these columns; Refusal otherwise. */
export function rowsOf(file: string, columns: readonly string[]): Row[] {
  const shown = path.basename(file);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    throw new Refusal(`${shown}: cannot be read (${codeOf(error)})`);
  }
  refuseTwins(text, shown);
  const { data, errors, meta } = Papa.parse<Row>(text, {
    header: true,
    skipEmptyLines: 'greedy',
    transformHeader: columnOf,
  });
  const missing = columns.filter((name) => !(meta.fields ?? []).includes(name));
  if (missing.length > 0) throw new Refusal(`${shown}: there is no column ${missing.join(', ')}`);
  const [error] = errors.filter(({ type }) => type !== 'Delimiter');
  if (error !== undefined) {
    // The parser counts the head as a row in some of its complaints.
    const row = (error.row ?? 0) + (error.type === 'Quotes' ? 1 : 2);
    throw new Refusal(`${shown}: row ${row}: ${error.message}`);
  }
  return data;
}

function columnOf(name: string): string {
  return name.trim().toLowerCase();
}

/** The parser renames the second of two columns, and nobody would know which of them was read. */
function refuseTwins(text: string, shown: string): void {
  const { data } = Papa.parse<string[]>(text, { preview: 1, skipEmptyLines: 'greedy' });
  const names = (data[0] ?? []).map(columnOf).filter((name) => name !== '');
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  if (twin !== undefined) throw new Refusal(`${shown}: there are two columns ${twin}`);
}

/** Whom a row is about. */
export function studentOf(row: Row): Student {
  const cell = (name: string): string => (row[name] ?? '').trim();
  return {
    id: cell('student_id'),
    email: cell('email'),
    lastName: cell('last_name'),
    firstName: cell('first_name'),
  };
}
