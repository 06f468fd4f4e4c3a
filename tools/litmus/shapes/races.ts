// SPDX-License-Identifier: GPL-2.0-only
/** Programs with plain accesses, in pairs: what misses an ordering must be a data race, its ordered neighbour must not. */
import { differing } from './differing';
import type { Race } from './race';
import { orderedByBarriers } from './races-barriers';
import { orderedByChains } from './races-chains';
import { orderedByFlags } from './races-flags';
import { orderedByRcu } from './races-rcu';

/** All of them; those on which we and the kernel differ come last. */
export const RACES: readonly Race[] = [
  ...orderedByFlags,
  ...orderedByChains,
  ...orderedByRcu,
  ...orderedByBarriers,
  ...differing,
];
