// SPDX-License-Identifier: GPL-2.0-only
/**
 * Reader-writer semaphores. After include/linux/rwsem.h. Readers do not wait for writers that wait: what Linux does for
 * fairness no program may rely on, but a reader that takes the lock twice can hang there. Lockdep says so instead.
 */
import {
  type Branded,
  type Embeddable,
  embeddable,
  type Held,
  type Kind,
  type Machine,
  makeHandle,
  objectOf,
  type Op,
  type Releasing,
  request,
  type Request,
  SyncObject,
  type Task,
} from '../machine';

/** A sleeping lock that many readers or one writer may hold. Embed it as `io_lock: rw_semaphore`. */
export interface rw_semaphore extends Branded<'rw_semaphore'> {}

/** State of a reader-writer lock: 0 free, n > 0 readers, or -(task + 1) for the writer. Shared with rwlock.ts. */
export class SharedLock extends SyncObject {
  readonly handle: rw_semaphore = makeHandle(this);
  /** What readers released: writers learn it, other readers do not. */
  readonly readers: Releasing = { released: null };

  constructor(readonly typeName: string) {
    super();
  }

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

/** What tells one reader-writer lock from the other. */
export interface Flavour {
  readonly type: 'spin' | 'sleep';
  /** Names of its operations, in the order of the table below. */
  readonly names: readonly [init: string, ...locks: string[]];
  check(machine: Machine, task: Task, lock: SharedLock, site: string): void;
  /** The lock is given back by someone who does not have it. */
  notHeld(machine: Machine, task: Task, lock: SharedLock, site: string): void;
}

const writer = (task: number): number => -(task + 1);

/** The operations of a reader-writer lock. */
export interface SharedLockKinds {
  readonly init: Kind;
  readonly readLock: Kind;
  readonly readUnlock: Kind;
  readonly writeLock: Kind;
  readonly writeUnlock: Kind;
  readonly tryRead: Kind;
  readonly tryWrite: Kind;
  readonly downgrade: Kind;
}

function want(flavour: Flavour, read: boolean, trylock: boolean) {
  return (machine: Machine, task: Task, { name, object, site, a }: Request): void => {
    if (flavour.type === 'sleep' && !trylock) machine.mightSleep(task, name, site);
    const subclass = (a as number | undefined) ?? 0;
    const how = { type: flavour.type, read, trylock, subclass, site };
    machine.wantLock(task, object as SharedLock, how);
  };
}

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

function locks(flavour: Flavour, read: boolean, name: string, tryName: string): [Kind, Kind] {
  const { type } = flavour;
  const access = read ? 'read' : 'write';
  const apply = read ? addReader : addWriter;
  const free = (state: number): boolean => (read ? state >= 0 : state === 0);
  const take = (machine: Machine, task: Task, { object, site }: Request): void => {
    const lock = object as SharedLock;
    flavour.check(machine, task, lock, site);
    lock.state = apply(lock.state, task.id);
    took(machine, task, lock, { object: lock, type, read, site });
  };
  const lock = {
    name,
    access,
    apply,
    enabled: free,
    announce: want(flavour, read, false),
  } as const;
  const attempt: Kind['perform'] = (machine, task, request) => {
    if (!free((request.object as SharedLock).state)) return 0;
    want(flavour, read, true)(machine, task, request);
    take(machine, task, request);
    return 1;
  };
  return [
    { ...lock, perform: take },
    { name: tryName, access, apply, perform: attempt },
  ];
}

function unlock(flavour: Flavour, read: boolean, name: string): Kind {
  const apply = read ? dropReader : (): number => 0;
  return {
    name,
    access: read ? 'read' : 'write',
    apply,
    perform(machine, task, { object, site }) {
      const lock = object as SharedLock;
      flavour.check(machine, task, lock, site);
      const mine = read ? lock.state > 0 : lock.state === writer(task.id);
      if (!mine) flavour.notHeld(machine, task, lock, site);
      lock.state = apply(lock.state);
      dropped(machine, task, lock, site, read);
    },
  };
}

/** Makes the operations of a reader-writer lock. Those of readers are reads that commute; `apply` says what each does to the state. */
export function sharedLockKinds(flavour: Flavour): SharedLockKinds {
  const [init, read = '', readUp = '', write = '', writeUp = '', tryR = '', tryW = '', down = ''] =
    flavour.names;
  const [readLock, tryRead] = locks(flavour, true, read, tryR);
  const [writeLock, tryWrite] = locks(flavour, false, write, tryW);
  return {
    init: {
      name: init,
      access: 'write',
      apply: () => 0,
      perform(machine, task, { object, site }) {
        machine.initialising(task, object as SharedLock, site);
        (object as SharedLock).init();
      },
    },
    readLock,
    readUnlock: unlock(flavour, true, readUp),
    writeLock,
    writeUnlock: unlock(flavour, false, writeUp),
    tryRead,
    tryWrite,
    downgrade: {
      name: down,
      access: 'write',
      apply: () => 1,
      perform(machine, task, { object, site }) {
        const lock = object as SharedLock;
        if (lock.state !== writer(task.id)) flavour.notHeld(machine, task, lock, site);
        lock.state = 1;
        dropped(machine, task, lock, site, false);
        took(machine, task, lock, { object: lock, type: flavour.type, read: true, site });
      },
    },
  };
}

const KINDS = sharedLockKinds({
  type: 'sleep',
  names: [
    'init_rwsem',
    'down_read',
    'up_read',
    'down_write',
    'up_write',
    'down_read_trylock',
    'down_write_trylock',
    'downgrade_write',
  ],
  check(machine, _task, lock, site) {
    if (lock.initialised) return;
    const message = 'DEBUG_RWSEMS_WARN_ON(sem->magic != sem)';
    machine.complain({ check: 'warn', message, object: lock, site });
  },
  notHeld(machine, _task, lock, site) {
    const message = 'DEBUG_RWSEMS_WARN_ON(!is_rwsem_owned_by_current)';
    machine.complain({ check: 'warn', message, object: lock, site });
  },
});

/** Type of a reader-writer semaphore member of a structure. Unusable until init_rwsem() has run on it. */
export const rw_semaphore: Embeddable<rw_semaphore> = embeddable(
  'rw_semaphore',
  () => new SharedLock('rw_semaphore'),
);

/**
 * Defines a static reader-writer semaphore, free.
 *
 * @kernel include/linux/rwsem.h
 */
export function DECLARE_RWSEM(name: string): rw_semaphore {
  return new SharedLock('rw_semaphore').makeStatic(name).handle;
}

/**
 * Makes a reader-writer semaphore usable, free.
 *
 * @kernel include/linux/rwsem.h
 * @context any; does not sleep
 * @ordering none
 */
export function init_rwsem(sem: rw_semaphore): Op<void> {
  return request(KINDS.init, objectOf(sem));
}

/**
 * Takes the semaphore for reading, sleeping while a writer holds it. Not to be taken twice by one task.
 *
 * @example
 * const device = struct('device', { sem: rw_semaphore, name: text });
 * const one = DEFINE_STATIC('one', device);
 * yield* init_rwsem(one.sem);
 * yield* down_write(one.sem);
 * one.name = 'nbd0';
 * yield* downgrade_write(one.sem);
 * yield* up_read(one.sem);
 * yield* down_read(one.sem);
 * one.name; // => 'nbd0'
 * yield* up_read(one.sem);
 * @kernel include/linux/rwsem.h
 * @context process context only; may sleep
 * @ordering acquire
 * @divergence does not queue behind a writer that waits
 */
export function down_read(sem: rw_semaphore): Op<void> {
  return request(KINDS.readLock, objectOf(sem), 0);
}

/**
 * Takes the semaphore for reading unless a writer holds it, and does not wait if one does.
 *
 * @returns 1 if it took it, 0 if a writer has it
 * @kernel include/linux/rwsem.h
 * @context process context; does not sleep
 * @ordering acquire when it returns 1, none otherwise
 */
export function down_read_trylock(sem: rw_semaphore): Op<number> {
  return request(KINDS.tryRead, objectOf(sem));
}

/**
 * Gives back what down_read() took.
 *
 * @kernel include/linux/rwsem.h
 * @context process context; does not sleep
 * @ordering release
 */
export function up_read(sem: rw_semaphore): Op<void> {
  return request(KINDS.readUnlock, objectOf(sem));
}

/**
 * Takes the semaphore for writing, sleeping while anybody holds it.
 *
 * @kernel include/linux/rwsem.h
 * @context process context only; may sleep
 * @ordering acquire
 */
export function down_write(sem: rw_semaphore): Op<void> {
  return request(KINDS.writeLock, objectOf(sem), 0);
}

/**
 * down_write() with a lockdep subclass, for taking two semaphores of one class in a known order. Changes the analysis only.
 *
 * @param subclass 0 is that of down_write(), 1 is SINGLE_DEPTH_NESTING
 * @kernel include/linux/rwsem.h
 * @context process context only; may sleep
 * @ordering acquire
 */
export function down_write_nested(sem: rw_semaphore, subclass: number): Op<void> {
  return request(KINDS.writeLock, objectOf(sem), subclass);
}

/**
 * Takes the semaphore for writing if it is free, and does not wait if it is not.
 *
 * @example
 * const sem = DECLARE_RWSEM('sem');
 * yield* down_read_trylock(sem); // => 1
 * yield* down_write_trylock(sem); // => 0
 * yield* up_read(sem);
 * yield* down_write_nested(sem, 1);
 * yield* up_write(sem);
 * @returns 1 if it took it, 0 if anybody has it
 * @kernel include/linux/rwsem.h
 * @context process context; does not sleep
 * @ordering acquire when it returns 1, none otherwise
 */
export function down_write_trylock(sem: rw_semaphore): Op<number> {
  return request(KINDS.tryWrite, objectOf(sem));
}

/**
 * Gives back what down_write() took; only the writer may.
 *
 * @kernel include/linux/rwsem.h
 * @context process context; does not sleep
 * @ordering release
 */
export function up_write(sem: rw_semaphore): Op<void> {
  return request(KINDS.writeUnlock, objectOf(sem));
}

/**
 * Turns the writer into a reader without letting another writer in between.
 *
 * @kernel include/linux/rwsem.h
 * @context process context; does not sleep
 * @ordering release
 */
export function downgrade_write(sem: rw_semaphore): Op<void> {
  return request(KINDS.downgrade, objectOf(sem));
}
