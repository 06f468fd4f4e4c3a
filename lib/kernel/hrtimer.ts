// SPDX-License-Identifier: GPL-2.0-only
/**
 * High-resolution timers: functions that are called later, in hard interrupt context. After include/linux/hrtimer.h, with
 * the types in hrtimer_types.h since Linux 6.8, and kernel/time/hrtimer.c, without a clock: one that is armed may expire at any moment,
 * as often as a scenario's `expiries` says.
 */
import {
  type Branded,
  composite,
  type Embeddable,
  embeddable,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  request,
  storable,
} from '../machine';
import { arm, assertInit, deleteOnce, deleter, deleteSync, Expiring } from './timer-core';

/** Calls a function later, in hard interrupt context. Embed it as `timer: hrtimer`. @kernel include/linux/hrtimer_types.h */
export interface hrtimer extends Branded<'hrtimer', HrTimer> {}

/** What such a function returns: whether the timer is armed again. @kernel include/linux/hrtimer_types.h */
export type hrtimer_restart = number;

/** What a timer does when it expires; it must not sleep. @kernel include/linux/hrtimer_types.h */
export type hrtimer_func_t = (timer: hrtimer) => Op<hrtimer_restart>;

/** The timer is not armed again. */
export const HRTIMER_NORESTART: hrtimer_restart = 0;
/** The timer is armed again. */
export const HRTIMER_RESTART: hrtimer_restart = 1;

/** The time is absolute. Changes nothing here. */
export const HRTIMER_MODE_ABS = 0;
/** The time is counted from now. Changes nothing here. */
export const HRTIMER_MODE_REL = 1;

/** The time of day. Changes nothing here. */
export const CLOCK_REALTIME = 0;
/** Time that is never set. Changes nothing here. */
export const CLOCK_MONOTONIC = 1;

class HrTimer extends Expiring {
  readonly typeName = 'hrtimer';
  readonly handle: hrtimer = makeHandle(this);
  readonly comm = 'hrtimer';
  readonly context = 'hardirq';
  readonly mapped = false;
  func: hrtimer_func_t | null = null;

  get hintText(): string {
    return this.func?.name ?? '';
  }

  *call(): Op<boolean> {
    if (this.func === null)
      throw new TypeError("Cannot read properties of null (reading 'function')");
    return (yield* this.func(this.handle)) !== HRTIMER_NORESTART;
  }

  leak(): null {
    return null;
  }

  init(func: hrtimer_func_t): void {
    this.begin();
    this.initialised = true;
    this.func = func;
  }

  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.func = null;
  }

  protected override reset(): void {
    super.reset();
    this.begin();
    this.initialised = false;
    this.func = null;
  }
}

/** Type of such a timer as a member of a structure. Unusable until hrtimer_setup() has run on it. */
export const hrtimer: Embeddable<hrtimer> = embeddable('hrtimer', () => new HrTimer());

const SETUP: Kind<HrTimer, [func: hrtimer_func_t], void> = {
  name: 'hrtimer_setup',
  access: 'write',
  perform(machine, task, { object, a: func, site }) {
    machine.initialising(task, object, site);
    object.init(func);
  },
};

const START: Kind<HrTimer, [], void> = {
  name: 'hrtimer_start',
  access: 'write',
  perform(machine, task, { object: timer, site }) {
    if (!assertInit(machine, timer, site)) return;
    if (timer.state === 0) arm(machine, task, timer, 0);
    else machine.release(task, timer, true);
  },
};

const QUEUED: Kind<HrTimer, [], boolean> = {
  name: 'hrtimer_is_queued',
  access: 'read',
  perform: (_machine, _task, { object }) => object.state === 1,
};

const FORWARD: Kind<HrTimer, [], number> = {
  name: 'hrtimer_forward_now',
  access: 'write',
  perform: (_machine, _task, { object }) => (object.state === 1 ? 0 : 1),
};

