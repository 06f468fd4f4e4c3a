// SPDX-License-Identifier: GPL-2.0-only
/** The manifest of the instructor's: what was handed in (student_id, email, kata, path), and by whom. */
import path from 'node:path';
import { Refusal } from '../../kata/errors';
import { resolveId } from '../../kata/resolve-id';
import type { Student } from '../gradebook/gradebooks';
import { driversInArchive } from './archive';
import type { Absent, Collected, HandedIn, Source, Wanted } from './handed-in';
import { kindOf } from './plain-file';
import { type Row, rowsOf, studentOf } from './rows';

/**
 * What a manifest names. Paths are seen from its own folder. A row that cannot be read costs nobody else anything, and its own
 * student no grade: it is a mistake of the manifest's author. Two rows of one student and kata are two attempts.
 */
export async function fromManifest(
  file: string,
  wanted: Wanted,
  attempt: 'last' | 'first' | 'best' = 'last',
): Promise<Collected> {
  const shown = path.basename(file);
  const ids = wanted.katas.map(({ id }) => id);
  const found = new Map<string, HandedIn>();
  const remarks: string[] = [];
  const absent: Absent[] = [];
  for (const [index, row] of rowsOf(file, ['student_id', 'kata', 'path']).entries()) {
    const where = `${shown}: row ${index + 2}`;
    const student = studentOf(row);
    const given = (row['path'] ?? '').trim();
    const kata = kataOf(row, ids);
    const at = path.resolve(path.dirname(file), given);
    const wrong = wrongWith(student, kata, at, given);
    if (wrong !== null) {
      remarks.push(`${where}: ${wrong}`);
      if (student.id !== '') absent.push({ student, why: `${where}: ${wrong}`, ours: true });
      continue;
    }
    const key = JSON.stringify([student.id, kata.id]);
    const source = await sourceAt(at, kata.id ?? '', wanted);
    if (found.has(key))
      remarks.push(`${where}: ${student.id} is there again; the ${attempt} counts`);
    const before = found.get(key);
    if (before !== undefined && attempt === 'first') continue;
    const others = before === undefined ? [] : [before.source, ...(before.others ?? [])];
    const one = { student, kata: kata.id, source };
    found.set(key, attempt === 'best' && others.length > 0 ? { ...one, others } : one);
  }
  return { handedIn: [...found.values()], remarks, absent };
}

type Named = { readonly id: string } | { readonly id: null; readonly why: string };

/** What is wrong with a row; null if nothing is. */
function wrongWith(student: Student, kata: Named, at: string, given: string): string | null {
  if (student.id === '') return 'student_id is empty';
  if (kata.id === null) return kata.why;
  return given === '' || kindOf(at) === 'nothing' ? `there is no file '${given}'` : null;
}

function kataOf(row: Row, ids: readonly string[]): Named {
  const typed = (row['kata'] ?? '').trim();
  if (typed === '') return { id: null, why: 'kata is empty' };
  try {
    return { id: resolveId(typed, ids) };
  } catch (error) {
    if (error instanceof Refusal) return { id: null, why: error.message };
    throw error;
  }
}

async function sourceAt(file: string, kata: string, { katas }: Wanted): Promise<Source> {
  const name = path.basename(file);
  if (!/\.zip$/i.test(file)) return { file };
  const only = katas.filter(({ id }) => id === kata);
  const found = await driversInArchive(file, {
    wanted: { katas: only, flat: true },
    ownerOf: (above) => (above[0] === 'solutions' ? null : ''),
  });
  if ('problem' in found) return found;
  const [first] = found.drivers;
  return first?.source ?? { problem: `${name} holds no ${only[0]?.driver ?? 'driver'}` };
}
