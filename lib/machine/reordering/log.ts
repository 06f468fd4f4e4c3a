// SPDX-License-Identifier: GPL-2.0-only
/** The execution graph of the current execution: each task's marked accesses, in program order. */
import type { Barrier, Pairing } from '../ordering';
import type { Releasing } from '../object';
import { Access, type Dependencies, stronglyFenced } from './access';

class TaskLog {
  readonly accesses: Access[] = [];
  /** The last access that a strong fence separates from what comes next, and one that will from the next read-modify-write on. */
  fenced = -1;
  fencedByAtomic = -1;
  /** The place of its last read-modify-write, of its last lock, and of its last unlock in an srcu_struct. */
  atomic = -1;
  locked = -1;
  srcuLeft = -1;
  /** The unlock that its last lock followed, and the unlocks that smp_mb__after_unlock_lock() separates from what comes next. */
  lockedAfter: Access | null = null;
  handed: readonly Access[] = [];
  /** What its next access depends on. */
  dependencies: Dependencies | null = null;
  rmb = 0;
  wmb = 0;
  /** The place of its last unlock, and of the last one that a lock has followed. */
  unlocked = -1;
  passed = -1;
  /** The newest store it has read or made, for each coherence order. */
  readonly seen = new Map<Access[], Access>();
}

export class Log {
  /** The number of the next access; 0 is that of what was there before. */
  size = 1;
  /** The step that is running; -1 before the first one. */
  step = -1;
  readonly #tasks: (TaskLog | undefined)[] = [];

  /** Forgets the last execution. */
  reset(): this {
    this.#tasks.length = 0;
    this.size = 1;
    this.step = -1;
    return this;
  }

  #of(task: number): TaskLog {
    return (this.#tasks[task] ??= new TaskLog());
  }

  /** The accesses of its task behind an access. */
  *after({ task, index }: Pick<Access, 'task' | 'index'>): Iterable<Access> {
    const accesses = this.#tasks[task]?.accesses ?? [];
    for (let i = index + 1; i < accesses.length; i++) {
      const access = accesses[i];
      if (access !== undefined) yield access;
    }
  }

  /** The accesses of its task before an access, the last one first. */
  *before({ task, index }: Pick<Access, 'task' | 'index'>): Iterable<Access> {
    const accesses = this.#tasks[task]?.accesses ?? [];
    for (let i = index - 1; i >= 0; i--) {
      const access = accesses[i];
      if (access !== undefined) yield access;
    }
  }

  /** A task's next access, with the barriers before it. */
  next(task: number): Access {
    const log = this.#of(task);
    const access = new Access(task, log.accesses.length, this.size++);
    ({ fenced: access.fenced, rmb: access.rmb, wmb: access.wmb, passed: access.passed } = log);
    access.dependencies = log.dependencies;
    access.step = this.step;
    log.accesses.push(access);
    for (const unlock of log.handed) unlock.handedTo.push(access);
    return access;
  }

  /** Says what a task's next access depends on. */
  depends(task: number, dependencies: Dependencies): void {
    this.#of(task).dependencies = dependencies;
  }

  /** A task's last access; undefined if it has made none. */
  last(task: number): Access | undefined {
    return this.#tasks[task]?.accesses.at(-1);
  }

