// SPDX-License-Identifier: GPL-2.0-only
/** Keeps stacks from drivers in a locked realm. Loaded once the realm is locked. */
import { hiddenStacks } from '../../../lib/machine';
import { stackWriter } from '../../kata/source-lines';
import type { Realm } from './realm';

let shown = '';

/**
 * Stacks are for the machine, while it replays a failure; other code that looks at one finds nothing. A driver that could read
 * its stack would know which scenario it is in, and whether it is being watched. `suite` are the scenarios whose lines a stack may name.
 */
export function hideStacks(suite: string, { errors }: Realm): void {
  if (shown === suite) return;
  shown = suite;
  errors.prepareStackTrace = hiddenStacks(stackWriter(suite));
}
