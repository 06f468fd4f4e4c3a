// SPDX-License-Identifier: GPL-2.0-only
/** One class as each platform exports it: the same people, the same files, other names around them. */
import fs from 'node:fs';
import path from 'node:path';
import { type ZipEntry, zipOf } from './zips';

/** Somebody of the class, with what was handed in: files by their names. */
export interface Pupil {
  readonly id: string;
  readonly first: string;
  readonly last: string;
  readonly files: Readonly<Record<string, string>>;
  readonly late?: boolean;
}

/** Files of an export, by their paths in it. */
export type Files = Readonly<Record<string, string>>;

type Shape = (pupils: readonly Pupil[]) => Files;

const number = (pupil: Pupil): string => String(1000 + Number(pupil.id.replace(/\D/g, '')));
const email = ({ id }: Pupil): string => `${id}@x.org`;

function each(pupils: readonly Pupil[], at: (pupil: Pupil, file: string) => string): Files {
  return Object.fromEntries(
    pupils.flatMap((pupil) =>
      Object.entries(pupil.files).map(([name, text]) => [at(pupil, name), text]),
    ),
  );
}

const base = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
const sortable = ({ last, first }: Pupil): string => `${last}${first}`.toLowerCase();

/** Every shape, by the name docs/grading.md gives to it. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'plain folders': (pupils) => each(pupils, ({ id }, name) => `${id}/${name}`),
  'Moodle, folders': (pupils) =>
    each(
      pupils,
      (one, name) => `${one.first} ${one.last}_${number(one)}_assignsubmission_file_/${name}`,
    ),
  'Moodle, flat': (pupils) =>
    each(
      pupils,
      (one, name) => `${one.first} ${one.last}_${number(one)}_assignsubmission_file_${base(name)}`,
    ),
  Canvas: (pupils) =>
    each(
      pupils,
      (one, name) =>
        `${sortable(one)}_${one.late === true ? 'LATE_' : ''}${number(one)}_9${number(one)}_${base(name)}`,
    ),
  Gradescope: (pupils) => ({
    ...each(pupils, (one, name) => `assignment_7_export/submission_${number(one)}/${name}`),
    'assignment_7_export/submission_metadata.yml': `---\n${pupils.map(metadata).join('')}`,
  }),
  'GitHub Classroom': (pupils) => ({
    ...each(pupils, ({ id }, name) => `rbd-kata-${id}/${name}`),
    ...Object.fromEntries(pupils.map(({ id }) => [`rbd-kata-${id}/package.json`, '{}'])),
  }),
};

function metadata(pupil: Pupil): string {
  return `submission_${number(pupil)}:
  :submitters:
  - :name: ${pupil.first} ${pupil.last}
    :sid: '${pupil.id}'
    :email: ${email(pupil)}
  :created_at: 2026-02-01 10:00:00.000000000 Z
  :score: 0.0
  :status: processed
`;
}

/** The roster that makes the same people of all of them. */
export function rosterOf(pupils: readonly Pupil[]): string {
  const rows = pupils.map((one) => [one.id, email(one), one.last, one.first].join(','));
  return ['student_id,email,last_name,first_name', ...rows, ''].join('\n');
}

/** Lays an export out as a folder. */
export function layOut(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
}

/** Packs an export as it is downloaded. */
export async function packed(files: Files): Promise<Buffer> {
  const entries = Object.entries(files).map(([name, contents]): ZipEntry => ({ name, contents }));
  return zipOf(entries);
}
