// SPDX-License-Identifier: GPL-2.0-only
/**
 * The ports as shipped, found without git and after any edit. kata.json has the digest. The port is the driver itself until that
 * is edited; afterwards it is the solution with solutions/NN-slug/port.patch applied.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type Answer, applyAnswer, diffAgainst, parseAnswer, printAnswer } from '../../lib/answer';
import type { Manifest } from '../../lib/kata/manifest';
import { UsageError } from '../../lib/machine';
import { sha256, textOrNull } from './text';

/** The part of a kata's manifest that names its files and the digest of its port. */
export type Shipped = Pick<Manifest, 'id' | 'driver' | 'shipped'>;

/** Name of the patch in solutions/NN-slug. */
export const PORT_PATCH = 'port.patch';

/** The port as shipped; a UsageError that says what to do if it cannot be found. */
export function shippedPort(root: string, kata: Shipped): string {
  const file = `katas/${kata.id}/${kata.driver}`;
  const own = textOrNull(path.join(root, file));
  if (own !== null && isShipped(kata, own)) return own;
  const patched = fromSolution(root, kata);
  if (patched !== null && isShipped(kata, patched)) return patched;
  const where = `solutions/${kata.id} does not lead to it`;
  throw new UsageError(
    `${kata.id}: the port as shipped cannot be found: ${where}; take ${file} from a fresh copy`,
  );
}

/** Whether a text is the port as it was shipped. */
export function isShipped({ shipped }: Shipped, text: string): boolean {
  return sha256(text) === shipped;
}

/** The port that port.patch makes from the solution, with any digest; null if there is none. */
export function fromSolution(root: string, { id, driver }: Shipped): string | null {
  const folder = path.join(root, 'solutions', id);
  const solution = textOrNull(path.join(folder, driver));
  const patch = textOrNull(path.join(folder, PORT_PATCH));
  if (solution === null || patch === null) return null;
  const shown = `solutions/${id}/${PORT_PATCH}`;
  return applyAnswer(parseAnswer(patch, shown), solution, shown);
}

/** The text of port.patch for a port and a solution. */
export function portPatch({ id, driver }: Shipped, port: string, solution: string): string {
  const about: Pick<Answer, 'base' | 'kata' | 'driver'> = { base: 'solution', kata: id, driver };
  return printAnswer(MESSAGE(id), 'solution', diffAgainst(about, solution, port));
}

/** Writes port.patch; returns whether it has changed. */
export function writePortPatch(root: string, kata: Shipped, port: string): boolean {
  const folder = path.join(root, 'solutions', kata.id);
  const solution = textOrNull(path.join(folder, kata.driver));
  if (solution === null) return false;
  const file = path.join(folder, PORT_PATCH);
  const text = portPatch(kata, port, solution);
  if (textOrNull(file) === text) return false;
  fs.writeFileSync(file, text);
  return true;
}

const MESSAGE = (id: string) => {
  return {
    subject: `${id}: back to the port as shipped`,
    why: 'The tool writes this file. It is how the port is found again after somebody\nhas edited it.',
    fails: [],
    tasks: [],
  };
};
