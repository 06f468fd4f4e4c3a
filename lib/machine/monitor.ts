// SPDX-License-Identifier: GPL-2.0-only
/** What detectors may watch. Each hook runs as part of the step it tells of and must not disturb it. */
import type { OutOfBounds } from './bounds';
import type { Allocation, MachineObject, SyncObject } from './object';
import type { Machine } from './machine';
import type { Held, Task } from './task';

/** A detector. All hooks are optional; a machine without detectors pays for none of them. */
export interface Monitor {
  readonly name: string;
  /** A new execution begins. */
  boot?(machine: Machine): void;
  /**
   * One access to one location. Marked are READ_ONCE, WRITE_ONCE, atomics and what locks do inside: two marked accesses never
   * race.
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
  /** A function returns that has declared an object on its stack; the object still looks alive. */
  returned?(machine: Machine, task: Task, memory: Allocation, site: string): void;
  /** An object is about to be initialised: a lock, a work. It still looks as it did. */
  init?(machine: Machine, task: Task, object: MachineObject, site: string): void;
  /** A lock is wanted; the task may have to wait for it. */
  acquire?(machine: Machine, task: Task, lock: SyncObject, how: Acquisition): void;
  /** A lock was obtained and is now in task.held. */
  acquired?(machine: Machine, task: Task, lock: SyncObject, held: Held): void;
  /** A lock was released; `held` is null if the task did not hold it. */
  release?(machine: Machine, task: Task, lock: SyncObject, held: Held | null, site: string): void;
  /** Something that may sleep was called. */
  mightSleep?(machine: Machine, task: Task, what: string, site: string): void;
  /** A primitive's own check failed: a refcount hit zero the wrong way, a list is corrupt, a lock was never initialised. */
  complaint?(machine: Machine, task: Task, complaint: Complaint): void;
  /** A task ended, in order or by an oops. */
  exit?(machine: Machine, task: Task): void;
  /** No task can run any more. */
  end?(machine: Machine): void;
}

/** How a lock is wanted. */
export interface Acquisition {
  readonly type: Held['type'];
  readonly read: boolean;
  readonly trylock: boolean;
  readonly subclass: number;
  readonly site: string;
}

/** What a primitive's own check has to say, in the kernel's words. */
export interface Complaint {
  /** Which check, and with it which layout: WARN and BUG are the kernel macros, the rest are named after their config option. */
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