const CANCEL = deleter('hrtimer_cancel', { sync: true, shut: false });
const TRY = deleter('hrtimer_try_to_cancel', { sync: true, shut: false });

/**
 * Makes a timer usable, not armed.
 *
 * @param func what it calls; is given the timer, must not sleep, and returns HRTIMER_RESTART or HRTIMER_NORESTART
 * @kernel include/linux/hrtimer.h
 * @context any; does not sleep
 * @ordering none
 * @divergence neither the clock nor the mode changes anything; before Linux 6.13 hrtimer_init() and an assignment did this
 */
export function hrtimer_setup(
  timer: hrtimer,
  func: hrtimer_func_t,
  _clock: number,
  _mode: number,
): Op<void> {
  storable(func);
  return request(SETUP, objectOf(timer), func);
}

/**
 * Arms a timer, or changes when it expires.
 *
 * @example
 * const device = struct('device', { timer: hrtimer, ticks: int });
 * function* device_tick(t: hrtimer) {
 *   const one = container_of(t, device, 'timer');
 *   one.ticks++;
 *   yield* hrtimer_forward_now(t, 1000); // => 1
 *   return one.ticks < 2 ? HRTIMER_RESTART : HRTIMER_NORESTART;
 * }
 * const one = yield* kzalloc(device, GFP_KERNEL);
 * if (one === null) return;
 * yield* hrtimer_setup(one.timer, device_tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
 * yield* hrtimer_is_queued(one.timer); // => false
 * yield* hrtimer_start(one.timer, 1000, HRTIMER_MODE_REL);
 * yield* hrtimer_cancel(one.timer);
 * yield* hrtimer_try_to_cancel(one.timer); // => 0
 * if (one.ticks > 2) BUG();
 * yield* kfree(one);
 * @kernel include/linux/hrtimer.h
 * @context any; does not sleep
 * @ordering release, to the function
 * @divergence neither time nor mode changes anything: the timer may expire at any moment from now on, and as often as the scenario's
 *   `expiries` says
 */
export function hrtimer_start(timer: hrtimer, _expires: number, _mode: number): Op<void> {
  return request(START, objectOf(timer));
}

/**
 * Disarms a timer, and waits for its function if that is running, also if that arms it again.
 *
 * @returns 1 if it was armed, 0 if not
 * @kernel include/linux/hrtimer.h
 * @context any but the function, and not with a lock that it takes; does not sleep, but spins
 * @ordering acquire, from the function
 */
export function hrtimer_cancel(timer: hrtimer): Op<number> {
  return composite('hrtimer_cancel', deleteSync(CANCEL, objectOf(timer)));
}

/**
 * Disarms a timer unless its function runs, and does not wait.
 *
 * @returns 1 if it was armed, 0 if not, -1 if its function runs
 * @kernel include/linux/hrtimer.h
 * @context any; does not sleep
 * @ordering acquire, from the function, unless it returns -1
 */
export function hrtimer_try_to_cancel(timer: hrtimer): Op<number> {
  return composite('hrtimer_try_to_cancel', deleteOnce(TRY, objectOf(timer)));
}

/**
 * Whether a timer is armed. It is not any more when its function begins.
 *
 * @returns whether it is; it may already be stale
 * @kernel include/linux/hrtimer.h
 * @context any; does not sleep
 * @ordering none
 */
export function hrtimer_is_queued(timer: hrtimer): Op<boolean> {
  return request(QUEUED, objectOf(timer));
}

/**
 * Moves the time at which a timer expires beyond now by an interval, which its function does before it returns HRTIMER_RESTART.
 *
 * @returns 1, or 0 if the timer is armed
 * @kernel include/linux/hrtimer.h
 * @context the function, or any while the timer is not armed; does not sleep
 * @ordering none
 * @divergence it is never overrun by more than one interval; if the timer is armed there is no warning, which Linux gives when its time
 *   is over already
 */
export function hrtimer_forward_now(timer: hrtimer, _interval: number): Op<number> {
  return request(FORWARD, objectOf(timer));
}
