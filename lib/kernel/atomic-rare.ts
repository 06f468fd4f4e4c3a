// SPDX-License-Identifier: GPL-2.0-only
/** Changes of an atomic_t that are less common: bits, a sign, the old value of a step by one. After atomic-instrumented.h. */
import { objectOf, type Op, request } from '../machine';
import { type atomic_t, atomic_add_return } from './atomic';
import { atomic_fetch_add } from './atomic-fetch';
import { rmw } from './counter';

function changing(name: string, next: (value: number, i: number) => number) {
  return rmw<[i: number], undefined>(
    name,
    (value, { a: i }) => ({ value: next(value, i), result: undefined }),
    () => 'relaxed',
    true,
  );
}

const OR = changing('atomic_or', (value, i) => value | i);
const AND = changing('atomic_and', (value, i) => value & i);
const ANDNOT = changing('atomic_andnot', (value, i) => value & ~i);
const ADD_NEGATIVE = rmw<[i: number], boolean>(
  'atomic_add_negative',
  (value, { a: i }) => ({ value: value + i, result: ((value + i) | 0) < 0 }),
  () => 'full',
);
const FETCH_ADD_UNLESS = rmw<[a: number, u: number], number>(
  'atomic_fetch_add_unless',
  (value, { a, b: u }) => ({ value: value === u ? value : value + a, result: value }),
  (found, { b: u }) => (found === u ? 'relaxed' : 'full'),
);

/**
 * Sets bits.
 *
 * @example
 * const flags = DEFINE_ATOMIC('flags', 1);
 * yield* atomic_or(6, flags);
 * yield* atomic_andnot(1, flags);
 * yield* atomic_and(3, flags);
 * yield* atomic_fetch_inc(flags); // => 2
 * yield* atomic_fetch_dec(flags); // => 3
 * yield* atomic_fetch_add_unless(flags, 5, 2); // => 2
 * yield* atomic_sub_return(1, flags); // => 1
 * yield* atomic_add_negative(-2, flags); // => true
 * @param i the bits
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic_or(i: number, v: atomic_t): Op<void> {
  return request(OR, objectOf(v), i);
}

/**
 * Keeps only some bits.
 *
 * @param i the bits that are kept
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic_and(i: number, v: atomic_t): Op<void> {
  return request(AND, objectOf(v), i);
}

/**
 * Clears bits.
 *
 * @param i the bits that are cleared
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic_andnot(i: number, v: atomic_t): Op<void> {
  return request(ANDNOT, objectOf(v), i);
}

/**
 * Subtracts `i` and returns the result.
 *
 * @param i the number to subtract
 * @returns the new value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_sub_return(i: number, v: atomic_t): Op<number> {
  return atomic_add_return(-i, v);
}

/**
 * Adds `i` and returns whether the result is negative.
 *
 * @param i the number to add; may be negative
 * @returns true if the value is negative now
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_add_negative(i: number, v: atomic_t): Op<boolean> {
  return request(ADD_NEGATIVE, objectOf(v), i);
}

/**
 * Adds one, and gives what there was before.
 *
 * @returns the value before
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_fetch_inc(v: atomic_t): Op<number> {
  return atomic_fetch_add(1, v);
}

/**
 * Subtracts one, and gives what there was before.
 *
 * @returns the value before
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_fetch_dec(v: atomic_t): Op<number> {
  return atomic_fetch_add(-1, v);
}

/**
 * Adds to the value unless it is `u`, and gives what there was before.
 *
 * @param a the number to add; may be negative
 * @param u the value that stays unchanged
 * @returns the value before; it was changed unless this is `u`
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full when it adds, none otherwise
 */
export function atomic_fetch_add_unless(v: atomic_t, a: number, u: number): Op<number> {
  return request(FETCH_ADD_UNLESS, objectOf(v), a, u);
}
