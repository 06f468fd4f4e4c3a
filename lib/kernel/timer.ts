// SPDX-License-Identifier: GPL-2.0-only
/**
 * Timers: functions that are called later, in softirq context. After include/linux/timer.h and kernel/time/timer.c, without a
 * clock: an armed timer may expire at any moment, and does so in the end unless it is deleted. A scenario says in `expiries` how
 * often each may.
 */
import {
  type Fields,
  type Kind,
  type Machine,
  objectOf,
  type Op,
  request,
  storable,
  type StructHandle,
  type StructType,
} from '../machine';
import { container_of } from './list';
import { arm, assertInit, Timer, type timer_func_t, type timer_list } from './timer-core';

/** A timer that may wait until the CPU is awake anyway. Changes nothing here. */
export const TIMER_DEFERRABLE = 0x00080000;

/**
 * Defines a static timer, not armed.
 *
 * @param func what it calls; is given the timer, and must not sleep
 * @kernel include/linux/timer.h
 */
export function DEFINE_TIMER(name: string, func: timer_func_t): timer_list {
  storable(func);
  const timer = new Timer();
  timer.initial = func;
  return timer.makeStatic(name).handle;
}

const SETUP: Kind<Timer, [func: timer_func_t], void> = {
  name: 'timer_setup',
  access: 'write',
  perform(machine, task, { object, a: func, site }) {
    machine.initialising(task, object, site);
    object.init(func);
  },
};

/** Before anything is done with a timer: it was set up, and was not shut down. */
function usable(machine: Machine, timer: Timer, site: string): boolean {
  return assertInit(machine, timer, site) && !timer.shut;
}

const MOD: Kind<Timer, [expires: number], number> = {
  name: 'mod_timer',
  access: 'write',
  perform(machine, task, { object: timer, a: expires, site }) {
    if (!usable(machine, timer, site)) return 0;
    if (timer.state === 0) {
      arm(machine, task, timer, expires);
      return 0;
    }
    timer.expires = expires;
    machine.release(task, timer, true);
    return 1;
  },
};

const ADD: Kind<Timer, [], void> = {
  name: 'add_timer',
  access: 'write',
  perform(machine, task, { object: timer, site }) {
    if (!usable(machine, timer, site)) return;
    if (timer.state === 1) {
      machine.complain({ check: 'warn', message: '', object: timer, site });
      return;
    }
    arm(machine, task, timer, timer.expires);
  },
};

const PENDING: Kind<Timer, [], boolean> = {
  name: 'timer_pending',
  access: 'read',
  perform: (_machine, _task, { object }) => object.state === 1,
};

/**
 * Makes a timer usable, not armed.
 *
 * @param func what it calls; is given the timer, and must not sleep
 * @kernel include/linux/timer.h
 * @context any; does not sleep
 * @ordering none
 * @divergence the flags change nothing
 */
export function timer_setup(timer: timer_list, func: timer_func_t, _flags: number): Op<void> {
  storable(func);
  return request(SETUP, objectOf(timer), func);
}

/**
 * Arms a timer, or changes when it expires.
 *
 * @example
 * const device = struct('device', { watchdog: timer_list, resets: int });
 * function* device_reset(t: timer_list) {
 *   from_timer(device, t, 'watchdog').resets++;
 * }
 * const one = yield* kzalloc(device, GFP_KERNEL);
 * if (one === null) return;
 * yield* timer_setup(one.watchdog, device_reset, 0);
 * yield* timer_pending(one.watchdog); // => false
 * yield* mod_timer(one.watchdog, (yield* jiffies()) + HZ); // => 0
 * yield* timer_delete_sync(one.watchdog);
 * if (one.resets > 1) BUG();
 * yield* kfree(one);
 * @param expires when: a time in jiffies, of which only that it is later matters
 * @returns 1 if the timer was armed already, 0 if not
 * @kernel include/linux/timer.h
 * @context any; does not sleep
 * @ordering release, to the function
 * @divergence the timer may expire at any moment from now on, and as often as the scenario's `expiries` says
 */
export function mod_timer(timer: timer_list, expires: number): Op<number> {
  return request(MOD, objectOf(timer), expires);
}

/**
 * Arms a timer that is not armed.
 *
 * @example
 * const ticks = DEFINE_ATOMIC('ticks', 0);
 * function* tick() {
 *   yield* atomic_inc(ticks);
 * }
 * const timer = DEFINE_TIMER('timer', tick);
 * yield* add_timer(timer);
 * if ((yield* timer_delete(timer)) === 1) yield* add_timer(timer);
 * @kernel include/linux/timer.h
 * @context any; does not sleep
 * @ordering release, to the function
 * @divergence there is no `expires` to set: the timer may expire at any moment from now on
 */
export function add_timer(timer: timer_list): Op<void> {
  return request(ADD, objectOf(timer));
}

/**
 * Whether a timer is armed. It is not any more when its function begins.
 *
 * @returns whether it is; it may already be stale
 * @kernel include/linux/timer.h
 * @context any; does not sleep
 * @ordering none
 */
export function timer_pending(timer: timer_list): Op<boolean> {
  return request(PENDING, objectOf(timer));
}

/**
 * The structure around a timer: container_of() with its arguments in another order.
 *
 * @param type the type of the structure
 * @param member name of the timer_list in that structure
 * @returns the structure
 * @kernel include/linux/timer.h
 * @context any; does not sleep
 * @ordering none
 * @divergence takes the structure where C takes the variable that is assigned to
 */
export function from_timer<F extends Fields>(
  type: StructType<F>,
  timer: timer_list,
  member: keyof F & string,
): StructHandle<F> {
  return container_of(timer, type, member);
}
