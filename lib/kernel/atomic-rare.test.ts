// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import type { Op } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { atomic_read, atomic_set, type atomic_t, DEFINE_ATOMIC } from './atomic';
import {
  atomic_cmpxchg_acquire,
  atomic_cmpxchg_relaxed,
  atomic_cmpxchg_release,
  atomic_dec_return_release,
  atomic_read_acquire,
  atomic_set_release,
  atomic_try_cmpxchg,
} from './atomic-order';
import {
  atomic_add_negative,
  atomic_and,
  atomic_andnot,
  atomic_fetch_add_unless,
  atomic_fetch_dec,
  atomic_fetch_inc,
  atomic_or,
  atomic_sub_return,
} from './atomic-rare';
import { static_var } from './static-var';

const v = DEFINE_ATOMIC('v', 0);
const data = static_var('data', 0);

type Row = readonly [(v: atomic_t) => Op<unknown>, number, unknown, number];
const rows: readonly Row[] = [
  [(x) => atomic_or(6, x), 3, undefined, 7],
  [(x) => atomic_and(6, x), 3, undefined, 2],
  [(x) => atomic_andnot(6, x), 3, undefined, 1],
  [(x) => atomic_sub_return(2, x), 3, 1, 1],
  [(x) => atomic_add_negative(-3, x), 3, false, 0],
  [(x) => atomic_add_negative(-4, x), 3, true, -1],
  [atomic_fetch_inc, 3, 3, 4],
  [atomic_fetch_dec, 3, 3, 2],
  [(x) => atomic_fetch_add_unless(x, 2, 3), 3, 3, 3],
  [(x) => atomic_fetch_add_unless(x, 2, 4), 3, 3, 5],
  [(x) => atomic_try_cmpxchg(x, { value: 3 }, 8), 3, true, 8],
  [(x) => atomic_try_cmpxchg(x, { value: 2 }, 8), 3, false, 3],
  [(x) => atomic_cmpxchg_acquire(x, 3, 8), 3, 3, 8],
  [(x) => atomic_cmpxchg_release(x, 2, 8), 3, 3, 3],
  [(x) => atomic_cmpxchg_relaxed(x, 3, 8), 3, 3, 8],
  [atomic_dec_return_release, 3, 2, 2],
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

it('tells what was found where a compare-and-exchange fails', () => {
  const old = { value: 7 };
  agree({
    tasks: {
      *a() {
        old.value = 7;
        yield* atomic_try_cmpxchg(v, old, 1);
      },
    },
  });
  expect(old.value).toBe(0);
});

/** What the detectors say of data that is handed over by a flag. */
function kinds(set: () => Op<unknown>, isSet: () => Op<number>): readonly string[] {
  return told(dpor, allMonitors(), (machine) => {
    machine.spawn('writer', function* () {
      yield* atomic_read(v);
      data.value = 1;
      yield* set();
    });
    machine.spawn('reader', function* () {
      if ((yield* isSet()) === 1) data.value = 2;
    });
  }).kinds;
}

it('hands data over with a release and an acquire, and with nothing less', () => {
  const release = (): Op<void> => atomic_set_release(v, 1);
  expect(kinds(release, () => atomic_read_acquire(v))).toEqual([]);
  expect(kinds(release, () => atomic_read(v))).toContain('data-race');
  expect(
    kinds(
      () => atomic_set(v, 1),
      () => atomic_read_acquire(v),
    ),
  ).toContain('data-race');
  expect(
    kinds(
      () => atomic_cmpxchg_release(v, 0, 1),
      () => atomic_cmpxchg_acquire(v, 1, 2),
    ),
  ).toEqual([]);
  expect(
    kinds(
      () => atomic_cmpxchg_relaxed(v, 0, 1),
      () => atomic_cmpxchg_acquire(v, 1, 2),
    ),
  ).toContain('data-race');
});
