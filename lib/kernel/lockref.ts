// SPDX-License-Identifier: GPL-2.0-only
/**
 * A reference count and the lock of its object in one word: while nobody holds the lock, the count changes without taking it. After
 * include/linux/lockref.h and lib/lockref.c.
 */
import {
  composite,
  type Kind,
  objectOf,
  type Op,
  request,
  struct,
  type StructObject,
  type StructOf,
  type SyncObject,
  writing,
} from '../machine';
import { BUG_ON } from './bug';
import { howHeld } from './held';
import { spin_lock, spin_lock_init, spin_unlock, spinlock_t } from './spinlock';
import { int } from './types';

/** A lock with a count. Embed it as `d_lockref: lockref`. The holder of the lock may use `count` as any field. */
export const lockref = struct('lockref', {
  /** The lock, which is also that of the object around it. */
  lock: spinlock_t,
  /** The references; negative once the object is dead. */
  count: int,
});
export interface lockref extends StructOf<typeof lockref> {}

const COUNT = 1;
const DEAD = -128;

/** Gives the new count, or null where it stays. */
type Change = (count: number) => number | null;

const INC: Change = (count) => count + 1;
const INC_NOT_ZERO: Change = (count) => (count <= 0 ? null : count + 1);
const INC_NOT_DEAD: Change = (count) => (count < 0 ? null : count + 1);
const DEC: Change = (count) => (count <= 0 ? null : count - 1);
const DEC_NOT_LAST: Change = (count) => (count <= 1 ? null : count - 1);

/** A change without the lock: the new count, null where it stays, or that somebody holds the lock. */
type Tried = number | null | 'locked';
type Trying = Kind<SyncObject, [ref: StructObject, change: Change], Tried>;

/** CMPXCHG_LOOP(). Its object is the lock, whose holder keeps it out. */
function trying(name: string): Trying {
  return {
    name,
    access: 'write',
    extra: ({ a: ref }) => [writing(ref.base + ref.offset(COUNT))],
    perform(machine, task, { object: lock, a: ref, b: change, site }) {
      ref.fresh();
      if (lock.state !== 0) {
        machine.lockRefused(task, lock);
        return 'locked';
      }
      machine.acquire(task, lock, true);
      machine.marked(ref, ref.offset(COUNT), true, site);
      const next = change(ref.values[COUNT] as number); // it is declared as an int
      if (next !== null) ref.values[COUNT] = next;
      machine.release(task, lock, false, true);
      return next;
    },
  };
}

const GET = trying('lockref_get');
const GET_NOT_ZERO = trying('lockref_get_not_zero');
const GET_NOT_DEAD = trying('lockref_get_not_dead');
const PUT_RETURN = trying('lockref_put_return');
const PUT_OR_LOCK = trying('lockref_put_or_lock');

function attempt(kind: Trying, ref: lockref, change: Change): Op<Tried> {
  return request(kind, objectOf(ref.lock), objectOf(ref), change);
}

/** A change without the lock, or else with it. Where the change is refused, the lock is kept if that is asked for. */
function* changing(kind: Trying, ref: lockref, change: Change, orLock = false): Op<boolean> {
  const tried = yield* attempt(kind, ref, change);
  if (typeof tried === 'number') return true;
  if (tried === null && !orLock) return false;
  yield* spin_lock(ref.lock);
  const next = change(ref.count);
  if (next === null && orLock) return false;
  if (next !== null) ref.count = next;
  yield* spin_unlock(ref.lock);
  return next !== null;
}

function* getting(ref: lockref): Op<void> {
  yield* changing(GET, ref, INC);
}

function* putting(ref: lockref): Op<number> {
  const tried = yield* attempt(PUT_RETURN, ref, DEC);
  return typeof tried === 'number' ? tried : -1;
}

function* initialising(ref: lockref): Op<void> {
  yield* spin_lock_init(ref.lock);
  ref.count = 1;
}

/**
 * Makes a lockref usable: unlocked, with one reference.
 *
 * @kernel include/linux/lockref.h
 * @context any; does not sleep
 * @ordering none
 */
