// SPDX-License-Identifier: GPL-2.0-only
/** Litmus tests: what our exploration and the kernel memory model answer to the classic questions. */
import { atomics } from './atomics';
import { chains } from './chains';
import { coherence } from './coherence';
import type { Litmus } from './litmus';
import { locks } from './locks';
import { messagePassing } from './message-passing';
import { rcu } from './rcu';
import { twoThreads } from './two-threads';

export { type Litmus, observe, type Observed } from './litmus';
export { type Race, RACES } from './races';
export { litmusTable, raceTable } from './table';

/** All litmus tests. */
export const LITMUS: readonly Litmus[] = [
  ...coherence,
  ...messagePassing,
  ...twoThreads,
  ...chains,
  ...locks,
  ...rcu,
  ...atomics,
];
