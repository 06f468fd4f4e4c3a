// SPDX-License-Identifier: GPL-2.0-only
/**
 * drivers/input/touchscreen/cyttsp4_core.c as of Linux 6.4, with what commit dbe836576f12 ("Input: cyttsp4_core - change
 * del_timer_sync() to timer_shutdown_sync()", 2023) was meant to do.
 *
 * A touchscreen with a watchdog: a timer queues a work, and the work reads the controller and arms the timer again.
 */
import {
  bool,
  cancel_work_sync,
  container_of,
  EIO,
  from_timer,
  GFP_KERNEL,
  HZ,
  INIT_WORK,
  int,
  jiffies,
  kfree,
  kzalloc,
  mod_timer,
  mutex,
  mutex_init,
  mutex_lock,
  mutex_unlock,
  type Op,
  ptr,
  schedule_work,
  struct,
  type StructOf,
  timer_list,
  timer_setup,
  timer_shutdown_sync,
  work_pending,
  work_struct,
} from '#lib';

const SS_SLEEP_OFF = 0;
const SS_SLEEP_ON = 1;
const SS_SLEEPING = 2;
const SS_WAKING = 3;

/** The controller, at the other end of the bus. */
export const cyttsp4_controller = struct('cyttsp4_controller', {
  resets: int,
  reads: int,
  deep_sleep: bool /* until somebody reads a register */,
  mute: bool /* does not answer */,
});
export interface cyttsp4_controller extends StructOf<typeof cyttsp4_controller> {}

export const cyttsp4 = struct('cyttsp4', {
  hw: ptr.unchecked<cyttsp4_controller>(),
  system_lock: mutex,
  sleep_state: int,
  watchdog_timer: timer_list,
  watchdog_work: work_struct,
});
export interface cyttsp4 extends StructOf<typeof cyttsp4> {}

/** Reads a register of the controller, which wakes it up. */
function cyttsp4_adap_read({ hw }: cyttsp4): number {
  if (hw.mute) return -EIO;
  hw.reads++;
  hw.deep_sleep = false;
  return 0;
}

/** The timer has expired. */
function* cyttsp4_watchdog_timer(t: timer_list): Op<void> {
  const cd = from_timer(cyttsp4, t, 'watchdog_timer');

  if (!(yield* work_pending(cd.watchdog_work))) yield* schedule_work(cd.watchdog_work);
}

/** Only after cyttsp4_stop_wd_timer(): the timer was shut down. */
function* cyttsp4_start_wd_timer(cd: cyttsp4): Op<void> {
  yield* timer_setup(cd.watchdog_timer, cyttsp4_watchdog_timer, 0);
  yield* cyttsp4_arm_wd_timer(cd);
}

/** Does nothing to a timer that was shut down. */
function* cyttsp4_arm_wd_timer(cd: cyttsp4): Op<void> {
  yield* mod_timer(cd.watchdog_timer, (yield* jiffies()) + HZ);
}

function* cyttsp4_stop_wd_timer(cd: cyttsp4): Op<void> {
  /* from here on the work cannot arm the timer, so the timer cannot queue the work after it has been cancelled */
  yield* timer_shutdown_sync(cd.watchdog_timer);
  yield* cancel_work_sync(cd.watchdog_work);
}

/** Looks whether the controller still answers. */
function* cyttsp4_watchdog_work(work: work_struct): Op<void> {
  const cd = container_of(work, cyttsp4, 'watchdog_work');

  yield* mutex_lock(cd.system_lock);
  if (cyttsp4_adap_read(cd) === 0) yield* cyttsp4_arm_wd_timer(cd);
  yield* mutex_unlock(cd.system_lock);
}

/** Somebody touches the screen: the thread of the interrupt. */
export function* cyttsp4_irq(cd: cyttsp4): Op<void> {
  yield* mutex_lock(cd.system_lock);
  cyttsp4_adap_read(cd);
  yield* mutex_unlock(cd.system_lock);
}

/** Resets the controller, and begins to watch it. */
export function* cyttsp4_startup(cd: cyttsp4): Op<void> {
  yield* cyttsp4_stop_wd_timer(cd);

  yield* mutex_lock(cd.system_lock);
  cd.hw.resets++;
  yield* mutex_unlock(cd.system_lock);

  yield* cyttsp4_start_wd_timer(cd);
}

/** Sends the controller to sleep. Nobody reads it until it is woken up. */
export function* cyttsp4_core_sleep(cd: cyttsp4): Op<number> {
  yield* mutex_lock(cd.system_lock);
  if (cd.sleep_state === SS_SLEEP_ON) {
    yield* mutex_unlock(cd.system_lock);
    return 0;
  }
  cd.sleep_state = SS_SLEEPING;
  yield* mutex_unlock(cd.system_lock);

  yield* cyttsp4_stop_wd_timer(cd);

  yield* mutex_lock(cd.system_lock);
  const rc = cyttsp4_adap_read(cd);
  if (rc === 0) cd.hw.deep_sleep = true;
  yield* mutex_unlock(cd.system_lock);

  if (rc < 0) yield* cyttsp4_start_wd_timer(cd);

  yield* mutex_lock(cd.system_lock);
  cd.sleep_state = rc === 0 ? SS_SLEEP_ON : SS_SLEEP_OFF;
  yield* mutex_unlock(cd.system_lock);
  return rc;
}

/** Wakes the controller up, and watches it again. */
export function* cyttsp4_core_wake(cd: cyttsp4): Op<number> {
  yield* mutex_lock(cd.system_lock);
  if (cd.sleep_state === SS_SLEEP_OFF) {
    yield* mutex_unlock(cd.system_lock);
    return 0;
  }
  cd.sleep_state = SS_WAKING;
  cyttsp4_adap_read(cd);
  yield* mutex_unlock(cd.system_lock);

  yield* mutex_lock(cd.system_lock);
  cd.sleep_state = SS_SLEEP_OFF;
  yield* mutex_unlock(cd.system_lock);

  yield* cyttsp4_start_wd_timer(cd);
  return 0;
}

/** A touchscreen has been found. Gives null if there is no memory. */
export function* cyttsp4_probe(hw: cyttsp4_controller): Op<cyttsp4 | null> {
  const cd = yield* kzalloc(cyttsp4, GFP_KERNEL);
  if (cd === null) return null;

  cd.hw = hw;
  yield* mutex_init(cd.system_lock);
  yield* INIT_WORK(cd.watchdog_work, cyttsp4_watchdog_work);
  yield* timer_setup(cd.watchdog_timer, cyttsp4_watchdog_timer, 0);

  yield* cyttsp4_startup(cd);
  return cd;
}

/** The touchscreen is unplugged, or its module unloaded. */
export function* cyttsp4_remove(cd: cyttsp4): Op<void> {
  yield* cyttsp4_stop_wd_timer(cd);
  yield* kfree(cd);
}
