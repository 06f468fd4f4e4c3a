// SPDX-License-Identifier: GPL-2.0-only
/** The text of a driver, wherever one is accepted: a driver file as it is, a patch as what it makes of its base. */
import path from 'node:path';
import { parseAnswer } from '../../lib/answer';
import { driverOf } from './files';
import type { Shipped } from './shipped';

/** Where a driver comes from and how messages name it. */
export interface Source {
  readonly text: string;
  /** How reports name the file of the text: a patch has other lines than the driver it makes. */
  readonly shown: string;
}

/** Whether a file is taken for a patch: its name says so. */
export function isPatch(file: string): boolean {
  return /\.(patch|diff)$/.test(file);
}

/** The driver that a file stands for, given what was read of it; a UsageError if it is a patch that does not apply. */
export function sourceOf(root: string, kata: Shipped, { text, shown }: Source): Source {
  if (!isPatch(shown)) return { text, shown };
  const made = driverOf(root, kata, parseAnswer(text, shown), shown);
  return { text: made, shown: shown.slice(0, -path.extname(shown).length) + '.ts' };
}
