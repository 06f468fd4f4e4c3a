// SPDX-License-Identifier: GPL-2.0-only
/** Which kata a command is about: the one that is named, that of the folder, or the one somebody is at. */
import path from 'node:path';
import { parseAnswer } from '../../lib/answer';
import { isPatch } from '../answers/source';
import { readDriver } from './driver-source';
import { Refusal } from './errors';
import { type Kata, kataAt, kataIds } from './katas';
import { idInPath, resolveId } from './resolve-id';
import { givenDriver, type Shell } from './shell';
import { stateOf } from './state/memory';
import { currentOf } from './state/standing';

/** The kata of that name; without one, that of the folder somebody stands in, or the one they are at. */
export function kataNamed(shell: Shell, name: string | undefined): Kata {
  if (name !== undefined) return kataAt(shell.root, resolveId(name, kataIds(shell.root)));
  const here = kataOfFolder(shell);
  if (here !== null) return kataAt(shell.root, here);
  const kata = currentOf(shell);
  if (kata === null)
    throw new Refusal('there are no katas here; git checkout -- katas brings them');
  return kata;
}

/** The same for commands that somebody works with: they stay at the kata until they ask for the next. */
export function stayAt(shell: Shell, name: string | undefined): Kata {
  const kata = kataNamed(shell, name);
  if (name === undefined) goTo(shell, kata);
  return kata;
}

/** The kata in whose folder somebody stands, below katas/ or solutions/; null elsewhere. */
function kataOfFolder({ root, cwd }: Shell): string | null {
  const [top = '', folder = ''] = path.relative(root, cwd).split(path.sep);
  return top === 'katas' || top === 'solutions' ? idInPath(folder, kataIds(root)) : null;
}

/** The kata that a patch belongs to, as the path in its diff says; null for another file, or if there is no such kata. */
export function kataOfPatch({ root, cwd }: Shell, typed: string): string | null {
  if (!isPatch(typed)) return null;
  const { file, shown } = givenDriver(cwd, typed);
  const { kata } = parseAnswer(readDriver(file, shown), shown);
  return kataIds(root).find((id) => id === kata) ?? null;
}

/** From now on somebody is at this kata. */
export function goTo(shell: Shell, kata: Kata): void {
  stateOf(shell).add({ about: kata.id, what: 'current' });
}
