// SPDX-License-Identifier: GPL-2.0-only
/** Changes of an atomic_t that give what it was before, or that happen on a condition. After atomic-instrumented.h and atomic_t.txt. */
import { objectOf, type Op, request } from '../machine';
import type { atomic_t } from './atomic';
import { rmw } from './counter';

/** A change that gives the old value, fully ordered. */
function fetching(name: string, next: (value: number, i: number) => number) {
  return rmw<[i: number], number>(
    name,
    (value, { a: i }) => ({ value: next(value, i), result: value }),
    () => 'full',
  );
}

/** A change on a condition, fully ordered where it is made; null leaves the value alone. */
function conditional(name: string, next: (value: number) => number | null) {
  return rmw<[], boolean>(
    name,
    (value) => {
      const changed = next(value);
      return changed === null ? { value, result: false } : { value: changed, result: true };
    },
    (done) => (done ? 'full' : 'relaxed'),
  );
}

const FETCH_ADD = fetching('atomic_fetch_add', (value, i) => value + i);
const FETCH_SUB = fetching('atomic_fetch_sub', (value, i) => value - i);
const FETCH_OR = fetching('atomic_fetch_or', (value, i) => value | i);
const FETCH_AND = fetching('atomic_fetch_and', (value, i) => value & i);
const INC_AND_TEST = rmw<[], boolean>(
  'atomic_inc_and_test',
  (value) => ({ value: value + 1, result: value === -1 }),
  () => 'full',
);
const INC_UNLESS_NEGATIVE = conditional('atomic_inc_unless_negative', (value) =>
  value < 0 ? null : value + 1,
);
const DEC_UNLESS_POSITIVE = conditional('atomic_dec_unless_positive', (value) =>
  value > 0 ? null : value - 1,
);
const DEC_IF_POSITIVE = rmw<[], number>(
  'atomic_dec_if_positive',
  (value) => ({ value: value > 0 ? value - 1 : value, result: value - 1 }),
  (result) => (result >= 0 ? 'full' : 'relaxed'),
);

/**
 * Adds a number, and gives what there was before.
 *
 * @example
 * const next = DEFINE_ATOMIC('next', 0);
 * const b = yield* spawn_task('b', () => atomic_fetch_add(1, next));
 * const mine = yield* atomic_fetch_add(1, next);
 * yield* join(b);
 * if (mine > 1) BUG();
 * yield* atomic_fetch_sub(2, next); // => 2
 * yield* atomic_fetch_or(6, next); // => 0
 * yield* atomic_fetch_and(3, next); // => 6
 * yield* atomic_read(next); // => 2
 * @param i the number
 * @returns the value before
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_fetch_add(i: number, v: atomic_t): Op<number> {
  return request(FETCH_ADD, objectOf(v), i);
}

/**
 * Subtracts a number, and gives what there was before.
 *
 * @param i the number
 * @returns the value before
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_fetch_sub(i: number, v: atomic_t): Op<number> {
  return request(FETCH_SUB, objectOf(v), i);
}

/**
 * Sets bits, and gives what there was before.
 *
 * @param i the number
 * @returns the value before
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_fetch_or(i: number, v: atomic_t): Op<number> {
  return request(FETCH_OR, objectOf(v), i);
}

/**
 * Keeps only some bits, and gives what there was before.
 *
 * @param i the number
 * @returns the value before
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_fetch_and(i: number, v: atomic_t): Op<number> {
  return request(FETCH_AND, objectOf(v), i);
}

/**
 * Adds one.
 *
 * @returns true if the value is 0 now
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function atomic_inc_and_test(v: atomic_t): Op<boolean> {
  return request(INC_AND_TEST, objectOf(v));
}

/**
 * Adds one unless the value is negative: what shuts a door behind users makes it so.
 *
 * @example
 * const users = DEFINE_ATOMIC('users', -1);
 * yield* atomic_inc_unless_negative(users); // => false
 * yield* atomic_inc_and_test(users); // => true
 * yield* atomic_inc_unless_negative(users); // => true
 * yield* atomic_dec_unless_positive(users); // => false
 * yield* atomic_dec_if_positive(users); // => 0
 * yield* atomic_dec_if_positive(users); // => -1
 * yield* atomic_read(users); // => 0
 * @returns whether it added
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full if it added, none otherwise
 */
export function atomic_inc_unless_negative(v: atomic_t): Op<boolean> {
  return request(INC_UNLESS_NEGATIVE, objectOf(v));
}

/**
 * Subtracts one unless the value is positive.
 *
 * @returns whether it subtracted
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full if it subtracted, none otherwise
 */
export function atomic_dec_unless_positive(v: atomic_t): Op<boolean> {
  return request(DEC_UNLESS_POSITIVE, objectOf(v));
}

/**
 * Subtracts one if the value is positive.
 *
 * @returns the value before minus one, also where that was not written: negative then
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full if it subtracted, none otherwise
 */
export function atomic_dec_if_positive(v: atomic_t): Op<number> {
  return request(DEC_IF_POSITIVE, objectOf(v));
}
