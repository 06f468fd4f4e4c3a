// SPDX-License-Identifier: GPL-2.0-only
/** A scenario for tests of the game: two takers of a lock, and a counter that may go wrong. */
import {
  atomic_read,
  atomic_set,
  DEFINE_ATOMIC,
  DEFINE_MUTEX,
  expect_eq,
  GFP_KERNEL,
  kfree,
  kzalloc,
  kref,
  kref_init,
  mutex_lock,
  mutex_unlock,
  type Op,
  struct,
} from '../../../../lib/index';
import { scenario } from '../../../../lib/scenario/scenario';

const lock = DEFINE_MUTEX('toy_lock');
const toys = DEFINE_ATOMIC('toys', 0);
const toy = struct('toy', { refs: kref });

/** Takes a toy under the lock, and counts it when the lock is released again. */
function* take(): Op<void> {
  yield* mutex_lock(lock);
  const mine = yield* kzalloc(toy, GFP_KERNEL);
  if (mine !== null) yield* kref_init(mine.refs);
  const seen = yield* atomic_read(toys);
  yield* mutex_unlock(lock);
  yield* atomic_set(toys, seen + 1);
  if (mine !== null) yield* kfree(mine);
}

export const TOY = scenario({
  id: 'two-takers',
  title: 'two toys that are taken are counted as two',
  task: 1,
  kind: 'race',
  tasks: { 'taker/a': take, 'taker/b': take },
  failures: { kzalloc: 1 },
  *check() {
    expect_eq(yield* atomic_read(toys), 2, 'toys that are taken');
  },
});
