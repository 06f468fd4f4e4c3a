// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import type { Op } from '../machine';
import { lockdep_assert_held, lockdep_assert_not_held } from './lockdep';
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from './mutex';
import { DECLARE_RWSEM, down_read, up_read } from './rwsem';

const lock = DEFINE_MUTEX('lock');
const sem = DECLARE_RWSEM('sem');

function complaints(...bodies: (() => Op<void>)[]): readonly string[] {
  const tasks = Object.fromEntries(bodies.map((body, i) => [`t${i}`, body]));
  return agree({ tasks }).complaints;
}

function* holds(): Op<void> {
  yield* mutex_lock(lock);
  lockdep_assert_held(lock);
  yield* mutex_unlock(lock);
  yield* down_read(sem);
  lockdep_assert_held(sem);
  lockdep_assert_not_held(lock);
  yield* up_read(sem);
}

function* asserts(): Op<void> {
  yield* down_read(sem);
  lockdep_assert_held(lock);
  yield* up_read(sem);
}

it('warns of a caller without the lock, also where another task holds it', () => {
  expect(complaints(asserts)).toEqual(['warn: ']);
  expect(complaints(holds, asserts)).toEqual(['warn: ']);
});

it('is silent of a holder, a reader and a task that has given it back', () => {
  expect(complaints(holds)).toEqual([]);
  expect(complaints(holds, holds)).toEqual([]);
});
