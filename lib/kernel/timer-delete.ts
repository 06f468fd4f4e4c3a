// SPDX-License-Identifier: GPL-2.0-only
/** Taking timers off, with and without waiting for a function that runs. After include/linux/timer.h and kernel/time/timer.c. */
import { composite, objectOf, type Op } from '../machine';
import { deleteOnce, deleter, deleteSync, type timer_list } from './timer-core';

function deletes(name: string, shut: boolean): (timer: timer_list) => Op<number> {
  const kind = deleter(name, { sync: false, shut });
  return (timer) => composite(name, deleteOnce(kind, objectOf(timer)));
}

function waits(name: string, shut: boolean): (timer: timer_list) => Op<number> {
  const kind = deleter(name, { sync: true, shut });
  return (timer) => composite(name, deleteSync(kind, objectOf(timer)));
}

const timerDelete = deletes('timer_delete', false);
const delTimer = deletes('del_timer', false);
const timerShutdown = deletes('timer_shutdown', true);
const timerDeleteSync = waits('timer_delete_sync', false);
const delTimerSync = waits('del_timer_sync', false);
const timerShutdownSync = waits('timer_shutdown_sync', true);
const TRY = deleter('try_to_del_timer_sync', { sync: true, shut: false }, false);

/**
 * Takes a timer off. Its function may run at this very moment, and go on running.
 *
 * @returns 1 if it was armed, 0 if not
 * @kernel include/linux/timer.h
 * @context any; does not sleep
 * @ordering none
 */
export function timer_delete(timer: timer_list): Op<number> {
  return timerDelete(timer);
}

/**
 * The name of timer_delete() before Linux 6.15.
 *
 * @example
 * const ticks = DEFINE_ATOMIC('ticks', 0);
 * function* tick() {
 *   yield* atomic_inc(ticks);
 * }
 * const timer = DEFINE_TIMER('timer', tick);
 * yield* mod_timer(timer, (yield* jiffies()) + 1);
 * const armed = yield* del_timer(timer);
 * yield* del_timer_sync(timer);
 * (yield* atomic_read(ticks)) + armed; // => 1
 * @returns 1 if it was armed, 0 if not
 * @kernel include/linux/timer.h
 * @context any; does not sleep
 * @ordering none
 */
export function del_timer(timer: timer_list): Op<number> {
  return delTimer(timer);
}

/**
 * Disarms a timer, and waits for its function if that is running. A task can still arm it afterwards.
 *
 * @returns 1 if it was armed, 0 if not
 * @kernel include/linux/timer.h
 * @context any but an interrupt, neither in the function nor with a lock it takes; does not sleep, but spins
 * @ordering acquire, from the function
 */
export function timer_delete_sync(timer: timer_list): Op<number> {
  return timerDeleteSync(timer);
}

/**
 * The name of timer_delete_sync() before Linux 6.15.
 *
 * @returns 1 if it was armed, 0 if not
 * @kernel include/linux/timer.h
 * @context any but an interrupt, neither in the function nor with a lock it takes; does not sleep, but spins
 * @ordering acquire, from the function
 */
export function del_timer_sync(timer: timer_list): Op<number> {
  return delTimerSync(timer);
}

/**
 * Takes a timer off unless its function runs, and does not wait.
 *
 * @returns 1 if it was armed, 0 if not, -1 if its function runs
 * @kernel include/linux/timer.h
 * @context any; does not sleep
 * @ordering acquire, from the function, unless it returns -1
 */
export function try_to_del_timer_sync(timer: timer_list): Op<number> {
  return composite('try_to_del_timer_sync', deleteOnce(TRY, objectOf(timer)));
}

/**
 * Takes a timer off for good: until timer_setup(), what arms it does nothing. Its function may run at this very moment.
 *
 * @returns 1 if it was armed, 0 if not
 * @kernel include/linux/timer.h
 * @context any; does not sleep
 * @ordering none
 */
export function timer_shutdown(timer: timer_list): Op<number> {
  return timerShutdown(timer);
}

/**
 * Takes a timer off for good, and waits for its function if it runs: until timer_setup(), what arms it does nothing. What a timer
 * and a work that arm each other need at their end.
 *
 * @example
 * const device = struct('device', { watchdog: timer_list, reset: work_struct });
 * function* device_timeout(t: timer_list) {
 *   yield* schedule_work(from_timer(device, t, 'watchdog').reset);
 * }
 * function* device_reset(work: work_struct) {
 *   yield* mod_timer(container_of(work, device, 'reset').watchdog, (yield* jiffies()) + HZ);
 * }
 * const one = yield* kzalloc(device, GFP_KERNEL);
 * if (one === null) return;
 * yield* timer_setup(one.watchdog, device_timeout, TIMER_DEFERRABLE);
 * yield* INIT_WORK(one.reset, device_reset);
 * yield* schedule_work(one.reset);
 * yield* timer_shutdown_sync(one.watchdog);
 * yield* cancel_work_sync(one.reset);
 * yield* try_to_del_timer_sync(one.watchdog); // => 0
 * yield* timer_shutdown(one.watchdog); // => 0
 * yield* kfree(one);
 * @returns 1 if it was armed, 0 if not
 * @kernel include/linux/timer.h
 * @context any but an interrupt, neither in the function nor with a lock it takes; does not sleep, but spins
 * @ordering acquire, from the function
 */
export function timer_shutdown_sync(timer: timer_list): Op<number> {
  return timerShutdownSync(timer);
}
