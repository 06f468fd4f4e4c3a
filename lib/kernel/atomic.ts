// SPDX-License-Identifier: GPL-2.0-only
/**
 * atomic_t. After include/linux/atomic/atomic-instrumented.h; orderings after Documentation/atomic_t.txt. It has no checks: going
 * from 0 to 1 is silent.
 */
import { type Branded, type Embeddable, embeddable, objectOf, type Op, request } from '../machine';
import { Atomic } from './atomic-object';
import { addition, load, rmw, store } from './counter';

/** An integer that is read and changed indivisibly. Embed it as `pending: atomic_t`. */
export interface atomic_t extends Branded<'atomic_t', Atomic> {}

/** Type of an atomic member of a structure. */
export const atomic_t: Embeddable<atomic_t> = embeddable('atomic_t', () => new Atomic());

/**
 * Defines a static atomic with an initial value: `static atomic_t name = ATOMIC_INIT(value)`.
 *
 * @param value its value at the start of each execution
 * @kernel include/linux/types.h
 */
export function DEFINE_ATOMIC(name: string, value: number): atomic_t {
  const object = new Atomic();
  object.first = value;
  return object.makeStatic(name).handle;
}

const READ = load('atomic_read');
const SET = store('atomic_set');
const INC = addition<[]>('atomic_inc', (v) => ({ value: v + 1, result: undefined }));
const DEC = addition<[]>('atomic_dec', (v) => ({ value: v - 1, result: undefined }));
const ADD = addition<[i: number]>('atomic_add', (v, r) => ({ value: v + r.a, result: undefined }));
const SUB = addition<[i: number]>('atomic_sub', (v, r) => ({ value: v - r.a, result: undefined }));
const ADD_RETURN = rmw<[i: number], number>(
  'atomic_add_return',
  (v, r) => ({ value: v + r.a, result: v + r.a }),
  () => 'full',
);
const DEC_AND_TEST = rmw<[], boolean>(
  'atomic_dec_and_test',
  (v) => ({ value: v - 1, result: v === 1 }),
  () => 'full',
);
const SUB_AND_TEST = rmw<[i: number], boolean>(
  'atomic_sub_and_test',
  (v, r) => ({ value: v - r.a, result: v === r.a }),
  () => 'full',
);
const XCHG = rmw<[next: number], number>(
  'atomic_xchg',
  (v, r) => ({ value: r.a, result: v }),
  () => 'full',
);
const CMPXCHG = rmw<[old: number, next: number], number>(
  'atomic_cmpxchg',
  (v, r) => ({ value: v === r.a ? r.b : v, result: v }),
  (found, r) => (found === r.a ? 'full' : 'relaxed'),
);
const ADD_UNLESS = rmw<[a: number, u: number], boolean>(
  'atomic_add_unless',
  (v, r) => (v === r.b ? { value: v, result: false } : { value: v + r.a, result: true }),
  (done) => (done ? 'full' : 'relaxed'),
);

/**
 * Reads the value.
 *
 * @returns the value; it may already be stale
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic_read(v: atomic_t): Op<number> {
  return request(READ, objectOf(v));
}

/**
 * Sets the value.
 *
 * @param i the new value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic_set(v: atomic_t, i: number): Op<void> {
  return request(SET, objectOf(v), i);
}

/**
 * Adds one.
 *
 * @example
 * const count = DEFINE_ATOMIC('count', 0);
 * const b = yield* spawn_task('b', () => atomic_inc(count));
 * yield* atomic_inc(count);
 * yield* join(b);
 * yield* atomic_read(count); // => 2
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic_inc(v: atomic_t): Op<void> {
  return request(INC, objectOf(v));
}

/**
 * Subtracts one.
 *
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic_dec(v: atomic_t): Op<void> {
  return request(DEC, objectOf(v));
}

/**
 * Adds `i`.
 *
 * @example
 * const count = DEFINE_ATOMIC('count', 0);
 * yield* atomic_set(count, 3);
 * yield* atomic_add(4, count);
 * yield* atomic_sub(2, count);
 * yield* atomic_dec(count);
 * yield* atomic_read(count); // => 4
 * yield* atomic_add_return(2, count); // => 6
 * yield* atomic_inc_return(count); // => 7
 * yield* atomic_dec_return(count); // => 6
 * @param i the number to add; may be negative
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic_add(i: number, v: atomic_t): Op<void> {
  return request(ADD, objectOf(v), i);
}

/**
 * Subtracts `i`.
 *
 * @param i the number to subtract
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function atomic_sub(i: number, v: atomic_t): Op<void> {
  return request(SUB, objectOf(v), i);
}

/**
 * Adds to the value.
 *
 * @param i the number to add; may be negative
 * @returns the new value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_add_return(i: number, v: atomic_t): Op<number> {
  return request(ADD_RETURN, objectOf(v), i);
}

/**
 * Adds one and returns the result.
 *
 * @returns the new value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_inc_return(v: atomic_t): Op<number> {
  return request(ADD_RETURN, objectOf(v), 1);
}

/**
 * Subtracts one and returns the result.
 *
 * @returns the new value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_dec_return(v: atomic_t): Op<number> {
  return request(ADD_RETURN, objectOf(v), -1);
}

/**
 * Subtracts one and returns whether the result is 0. Does not check that the value was positive.
 *
 * @returns true if the value is now 0
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_dec_and_test(v: atomic_t): Op<boolean> {
  return request(DEC_AND_TEST, objectOf(v));
}

/**
 * Subtracts `i` and returns whether the result is 0. Does not check that the value was at least `i`.
 *
 * @param i the number to subtract
 * @returns true if the value is now 0
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_sub_and_test(i: number, v: atomic_t): Op<boolean> {
  return request(SUB_AND_TEST, objectOf(v), i);
}

/**
 * Replaces the value.
 *
 * @param i the new value
 * @returns the old value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_xchg(v: atomic_t, i: number): Op<number> {
  return request(XCHG, objectOf(v), i);
}

/**
 * Replaces the value if it equals `old`.
 *
 * @example
 * const owner = DEFINE_ATOMIC('owner', 0);
 * yield* atomic_cmpxchg(owner, 0, 7); // => 0
 * yield* atomic_cmpxchg(owner, 0, 9); // => 7
 * yield* atomic_xchg(owner, 1); // => 7
 * yield* atomic_add_unless(owner, 1, 0); // => true
 * yield* atomic_sub_and_test(1, owner); // => false
 * yield* atomic_dec_and_test(owner); // => true
 * yield* atomic_inc_not_zero(owner); // => false
 * @param old the value that is replaced
 * @param next the new value
 * @returns the value found; it was replaced if this is `old`
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full when it changes the value, none otherwise
 */
export function atomic_cmpxchg(v: atomic_t, old: number, next: number): Op<number> {
  return request(CMPXCHG, objectOf(v), old, next);
}

/**
 * Adds to the value unless it is `u`.
 *
 * @param a the number to add; may be negative
 * @param u the value that stays unchanged
 * @returns true if it added
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full when it returns true, none otherwise
 */
export function atomic_add_unless(v: atomic_t, a: number, u: number): Op<boolean> {
  return request(ADD_UNLESS, objectOf(v), a, u);
}

/**
 * Adds one unless the value is 0.
 *
 * @returns true if it added
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full when it returns true, none otherwise
 */
export function atomic_inc_not_zero(v: atomic_t): Op<boolean> {
  return request(ADD_UNLESS, objectOf(v), 1, 0);
}
