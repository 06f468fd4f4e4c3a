// SPDX-License-Identifier: GPL-2.0-only
/** What all locks have in common: how tasks wait for them, and the reports of misuse. */
import type { Acquisition, Machine, Request, SyncObject, Task } from '../machine';

/** The differences between kinds of locks. */
export interface LockRules {
  /** How a task waits for the lock: by spinning or by sleeping. */
  readonly type: 'spin' | 'sleep';
  /** Complains if the lock was never initialised. */
  check(machine: Machine, task: Task, lock: SyncObject, site: string): void;
  /** Complains if a task releases a lock that it does not hold. */
  notHeld(machine: Machine, task: Task, lock: SyncObject, site: string): void;
}

/** Tells the detectors that a task wants a lock, and may sleep for it. */
export function want(
  rules: LockRules,
  { read, trylock, subclass }: Pick<Acquisition, 'read' | 'trylock' | 'subclass'>,
  machine: Machine,
  task: Task,
  { name, object, site }: Request<SyncObject>,
): void {
  if (rules.type === 'sleep' && !trylock) machine.mightSleep(task, name, site);
  machine.wantLock(task, object, { type: rules.type, read, trylock, subclass, site });
}

function bug(machine: Machine, task: Task, said: string, lock: SyncObject, site: string): void {
  const message = `${said} on CPU#${task.cpuNumber}, ${task.comm}/${task.pid}`;
  machine.complain({ check: 'spinlock', message, object: lock, site });
}

/** Complains if a spinlock, or an object with a spinlock inside, was never initialised. */
export function checkMagic(machine: Machine, task: Task, lock: SyncObject, site: string): void {
  if (!lock.initialised) bug(machine, task, 'bad magic', lock, site);
}

/** The checks of kernel/locking/spinlock_debug.c. */
export const spinningRules: LockRules = {
  type: 'spin',
  check: checkMagic,
  notHeld(machine, task, lock, site) {
    bug(machine, task, lock.state === 0 ? 'already unlocked' : 'wrong owner', lock, site);
  },
};
