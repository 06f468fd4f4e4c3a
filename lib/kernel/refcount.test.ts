// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct } from '../machine';
import {
  DEFINE_ATOMIC,
  atomic_dec_and_lock,
  atomic_read,
  DEFINE_SPINLOCK,
  GFP_KERNEL,
  kzalloc,
  refcount_add,
  refcount_add_not_zero,
  refcount_dec,
  refcount_dec_and_lock,
  refcount_dec_and_test,
  refcount_dec_if_one,
  refcount_dec_not_one,
  refcount_inc,
  refcount_inc_not_zero,
  refcount_read,
  REFCOUNT_SATURATED,
  refcount_set,
  refcount_sub_and_test,
  refcount_t,
  spin_lock,
  spin_unlock,
} from '.';

const object = struct('object', { refs: refcount_t });
const SAT = REFCOUNT_SATURATED;
const INT_MAX = 0x7fffffff;

type Call = (r: refcount_t) => Op<unknown>;

/** Runs one operation on a counter with a value: what it returns, leaves and complains of. */
function on(value: number, call: Call): { result: unknown; left: number; said: readonly string[] } {
  let result: unknown;
  let left = NaN;
  const seen = agree({
    *setup() {
      const made = yield* kzalloc(object, GFP_KERNEL);
      if (made === null) throw new Error('kzalloc failed');
      yield* refcount_set(made.refs, value);
      return made;
    },
    tasks: {
      *a({ refs }) {
        result = yield* call(refs);
        left = yield* refcount_read(refs);
      },
    },
  });
  return { result, left, said: seen.complaints };
}

const ADDED = 'refcount: addition on 0; use-after-free';
const LEAKED = 'refcount: saturated; leaking memory';
const UNDER = 'refcount: underflow; use-after-free';
const HIT = 'refcount: decrement hit 0; leaking memory';

it.each<[string, Call, number, unknown, number, string[]]>([
  ['inc', refcount_inc, 1, undefined, 2, []],
  ['inc', refcount_inc, 0, undefined, SAT, [ADDED]],
  ['inc', refcount_inc, INT_MAX, undefined, SAT, [LEAKED]],
  ['inc', refcount_inc, SAT, undefined, SAT, [LEAKED]],
  ['add 3', (r) => refcount_add(3, r), 2, undefined, 5, []],
  ['add_not_zero 2', (r) => refcount_add_not_zero(2, r), 1, true, 3, []],
  ['add_not_zero 2', (r) => refcount_add_not_zero(2, r), 0, false, 0, []],
  ['sub_and_test 2', (r) => refcount_sub_and_test(2, r), 3, false, 1, []],
  ['sub_and_test 2', (r) => refcount_sub_and_test(2, r), 2, true, 0, []],
  ['sub_and_test 2', (r) => refcount_sub_and_test(2, r), 1, false, SAT, [UNDER]],
  ['inc_not_zero', refcount_inc_not_zero, 1, true, 2, []],
  ['inc_not_zero', refcount_inc_not_zero, 0, false, 0, []],
  ['inc_not_zero', refcount_inc_not_zero, SAT, true, SAT, [LEAKED]],
  ['dec_and_test', refcount_dec_and_test, 2, false, 1, []],
  ['dec_and_test', refcount_dec_and_test, 1, true, 0, []],
  ['dec_and_test', refcount_dec_and_test, 0, false, SAT, [UNDER]],
  ['dec_and_test', refcount_dec_and_test, SAT, false, SAT, []],
  ['dec', refcount_dec, 2, undefined, 1, []],
  ['dec', refcount_dec, 1, undefined, SAT, [HIT]],
  ['dec_if_one', refcount_dec_if_one, 1, true, 0, []],
  ['dec_if_one', refcount_dec_if_one, 2, false, 2, []],
  ['dec_if_one', refcount_dec_if_one, 0, false, 0, []],
  ['dec_not_one', refcount_dec_not_one, 3, true, 2, []],
  ['dec_not_one', refcount_dec_not_one, 1, false, 1, []],
  ['dec_not_one', refcount_dec_not_one, 0, true, 0, [UNDER]],
  ['dec_not_one', refcount_dec_not_one, SAT, true, SAT, []],
])('refcount_%s on %#', (_name, call, value, result, left, said) => {
  expect(on(value, call)).toEqual({ result, left, said });
});

const lock = DEFINE_SPINLOCK('lock');
const count = DEFINE_ATOMIC('count', 2);

it('refcount_dec_and_lock() returns true with the lock held, and only for the last reference', () => {
  expect(on(2, (r) => refcount_dec_and_lock(r, lock)).result).toBe(false);
  expect(on(2, (r) => refcount_dec_and_lock(r, lock)).left).toBe(1);
  function* last(r: refcount_t): Op<unknown> {
    const held = yield* refcount_dec_and_lock(r, lock);
    if (held) yield* spin_unlock(lock);
    return held;
  }
  expect(on(1, last)).toEqual({ result: true, left: 0, said: [] });
});

it('nobody who takes the lock sees a count of zero that atomic_dec_and_lock() has not published under it', () => {
  const seen = new Set<number>();
  function* put(): Op<void> {
    if (yield* atomic_dec_and_lock(count, lock)) yield* spin_unlock(lock);
  }
  const result = agree({
    tasks: {
      a: put,
      b: put,
      *look() {
        yield* spin_lock(lock);
        const before = yield* atomic_read(count);
        const after = yield* atomic_read(count);
        if (after === 0) seen.add(before);
        yield* spin_unlock(lock);
      },
    },
  });
  expect(result.complaints).toEqual([]);
  expect([...seen]).toEqual([0]);
});
