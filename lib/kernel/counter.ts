// SPDX-License-Identifier: GPL-2.0-only
/** The integer behind atomic_t, refcount_t and kref: one location, changed by indivisible operations. */
import {
  type Arguments,
  fence,
  FULL,
  type Kind,
  type Machine,
  observe,
  publish,
  type Releasing,
  type Request,
  SyncObject,
  type Task,
} from '../machine';

export abstract class Counter extends SyncObject {
  /** Zeroed memory is a counter of zero; other fresh memory holds no number yet. */
  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.initialised = zeroed;
  }
}

/** How a read-modify-write orders memory: LKMM's names. */
export type Ordering = 'relaxed' | 'acquire' | 'release' | 'full';

/** Publishes and learns as the ordering says; a relaxed operation carries on what was released before it. */
export function order(machine: Machine, task: Task, object: Releasing, ordering: Ordering): void {
  if (ordering === 'acquire' || ordering === 'full') machine.acquire(task, object);
  if (ordering === 'full') fence(machine, task, FULL);
  if (ordering === 'release' || ordering === 'full') machine.release(task, object, true);
  else publish(task, object, true);
}

/** What a read-modify-write makes of a value, and what it returns. */
export type Change<A extends Arguments, R> = (
  value: number,
  request: Request<Counter, A>,
  machine: Machine,
) => { value: number; result: R };

/** A read-modify-write: `change` gives the new value and the result. */
export function rmw<A extends Arguments, R>(
  name: string,
  change: Change<A, R>,
  ordering: (result: R, request: Request<Counter, A>) => Ordering,
): Kind<Counter, A, R> {
  return {
    name,
    access: 'write',
    perform(machine, task, request) {
      const counter = request.object;
      const before = counter.state;
      const { value, result } = change(counter.state, request, machine);
      counter.state = value | 0;
      counter.initialised = true;
      const how = ordering(result, request);
      // One that gives a value has read; one that changes nothing has done no more. What a void one reads, nobody learns.
      if (how === 'relaxed' && result !== undefined) observe(task, counter);
      if (how !== 'relaxed' || counter.state !== before) order(machine, task, counter, how);
      return result;
    },
  };
}

/** A relaxed change without a result that commutes with its like: `atomic_inc`. */
export function addition<A extends Arguments>(
  name: string,
  change: Change<A, void>,
): Kind<Counter, A, void> {
  return { ...rmw(name, change, () => 'relaxed'), access: 'add' };
}

/** A load that orders nothing. */
export function load(name: string): Kind<Counter, [], number> {
  return {
    name,
    access: 'read',
    perform(_machine, task, { object: counter }) {
      observe(task, counter);
      return counter.state;
    },
  };
}

/** A store that orders nothing; what was released on the counter before it is lost to later acquires. */
export function store(name: string): Kind<Counter, [i: number], void> {
  return {
    name,
    access: 'write',
    perform(_machine, task, { object: counter, a }) {
      counter.state = a | 0;
      counter.initialised = true;
      publish(task, counter);
    },
  };
}
