// SPDX-License-Identifier: GPL-2.0-only
/**
 * The barriers that would have kept an access from passing over a store: barriers are put into the execution graph, the weakest
 * first, until the memory model forbids what happened.
 */
import type { Access } from './access';
import { consistent } from './consistent';
import type { Log } from './log';

/** A barrier between two accesses of a task. */
export type Fence = 'smp_rmb' | 'smp_wmb' | 'smp_mb';

/** A barrier that is not there, and the two steps it would have to be between; -1 is a step before the first one. */
export interface MissingFence {
  readonly task: number;
  readonly fence: Fence;
  readonly earlier: number;
  readonly later: number;
}

/** What an access passed over. */
export interface PassedOver {
  /** The step of the store that a load read; -1 for what was there before the first step. Null for a store. */
  readonly read: number | null;
  /** The step of the oldest store that it passed over. */
  readonly over: number;
  /** The barriers that together would have kept it from that; empty if none would. */
  readonly missing: readonly MissingFence[];
}

const FENCES: readonly (Fence | null)[] = [null, 'smp_rmb', 'smp_wmb', 'smp_mb'];

/** Both places for barriers: in front of the access, and behind the store that it passed over. Weakest pairs first. */
const PAIRS = FENCES.flatMap((here) => FENCES.map((there) => ({ here, there })))
  .filter(({ here, there }) => here !== null || there !== null)
  .sort((a, b) => weight(a.here) + weight(a.there) - weight(b.here) - weight(b.there));

function weight(fence: Fence | null): number {
  if (fence === null) return 0;
  // One full barrier says more than a weak one on each side.
  return fence === 'smp_mb' ? 3 : 2;
}

/** Says what the newest access of the log passed over; null if it passed over nothing. */
export function passedOver(log: Log, access: Access): PassedOver | null {
  const { order, sources } = access;
  const read = access.store ? access : sources[0];
  if (order === null || read === undefined) return null;
  const over = order[order.indexOf(read) + 1];
  if (over === undefined) return null;
  const missing = missingFences(log, access, over);
  return { read: access.load ? (sources[0]?.step ?? -1) : null, over: over.step, missing };
}

/** A barrier in front of the access of a task with this index, and of none before it. */
interface Placed {
  readonly task: number;
  readonly fence: Fence;
  readonly index: number;
}

function missingFences(log: Log, access: Access, over: Access): MissingFence[] {
  const forbidden = (...placed: (Placed | null)[]): boolean => {
    const there = placed.filter((one) => one !== null);
    const undo = there.map((one) => put(log, one)).reverse();
    const allowed = consistent(log, access);
    for (const takeBack of undo) takeBack();
    return !allowed;
  };
  for (const pair of PAIRS) {
    let here = placedAt(access, pair.here);
    let there = placedAt({ task: over.task, index: over.index + 1 }, pair.there);
    if (there !== null && log.at(there.task, there.index) === undefined) continue;
    if (!forbidden(here, there)) continue;
    // As far apart as they may be: what is then next to each is what it orders.
    while (here !== null && here.index > 1 && forbidden(moved(here, -1), there)) {
      here = moved(here, -1);
    }
    while (there !== null && forbidden(here, moved(there, 1))) there = moved(there, 1);
    return [
      ...(here === null ? [] : [between(log, here, here.index - 1, access.index)]),
      ...(there === null ? [] : [between(log, there, over.index, there.index)]),
    ];
  }
  return [];
}

function placedAt(
  { task, index }: { task: number; index: number },
  fence: Fence | null,
): Placed | null {
  return fence === null ? null : { task, fence, index };
}

function moved(placed: Placed, by: number): Placed {
  return { ...placed, index: placed.index + by };
}

/** Puts a barrier into the graph; gives what takes it back. */
function put(log: Log, { task, fence, index }: Placed): () => void {
  const before: (() => void)[] = [];
  for (const later of log.after({ task, index: index - 1 })) {
    const { fenced, rmb, wmb } = later;
    before.push(() => void Object.assign(later, { fenced, rmb, wmb }));
    if (fence === 'smp_mb') later.fenced = Math.max(fenced, index - 1);
    if (fence === 'smp_rmb') later.rmb++;
    if (fence === 'smp_wmb') later.wmb++;
  }
  return () => {
    for (const restore of before) restore();
  };
}

function between(log: Log, { task, fence }: Placed, earlier: number, later: number): MissingFence {
  const stepOf = (index: number): number => log.at(task, index)?.step ?? -1;
  return { task, fence, earlier: stepOf(earlier), later: stepOf(later) };
}
