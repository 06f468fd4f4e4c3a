// SPDX-License-Identifier: GPL-2.0-only
/** Who is who (student_id, email, last_name, first_name): exports know some by a number, some by a name, some by a login. */
import type { Student } from '../gradebook/gradebooks';
import type { Absent, Assigned } from './handed-in';
import { type Row, rowsOf, studentOf } from './rows';

/** A roster. */
export interface Roster {
  /** The student as the roster has it; null if nobody there is meant, or more than one. */
  readonly find: (student: Student) => Student | null;
  readonly students: readonly Student[];
}

/** Nobody is known. */
export const NO_ROSTER: Roster = { find: () => null, students: [] };

/** Columns that say under which other name a platform knows somebody. */
const ALIASES = ['github_username', 'canvas_id', 'moodle_id', 'identifier', 'sid'];

/** Reads one. */
export function readRoster(file: string): Roster {
  const rows = rowsOf(file, ['student_id']);
  const students = rows.map(studentOf);
  const byName = new Map<string, Student | null>();
  rows.forEach((row, i) => {
    const student = students[i];
    if (student === undefined) return;
    for (const name of new Set(namesOf(student, row))) {
      // What means two people means nobody.
      byName.set(name, byName.has(name) ? null : student);
    }
  });
  const find = (student: Student): Student | null => {
    for (const name of namesOf(student, {})) {
      const found = byName.get(name) ?? null;
      if (found !== null) return withCanvas(found, student);
    }
    return null;
  };
  return { find, students };
}

function withCanvas(found: Student, { canvasId }: Student): Student {
  return canvasId === undefined ? found : { ...found, canvasId };
}

/** What somebody is called, the surest first: number, address, name, and the name as Canvas writes it. */
function namesOf({ id, email, lastName, firstName }: Student, row: Row): string[] {
  const aliases = ALIASES.map((column) => row[column] ?? '');
  const full = `${firstName} ${lastName}`;
  return [id, email, ...aliases, full, `${lastName}${firstName}`]
    .map((name) => name.trim().toLowerCase())
    .map((name, i) => (i >= 2 + aliases.length ? name.replace(/[^\p{L}\p{N}]/gu, '') : name))
    .filter((name) => name !== '');
}

/** Who is in one of the two and not in the other, in sentences. */
export function unmatched(
  { students, find }: Roster,
  all: readonly Assigned[],
  absent: readonly Absent[],
): string[] {
  if (students.length === 0) return [];
  const seen = new Map([...all, ...absent].map(({ student }) => [student.id, student]));
  const missing = students.filter(({ id }) => !seen.has(id)).map(({ id }) => id);
  const strangers = [...seen.values()].filter((one) => find(one) === null).map(({ id }) => id);
  const told = (what: string, ids: readonly string[]): string[] =>
    ids.length === 0 ? [] : [`${what}: ${ids.join(', ')}`];
  return [
    ...told('in the roster, and not in the submissions', missing),
    ...told('in the submissions, and not in the roster', strangers),
  ];
}
