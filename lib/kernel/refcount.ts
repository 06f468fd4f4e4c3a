// SPDX-License-Identifier: GPL-2.0-only
/** refcount_t: a counter that detects uses that would lead to a use after free. After include/linux/refcount.h and lib/refcount.c. */
import {
  type Branded,
  type Embeddable,
  embeddable,
  type Machine,
  makeHandle,
  objectOf,
  type Op,
  request,
  type Request,
} from '../machine';
import { addition, Counter, load, rmw, store } from './counter';

/** A reference count that warns and saturates when it is misused. Embed it as `refs: refcount_t`. */
export interface refcount_t extends Branded<'refcount_t', Refcount> {}

/** The value of a count that can no longer be trusted. It stays there, and the object leaks. */
export const REFCOUNT_SATURATED = -1073741824;

/** The counter in refcount_t and kref. */
export class Refcount extends Counter {
  readonly handle: refcount_t = makeHandle(this);

  constructor(readonly typeName: string) {
    super();
  }
}

/** Type of a reference count member of a structure. */
export const refcount_t: Embeddable<refcount_t> = embeddable(
  'refcount_t',
  () => new Refcount('refcount_t'),
);

type Complaining = Pick<Machine, 'complain'>;

function warn(machine: Complaining, { object, site }: Request, message: string): void {
  machine.complain({ check: 'refcount', message, object, site });
}

interface Changed<R> {
  value: number;
  result: R;
}

function saturate<R>(
  machine: Complaining,
  request: Request<Counter>,
  message: string,
  result: R,
): Changed<R> {
  warn(machine, request, message);
  return { value: REFCOUNT_SATURATED, result };
}

const INT_MAX = 0x7fffffff;

/** Adds; `result` is the result of a successful addition. */
function add<R>(
  value: number,
  i: number,
  request: Request<Counter>,
  machine: Complaining,
  result: R,
): Changed<R> {
  if (value === 0) return saturate(machine, request, 'addition on 0; use-after-free', result);
  if (value < 0 || value > INT_MAX - i) {
    return saturate(machine, request, 'saturated; leaking memory', result);
  }
  return { value: value + i, result };
}

const SET = store('refcount_set');
const READ = load('refcount_read');
const INC = addition<[]>('refcount_inc', (v, r, m) => add(v, 1, r, m, undefined));
const ADD = addition<[i: number]>('refcount_add', (v, r, m) => add(v, r.a, r, m, undefined));
const INC_NOT_ZERO = rmw<[], boolean>(
  'refcount_inc_not_zero',
  (v, r, m) => (v === 0 ? { value: 0, result: false } : add(v, 1, r, m, true)),
  () => 'relaxed',
);
const ADD_NOT_ZERO = rmw<[i: number], boolean>(
  'refcount_add_not_zero',
  (v, r, m) => (v === 0 ? { value: 0, result: false } : add(v, r.a, r, m, true)),
  () => 'relaxed',
);
const DEC_AND_TEST = rmw<[], boolean>(
  'refcount_dec_and_test',
  (v, r, m) => {
    if (v === REFCOUNT_SATURATED) return { value: v, result: false };
    if (v <= 0) return saturate(m, r, 'underflow; use-after-free', false);
    return { value: v - 1, result: v === 1 };
  },
  (zero) => (zero ? 'full' : 'release'),
);
const SUB_AND_TEST = rmw<[i: number], boolean>(
  'refcount_sub_and_test',
  (v, r, m) => {
    if (v === REFCOUNT_SATURATED) return { value: v, result: false };
    if (v < r.a || v <= 0) return saturate(m, r, 'underflow; use-after-free', false);
    return { value: v - r.a, result: v === r.a };
  },
  (zero) => (zero ? 'full' : 'release'),
);
const DEC = rmw<[], undefined>(
  'refcount_dec',
  (v, r, m) => {
    if (v === REFCOUNT_SATURATED) return { value: v, result: undefined };
    if (v <= 1) return saturate(m, r, 'decrement hit 0; leaking memory', undefined);
    return { value: v - 1, result: undefined };
  },
  () => 'release',
);
const DEC_IF_ONE = rmw<[], boolean>(
  'refcount_dec_if_one',
  (v) => ({ value: v === 1 ? 0 : v, result: v === 1 }),
  (done) => (done ? 'release' : 'relaxed'),
);
const DEC_NOT_ONE = rmw<[], boolean>(
  'refcount_dec_not_one',
  (v, r, m) => {
    if (v === REFCOUNT_SATURATED) return { value: v, result: true };
    if (v === 1) return { value: 1, result: false };
    // Linux warns here and does not change the count.
    if (v <= 0) {
      warn(m, r, 'underflow; use-after-free');
      return { value: v, result: true };
    }
    return { value: v - 1, result: true };
  },
  (done) => (done ? 'release' : 'relaxed'),
);

