// SPDX-License-Identifier: GPL-2.0-only
/**
 * The barriers that would have kept an access from passing over a store: they are put into the execution graph, the weakest first,
 * until the memory model forbids what happened.
 */
import type { Access, Fence } from './access';
import { consistent } from './consistent';
import type { Log } from './log';

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

/** What stands for barriers in the graph; gives what takes it back. */
type Change = () => () => void;

/**
 * The weakest pair of barriers that forbids what happened, directly in front of the access and directly behind the store that it
 * passed over. Such a barrier orders all that its task did before it. Of that, the report names the access nearest to the barrier
 * whose order alone is enough: a barrier between the two is then right wherever it stands, and not in this execution only.
 */
function missingFences(log: Log, access: Access, over: Access): MissingFence[] {
  const forbidden = (...changes: readonly Change[]): boolean => {
    const undo = changes.map((change) => change()).reverse();
    const allowed = consistent(log, access);
    for (const takeBack of undo) takeBack();
    return !allowed;
  };
  for (const { here, there } of PAIRS) {
    const before = [...log.before(access)];
    const behind = [...log.after(over)];
    const whole = barrier(log, there, over.task, over.index + 1);
    if (!forbidden(barrier(log, here, access.task, access.index), whole)) continue;
    const first = before.find((one) => forbidden(between(one, access, here), whole)) ?? before[0];
    const order = first === undefined ? NOTHING : between(first, access, here);
    const second = behind.find((one) => forbidden(order, between(over, one, there))) ?? behind[0];
    return [...missing(here, first, access), ...missing(there, over, second)];
  }
  return [];
}

const NOTHING: Change = () => () => undefined;

/** A barrier in front of the access of a task with this index. */
function barrier(log: Log, fence: Fence | null, task: number, index: number): Change {
  if (fence === null) return NOTHING;
  return () => {
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
  };
}

/** A barrier that orders two accesses of a task and no others. */
function between(first: Access, second: Access, fence: Fence | null): Change {
  if (fence === null) return NOTHING;
  return () => {
    second.supposed = { after: first, fence };
    return () => {
      second.supposed = null;
    };
  };
}

function missing(
  fence: Fence | null,
  first: Access | undefined,
  second: Access | undefined,
): MissingFence[] {
  if (fence === null || first === undefined || second === undefined) return [];
  return [{ task: second.task, fence, earlier: first.step, later: second.step }];
}
