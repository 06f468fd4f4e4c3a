// SPDX-License-Identifier: GPL-2.0-only
/** Accesses of an atomic_t that order one side only, or nothing, and compare-and-exchange in its newer form. After atomic_t.txt. */
import { composite, objectOf, type Op, request } from '../machine';
import { type atomic_t, atomic_cmpxchg } from './atomic';
import { load, type Ordering, rmw, store } from './counter';
import type { out } from './types';

const READ_ACQUIRE = load('atomic_read_acquire', 'acquire');
const SET_RELEASE = store('atomic_set_release', 'release');

function exchanging(name: string, strength: Ordering) {
  return rmw<[old: number, next: number], number>(
    name,
    (value, { a: old, b: next }) => ({ value: value === old ? next : value, result: value }),
    (found, { a: old }) => (found === old ? strength : 'relaxed'),
  );
}

const CMPXCHG_ACQUIRE = exchanging('atomic_cmpxchg_acquire', 'acquire');
const CMPXCHG_RELEASE = exchanging('atomic_cmpxchg_release', 'release');
const CMPXCHG_RELAXED = exchanging('atomic_cmpxchg_relaxed', 'relaxed');
const DEC_RETURN_RELEASE = rmw<[], number>(
  'atomic_dec_return_release',
  (value) => ({ value: value - 1, result: value - 1 }),
  () => 'release',
);

function* trying(v: atomic_t, old: out<number>, next: number): Op<boolean> {
  const expected = old.value;
  const found = yield* atomic_cmpxchg(v, expected, next);
  if (found === expected) return true;
  old.value = found;
  return false;
}

/**
 * Reads the value. What the writer did before its atomic_set_release() is then visible.
 *
 * @example
 * const ready = DEFINE_ATOMIC('ready', 0);
 * const data = static_var('data', 0);
 * const b = yield* spawn_task('b', function* () {
 *   data.value = 42;
 *   yield* atomic_set_release(ready, 1);
 * });
 * if ((yield* atomic_read_acquire(ready)) === 1) expect_eq(data.value, 42, 'the data');
 * yield* join(b);
 * @returns the value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering acquire
 */
export function atomic_read_acquire(v: atomic_t): Op<number> {
  return request(READ_ACQUIRE, objectOf(v));
}

/**
 * Sets the value after everything that the task did before.
 *
 * @param i the new value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering release
 */
export function atomic_set_release(v: atomic_t, i: number): Op<void> {
  return request(SET_RELEASE, objectOf(v), i);
}

/**
 * atomic_cmpxchg() that says whether it changed the value; if not, `old` is what was there.
 *
 * @example
 * const state = DEFINE_ATOMIC('state', 1);
 * yield* atomic_set(state, 1);
 * const old = { value: 0 };
 * yield* atomic_try_cmpxchg(state, old, 2); // => false
 * yield* atomic_try_cmpxchg(state, old, 2); // => true
 * yield* atomic_cmpxchg_acquire(state, 2, 3); // => 2
 * yield* atomic_cmpxchg_release(state, 2, 4); // => 3
 * yield* atomic_cmpxchg_relaxed(state, 3, 1); // => 3
 * yield* atomic_dec_return_release(state); // => 0
 * @param old what is expected, and then what was found
 * @param next the new value
 * @returns true if it changed the value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full when it returns true, none otherwise
 */
export function atomic_try_cmpxchg(v: atomic_t, old: out<number>, next: number): Op<boolean> {
  return composite('atomic_try_cmpxchg', trying(v, old, next));
}

/**
 * atomic_cmpxchg() that orders only what comes after it.
 *
 * @param old the value that is replaced
 * @param next the new value
 * @returns the value found; it was replaced if this is `old`
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering acquire when it changes the value, none otherwise
 */
export function atomic_cmpxchg_acquire(v: atomic_t, old: number, next: number): Op<number> {
  return request(CMPXCHG_ACQUIRE, objectOf(v), old, next);
}

/**
 * atomic_cmpxchg() that orders only what came before it.
 *
 * @param old the value that is replaced
 * @param next the new value
 * @returns the value found; it was replaced if this is `old`
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering release when it changes the value, none otherwise
 */
export function atomic_cmpxchg_release(v: atomic_t, old: number, next: number): Op<number> {
  return request(CMPXCHG_RELEASE, objectOf(v), old, next);
}

/**
 * atomic_cmpxchg() that orders nothing.
 *
 * @param old the value that is replaced
 * @param next the new value
 * @returns the value found; it was replaced if this is `old`
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic_cmpxchg_relaxed(v: atomic_t, old: number, next: number): Op<number> {
  return request(CMPXCHG_RELAXED, objectOf(v), old, next);
}

/**
 * Subtracts one after everything that the task did before, and returns the result.
 *
 * @returns the new value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering release
 */
export function atomic_dec_return_release(v: atomic_t): Op<number> {
  return request(DEC_RETURN_RELEASE, objectOf(v));
}
