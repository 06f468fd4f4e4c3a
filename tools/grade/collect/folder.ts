// SPDX-License-Identifier: GPL-2.0-only
/** FOLDER/<student>/<NN-slug>/<driver>.ts, FOLDER/<student>.zip, FOLDER/<student>/<any>.zip, and whole clones of this repository. */
import path from 'node:path';
import { Refusal } from '../../kata/errors';
import { ARCHIVE_BYTES_MAX, CLASS_BYTES_MAX, driversInArchive } from './archive';
import type { Absent, Collected, HandedIn, Source, Wanted } from './handed-in';
import { studentNamed } from './handed-in';
import { kindOf, namesIn, sizeOf } from './plain-file';

const STUDENTS_MAX = 100_000;
/** What one student may put into a folder, a clone of this repository included. */
const NAMES_MAX = 1000;
const ZIPS_MAX = 10;

/** Everything that lies in a folder of submissions. */
export async function fromFolder(folder: string, wanted: Wanted): Promise<Collected> {
  const handedIn: HandedIn[] = [];
  const remarks: string[] = [];
  const absent: Absent[] = [];
  const listed = namesIn(folder, STUDENTS_MAX);
  if ('problem' in listed) throw new Refusal(`${path.basename(folder)} ${listed.problem}`);
  for (const name of listed.names) {
    if (name.startsWith('.')) continue;
    const own = path.join(folder, name);
    const kind = kindOf(own);
    const isZip = /\.zip$/i.test(name);
    const student = isZip ? name.slice(0, -'.zip'.length) : name;
    const add = (kata: string | null, source: Source): void => {
      handedIn.push({ student: studentNamed(student), kata, source });
    };
    const before = handedIn.length;
    if (kind === 'link') add(null, { problem: `${name} is a symbolic link` });
    else if (kind === 'folder') await fromStudent(own, wanted, add);
    else if (kind === 'file' && isZip) await fromZip(own, wanted, add);
    if (handedIn.length > before) continue;
    if (kind === 'folder' || isZip)
      absent.push({ student: studentNamed(student), why: 'nothing to grade', ours: false });
    else remarks.push(`${name}: belongs to nobody`);
  }
  return { handedIn, remarks, absent };
}

type Add = (kata: string | null, source: Source) => void;

/** What one student has handed in. */
export async function fromStudent(folder: string, wanted: Wanted, add: Add): Promise<void> {
  const listed = namesIn(folder, NAMES_MAX);
  if ('problem' in listed) {
    add(null, { problem: `the folder ${listed.problem}` });
    return;
  }
  const { names } = listed;
  const inKatas = path.join(folder, 'katas');
  if (kindOf(inKatas) === 'link') add(null, { problem: 'katas is a symbolic link' });
  const places = kindOf(inKatas) === 'folder' ? [folder, inKatas] : [folder];
  for (const place of places) {
    for (const { id, driver } of wanted.katas) {
      const source = inKataFolder(path.join(place, id), driver);
      if (source !== null) add(id, source);
    }
  }
  const [only] = wanted.katas;
  if (wanted.flat && only !== undefined && names.includes(only.driver)) {
    add(only.id, { file: path.join(folder, only.driver) });
  }
  const zips = names.filter((each) => /\.zip$/i.test(each));
  if (zips.length > ZIPS_MAX) {
    add(null, { problem: `the folder holds more than ${ZIPS_MAX} zip files` });
    return;
  }
  // All together may be as large as one may be.
  let bytesMax = ARCHIVE_BYTES_MAX;
  for (const name of zips) {
    const file = path.join(folder, name);
    await fromZip(file, wanted, add, bytesMax);
    bytesMax = Math.max(0, bytesMax - sizeOf(file));
  }
}

/** Null if the kata was not handed in at all. What kind of file the driver is, grading says. */
function inKataFolder(folder: string, driver: string): Source | null {
  const kind = kindOf(folder);
  if (kind === 'nothing') return null;
  const name = path.basename(folder);
  if (kind !== 'folder') {
    return { problem: `${name} is ${kind === 'link' ? 'a symbolic link' : 'not a folder'}` };
  }
  const file = path.join(folder, driver);
  return kindOf(file) === 'nothing' ? { problem: `${name} holds no ${driver}` } : { file };
}

/** One folder around everything is how most programs pack; solutions/ of a clone is not what was handed in. */
function isHandedIn(above: readonly string[]): boolean {
  return above.length <= 1 && above[0] !== 'solutions';
}

async function fromZip(
  file: string,
  wanted: Wanted,
  add: Add,
  bytesMax = ARCHIVE_BYTES_MAX,
): Promise<void> {
  const ownerOf = (above: readonly string[]): string | null => (isHandedIn(above) ? '' : null);
  const found = await driversInArchive(file, { wanted, bytesMax, ownerOf });
  if ('problem' in found) {
    add(null, found);
    return;
  }
  for (const { kata, source } of found.drivers) add(kata, source);
}

/** A zip file of the whole class: the student is the folder above the kata's. */
export async function fromClassZip(file: string, wanted: Wanted): Promise<Collected | string> {
  const ownerOf = (above: readonly string[]): string => above[above.length - 1] ?? '';
  const found = await driversInArchive(file, { wanted, bytesMax: CLASS_BYTES_MAX, ownerOf });
  if ('problem' in found) return found.problem;
  const remarks: string[] = [];
  const handedIn = found.drivers.flatMap(({ kata, above, source }): HandedIn[] => {
    const student = above[above.length - 1];
    if (student === undefined) {
      remarks.push(`${kata} at the top of the zip file belongs to nobody`);
      return [];
    }
    return [{ student: studentNamed(student), kata, source }];
  });
  return { handedIn, remarks, absent: [] };
}
