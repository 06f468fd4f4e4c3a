// SPDX-License-Identifier: GPL-2.0-only
/**
 * Locks for many readers or one writer. Readers do not wait for waiting writers: no program may rely on what Linux does for
 * fairness. But there a reader that takes the lock twice can hang, which lockdep reports. A machine that is `fair` lets it hang: there
 * readers wait behind every writer that waits. That loses no order, as a writer may always come later. Writers that a signal can end
 * do not queue.
 */
import {
  composite,
  current,
  type Held,
  type Kind,
  type Machine,
  type Op,
  type Releasing,
  request,
  type Request,
  SyncObject,
  type Task,
} from '../machine';
import { type LockRules, want } from './lock-rules';

/**
 * A reader-writer lock. State: 0 free, n > 0 readers, or -(task + 1) for the writer; and QUEUED for each writer that waits, on a machine
 * that is fair.
 */
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
  /** Takes the lock for writing, or joins the writers that wait; then the second one takes it. */
  readonly writeQueue: Kind<L, [subclass: number], boolean>;
  readonly writeTurn: Kind<L, [], void>;
}

/** More than there are tasks. */
const QUEUED = 4096;

const queued = (state: number): number => Math.round(state / QUEUED) * QUEUED;

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

/** Without the writers that wait. */
const held = (state: number): number => state - queued(state);
const readable = (state: number): boolean => state >= 0 && queued(state) === 0;
const addReader = (state: number): number => (readable(state) ? state + 1 : state);
const dropReader = (state: number): number => (held(state) > 0 ? state - 1 : state);
const addWriter = (state: number, task: number): number => (state === 0 ? writer(task) : state);
const joinWriters = (state: number, task: number): number =>
  state === 0 ? writer(task) : state + QUEUED;
const nextWriter = (state: number, task: number): number => state - QUEUED + writer(task);

function taking<L extends SharedLock>(
  rules: LockRules,
  read: boolean,
  name: string,
  tryName: string,
): [Kind<L, [subclass: number], void>, Kind<L, [], number>] {
  const { type } = rules;
  const access = read ? 'read' : 'write';
  const apply = read ? addReader : addWriter;
  const free = (state: number): boolean => (read ? readable(state) : state === 0);
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
  const apply = read ? dropReader : queued;
  return {
    name,
    access: read ? 'read' : 'write',
    tellsNothing: true,
    apply,
    perform(machine, task, { object: lock, site }) {
      rules.check(machine, task, lock, site);
      const mine = read ? held(lock.state) > 0 : held(lock.state) === writer(task.id);
      if (!mine) rules.notHeld(machine, task, lock, site);
      lock.state = apply(lock.state);
      dropped(machine, task, lock, site, read);
    },
  };
}

/** How a writer waits where readers wait behind it. */
function queueing<L extends SharedLock>(
  rules: LockRules,
  name: string,
): [Kind<L, [subclass: number], boolean>, Kind<L, [], void>] {
  const read = false;
  const take = (machine: Machine, task: Task, { object, site }: Request<L>): void =>
    took(machine, task, object, { object, type: rules.type, read, site });
  return [
    {
      name,
      access: 'write',
      apply: joinWriters,
      announce(machine, task, asked) {
        want(rules, { read, trylock: false, subclass: asked.a }, machine, task, asked);
      },
      perform(machine, task, asked) {
        const lock = asked.object;
        rules.check(machine, task, lock, asked.site);
        const free = lock.state === 0;
        lock.state = joinWriters(lock.state, task.id);
        if (free) take(machine, task, asked);
        return free;
      },
    },
    {
      name,
      access: 'write',
      tellsNothing: true,
      apply: nextWriter,
      enabled: (state) => held(state) === 0,
      perform(machine, task, asked) {
        asked.object.state = nextWriter(asked.object.state, task.id);
        take(machine, task, asked);
      },
    },
  ];
}

function* inTurn<L extends SharedLock>(
  kinds: SharedLockKinds<L>,
  lock: L,
  subclass: number,
): Op<void> {
  if (yield* request(kinds.writeQueue, lock, subclass)) return;
  yield* request(kinds.writeTurn, lock);
}

/** Takes a lock for writing. On a machine that is fair, readers wait behind a writer that waits. */
export function writeLocking<L extends SharedLock>(
  kinds: SharedLockKinds<L>,
  lock: L,
  subclass: number,
): Op<void> {
  if (!current.machine.fair) return request(kinds.writeLock, lock, subclass);
  return composite(kinds.writeLock.name, inTurn(kinds, lock, subclass));
}

/**
 * Makes the operations of a reader-writer lock, with their kernel names. The readers' operations are reads that commute; `apply`
 * gives the effect of each on the state.
 */
export function sharedLockKinds<L extends SharedLock>(
  rules: LockRules,
  names: Readonly<Record<Exclude<keyof SharedLockKinds<L>, 'writeQueue' | 'writeTurn'>, string>>,
): SharedLockKinds<L> {
  const [readLock, tryRead] = taking<L>(rules, true, names.readLock, names.tryRead);
  const [writeLock, tryWrite] = taking<L>(rules, false, names.writeLock, names.tryWrite);
  const [writeQueue, writeTurn] = queueing<L>(rules, names.writeLock);
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
    writeQueue,
    writeTurn,
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
    apply: (state) => queued(state) + 1,
    perform(machine, task, { object: lock, site }) {
      if (held(lock.state) !== writer(task.id)) rules.notHeld(machine, task, lock, site);
      lock.state = queued(lock.state) + 1;
      dropped(machine, task, lock, site, false);
      took(machine, task, lock, { object: lock, type: rules.type, read: true, site });
    },
  };
}
