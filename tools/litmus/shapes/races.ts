// SPDX-License-Identifier: GPL-2.0-only
/** Programs with plain accesses, in pairs: one that lacks an ordering must have a data race, and its ordered neighbour must not. */
import { differing } from './differing';
import type { Race } from './race';
import { orderedByBarriers } from './races-barriers';
import { orderedByChains } from './races-chains';
import { orderedByFlags } from './races-flags';
import { orderedByRcu } from './races-rcu';
import { orderedWhenMarked } from './races-marked';

/** All programs; those for which we and the kernel differ come last. */
export const RACES: readonly Race[] = [
  ...orderedByFlags,
  ...orderedByChains,
  ...orderedByRcu,
  ...orderedByBarriers,
  ...orderedWhenMarked,
  ...differing,
];
