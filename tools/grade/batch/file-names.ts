// SPDX-License-Identifier: GPL-2.0-only
/** Names of students as names of folders, on every file system: nothing special, nothing too long, no two the same. */
import { createHash } from 'node:crypto';

const LENGTH_MAX = 100;

/** A folder name for every student, by id. */
export function folderNames(ids: Iterable<string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const id of ids) {
    if (names.has(id)) continue;
    const plainName = id === '' ? '%' : folderName(id);
    // Alice and alice are one folder to some.
    const unique = taken.has(plainName.toLowerCase()) || plainName.length > LENGTH_MAX;
    const name = unique ? `${plainName.slice(0, LENGTH_MAX)}~${digest(id)}` : plainName;
    taken.add(name.toLowerCase());
    names.set(id, name);
  }
  return names;
}

function folderName(id: string): string {
  const escaped = id.replace(/[^A-Za-z0-9._@+ -]|^[. ]|[. ]$/gu, percent);
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(escaped) ? `%${escaped}` : escaped;
}

function percent(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
