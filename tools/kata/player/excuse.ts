// SPDX-License-Identifier: GPL-2.0-only
/** Why there is nothing to play: the driver's fault, told as every command tells it. */
import { EXIT } from '../exit-code';
import { firstOf } from '../print/words';
import type { Shell } from '../shell';
import { RefusedDriver, Stuck } from './player';

const PROBLEMS_MAX = 3;

/** Tells what was thrown, and the exit code for it; throws on anything that is not a fault of a driver. */
export function excuse(shell: Shell, error: unknown, shown: string): number {
  if (error instanceof RefusedDriver) {
    shell.write(`${firstOf(error.problems, PROBLEMS_MAX).join('\n')}\n`);
    return EXIT.fails;
  }
  if (!(error instanceof Stuck)) throw error;
  shell.complain(`kata: ${shown}: an execution ${error.message}, so there is nothing to show\n`);
  return EXIT.bound;
}
