// SPDX-License-Identifier: GPL-2.0-only
/** Locks with one holder at a time. The state is the number of the holding task, or 0. */
import type { Kind, Machine, Request, SyncObject, Task } from '../machine';
import { type LockRules, want } from './lock-rules';

/** The operations of a lock. */
export interface OwnedLockKinds<L extends SyncObject> {
  readonly init: Kind<L, [], void>;
  readonly lock: Kind<L, [subclass: number], void>;
  readonly tryLock: Kind<L, [], number>;
  readonly unlock: Kind<L, [], void>;
}

/** Makes the operations of a lock, with their kernel names. */
export function ownedLockKinds<L extends SyncObject>(
  rules: LockRules,
  names: Readonly<Record<keyof OwnedLockKinds<L>, string>>,
): OwnedLockKinds<L> {
  function take(machine: Machine, task: Task, { object: lock, site }: Request<L>): void {
    rules.check(machine, task, lock, site);
    lock.state = task.id;
    machine.lockTaken(task, lock, rules.type, site);
  }
  return {
    init: {
      name: names.init,
      access: 'write',
      perform(machine, task, { object: lock, site }) {
        machine.initialising(task, lock, site);
        lock.state = 0;
        lock.initialised = true;
        lock.released = null;
      },
    },
    lock: {
      name: names.lock,
      access: 'write',
      tellsNothing: true,
      enabled: (state) => state === 0,
      announce(machine, task, request) {
        want(rules, { read: false, trylock: false, subclass: request.a }, machine, task, request);
      },
      perform: take,
    },
    tryLock: {
      name: names.tryLock,
      access: 'write',
      perform(machine, task, request) {
        if (request.object.state !== 0) {
          machine.lockRefused(task, request.object);
          return 0;
        }
        want(rules, { read: false, trylock: true, subclass: 0 }, machine, task, request);
        take(machine, task, request);
        return 1;
      },
    },
    unlock: {
      name: names.unlock,
      access: 'write',
      tellsNothing: true,
      perform(machine, task, { object: lock, site }) {
        rules.check(machine, task, lock, site);
        if (lock.state !== task.id) rules.notHeld(machine, task, lock, site);
        lock.state = 0;
        machine.lockDropped(task, lock, site);
      },
    },
  };
}
