// SPDX-License-Identifier: GPL-2.0-only
/** Where a driver may lie inside what somebody hands in. */
import type { KataName, Wanted } from './handed-in';

/** A driver's kata, and the folders above that are not part of the layout. */
export interface Place {
  readonly kata: KataName;
  readonly above: readonly string[];
}

/**
 * The kata a path belongs to: `NN-slug/<driver>.ts` or `katas/NN-slug/<driver>.ts`, and `<driver>.ts` alone where only one
 * kata was asked for. Null for everything else.
 */
export function placeOf(path: string, { katas, flat }: Wanted): Place | null {
  const folders = path.split('/');
  const file = folders.pop();
  const folder = folders[folders.length - 1];
  const kata = katas.find(({ id, driver }) => id === folder && driver === file);
  if (kata !== undefined) {
    folders.pop();
    if (folders[folders.length - 1] === 'katas') folders.pop();
    return { kata, above: folders };
  }
  const [only] = katas;
  const isNamed = folders.some((name) => /^\d\d-./.test(name));
  if (!flat || only === undefined || isNamed) return null;
  return only.driver === file ? { kata: only, above: folders } : null;
}
