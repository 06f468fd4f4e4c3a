// SPDX-License-Identifier: GPL-2.0-only
/** A kata's solution: our driver, and why it is right. An instructor may have taken the folder away. */
import fs from 'node:fs';
import path from 'node:path';
import type { Kata } from './katas';

/** solutions/NN-slug/README.md; null if there is none. */
export function explanationOf(root: string, { id }: Kata): string | null {
  return textOr(path.join(root, 'solutions', id, 'README.md'));
}

/** The solved driver; null if there is none. */
export function solvedDriverOf(root: string, { id, manifest }: Kata): string | null {
  return textOr(path.join(root, 'solutions', id, manifest.driver));
}

function textOr(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
