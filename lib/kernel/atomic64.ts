// SPDX-License-Identifier: GPL-2.0-only
/** atomic64_t: atomic_t for what 32 bits may not hold. After include/linux/atomic/atomic-instrumented.h. */
import { type Embeddable, embeddable, makeHandle, type Op } from '../machine';
import {
  atomic_add,
  type atomic_t,
  atomic_cmpxchg,
  atomic_dec,
  atomic_dec_and_test,
  atomic_inc,
  atomic_inc_not_zero,
  atomic_inc_return,
  atomic_read,
  atomic_set,
  atomic_sub,
  atomic_xchg,
} from './atomic';
import { Atomic } from './atomic-object';

/** An integer of 64 bits that is read and changed indivisibly. Embed it as `count: atomic64_t`. */
export interface atomic64_t extends atomic_t {}

class Atomic64 extends Atomic {
  override readonly typeName = 'atomic64_t';
  override readonly handle: atomic64_t = makeHandle(this);
}

/** Type of an atomic member of a structure. @divergence it has 32 bits, as atomic_t has */
export const atomic64_t: Embeddable<atomic64_t> = embeddable('atomic64_t', () => new Atomic64());

/**
 * Reads it.
 *
 * @example
 * const holder = struct('holder', { users: atomic64_t });
 * const one = DEFINE_STATIC('one', holder);
 * yield* atomic64_set(one.users, 1);
 * yield* atomic64_inc(one.users);
 * yield* atomic64_add(3, one.users);
 * yield* atomic64_sub(2, one.users);
 * yield* atomic64_dec(one.users);
 * yield* atomic64_inc_return(one.users); // => 3
 * yield* atomic64_inc_not_zero(one.users); // => true
 * yield* atomic64_cmpxchg(one.users, 4, 1); // => 4
 * yield* atomic64_dec_and_test(one.users); // => true
 * yield* atomic64_xchg(one.users, 7); // => 0
 * yield* atomic64_read(one.users); // => 7
 * @returns its value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic64_read(v: atomic64_t): Op<number> {
  return atomic_read(v);
}

/**
 * Writes it.
 *
 * @param value the new value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic64_set(v: atomic64_t, value: number): Op<void> {
  return atomic_set(v, value);
}

/**
 * Adds one.
 *
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic64_inc(v: atomic64_t): Op<void> {
  return atomic_inc(v);
}

/**
 * Subtracts one.
 *
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic64_dec(v: atomic64_t): Op<void> {
  return atomic_dec(v);
}

/**
 * Adds one and gives the new value.
 *
 * @returns the new value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic64_inc_return(v: atomic64_t): Op<number> {
  return atomic_inc_return(v);
}

/**
 * Subtracts one, and says whether that made 0.
 *
 * @returns true if it is 0 now
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic64_dec_and_test(v: atomic64_t): Op<boolean> {
  return atomic_dec_and_test(v);
}

/**
 * Adds one unless it is 0.
 *
 * @returns true if it added one
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full if it added one, none otherwise
 */
export function atomic64_inc_not_zero(v: atomic64_t): Op<boolean> {
  return atomic_inc_not_zero(v);
}

/**
 * Adds a number.
 *
 * @param i what is added
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic64_add(i: number, v: atomic64_t): Op<void> {
  return atomic_add(i, v);
}

/**
 * Subtracts a number.
 *
 * @param i what is subtracted
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic64_sub(i: number, v: atomic64_t): Op<void> {
  return atomic_sub(i, v);
}

/**
 * Writes it and gives the old value.
 *
 * @param value the new value
 * @returns the old value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic64_xchg(v: atomic64_t, value: number): Op<number> {
  return atomic_xchg(v, value);
}

/**
 * Writes it if it is what is expected.
 *
 * @param old what is expected
 * @param value the new value
 * @returns what it was: equal to `old` if it was written
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full if it was written, none otherwise
 */
export function atomic64_cmpxchg(v: atomic64_t, old: number, value: number): Op<number> {
  return atomic_cmpxchg(v, old, value);
}
