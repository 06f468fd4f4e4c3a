// SPDX-License-Identifier: GPL-2.0-only
/** Marked accesses of one execution, and the order that the memory model demands of them; see docs/memory-ordering.md. */
import type { Clock } from '../clock';
import type { MachineObject } from '../object';

/** How an access orders those around it, in LKMM's words; 'full' stands for a strong fence on both sides. */
export type Strength = 'relaxed' | 'acquire' | 'release' | 'full';

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
  /** How many barriers of its task come before it: smp_mb(), smp_rmb(), smp_wmb(). */
  strong = 0;
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

  constructor(
    readonly task: number,
    /** Its index in program order. */
    readonly index: number,
    /** Its index in the execution. */
    readonly id: number,
  ) {}

  /** Sets how it orders the accesses around it. A strong fence before it separates it from everything its task did earlier. */
  strengthen(strength: Strength, load: boolean): void {
    this.load = load;
    this.acquire = load && strength === 'acquire';
    this.release = strength === 'release';
    this.full = strength === 'full';
    if (this.full) this.strong++;
  }

  /** Whether nothing may come between a store and what it read. */
  get atomic(): boolean {
    return this.load && this.store;
  }
}

const NONE: readonly Access[] = [];

/** Whether a strong fence separates two accesses of a task. */
export function stronglyFenced(first: Access, second: Access): boolean {
  return second.strong > first.strong;
}

/**
 * Preserved program order: whether the first of two accesses of a task is seen before the second. LKMM's ppo, with an
 * assumed dependency from every load to every later store, and from a loaded pointer to what it points to.
 */
export function preserved(first: Access, second: Access): boolean {
  if (first.acquire || second.release || stronglyFenced(first, second)) return true;
  if (second.passed >= first.index) return true;
  const reads = first.load && !first.silent;
  if (second.store) {
    if (reads || first.order === second.order) return true;
    if (first.store && second.wmb > first.wmb) return true;
  }
  if (!reads || !second.load) return false;
  return second.rmb > first.rmb || (first.pointer !== null && first.pointer === second.target);
}

/** The stores after an access in coherence order: co for a store, fr for a load. */
export function overwriting({ order, store, sources }: Access, itself: Access): readonly Access[] {
  if (order === null) return NONE;
  const from = store ? itself : sources[0];
  return from === undefined ? NONE : order.slice(order.indexOf(from) + 1);
}
