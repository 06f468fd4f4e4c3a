// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import type { Op } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { ENOSPC } from './err';
import {
  DEFINE_IDA,
  ida_alloc,
  ida_alloc_max,
  ida_alloc_range,
  ida_destroy,
  ida_free,
  ida_is_empty,
} from './ida';
import { GFP_KERNEL } from './slab';
import { static_var } from './static-var';

const ids = DEFINE_IDA('ids');
const slot = static_var('slot', 0);

it('gives the lowest free number of a range, and says what is freed twice', () => {
  let given: unknown[] = [];
  const { complaints } = agree({
    tasks: {
      *a() {
        given = [
          yield* ida_alloc(ids, GFP_KERNEL),
          yield* ida_alloc_range(ids, 0, 4, GFP_KERNEL),
          yield* ida_alloc_max(ids, 1, GFP_KERNEL),
          yield* ida_alloc_range(ids, -1, 4, GFP_KERNEL),
        ];
        yield* ida_free(ids, 0);
        yield* ida_free(ids, 0);
        given.push(yield* ida_alloc(ids, GFP_KERNEL));
        yield* ida_destroy(ids);
        given.push(yield* ida_is_empty(ids));
      },
    },
  });
  expect(given).toEqual([0, 1, -ENOSPC, -ENOSPC, 0, true]);
  expect(complaints).toEqual(['warn: ida_free called for id=0 which is not allocated.']);
});

it('gives every task a number of its own, without a lock of the caller', () => {
  const seen = new Set<string>();
  let taken: number[] = [];
  const take = function* (): Op<void> {
    taken.push(yield* ida_alloc(ids, GFP_KERNEL));
  };
  const result = agree({
    *setup() {
      taken = [];
    },
    tasks: { a: take, b: take },
    *check() {
      seen.add(taken.slice().sort().join());
    },
  });
  expect(result).toMatchObject({ surplus: 0, blocked: 0, complaints: [], findings: [] });
  expect([...seen]).toEqual(['0,1']);
});

it('hands what belongs to a number over to the next who takes it', () => {
  const use = function* (): Op<void> {
    const id = yield* ida_alloc(ids, GFP_KERNEL);
    if (id === 0) slot.value++;
    yield* ida_free(ids, id);
  };
  const { kinds } = told(dpor, allMonitors(), (machine) => {
    machine.spawn('a', use);
    machine.spawn('b', use);
  });
  expect(kinds).toEqual([]);
});
