// SPDX-License-Identifier: GPL-2.0-only
/** Marked accesses of one execution, and the order that the memory model demands of them; see docs/memory-ordering.md. */
import type { Clock } from '../clock';
import type { MachineObject } from '../object';

/** How an access orders those around it, in LKMM's words; 'full' stands for a strong fence on both sides. */
export type Strength = 'relaxed' | 'acquire' | 'release' | 'full';

/** Earlier accesses of the task that gave an address, or what is written. */
export interface Dependencies {
  readonly address: readonly Access[];
  readonly data: readonly Access[];
}

/** A barrier between two accesses of a task. */
export type Fence = 'smp_rmb' | 'smp_wmb' | 'smp_mb';

/** A barrier that orders an access behind one other access, and nothing else. */
export interface Supposed {
  readonly after: Access;
  readonly fence: Fence;
}

/** An access as an event of an execution graph. Unlocks are releases, locks are acquires. */
export class Access {
  load = false;
  store = false;
  acquire = false;
  release = false;
  full = false;
  /** A read-modify-write without a result: its load orders nothing. */
  silent = false;
  /** It ends a critical section of a lock. */
  unlock = false;
  /** For an access that takes a lock: the unlock that gives it back. */
  givenBack: Access | null = null;
  /** For an unlock: the one before it, and what smp_mb__after_unlock_lock() separates from it in tasks that took the lock. */
  unlockBefore: Access | null = null;
  readonly handedTo: Access[] = [];
  /** The last access of its task that a strong fence separates from it; -1 if there is none. */
  fenced = -1;
  /** Barriers of its task before it: smp_rmb() and smp_wmb(). */
  rmb = 0;
  wmb = 0;
  /** The last access of its task that is separated from it by an unlock and then a lock; -1 if there is none. */
  passed = -1;
  /**
   * The coherence order that contains a store, or that a load reads from; null for an access that passes clocks on
   * without a value.
   */
  order: Access[] | null = null;
  /** The stores that a load reads from. A lock or a completion may have been released by several. */
  sources: readonly Access[] = NONE;
  readonly readers: Access[] = [];
  /** The step that made it. */
  step = -1;
  /** The value of a store, which a load that reads it gets. */
  value: unknown = undefined;
  released: Clock | null = null;
  /** The accessed memory, and the memory that a loaded pointer points to: the address dependency. */
  target: MachineObject | null = null;
  pointer: MachineObject | null = null;
  /** It is to an element of an array, whose index may have come from any load before it. */
  indexed = false;

  /** A barrier between one earlier access of its task and itself alone, to see what that would change: see missing.ts. */
  supposed: Supposed | null = null;

  /** What its address and what it writes depend on; null where nobody says, and the rules below assume. */
  dependencies: Dependencies | null = null;

  constructor(
    readonly task: number,
    /** Its index in program order. */
    readonly index: number,
    /** Its index in the execution. */
    readonly id: number,
  ) {}

  /** Sets how it orders the accesses around it. One that is fully ordered has a strong fence before it. */
  strengthen(strength: Strength, load: boolean): void {
    this.load = load;
    this.acquire = load && strength === 'acquire';
    this.release = strength === 'release';
    this.full = strength === 'full';
    if (this.full) this.fenced = this.index - 1;
  }

  /** Whether nothing may come between a store and what it read. */
  get atomic(): boolean {
    return this.load && this.store;
  }
}

const NONE: readonly Access[] = [];

/** Whether a strong fence separates two accesses of a task. */
export function stronglyFenced(first: Access, second: Access): boolean {
  return second.fenced >= first.index || supposes(second, first, 'smp_mb');
}

function supposes({ supposed }: Access, first: Access, fence: Fence): boolean {
  return supposed !== null && supposed.after === first && supposed.fence === fence;
}

/** Whether an smp_wmb() separates a store from a later one. */
export function orderedByWmb(first: Access, second: Access): boolean {
  if (!first.store || !second.store) return false;
  return second.wmb > first.wmb || supposes(second, first, 'smp_wmb');
}

/** How far into the second access preserved program order reaches: not at all, to its store, or to all of it. */
export type Reach = 'nothing' | 'its store' | 'all of it';

/**
 * Preserved program order: whether the first of two accesses of a task is seen before the second. LKMM's ppo, with a dependency
 * assumed from every load to every store behind it. Of a read-modify-write, the load and the store are seen apart: `stored` asks
 * of the first one's store alone.
 */
export function preserved(first: Access, second: Access, stored: boolean): Reach {
  if (stronglyFenced(first, second) || second.passed >= first.index) return 'all of it';
  if (first.acquire && !stored) return 'all of it';
  const reads = first.load && !first.silent && !stored;
  if (reads && second.load && readsInOrder(first, second)) return 'all of it';
  if (!second.store) return 'nothing';
  if (second.release || reads || sameLocation(first, second)) return 'its store';
  return orderedByWmb(first, second) ? 'its store' : 'nothing';
}

function sameLocation({ order }: Access, second: Access): boolean {
  return order !== null && order === second.order;
}

/** Whether of two loads the first is seen first: for smp_rmb(), an address, or a value that was stored and read back. */
function readsInOrder(first: Access, second: Access): boolean {
  const rmb = second.rmb > first.rmb || supposes(second, first, 'smp_rmb');
  if (rmb && !second.silent) return true;
  return hasAddressFrom(first, second) || readsBack(first, second);
}

function hasAddressFrom(first: Access, { dependencies, target, indexed }: Access): boolean {
  if (dependencies !== null) return dependencies.address.includes(first);
  return indexed || (first.pointer !== null && first.pointer === target);
}

/** Whether the second reads what its own task has stored, and that depends on the first. Where nobody says, it may. */
function readsBack(first: Access, { task, sources: [source] }: Access): boolean {
  if (source === undefined || source.task !== task || source.order === null) return false;
  const { dependencies, index } = source;
  if (dependencies === null) return first.index < index;
  return dependencies.address.includes(first) || dependencies.data.includes(first);
}

/**
 * The stores after an access in coherence order: co for a store, fr for a load. A trylock that fails has seen the lock taken, so
 * the unlock comes after it.
 */
export function overwriting({ order, store, sources }: Access, itself: Access): readonly Access[] {
  if (order === null) {
    const unlock = store ? null : sources[0]?.givenBack;
    return unlock === null || unlock === undefined ? NONE : [unlock];
  }
  const from = store ? itself : sources[0];
  return from === undefined ? NONE : order.slice(order.indexOf(from) + 1);
}