  /** Takes back a task's last access, which nobody has seen. */
  drop(access: Access): void {
    this.#of(access.task).accesses.pop();
    this.size--;
    for (const source of access.sources) source.readers.pop();
    for (const unlock of this.#of(access.task).handed) unlock.handedTo.pop();
  }

  barrier(task: number, { loads, stores, pairsWith }: Barrier): void {
    const log = this.#of(task);
    const last = log.accesses.length - 1;
    if (!loads || !stores) {
      if (loads) log.rmb++;
      else log.wmb++;
    } else if (pairsWith === 'the next atomic') {
      log.fencedByAtomic = last;
    } else {
      log.fenced = Math.max(log.fenced, fencedBy(log, pairsWith, last));
      if (pairsWith === 'the last unlock and lock') log.handed = unlocksBefore(log.lockedAfter);
    }
  }

  /** A read-modify-write, be it one that fails, makes a strong fence of the smp_mb__before_atomic() before it. */
  atomic(access: Access): void {
    const log = this.#of(access.task);
    access.fenced = Math.max(access.fenced, log.fencedByAtomic);
  }

  /** Books the task's last access: what it fences off, and whether it is a read-modify-write, be it one that fails. */
  made({ task, index, full }: Access, atomic: boolean): void {
    const log = this.#of(task);
    if (full) log.fenced = index;
    if (!atomic) return;
    log.fenced = Math.max(log.fenced, log.fencedByAtomic);
    log.atomic = index;
  }

  /** What a strong fence separates from an access before it, in its task, or in another one that has handed on a lock. */
  *fencedFrom(first: Access): Iterable<Access> {
    for (const later of this.after(first)) {
      if (stronglyFenced(first, later)) yield later;
      for (const other of later.handedTo) if (other.task !== first.task) yield other;
    }
  }

  /** Something is passed on without a value: an unlock, a completion, the start of a task. */
  release(task: number, object: Releasing, accumulate: boolean, unlock: boolean): void {
    const access = this.next(task);
    access.store = access.release = true;
    access.unlock = unlock;
    const before = object.releases ?? [];
    if (unlock) {
      this.#of(task).unlocked = access.index;
      access.unlockBefore = before[0] ?? null;
      const taken = object.taken ?? null;
      if (taken !== null) taken.givenBack = access;
    }
    object.releases = accumulate ? [...before, access] : [access];
  }

  acquire(task: number, object: Releasing, lock: boolean): void {
    const log = this.#of(task);
    const sources = object.releases ?? [];
    if (lock) {
      log.passed = log.unlocked;
      log.lockedAfter = sources[0] ?? null;
    }
    if (lock || sources.length > 0) {
      const access = this.next(task);
      access.load = access.acquire = true;
      this.reads(access, sources);
      if (lock) {
        access.store = true;
        object.taken = access;
      }
    }
    if (lock) log.locked = log.accesses.length - 1;
  }

  /** A task has found a lock taken: its trylock is a relaxed load of what took the lock. */
  foundTaken(task: number, { taken }: Releasing): void {
    if (taken === null || taken === undefined) return;
    const access = this.next(task);
    access.load = true;
    this.reads(access, [taken]);
  }

  /** A task has ended a read section of an srcu_struct. */
  leftSrcu(task: number): void {
    const log = this.#of(task);
    log.srcuLeft = log.accesses.length - 1;
  }

  reads(access: Access, sources: readonly Access[]): void {
    access.sources = sources;
    for (const source of sources) source.readers.push(access);
  }

  /** The place in coherence order of the oldest store a task may still read. */
  oldest(task: number, order: Access[]): number {
    const seen = this.#of(task).seen.get(order);
    return seen === undefined ? 0 : order.indexOf(seen);
  }

  /** A task has read or made a store: it will never read an older one. */
  see(task: number, order: Access[], store: Access): void {
    this.#of(task).seen.set(order, store);
  }

  /**
   * Whether a task that loads this store goes round a loop in which nothing changes: it has made the same accesses twice in
   * a row, stored nothing, and this load would begin the third round. Stores are not withheld for ever, so it then reads a
   * newer one. Loops of litmus tests, which say their dependencies, have a bound of their own.
   */
  repeats(task: number, source: Access | undefined): boolean {
    const { accesses, dependencies } = this.#of(task);
    if (source === undefined || dependencies !== null) return false;
    const { length } = accesses;
    for (let begin = length - 1; begin >= (length + 1) / 2 - 1 && begin >= 0; begin--) {
      const access = accesses[begin];
      if (access === undefined || isStoreOfValue(access)) return false;
      if (access.sources[0] === source && access.order !== null) {
        return sameRounds(accesses, begin, length - begin);
      }
    }
    return false;
  }

  /** A task that spins has seen by now whatever it has looked for: stores are not withheld for ever. */
  catchUp(task: number): void {
    const { seen } = this.#of(task);
    for (const order of seen.keys()) {
      const newest = order.at(-1);
      if (newest !== undefined) seen.set(order, newest);
    }
  }
}

/** Whether the last round of accesses, from this index on, is the same as the round before it. */
function sameRounds(accesses: readonly Access[], begin: number, length: number): boolean {
  if (begin < length) return false;
  for (let i = begin; i < begin + length; i++) {
    const [now, before] = [accesses[i], accesses[i - length]];
    if (now === undefined || before === undefined || !sameAccess(now, before)) return false;
  }
  return true;
}

function isStoreOfValue({ store, order }: Access): boolean {
  return store && order !== null;
}

/** Whether two accesses of a task did the same: read the same store, or passed on something without a value. */
function sameAccess(a: Access, b: Access): boolean {
  if (isStoreOfValue(a) || isStoreOfValue(b) || a.order !== b.order || a.load !== b.load)
    return false;
  if (a.order !== null) return a.sources[0] === b.sources[0];
  return a.release === b.release && a.acquire === b.acquire && a.unlock === b.unlock;
}

/** How far back a fence reaches that is one only together with something before it. */
function fencedBy(log: TaskLog, pairsWith: Pairing | undefined, last: number): number {
  switch (pairsWith) {
    case undefined:
    case 'the next atomic':
      return last;
    case 'the last atomic':
      return log.atomic;
    case 'the last lock':
      return log.locked;
    case 'the last unlock and lock':
      return log.passed;
    case 'the last SRCU unlock':
      return log.srcuLeft;
  }
}

/** An unlock and those of the same lock before it. */
function unlocksBefore(last: Access | null): readonly Access[] {
  const unlocks: Access[] = [];
  for (let unlock = last; unlock !== null; unlock = unlock.unlockBefore) unlocks.push(unlock);
  return unlocks;
}
