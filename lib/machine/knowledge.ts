// SPDX-License-Identifier: GPL-2.0-only
/** Who knows what, and who holds what: synchronises-with clocks, locks, and the contexts tasks are in. */
import * as clocks from './clock';
import { Memory } from './memory';
import type { Log } from './reordering';
import type { Acquisition } from './monitor';
import type { MachineObject, Releasing, SyncObject } from './object';
import type { Held, Task } from './task';

export abstract class Knowledge extends Memory {
  /** The execution graph; null as long as no access could be seen in another order than it was made. */
  log: Log | null = null;
  /** The execution graph is kept once any access could be seen in another order than it was made. */
  reorders = false;
  /** Accesses take effect as they are made, whatever is noticed. */
  interleavesOnly = false;
  /** The step made a marked store. */
  stored = false;
  /**
   * Whether a step comes before the next one of a task in every interleaving of the trace. A strategy that tries the other order of
   * a store and an access says so: the access then need not pass over a store that it could have come before.
   */
  unavoidable: ((task: number, step: number) => boolean) | null = null;

  /** The task passes what it knows to whoever acquires the object. */
  release(task: Task, object: Releasing, accumulate = false, unlock = false): void {
    if (task.id !== 0) this.log?.release(task.id, object, accumulate, unlock);
    this.passOn(task, object, accumulate);
  }

  /** Passes on the task's clock alone: for an access that is in the execution graph already. */
  passOn(task: Task, object: Releasing, accumulate = false): void {
    if (!this.clocking) return;
    if (accumulate && object.released !== null) clocks.join(object.released, task.clock);
    else object.released = task.clock.slice();
    // LKMM's releases are cumulative: what the task has read from others goes along.
    if (task.seen !== null) clocks.join(object.released, task.seen);
    this.tick(task);
  }

  /** The task learns what was released here. */
  acquire(task: Task, object: Releasing, lock = false): void {
    if (task.id !== 0) this.log?.acquire(task.id, object, lock);
    this.learn(task, object);
  }

  /** Learns the clock alone: for an access that is in the execution graph already. */
  learn(task: Task, object: Releasing): void {
    if (this.clocking && object.released !== null) clocks.join(task.clock, object.released);
  }

  /** Starts a new interval of the task's clock: what it does from now on is not covered by what it has released. */
  tick(task: Task): void {
    clocks.set(task.clock, task.id, clocks.at(task.clock, task.id) + 1);
  }

  /** Tells the detectors that an object is about to be initialised. */
  initialising(task: Task, object: MachineObject, site: string): void {
    for (const monitor of this.initMonitors) monitor.init?.(this.machine, task, object, site);
  }

  /** Tells the detectors that a lock is wanted; called from announce. */
  wantLock(task: Task, lock: SyncObject, how: Acquisition): void {
    for (const monitor of this.acquireMonitors) monitor.acquire?.(this.machine, task, lock, how);
  }

  /** Books a lock as held. */
  tookLock(task: Task, lock: SyncObject, held: Held): void {
    task.held.push(held);
    for (const monitor of this.acquireMonitors) monitor.acquired?.(this.machine, task, lock, held);
  }

  /** Takes a lock off the task's list; null if it is not on it. */
  droppedLock(task: Task, lock: SyncObject, site: string): Held | null {
    const found = removeLast(task.held, lock);
    for (const monitor of this.acquireMonitors)
      monitor.release?.(this.machine, task, lock, found, site);
    return found;
  }

  /** Books a lock as held and what its last holder released as known. */
  lockTaken(task: Task, lock: SyncObject, type: Held['type'], site: string, read = false): void {
    this.acquire(task, lock, true);
    if (type === 'spin') task.atomicDepth++;
    this.tookLock(task, lock, { object: lock, type, read, site });
  }

  /** Takes a lock off the task's list and publishes what the task did under it. */
  lockDropped(task: Task, lock: SyncObject, site: string): Held | null {
    const held = this.droppedLock(task, lock, site);
    if (held?.type === 'spin') task.atomicDepth--;
    this.release(task, lock, false, true);
    return held;
  }

  /** Marks a call that may sleep; called from announce, so it counts even when the call need not wait. */
  mightSleep(task: Task, what: string, site: string): void {
    for (const monitor of this.sleepMonitors) monitor.mightSleep?.(this.machine, task, what, site);
  }
}

/** Takes the last hold of a lock off the list. Most locks are given back in the reverse order. */
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
