// SPDX-License-Identifier: GPL-2.0-only
/** The hooks of detectors. Each hook runs as part of the step it reports and must not disturb it. */
import type { OutOfBounds } from './bounds';
import type { Allocation, MachineObject, SyncObject } from './object';
import type { Machine } from './machine';
import type { Held, Task } from './task';

/** A detector. All hooks are optional; a hook that no detector has costs nothing. */
export interface Monitor {
  readonly name: string;
  /** A new execution begins. */
  boot?(machine: Machine): void;
  /**
   * One access to one location. READ_ONCE, WRITE_ONCE, atomics and accesses inside of locks are marked: two marked
   * accesses never race.
   */
  access?(
    machine: Machine,
    task: Task,
    object: MachineObject,
    index: number,
    write: boolean,
    marked: boolean,
    site: string,
  ): void;
  alloc?(machine: Machine, task: Task, memory: Allocation): void;
  /** An access outside of an array, which ends the task. */
  outside?(machine: Machine, task: Task, access: OutOfBounds): void;
  /** Memory is about to be freed; the allocation still looks alive. */
  free?(machine: Machine, task: Task, memory: Allocation, site: string): void;
  /** A function that declared an object on its stack returns; the object still looks alive. */
  returned?(machine: Machine, task: Task, memory: Allocation, site: string): void;
  /** An object is about to be initialised, such as a lock or a work. It still has its old state. */
  init?(machine: Machine, task: Task, object: MachineObject, site: string): void;
  /** A lock is wanted; the task may have to wait for it. */
  acquire?(machine: Machine, task: Task, lock: SyncObject, how: Acquisition): void;
  /** A lock was obtained and is now in task.held. */
  acquired?(machine: Machine, task: Task, lock: SyncObject, held: Held): void;
  /** A lock was released; `held` is null if the task did not hold it. */
  release?(machine: Machine, task: Task, lock: SyncObject, held: Held | null, site: string): void;
  /** A task has turned interrupts or softirqs on again, with what it holds. */
  turnedOn?(machine: Machine, task: Task, what: 'hardirq' | 'softirq', site: string): void;
  /** A function that may sleep was called. */
  mightSleep?(machine: Machine, task: Task, what: string, site: string): void;
  /** A primitive's own check failed: a refcount hit zero the wrong way, a list is corrupt, a lock was never initialised. */
  complaint?(machine: Machine, task: Task, complaint: Complaint): void;
  /** A task ended, normally or by an oops. */
  exit?(machine: Machine, task: Task): void;
  /** No task can run any more. */
  end?(machine: Machine): void;
}

/** How a task wants to acquire a lock. */
export interface Acquisition {
  readonly type: Held['type'];
  readonly read: boolean;
  readonly trylock: boolean;
  readonly subclass: number;
  readonly site: string;
}

/** What a primitive's own check reports, in the kernel's words. */
export interface Complaint {
  /**
   * Which check failed, which also gives the layout: WARN and BUG are the kernel macros, the others are named after
   * their config option.
   */
  readonly check:
    | 'refcount'
    | 'list'
    | 'spinlock'
    | 'mutex'
    | 'rcu'
    | 'workqueue'
    | 'percpu-refcount'
    | 'idr'
    | 'module'
    | 'mempool'
    | 'slab'
    | 'sysfs'
    | 'waitqueue'
    | 'warn'
    | 'bug'
    | 'expect';
  /** The kernel's sentence, with symbolic object names instead of addresses. */
  readonly message: string;
  readonly object: MachineObject | null;
  readonly site: string;
}
