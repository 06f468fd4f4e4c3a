// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { static_var } from '../kernel';
import type { Op } from '../machine';
import { ASSERT_RTNL, rtnl_is_locked, rtnl_lock, rtnl_trylock, rtnl_unlock } from './rtnetlink';

/** A plain variable: two tasks at the same time would race. */
const ifaces = static_var('ifaces', 0);

function* add(): Op<void> {
  yield* rtnl_lock();
  yield* ASSERT_RTNL();
  ifaces.value++;
  yield* rtnl_unlock();
}

it('lets one task at a time change the network', () => {
  const seen: unknown[] = [];
  function* tried(): Op<void> {
    const got = yield* rtnl_trylock();
    seen.push(got);
    if (got === 1) yield* rtnl_unlock();
  }
  expect(agree({ tasks: { a: add, b: add, c: tried } })).toMatchObject({
    hung: 0,
    complaints: [],
    findings: [],
  });
  expect(new Set(seen)).toEqual(new Set([0, 1]));
});

it('warns where nobody holds the lock', () => {
  const seen: boolean[] = [];
  const { complaints } = agree({
    tasks: {
      *a() {
        seen.push(yield* rtnl_is_locked());
        yield* ASSERT_RTNL();
      },
    },
  });
  expect(complaints).toEqual(['warn: RTNL: assertion failed']);
  expect(new Set(seen)).toEqual(new Set([false]));
});
