// SPDX-License-Identifier: GPL-2.0-only
/** The execution graph of the current execution: each task's marked accesses, in program order. */
import type { Barrier } from '../ordering';
import type { Releasing } from '../object';
import { Access } from './access';

class TaskLog {
  readonly accesses: Access[] = [];
  strong = 0;
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

  /** A task's access with this place in program order. */
  at(task: number, index: number): Access | undefined {
    return this.#tasks[task]?.accesses[index];
  }

  /** A task's next access, with the barriers before it. */
  next(task: number): Access {
    const log = this.#of(task);
    const access = new Access(task, log.accesses.length, this.size++);
    ({ strong: access.strong, rmb: access.rmb, wmb: access.wmb, passed: access.passed } = log);
    access.step = this.step;
    log.accesses.push(access);
    return access;
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
  }

  barrier(task: number, { loads, stores }: Barrier): void {
    const log = this.#of(task);
    if (loads && stores) log.strong++;
    else if (loads) log.rmb++;
    else log.wmb++;
  }

  /** The task's last access has a strong fence on both sides. */
  fullyOrdered(task: number): void {
    this.#of(task).strong += 2;
  }

  /** Something is passed on without a value: an unlock, a completion, the start of a task. */
  release(task: number, object: Releasing, accumulate: boolean, unlock: boolean): void {
    const access = this.next(task);
    access.store = access.release = true;
    access.unlock = unlock;
    if (unlock) this.#of(task).unlocked = access.index;
    const before = accumulate ? (object.releases ?? []) : [];
    object.releases = [...before, access];
  }

  acquire(task: number, object: Releasing, lock: boolean): void {
    const log = this.#of(task);
    if (lock) log.passed = log.unlocked;
    const sources = object.releases ?? [];
    if (sources.length === 0) return;
    const access = this.next(task);
    access.load = access.acquire = true;
    this.reads(access, sources);
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

  /** A task that spins has seen by now whatever it has looked for: stores are not withheld for ever. */
  catchUp(task: number): void {
    const { seen } = this.#of(task);
    for (const order of seen.keys()) {
      const newest = order.at(-1);
      if (newest !== undefined) seen.set(order, newest);
    }
  }
}
