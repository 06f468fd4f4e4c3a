// SPDX-License-Identifier: GPL-2.0-only
/** The folder that --hidden names: a folder for each kata, called as katas are called everywhere, and none that would have no effect. */
import fs from 'node:fs';
import path from 'node:path';
import { Refusal } from '../kata/errors';
import { resolveId } from '../kata/resolve-id';

/** The folder of each kata that has one. Throws a Refusal for a folder that means no kata, and where there is none at all. */
export function hiddenFolders(folder: string, ids: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (!entry.isDirectory() || name.startsWith('.')) continue;
    const id = idOf(name, ids);
    const other = found.get(id);
    if (other !== undefined)
      throw new Refusal(`--hidden: ${path.basename(other)} and ${name} are both ${id}`);
    found.set(id, path.join(folder, name));
  }
  if (found.size > 0) return found;
  throw new Refusal('--hidden: there is no folder of a kata in it, such as 01/scenarios.ts');
}

function idOf(name: string, ids: readonly string[]): string {
  try {
    return resolveId(name, ids);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(`--hidden: ${name}: ${error.message}`) : error;
  }
}
