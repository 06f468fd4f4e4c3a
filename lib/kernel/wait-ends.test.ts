// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { mutex_lock_interruptible } from './interruptible';
import { DEFINE_MUTEX } from './mutex';

const lock = DEFINE_MUTEX('lock');

it('a wait that a signal has ended could have ended so before others, whatever the signal has used up', () => {
  const take = () => mutex_lock_interruptible(lock);
  const seen = agree({ failures: { signal: 1 }, tasks: { a: take, b: take, c: take } });
  // The first one gets it; the others give up in any order.
  expect(seen).toMatchObject({ executions: 6, surplus: 0, blocked: 0, hung: 0 });
});