export function lockref_init(ref: lockref): Op<void> {
  return composite('lockref_init', initialising(ref));
}

/**
 * Takes a reference; the caller must hold one.
 *
 * @example
 * const dentry = struct('dentry', { d_lockref: lockref });
 * const one = DEFINE_STATIC('one', dentry);
 * yield* lockref_init(one.d_lockref);
 * yield* lockref_get(one.d_lockref);
 * yield* lockref_get_not_zero(one.d_lockref); // => true
 * yield* lockref_put_return(one.d_lockref); // => 2
 * yield* lockref_put_or_lock(one.d_lockref); // => true
 * yield* lockref_put_or_lock(one.d_lockref); // => false
 * lockref_mark_dead(one.d_lockref);
 * yield* spin_unlock(one.d_lockref.lock);
 * yield* lockref_get_not_dead(one.d_lockref); // => false
 * __lockref_is_dead(one.d_lockref); // => true
 * @kernel include/linux/lockref.h
 * @context any but the holder of the lock; does not sleep
 * @ordering none
 * @divergence ordered with the sections of the lock, as if it took it
 */
export function lockref_get(ref: lockref): Op<void> {
  return composite('lockref_get', getting(ref));
}

/**
 * Takes a reference unless there is none, or lockref_mark_dead() has been called.
 *
 * @returns true if it took one; check the result
 * @kernel include/linux/lockref.h
 * @context any but the holder of the lock; does not sleep
 * @ordering none
 * @divergence ordered with the sections of the lock, as if it took it
 */
export function lockref_get_not_zero(ref: lockref): Op<boolean> {
  return composite('lockref_get_not_zero', changing(GET_NOT_ZERO, ref, INC_NOT_ZERO));
}

/**
 * Takes a reference unless lockref_mark_dead() has been called. It may be the first.
 *
 * @returns true if it took one; check the result
 * @kernel include/linux/lockref.h
 * @context any but the holder of the lock; does not sleep
 * @ordering none
 * @divergence ordered with the sections of the lock, as if it took it
 */
export function lockref_get_not_dead(ref: lockref): Op<boolean> {
  return composite('lockref_get_not_dead', changing(GET_NOT_DEAD, ref, INC_NOT_DEAD));
}

/**
 * Drops a reference if nobody holds the lock, and never takes it.
 *
 * @returns the new count; -1 if it dropped none, because there was none or because somebody holds the lock
 * @kernel include/linux/lockref.h
 * @context any; does not sleep
 * @ordering none
 * @divergence ordered with the sections of the lock, as if it took it
 */
export function lockref_put_return(ref: lockref): Op<number> {
  return composite('lockref_put_return', putting(ref));
}

/**
 * Drops a reference unless it is the last. If it is, takes the lock and leaves the count to the caller.
 *
 * @returns true if it dropped one; false, with the lock held, if the count is 1 or less
 * @kernel include/linux/lockref.h
 * @context any but the holder of the lock; does not sleep
 * @ordering acquire when it returns false, none otherwise
 * @divergence ordered with the sections of the lock, as if it took it
 */
export function lockref_put_or_lock(ref: lockref): Op<boolean> {
  return composite('lockref_put_or_lock', changing(PUT_OR_LOCK, ref, DEC_NOT_LAST, true));
}

/**
 * Says that the object is dead: lockref_get_not_dead() then takes no reference.
 *
 * @kernel include/linux/lockref.h
 * @context the holder of the lock; does not sleep
 * @ordering none
 * @divergence a BUG if another task holds the lock, too; in Linux only if nobody does
 */
export function lockref_mark_dead(ref: lockref): void {
  BUG_ON(howHeld(ref.lock) === null);
  ref.count = DEAD;
}

/**
 * Whether lockref_mark_dead() has been called.
 *
 * @returns whether it has
 * @kernel include/linux/lockref.h
 * @context the holder of the lock; does not sleep
 * @ordering none
 */
export function __lockref_is_dead(ref: lockref): boolean {
  return ref.count < 0;
}
