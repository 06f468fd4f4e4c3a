// SPDX-License-Identifier: GPL-2.0-only
/** The integer in atomic_t, refcount_t and kref: one location with indivisible operations. */
import {
  type Arguments,
  type Effect,
  fence,
  FULL,
  type Kind,
  type Machine,
  observe,
  publish,
  type Request,
  SyncObject,
  type Task,
} from '../machine';
import { choosing, type Made, make, type Place, wrote } from './marked';

export abstract class Counter extends SyncObject {
  /** Zeroed memory is a counter of zero; other fresh memory has no value yet. */
  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.initialised = zeroed;
  }
}

/** How a read-modify-write orders memory: LKMM's names. */
export type Ordering = 'relaxed' | 'acquire' | 'release' | 'full';

/** Releases and acquires as the ordering says. A relaxed operation keeps what was released before it. */
export function order(
  machine: Machine,
  task: Task,
  { from: object, location }: Pick<Made, 'from' | 'location'>,
  ordering: Ordering,
): void {
  if (ordering === 'acquire' || ordering === 'full') machine.learn(task, object);
  if (ordering === 'full') fence(machine, task, FULL);
  if (ordering === 'release' || ordering === 'full') machine.passOn(task, object, true);
  else publish(task, object, location, true);
}

/** The new value and the result of a read-modify-write. */
export type Change<A extends Arguments, R> = (
  value: number,
  request: Request<Counter, A>,
  machine: Pick<Machine, 'complain'>,
) => { value: number; result: R };

/** Ignores complaints, for computing what a change would do. */
const DEAF: Pick<Machine, 'complain'> = { complain: () => undefined };

/** Where the accesses of counters take place. */
const COUNTER = {
  point: ({ object }: Request<Counter>) => object,
  now: ({ object }: Request<Counter>) => object.state,
};

/** A read-modify-write: `change` gives the new value and the result. */
export function rmw<A extends Arguments, R>(
  name: string,
  change: Change<A, R>,
  ordering: (result: R, request: Request<Counter, A>) => Ordering,
  silent = false,
): Kind<Counter, A, R> {
  const place: Place<Counter, A> = {
    ...COUNTER,
    load: true,
    store: true,
    silent,
    effect(read, request) {
      const before = read as number; // a counter holds only numbers
      const { value, result } = change(before, request, DEAF);
      const strength = ordering(result, request);
      return { store: strength !== 'relaxed' || value !== before, strength };
    },
  };
  return {
    name,
    access: 'write',
    ...choosing(place),
    perform(machine, task, request) {
      const counter = request.object;
      const made = make(place, machine, task, request);
      const before = made.read as number; // a counter holds only numbers
      const { value, result } = change(before, request, machine);
      const after = value | 0;
      if (made.newest) {
        counter.state = after;
        counter.initialised = true;
      }
      const how = ordering(result, request);
      if (how === 'relaxed' || how === 'release') observe(task, made.from, silent);
      // If the value did not change, the operation was just a read.
      if (how !== 'relaxed' || after !== before) order(machine, task, made, how);
      wrote(made, after);
      return result;
    },
  };
}

/** A relaxed change without a result that commutes with others of its kind: `atomic_inc`. */
export function addition<A extends Arguments>(
  name: string,
  change: Change<A, void>,
): Kind<Counter, A, void> {
  return { ...rmw(name, change, () => 'relaxed', true), access: 'add' };
}

/** A load, which orders nothing unless it acquires. */
export function load(
  name: string,
  strength: 'relaxed' | 'acquire' = 'relaxed',
): Kind<Counter, [], number> {
  const effect: Effect = { store: false, strength };
  const place: Place<Counter, []> = { ...COUNTER, load: true, store: false, effect: () => effect };
  return {
    name,
    access: 'read',
    ...choosing(place),
    perform(machine, task, request) {
      const { read, from } = make(place, machine, task, request);
      if (strength === 'acquire') machine.learn(task, from);
      else observe(task, from);
      return read as number; // a counter holds only numbers
    },
  };
}

/** A store, which orders nothing unless it releases. Later acquires do not see earlier releases on the counter. */
export function store(
  name: string,
  strength: 'relaxed' | 'release' = 'relaxed',
): Kind<Counter, [i: number], void> {
  const effect: Effect = { store: true, strength };
  const place: Place<Counter, [i: number]> = {
    ...COUNTER,
    load: false,
    store: true,
    effect: () => effect,
  };
  return {
    name,
    access: 'write',
    ...choosing(place),
    perform(machine, task, request) {
      const { object: counter, a } = request;
      const made = make(place, machine, task, request);
      if (made.newest) {
        counter.state = a | 0;
        counter.initialised = true;
      }
      if (strength === 'release') machine.passOn(task, made.from);
      else publish(task, made.from, made.location);
      wrote(made, a | 0);
    },
  };
}
