// SPDX-License-Identifier: GPL-2.0-only
/** `kata show ID`: a kata's page in the terminal. */
import { EXIT } from '../exit-code';
import { kataAt, kataIds, kataText } from '../katas';
import { printPage } from '../print/kata';
import { resolveId } from '../resolve-id';
import { type Shell, shownPath } from '../shell';

export function show({ root, cwd, style, write }: Shell, name: string): Promise<number> {
  const kata = kataAt(root, resolveId(name, kataIds(root)));
  const readme = kataText(kata, 'README.md');
  write(printPage({ ...kata, readme, file: shownPath(cwd, kata.driver) }, style));
  return Promise.resolve(EXIT.holds);
}
