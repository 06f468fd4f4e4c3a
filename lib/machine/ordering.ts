// SPDX-License-Identifier: GPL-2.0-only
/**
 * What marked accesses without an ordering of their own pass on, with the help of barriers. A relaxed store passes on
 * what its task did before its last barrier. What a relaxed load reads from is known from its task's next barrier on.
 * This is how fences work in C11 (ISO/IEC 9899:2011, 7.17.4); in LKMM's words, wmb and rmb with the reads-from link
 * between them.
 */
import * as clocks from './clock';
import type { Machine } from './machine';
import type { Releasing } from './object';
import type { Task } from './task';

/** Which of the accesses around it a barrier orders. */
export interface Barrier {
  readonly loads: boolean;
  readonly stores: boolean;
  /** With what it makes a full barrier; absent for one that is full by itself. */
  readonly pairsWith?: Pairing;
}

/** What smp_mb__before_atomic() and similar barriers upgrade. */
export type Pairing =
  | 'the next atomic'
  | 'the last atomic'
  | 'the last lock'
  | 'the last unlock and lock'
  | 'the last SRCU unlock';

/** Orders everything: smp_mb(), and operations that are fully ordered. */
export const FULL: Barrier = { loads: true, stores: true };

/** A relaxed store. It replaces what was passed on before; a read-modify-write adds to it. */
export function publish({ fenced }: Task, object: Releasing, accumulate = false): void {
  if (!accumulate || object.released === null) object.released = fenced?.slice() ?? null;
  else if (fenced !== null) clocks.join(object.released, fenced);
}

/** A relaxed load. */
export function observe(task: Task, { released }: Releasing): void {
  if (released !== null) clocks.join((task.seen ??= []), released);
}

/** A barrier. */
export function fence(machine: Machine, task: Task, barrier: Barrier): void {
  const { loads, stores } = barrier;
  if (task.id !== 0) machine.log?.barrier(task.id, barrier);
  if (!machine.clocking) return;
  if (loads && task.seen !== null) {
    clocks.join(task.clock, task.seen);
    task.seen = null;
  }
  if (!stores) return;
  task.fenced = task.clock.slice();
  machine.tick(task);
}
