// SPDX-License-Identifier: GPL-2.0-only
/** The text of a driver: a driver file unchanged, or the driver that a patch makes from its base. */
import path from 'node:path';
import { parseAnswer } from '../../lib/answer';
import { driverOf } from './files';
import type { Shipped } from './shipped';

/** The text of a driver and its name in messages. */
export interface Source {
  readonly text: string;
  /** The name of the file in reports. A patch has other line numbers than the driver it makes. */
  readonly shown: string;
}

/** Whether a file is a patch, by its name. */
export function isPatch(file: string): boolean {
  return /\.(patch|diff)$/.test(file);
}

/** Returns the driver of a file that has been read; a UsageError if it is a patch that does not apply. */
export function sourceOf(root: string, kata: Shipped, { text, shown }: Source): Source {
  if (!isPatch(shown)) return { text, shown };
  const made = driverOf(root, kata, parseAnswer(text, shown), shown);
  return { text: made, shown: shown.slice(0, -path.extname(shown).length) + '.ts' };
}
