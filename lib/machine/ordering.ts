// SPDX-License-Identifier: GPL-2.0-only
/**
 * What marked accesses without an ordering of their own pass on, and what barriers make of it, as LKMM says: a relaxed store
 * passes on itself, and what its task did before its last barrier; what a relaxed load reads is known from its task's next
 * barrier on. smp_wmb() is for the stores of its own task, smp_rmb() for later loads. smp_mb() makes everything before it visible
 * to every task that reads on from there.
 */
import * as clocks from './clock';
import { current } from './current';
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

/** A relaxed store to a location. It replaces what was passed on before; a read-modify-write adds to it. */
export function publish(task: Task, object: Releasing, location = -1, accumulate = false): void {
  const { fenced, clock, seen } = task;
  if (!accumulate || object.released === null) {
    object.released = fenced === null ? null : clocks.copy(fenced);
  } else if (fenced !== null) clocks.join(object.released, fenced);
  // A store stays behind the loads before it, so it hands on what strong fences before those have made visible.
  for (const { strong } of seen === null ? [clock] : [clock, seen]) {
    if (strong !== undefined) clocks.join((object.released ??= []), handing(strong));
  }
  const component = location < 0 ? -1 : current.machine.storesComponent(location, task.id);
  if (component >= 0) {
    clocks.setExtra((object.released ??= []), component, clocks.at(clock, task.id));
  }
}

/** A clock of which nothing is known but what strong fences have made visible. */
function handing(strong: clocks.Clock): clocks.Clock {
  const handed: clocks.Clock = [];
  handed.strong = strong;
  return handed;
}

/** A relaxed load. That of an atomic without a result, such as atomic_inc(), is ordered by full barriers and releases alone. */
export function observe(task: Task, { released }: Releasing, silent = false): void {
  if (released === null) return;
  if (silent) clocks.join((task.counted ??= []), released);
  else clocks.join((task.seen ??= []), released);
}

/** An atomic read-modify-write inside of an operation that returns a value: it acquires, orders everything, and releases. */
export function fullyOrdered(machine: Machine, task: Task, object: Releasing): void {
  machine.acquire(task, object);
  fence(machine, task, FULL);
  machine.release(task, object, true);
}

/** A barrier. */
export function fence(machine: Machine, task: Task, barrier: Barrier): void {
  const { loads, stores } = barrier;
  if (task.id !== 0) machine.log?.barrier(task.id, barrier);
  if (!machine.clocking) return;
  if (!stores) {
    // What was loaded comes before later loads alone.
    if (task.seen !== null) clocks.learn((task.readable ??= []), task.seen);
    return;
  }
  if (loads) strongFence(task);
  else {
    const fenced = task.fenced === null ? [] : clocks.copy(task.fenced);
    clocks.setExtra(fenced, machine.fencedStoresComponent(task.id), clocks.at(task.clock, task.id));
    task.fenced = fenced;
  }
  machine.tick(task);
}

function strongFence(task: Task): void {
  if (task.seen !== null) clocks.learn(task.clock, task.seen);
  if (task.counted !== null) clocks.learn(task.clock, task.counted);
  task.seen = task.readable = task.counted = null;
  const strong = clocks.copy(task.clock);
  delete strong.strong;
  task.clock.strong = strong;
  task.fenced = clocks.copy(task.clock);
}
