// SPDX-License-Identifier: GPL-2.0-only
/** All litmus tests, in the order of the guide. */
import { atomics } from './atomics';
import { chains } from './chains';
import { coherence } from './coherence';
import type { Litmus } from './litmus';
import { locks } from './locks';
import { messagePassing } from './message-passing';
import { rcu } from './rcu';
import { twoThreads } from './two-threads';

/** The shapes, family by family. */
export const LITMUS: readonly Litmus[] = [
  ...coherence,
  ...messagePassing,
  ...twoThreads,
  ...chains,
  ...locks,
  ...rcu,
  ...atomics,
];
