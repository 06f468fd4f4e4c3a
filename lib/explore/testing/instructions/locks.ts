// SPDX-License-Identifier: GPL-2.0-only
/** Locks of every kind: taken, tried and released. */
import * as k from '../../../kernel';
import type { Op } from '../../../machine';
import { giveBack, giving, type Make, pick, taking, trying, two } from './kit';

export const spins = two(k.DEFINE_SPINLOCK, 's');
const mutexes = two(k.DEFINE_MUTEX, 'm');
const sems = two(k.DECLARE_RWSEM, 'rw');
const refs = two((name) => k.DEFINE_STATIC(name, k.lockref), 'ref');
const counting = two((name) => k.DEFINE_SEMAPHORE(name, 1), 'sem');

/** For the start of a program: a reference each. */
export function* prepareRefs(): Op<void> {
  for (const ref of refs) yield* k.lockref_init(ref);
}

export const locks: Make[] = [
  (i) =>
    taking(
      `spin_lock(s${i})`,
      () => k.spin_lock(pick(spins, i)),
      () => k.spin_unlock(pick(spins, i)),
    ),
  (i) =>
    taking(
      `mutex_lock(m${i})`,
      () => k.mutex_lock(pick(mutexes, i)),
      () => k.mutex_unlock(pick(mutexes, i)),
    ),
  (i) =>
    trying(
      `spin_trylock(s${i})`,
      () => k.spin_trylock(pick(spins, i)),
      () => k.spin_unlock(pick(spins, i)),
    ),
  (i) =>
    trying(
      `mutex_trylock(m${i})`,
      () => k.mutex_trylock(pick(mutexes, i)),
      () => k.mutex_unlock(pick(mutexes, i)),
    ),
  (i) =>
    taking(
      `down_read(rw${i})`,
      () => k.down_read(pick(sems, i)),
      () => k.up_read(pick(sems, i)),
    ),
  (i) =>
    taking(
      `down_write(rw${i})`,
      () => k.down_write(pick(sems, i)),
      () => k.up_write(pick(sems, i)),
    ),
  (i) =>
    trying(
      `down_read_trylock(rw${i})`,
      () => k.down_read_trylock(pick(sems, i)),
      () => k.up_read(pick(sems, i)),
    ),
  (i) =>
    trying(
      `down_write_trylock(rw${i})`,
      () => k.down_write_trylock(pick(sems, i)),
      () => k.up_write(pick(sems, i)),
    ),
  (i) =>
    taking(
      `down(sem${i})`,
      () => k.down(pick(counting, i)),
      () => k.up(pick(counting, i)),
    ),
  (i) =>
    trying(
      `!mutex_lock_interruptible(m${i})`,
      function* () {
        return (yield* k.mutex_lock_interruptible(pick(mutexes, i))) === 0 ? 1 : 0;
      },
      () => k.mutex_unlock(pick(mutexes, i)),
    ),
  (i) =>
    taking(
      `spin_lock(ref${i}.lock)`,
      () => k.spin_lock(pick(refs, i).lock),
      () => k.spin_unlock(pick(refs, i).lock),
    ),
  (i) => giving(`lockref_get_not_zero(ref${i})`, () => k.lockref_get_not_zero(pick(refs, i))),
  (i) => giving(`lockref_put_return(ref${i})`, () => k.lockref_put_return(pick(refs, i))),
  giveBack,
  giveBack,
  giveBack,
];
