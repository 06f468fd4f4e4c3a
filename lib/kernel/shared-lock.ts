// SPDX-License-Identifier: GPL-2.0-only
/**
 * Locks for many readers or one writer. Readers do not wait for waiting writers: no program may rely on what Linux does for
 * fairness. But there a reader that takes the lock twice can hang, which lockdep reports.
 */
import {
  type Held,
  type Kind,
  type Machine,
  type Releasing,
  type Request,
  SyncObject,
  type Task,
} from '../machine';
import { type LockRules, want } from './lock-rules';

/** A reader-writer lock. State: 0 free, n > 0 readers, or -(task + 1) for the writer. */
export abstract class SharedLock extends SyncObject {
  /** What readers released: writers acquire it, other readers do not. */
  readonly readers: Releasing = { released: null };

  /** Unlocked and usable. */
  init(): void {
    this.state = 0;
    this.initialised = true;
    this.released = this.readers.released = null;
  }

  protected override reset(): void {
    this.init();
  }
}

/** The operations of a reader-writer lock. */
export interface SharedLockKinds<L extends SharedLock> {
  readonly init: Kind<L, [], void>;
  readonly readLock: Kind<L, [subclass: number], void>;
  readonly readUnlock: Kind<L, [], void>;
  readonly writeLock: Kind<L, [subclass: number], void>;
  readonly writeUnlock: Kind<L, [], void>;
  readonly tryRead: Kind<L, [], number>;
  readonly tryWrite: Kind<L, [], number>;
}

const writer = (task: number): number => -(task + 1);

function took(machine: Machine, task: Task, lock: SharedLock, held: Held): void {
  machine.acquire(task, lock);
  if (!held.read) machine.acquire(task, lock.readers);
  if (held.type === 'spin') task.atomicDepth++;
  machine.tookLock(task, lock, held);
}

function dropped(
  machine: Machine,
  task: Task,
  lock: SharedLock,
  site: string,
  read: boolean,
): void {
  const held = machine.droppedLock(task, lock, site);
  if (held?.type === 'spin') task.atomicDepth--;
  if (read) {
    machine.release(task, lock.readers, true);
  } else {
    machine.release(task, lock);
    lock.readers.released = null;
  }
}

const addReader = (state: number): number => (state >= 0 ? state + 1 : state);
const dropReader = (state: number): number => (state > 0 ? state - 1 : state);
const addWriter = (state: number, task: number): number => (state === 0 ? writer(task) : state);

function taking<L extends SharedLock>(
  rules: LockRules,
  read: boolean,
  name: string,
  tryName: string,
): [Kind<L, [subclass: number], void>, Kind<L, [], number>] {
  const { type } = rules;
  const access = read ? 'read' : 'write';
  const apply = read ? addReader : addWriter;
  const free = (state: number): boolean => (read ? state >= 0 : state === 0);
  function take(machine: Machine, task: Task, { object: lock, site }: Request<L>): void {
    rules.check(machine, task, lock, site);
    lock.state = apply(lock.state, task.id);
    took(machine, task, lock, { object: lock, type, read, site });
  }
  return [
    {
      name,
      access,
      tellsNothing: true,
      apply,
      enabled: free,
      announce(machine, task, request) {
        want(rules, { read, trylock: false, subclass: request.a }, machine, task, request);
      },
      perform: take,
    },
    {
      name: tryName,
      access,
      apply,
      perform(machine, task, request) {
        if (!free(request.object.state)) return 0;
        want(rules, { read, trylock: true, subclass: 0 }, machine, task, request);
        take(machine, task, request);
        return 1;
      },
    },
  ];
}

function unlock<L extends SharedLock>(
  rules: LockRules,
  read: boolean,
  name: string,
): Kind<L, [], void> {
  const apply = read ? dropReader : (): number => 0;
  return {
    name,
    access: read ? 'read' : 'write',
    tellsNothing: true,
    apply,
    perform(machine, task, { object: lock, site }) {
      rules.check(machine, task, lock, site);
      const mine = read ? lock.state > 0 : lock.state === writer(task.id);
      if (!mine) rules.notHeld(machine, task, lock, site);
      lock.state = apply(lock.state);
      dropped(machine, task, lock, site, read);
    },
  };
}

/**
 * Makes the operations of a reader-writer lock, with their kernel names. The readers' operations are reads that commute; `apply`
 * gives the effect of each on the state.
 */
export function sharedLockKinds<L extends SharedLock>(
  rules: LockRules,
  names: Readonly<Record<keyof SharedLockKinds<L>, string>>,
): SharedLockKinds<L> {
  const [readLock, tryRead] = taking<L>(rules, true, names.readLock, names.tryRead);
  const [writeLock, tryWrite] = taking<L>(rules, false, names.writeLock, names.tryWrite);
  return {
    init: {
      name: names.init,
      access: 'write',
      apply: () => 0,
      perform(machine, task, { object: lock, site }) {
        machine.initialising(task, lock, site);
        lock.init();
      },
    },
    readLock,
    readUnlock: unlock(rules, true, names.readUnlock),
    writeLock,
    writeUnlock: unlock(rules, false, names.writeUnlock),
    tryRead,
    tryWrite,
  };
}

/** Makes the operation that turns a writer into a reader. */
export function downgradeKind<L extends SharedLock>(
  rules: LockRules,
  name: string,
): Kind<L, [], void> {
  return {
    name,
    access: 'write',
    apply: () => 1,
    perform(machine, task, { object: lock, site }) {
      if (lock.state !== writer(task.id)) rules.notHeld(machine, task, lock, site);
      lock.state = 1;
      dropped(machine, task, lock, site, false);
      took(machine, task, lock, { object: lock, type: rules.type, read: true, site });
    },
  };
}
