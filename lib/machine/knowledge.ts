// SPDX-License-Identifier: GPL-2.0-only
/** What tasks know and hold: synchronises-with clocks, locks, and the contexts they run in. */
import * as clocks from './clock';
import { Memory } from './memory';
import type { Log } from './reordering';
import type { Acquisition } from './monitor';
import type { MachineObject, Releasing, SyncObject } from './object';
import type { Held, Task } from './task';
import { Victims } from './victims';

/** More tasks than any program has. */
const TASKS_MAX = 65_536;

export abstract class Knowledge extends Memory {
  /** The execution graph; null until some access could be seen in another order than it was made. */
  log: Log | null = null;
  /** Some access could be seen in another order than it was made, so the execution graph is kept. */
  reorders = false;
  /** Accesses always take effect immediately. */
  interleavesOnly = false;
  /** The current step made a marked store. */
  stored = false;
  /** Locations with plain accesses and marked stores by different tasks: clocks know each such store by itself. */
  protected readonly mixed = new Set<number>();
  /** The tasks that interrupts may come on top of. */
  readonly victims = new Victims();
  /** All locations are taken for such. */
  protected allMixed = false;
  readonly #components = new Map<number, number>();
  /**
   * Whether a step comes before the next step of a task in every interleaving of the trace. A strategy that also runs a
   * store and an access in the other order sets this: then the access need not pass over a store that it could have come
   * before.
   */
  unavoidable: ((task: number, step: number) => boolean) | null = null;

  /** Publishes what the task knows, for tasks that acquire the object. */
  release(task: Task, object: Releasing, accumulate = false, unlock = false): void {
    if (task.id !== 0) this.log?.release(task.id, object, accumulate, unlock);
    this.passOn(task, object, accumulate);
  }

  /** Publishes only the task's clock, for an access that is already in the execution graph. */
  passOn(task: Task, object: Releasing, accumulate = false): void {
    if (!this.clocking) return;
    if (accumulate && object.released !== null) clocks.join(object.released, task.clock);
    else object.released = clocks.copy(task.clock);
    // LKMM's releases are cumulative: they include what the task has read from others.
    if (task.seen !== null) clocks.join(object.released, task.seen);
    if (task.counted !== null) clocks.join(object.released, task.counted);
    this.tick(task);
  }

  /** The task learns what was released on the object. */
  acquire(task: Task, object: Releasing, lock = false): void {
    if (task.id !== 0) this.log?.acquire(task.id, object, lock);
    this.learn(task, object);
  }

  /** Learns only the clock, for an access that is already in the execution graph. */
  learn(task: Task, object: Releasing): void {
    if (this.clocking && object.released !== null) clocks.learn(task.clock, object.released);
  }

  /** The component of clocks for what a task stored before its last smp_wmb(). */
  fencedStoresComponent(task: number): number {
    return this.#component(-1, task);
  }

  /** The component of clocks for a task's marked stores to a location; -1 if no plain access has met one there. */
  storesComponent(location: number, task: number): number {
    const known = this.allMixed || (this.mixed.size > 0 && this.mixed.has(location));
    return known ? this.#component(location, task) : -1;
  }

  /** A plain access has met a marked store of another task at this location. */
  mix(location: number): void {
    if (!this.allMixed) this.mixed.add(location); // the explorer notices and restarts
  }

  #component(location: number, task: number): number {
    const key = (location + 1) * TASKS_MAX + task;
    let component = this.#components.get(key);
    if (component === undefined) this.#components.set(key, (component = this.#components.size));
    return component;
  }

  /** Starts a new interval of the task's clock: earlier releases do not cover what it does from now on. */
  tick(task: Task): void {
    clocks.set(task.clock, task.id, clocks.at(task.clock, task.id) + 1);
  }

  /** Tells the detectors that an object is about to be initialised. */
  initialising(task: Task, object: MachineObject, site: string): void {
    for (const monitor of this.initMonitors) monitor.init?.(this.machine, task, object, site);
  }

  /** Tells the detectors that a lock is wanted; called from announce. */
  wantLock(task: Task, lock: SyncObject, how: Acquisition): void {
    if (how.type === 'spin' && !how.trylock) this.victims.wants(task, lock.base);
    for (const monitor of this.acquireMonitors) monitor.acquire?.(this.machine, task, lock, how);
  }

  /** Records a lock as held. */
  tookLock(task: Task, lock: SyncObject, held: Held): void {
    task.held.push(held);
    if (held.type === 'spin') this.victims.holds(task, lock.base);
    for (const monitor of this.acquireMonitors) monitor.acquired?.(this.machine, task, lock, held);
  }

  /** Removes a lock from the task's list; returns null if it is not there. */
  droppedLock(task: Task, lock: SyncObject, site: string): Held | null {
    const found = removeLast(task.held, lock);
    for (const monitor of this.acquireMonitors)
      monitor.release?.(this.machine, task, lock, found, site);
    return found;
  }

  /** Records a lock as held, and acquires what its last holder released. */
  lockTaken(task: Task, lock: SyncObject, type: Held['type'], site: string, read = false): void {
    this.acquire(task, lock, true);
    if (type === 'spin') task.atomicDepth++;
    this.tookLock(task, lock, { object: lock, type, read, site });
  }

  /** A trylock of the task failed: it has seen that the lock is taken. */
  lockRefused(task: Task, lock: SyncObject): void {
    if (task.id !== 0) this.log?.foundTaken(task.id, lock);
  }

  /** Removes a lock from the task's list and releases what the task did under it. */
  lockDropped(task: Task, lock: SyncObject, site: string): Held | null {
    const held = this.droppedLock(task, lock, site);
    if (held?.type === 'spin') task.atomicDepth--;
    this.release(task, lock, false, true);
    return held;
  }

  /** Tells the detectors that a task has turned interrupts or softirqs on again. */
  turnedOn(task: Task, what: 'hardirq' | 'softirq', site: string): void {
    for (const monitor of this.monitors) monitor.turnedOn?.(this.machine, task, what, site);
  }

  /** Reports a call that may sleep. Called from announce, so it counts even if the call need not wait. */
  mightSleep(task: Task, what: string, site: string): void {
    for (const monitor of this.sleepMonitors) monitor.mightSleep?.(this.machine, task, what, site);
  }
}

/** Removes the latest hold of a lock. Most locks are released in reverse order. */
function removeLast(held: Held[], lock: SyncObject): Held | null {
  for (let i = held.length - 1; i >= 0; i--) {
    const last = held[i];
    if (last?.object !== lock) continue;
    if (i === held.length - 1) held.pop();
    else held.splice(i, 1);
    return last;
  }
  return null;
}