/**
 * Sets the count of an object that no other task can see yet.
 *
 * @param n the new count
 * @kernel include/linux/refcount.h
 * @context any; does not sleep
 * @ordering none
 */
export function refcount_set(r: refcount_t, n: number): Op<void> {
  return request(SET, objectOf(r), n);
}

/**
 * Reads the count.
 *
 * @returns the count; it may already be stale
 * @kernel include/linux/refcount.h
 * @context any; does not sleep
 * @ordering none
 */
export function refcount_read(r: refcount_t): Op<number> {
  return request(READ, objectOf(r));
}

/**
 * Takes a reference; the caller must hold one, or know that another one lasts. On 0 it warns and saturates.
 *
 * @kernel include/linux/refcount.h
 * @context any; does not sleep
 * @ordering none
 */
export function refcount_inc(r: refcount_t): Op<void> {
  return request(INC, objectOf(r));
}

/**
 * Takes `i` references; the caller must hold one, or know that another one lasts.
 *
 * @param i the number of references
 * @kernel include/linux/refcount.h
 * @context any; does not sleep
 * @ordering none
 */
export function refcount_add(i: number, r: refcount_t): Op<void> {
  return request(ADD, objectOf(r), i);
}

/**
 * Takes a reference unless the count is 0.
 *
 * @returns true if it took one, false if the object is being freed; check the result
 * @kernel include/linux/refcount.h
 * @context any; does not sleep
 * @ordering none
 */
export function refcount_inc_not_zero(r: refcount_t): Op<boolean> {
  return request(INC_NOT_ZERO, objectOf(r));
}

/**
 * Drops a reference and returns whether it was the last. On 0 it warns and saturates.
 *
 * @example
 * const client = struct('client', { users: refcount_t });
 * const one = yield* kzalloc(client, GFP_KERNEL);
 * if (one === null) return;
 * yield* refcount_set(one.users, 1);
 * yield* refcount_inc(one.users);
 * yield* refcount_add(2, one.users);
 * yield* refcount_dec(one.users);
 * yield* refcount_read(one.users); // => 3
 * yield* refcount_dec_and_test(one.users); // => false
 * yield* refcount_dec_not_one(one.users); // => true
 * yield* refcount_dec_not_one(one.users); // => false
 * yield* refcount_dec_if_one(one.users); // => true
 * yield* refcount_inc_not_zero(one.users); // => false
 * yield* kfree(one);
 * @returns true if it was the last
 * @kernel include/linux/refcount.h
 * @context any; does not sleep
 * @ordering release, and acquire when it returns true
 */
export function refcount_dec_and_test(r: refcount_t): Op<boolean> {
  return request(DEC_AND_TEST, objectOf(r));
}

/**
 * Drops a reference that must not be the last. If it is, warns and saturates.
 *
 * @kernel include/linux/refcount.h
 * @context any; does not sleep
 * @ordering release
 */
export function refcount_dec(r: refcount_t): Op<void> {
  return request(DEC, objectOf(r));
}

/**
 * Drops a reference only if it is the last.
 *
 * @returns true if it went from 1 to 0
 * @kernel include/linux/refcount.h
 * @context any; does not sleep
 * @ordering release when it returns true, none otherwise
 */
export function refcount_dec_if_one(r: refcount_t): Op<boolean> {
  return request(DEC_IF_ONE, objectOf(r));
}

/**
 * Drops a reference unless it is the last.
 *
 * @returns true if it dropped one
 * @kernel include/linux/refcount.h
 * @context any; does not sleep
 * @ordering release when it returns true, none otherwise
 */
export function refcount_dec_not_one(r: refcount_t): Op<boolean> {
  return request(DEC_NOT_ONE, objectOf(r));
}

/**
 * Takes `i` references unless the count is 0.
 *
 * @example
 * const users = DEFINE_STATIC('users', struct('users', { count: refcount_t }));
 * yield* refcount_set(users.count, 1);
 * yield* refcount_add_not_zero(2, users.count); // => true
 * yield* refcount_sub_and_test(3, users.count); // => true
 * yield* refcount_add_not_zero(2, users.count); // => false
 * @param i the number of references
 * @returns true if it took them, false if the object is being freed; check the result
 * @kernel include/linux/refcount.h
 * @context any; does not sleep
 * @ordering none
 */
export function refcount_add_not_zero(i: number, r: refcount_t): Op<boolean> {
  return request(ADD_NOT_ZERO, objectOf(r), i);
}

/**
 * Drops `i` references and returns whether they were the last. With less than that left it warns and saturates.
 *
 * @param i the number of references
 * @returns true if they were the last
 * @kernel include/linux/refcount.h
 * @context any; does not sleep
 * @ordering release, and acquire when it returns true
 */
export function refcount_sub_and_test(i: number, r: refcount_t): Op<boolean> {
  return request(SUB_AND_TEST, objectOf(r), i);
}
