// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import type { Op } from '../machine';
import { atomic_read, atomic_set, type atomic_t, DEFINE_ATOMIC } from './atomic';
import {
  atomic_dec_if_positive,
  atomic_dec_unless_positive,
  atomic_fetch_add,
  atomic_fetch_and,
  atomic_fetch_or,
  atomic_fetch_sub,
  atomic_inc_and_test,
  atomic_inc_unless_negative,
} from './atomic-fetch';

const v = DEFINE_ATOMIC('v', 0);

type Row = readonly [(v: atomic_t) => Op<unknown>, number, unknown, number];
const rows: readonly Row[] = [
  [(x) => atomic_fetch_add(3, x), 4, 4, 7],
  [(x) => atomic_fetch_sub(3, x), 4, 4, 1],
  [(x) => atomic_fetch_or(3, x), 4, 4, 7],
  [(x) => atomic_fetch_and(5, x), 6, 6, 4],
  [atomic_inc_and_test, -1, true, 0],
  [atomic_inc_and_test, 0, false, 1],
  [atomic_inc_unless_negative, -1, false, -1],
  [atomic_inc_unless_negative, 0, true, 1],
  [atomic_dec_unless_positive, 1, false, 1],
  [atomic_dec_unless_positive, 0, true, -1],
  [atomic_dec_if_positive, 1, 0, 0],
  [atomic_dec_if_positive, 0, -1, 0],
];

it.each(rows)('%p of %p gives %p and leaves %p', (change, before, result, after) => {
  const seen: unknown[] = [];
  agree({
    tasks: {
      *a() {
        yield* atomic_set(v, before);
        seen.push(yield* change(v), yield* atomic_read(v));
      },
    },
  });
  expect(seen.slice(0, 2)).toEqual([result, after]);
});

it('gives every task a number of its own', () => {
  const numbers: string[] = [];
  let own: number[] = [];
  agree({
    *setup() {
      own = [];
      yield* atomic_set(v, 0);
    },
    tasks: {
      *a() {
        own.push(yield* atomic_fetch_add(1, v));
      },
      *b() {
        own.push(yield* atomic_fetch_add(1, v));
      },
    },
    *check() {
      numbers.push(own.sort().join(' '));
      yield* atomic_read(v);
    },
  });
  expect(new Set(numbers)).toEqual(new Set(['0 1']));
});
