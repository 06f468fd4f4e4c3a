// SPDX-License-Identifier: GPL-2.0-only
/** What code says of the locks it is called with. After include/linux/lockdep.h. */
import { current, type Handle, here, objectOf } from '../machine';

function warnUnless(held: boolean, lock: Handle): void {
  const { machine } = current;
  const { task } = machine;
  const object = objectOf(lock);
  if (task.held.some((each) => each.object === object) === held) return;
  machine.complain({ check: 'warn', message: '', object, site: here() });
}

/**
 * Says that the caller holds a lock: a warning if it does not, however it goes on.
 *
 * @example
 * const lock = DEFINE_SPINLOCK('lock');
 * const users = static_var('users', 0);
 * function* get_locked() {
 *   lockdep_assert_held(lock);
 *   users.value++;
 * }
 * lockdep_assert_not_held(lock);
 * yield* spin_lock(lock);
 * yield* get_locked();
 * yield* spin_unlock(lock);
 * @kernel include/linux/lockdep.h
 * @context any; does not sleep
 * @ordering none
 */
export function lockdep_assert_held(lock: Handle): void {
  warnUnless(true, lock);
}

/**
 * Says that the caller does not hold a lock, since the function takes it or waits for tasks that do.
 *
 * @kernel include/linux/lockdep.h
 * @context any; does not sleep
 * @ordering none
 */
export function lockdep_assert_not_held(lock: Handle): void {
  warnUnless(false, lock);
}
