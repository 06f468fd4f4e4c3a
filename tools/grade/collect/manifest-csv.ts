// SPDX-License-Identifier: GPL-2.0-only
/** CSV files of the instructor's: what was handed in (student_id, email, kata, path), and who is who (student_id, email, names). */
import fs from 'node:fs';
import path from 'node:path';
import Papa from 'papaparse';
import { codeOf } from '../../errno';
import { Refusal } from '../../kata/errors';
import { resolveId } from '../../kata/resolve-id';
import type { Student } from '../gradebook/gradebooks';
import { driversInArchive } from './archive';
import type { Collected, HandedIn, Source, Wanted } from './handed-in';
import { kindOf } from './plain-file';

type Row = Readonly<Record<string, string | undefined>>;

/** The rows of a CSV file that has these columns; Refusal otherwise. */
function rowsOf(file: string, columns: readonly string[]): Row[] {
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

function studentOf(row: Row): Student {
  const cell = (name: string): string => (row[name] ?? '').trim();
  return {
    id: cell('student_id'),
    email: cell('email'),
    lastName: cell('last_name'),
    firstName: cell('first_name'),
  };
}

/** What a manifest names. Paths are seen from its own folder. */
export async function fromManifest(file: string, wanted: Wanted): Promise<Collected> {
  const shown = path.basename(file);
  const ids = wanted.katas.map(({ id }) => id);
  const rows = new Map<string, number>();
  const handedIn: HandedIn[] = [];
  for (const [index, row] of rowsOf(file, ['student_id', 'kata', 'path']).entries()) {
    const at = index + 2;
    const student = studentOf(row);
    const given = (row['path'] ?? '').trim();
    if (student.id === '') throw new Refusal(`${shown}: row ${at}: student_id is empty`);
    const kata = kataOf(row, ids, `${shown}: row ${at}`);
    const key = JSON.stringify([student.id, kata]);
    const earlier = rows.get(key);
    if (earlier !== undefined) {
      throw new Refusal(`${shown}: rows ${earlier} and ${at} are both ${kata} of ${student.id}`);
    }
    rows.set(key, at);
    const source = await sourceAt(path.resolve(path.dirname(file), given), kata, wanted);
    handedIn.push({ student, kata, source });
  }
  return { handedIn, remarks: [] };
}

function kataOf(row: Row, ids: readonly string[], where: string): string {
  const typed = (row['kata'] ?? '').trim();
  if (typed === '') throw new Refusal(`${where}: kata is empty`);
  try {
    return resolveId(typed, ids);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(`${where}: ${error.message}`) : error;
  }
}

async function sourceAt(file: string, kata: string, { katas }: Wanted): Promise<Source> {
  const name = path.basename(file);
  if (kindOf(file) === 'nothing') return { problem: `${name}: there is no such file` };
  if (!/\.zip$/i.test(file)) return { file };
  const only = katas.filter(({ id }) => id === kata);
  const found = await driversInArchive(file, { katas: only, flat: true });
  if ('problem' in found) return found;
  const [first, second] = found.drivers.filter(({ above }) => above[0] !== 'solutions');
  if (first === undefined) return { problem: `${name} holds no ${only[0]?.driver ?? 'driver'}` };
  return second === undefined ? first.source : { problem: `${kata} was handed in more than once` };
}

/** Students by their id, for addresses and names that folders do not carry. */
export function readRoster(file: string): ReadonlyMap<string, Student> {
  return new Map(rowsOf(file, ['student_id']).map((row) => [studentOf(row).id, studentOf(row)]));
}
