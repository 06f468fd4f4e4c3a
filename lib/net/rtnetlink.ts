// SPDX-License-Identifier: GPL-2.0-only
/** The lock of the network's configuration, and waiting until no packet is under way. After include/linux/rtnetlink.h, net/core. */
import {
  DEFINE_MUTEX,
  mutex_is_locked,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  synchronize_rcu,
  WARN_ONCE,
} from '../kernel';
import { composite, type Op } from '../machine';

const rtnl_mutex = DEFINE_MUTEX('rtnl_mutex');

function* asserting(): Op<void> {
  WARN_ONCE(!(yield* mutex_is_locked(rtnl_mutex)), 'RTNL: assertion failed');
}

/**
 * Takes the lock under which devices, addresses and routes are changed, one change at a time.
 *
 * @example
 * const ifaces = static_var('ifaces', 0);
 * function* add_iface() {
 *   yield* ASSERT_RTNL();
 *   ifaces.value++;
 * }
 * yield* rtnl_lock();
 * yield* add_iface();
 * yield* rtnl_unlock();
 * if ((yield* rtnl_trylock()) === 1) {
 *   yield* rtnl_is_locked(); // => true
 *   yield* synchronize_net();
 *   yield* rtnl_unlock();
 * }
 * @kernel include/linux/rtnetlink.h
 * @context process context only; may sleep
 * @ordering acquire
 */
export function rtnl_lock(): Op<void> {
  return composite('rtnl_lock', mutex_lock(rtnl_mutex));
}

/**
 * Takes the lock if nobody holds it.
 *
 * @returns 1 if it took it, 0 otherwise
 * @kernel include/linux/rtnetlink.h
 * @context process context only; does not sleep
 * @ordering acquire if it took it, none otherwise
 */
export function rtnl_trylock(): Op<number> {
  return composite('rtnl_trylock', mutex_trylock(rtnl_mutex));
}

/**
 * Gives the lock back.
 *
 * @kernel include/linux/rtnetlink.h
 * @context process context, by the task that holds it; does not sleep
 * @ordering release
 * @divergence does not end the removal of devices: netdev_run_todo() is left out
 */
export function rtnl_unlock(): Op<void> {
  return composite('rtnl_unlock', mutex_unlock(rtnl_mutex));
}

/**
 * Whether a task holds the lock, whichever that is.
 *
 * @returns whether it is held; it may already be stale
 * @kernel include/linux/rtnetlink.h
 * @context any; does not sleep
 * @ordering none
 */
export function rtnl_is_locked(): Op<boolean> {
  return composite('rtnl_is_locked', mutex_is_locked(rtnl_mutex));
}

/**
 * Warns unless a task holds the lock. It need not be the caller: lockdep_assert_held() is stricter.
 *
 * @kernel include/linux/rtnetlink.h
 * @context any; does not sleep
 * @ordering none
 */
export function ASSERT_RTNL(): Op<void> {
  return composite('ASSERT_RTNL', asserting());
}

/**
 * Waits until every packet that is being received has been: synchronize_rcu().
 *
 * @kernel include/linux/netdevice.h
 * @context process context, outside read sections; may sleep
 * @ordering as synchronize_rcu()
 * @divergence is not faster with the lock held, as there is no time here
 */
export function synchronize_net(): Op<void> {
  return composite('synchronize_net', synchronize_rcu());
}
