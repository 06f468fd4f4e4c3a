// SPDX-License-Identifier: GPL-2.0-only
/** The drivers in one hand-in: where they should lie, in zip files, and under the names that browsers and editors give to copies. */
import { driversInBytes } from '../collect/archive';
import type { KataName, Source, Wanted } from '../collect/handed-in';
import { placeOf } from '../collect/places';
import type { Given } from './delivery';

/** A driver, or why one cannot be taken; without a kata it concerns all. */
export interface Found {
  readonly kata: string | null;
  readonly source: Source;
  /** What it was called, if it was not called what it should be. */
  readonly called: string | null;
}

/** Largest zip file inside of a hand-in. */
const ZIP_BYTES_MAX = 16 << 20;
const ZIPS_MAX = 5;

/** All drivers there are in these files. */
export async function driversIn(files: readonly Given[], wanted: Wanted): Promise<Found[]> {
  const found: Found[] = [];
  // Decided by names: of two for one kata neither is opened.
  for (const [kata, [only, ...others]] of named(files, wanted)) {
    const problem = `${kata} was handed in more than once`;
    const source = only === undefined || others.length > 0 ? { problem } : await only.open();
    found.push({ kata, source, called: null });
  }
  for (const file of files.filter(({ name }) => /\.zip$/i.test(name)).slice(0, ZIPS_MAX)) {
    found.push(...(await inZip(file, wanted)));
  }
  const missing = wanted.katas.filter(({ id }) => !found.some(({ kata }) => kata === id));
  for (const kata of missing) {
    const like = likely(files, kata, wanted);
    const [only, second] = like;
    if (only === undefined) continue;
    const names = like.map(({ name }) => name).join(', ');
    if (second !== undefined)
      found.push({
        kata: kata.id,
        source: { problem: `${names}: which of them is ${kata.driver}?` },
        called: null,
      });
    else found.push({ kata: kata.id, source: await only.open(), called: only.name });
  }
  return found;
}

/** The files that lie where a driver should, by kata. */
function named(files: readonly Given[], wanted: Wanted): Map<string, Given[]> {
  const found = new Map<string, Given[]>();
  for (const file of files) {
    const place = placeOf(file.name, wanted);
    if (place === null || place.above.includes('solutions')) continue;
    found.set(place.kata.id, [...(found.get(place.kata.id) ?? []), file].slice(0, 2));
  }
  return found;
}

async function inZip(file: Given, wanted: Wanted): Promise<Found[]> {
  const read = await file.bytes(ZIP_BYTES_MAX);
  if (!('bytes' in read)) {
    const problem = 'problem' in read ? read.problem : `${file.name} cannot be read`;
    return [{ kata: null, source: { problem }, called: null }];
  }
  const inside = await driversInBytes(read.bytes, {
    wanted,
    ownerOf: (above) => (above.includes('solutions') ? null : ''),
  });
  if ('problem' in inside) return [{ kata: null, source: inside, called: null }];
  return inside.drivers.map(({ kata, source }) => ({ kata, source, called: null }));
}

/** Files that are called almost as the driver is, or as it is but elsewhere, where it can be no other kata's. */
function likely(files: readonly Given[], { id, driver }: KataName, wanted: Wanted): Given[] {
  const sole = wanted.flat || katasOf(driver, wanted).length === 1;
  return files.filter(({ name }) => {
    const folders = name.split('/');
    const base = folders.pop() ?? '';
    if (plainName(base) !== driver.toLowerCase()) return false;
    const kata = folders.find((folder) => /^\d\d-./.test(folder));
    return kata === undefined ? sole : kata === id;
  });
}

/** The katas whose driver a file with this name may be. */
export function katasOf(name: string, { katas }: Wanted): string[] {
  const base = plainName(name.slice(name.lastIndexOf('/') + 1));
  return katas.filter(({ driver }) => driver.toLowerCase() === base).map(({ id }) => id);
}

/** `rbd (1).ts`, `rbd-1.ts`, `RBD.ts`, `Copy of rbd.ts`, `rbd.ts.txt`: without what is not its owner's idea. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^copy of /, '')
    .replace(/\.txt$/, '')
    .replace(/[ _-]*(?:\(\d+\)|copy|copy \d+|[-_]\d+)?\.ts$/, '.ts');
}
