// SPDX-License-Identifier: GPL-2.0-only
/** Removing works from their queue, and keeping them off it. After include/linux/workqueue.h and kernel/workqueue.c. */
import { composite, type Kind, objectOf, type Op, request, writing } from '../machine';
import { disarm, disarming, type Timer } from './timer-core';
import {
  CANCELING,
  complainOf,
  DISABLED,
  PENDING,
  type Work,
  type work_struct,
} from './workqueue-core';
import { mightWait, runsOf, type Target, waitFor, waiting } from './workqueue-wait';

/** What a cancel found: whether the work was pending, and a run that it must wait for. */
interface Cancelled {
  readonly pending: boolean;
  readonly target: Target | null;
}

/** How a work is cancelled. */
interface CancelOptions {
  /** Waits for a run that has begun. */
  readonly sync: boolean;
  /** Keeps the work from being queued until it is enabled again. */
  readonly disable: boolean;
}

/** A way to cancel a work; the timer of a delayed one is disarmed first. */
type Canceller = Kind<Work, [timer: Timer | null], Cancelled>;

/** Removes a work from its queue, or disarms its timer, if it waits there. */
export function takeOff(work: Work, timer: Timer | null): boolean {
  if ((work.state & PENDING) === 0) return false;
  if (timer?.state === 1) disarm(timer);
  else if (work.last !== null) work.last.cancelled = true;
  work.active = work.hint = '';
  work.state &= ~PENDING;
  return true;
}

/** What takeOff() touches beside the work. */
export function takingOff(timer: Timer | null): readonly number[] {
  return timer === null ? [] : [writing(timer.fresh().base), ...disarming(timer)];
}

function canceller(name: string, { sync, disable }: CancelOptions): Canceller {
  return {
    name,
    access: 'write',
    enabled: (state) => !sync || (state & CANCELING) === 0,
    extra: ({ object, a: timer }) => [...(sync ? runsOf({ object }) : []), ...takingOff(timer)],
    announce(machine, task, request) {
      if (sync) mightWait(machine, task, request);
    },
    perform(machine, task, { object: work, a: timer, site }) {
      const pending = (work.state & CANCELING) === 0 && takeOff(work, timer);
      if (pending) machine.acquire(task, work); // the lock of the queue
      if (disable) {
        work.disabled++;
        work.state |= DISABLED;
      }
      const { runs, last } = work;
      if (sync && runs === null) complainOf(machine, name, work, site);
      if (!sync || runs === null || last === null) return { pending, target: null };
      machine.acquire(task, runs);
      const count = 2 * last.nth + (last.cancelled ? 0 : 2);
      if (runs.state >= count) return { pending, target: null };
      work.state |= PENDING | CANCELING;
      return { pending, target: { runs, count } };
    },
  };
}

function cancelled(name: string): Kind<Work, [], void> {
  return {
    name,
    access: 'write',
    perform(_machine, _task, { object }) {
      object.state &= DISABLED;
    },
  };
}

/** What cancels a work by its name: the timer is that of a delayed one. */
export function cancels(
  name: string,
  options: CancelOptions,
): (work: work_struct, timer: Timer | null) => Op<boolean> {
  const cancel = canceller(name, options);
  const [wait, done] = [waiting(name), cancelled(name)];
  function* steps(work: Work, timer: Timer | null): Op<boolean> {
    const { pending, target } = yield* request(cancel, work, timer);
    if (target === null) return pending;
    yield* waitFor(wait, target);
    yield* request(done, work);
    return pending;
  }
  return (work, timer) => composite(name, steps(objectOf(work), timer));
}

const cancelWork = cancels('cancel_work', { sync: false, disable: false });
const cancelWorkSync = cancels('cancel_work_sync', { sync: true, disable: false });
const disableWork = cancels('disable_work', { sync: false, disable: true });
const disableWorkSync = cancels('disable_work_sync', { sync: true, disable: true });

const ENABLE: Kind<Work, [], boolean> = {
  name: 'enable_work',
  access: 'write',
  perform(_machine, _task, { object: work }) {
    if (work.disabled > 0) work.disabled--;
    if (work.disabled > 0) return false;
    work.state &= ~DISABLED;
    return true;
  },
};

const IS_PENDING: Kind<Work, [], boolean> = {
  name: 'work_pending',
  access: 'read',
  perform: (_machine, _task, { object }) => (object.state & PENDING) !== 0,
};

/**
 * Whether a work is queued and has not begun to run.
 *
 * @returns whether it is; it may be stale at once
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering none
 */
export function work_pending(work: work_struct): Op<boolean> {
  return request(IS_PENDING, objectOf(work));
}

/**
 * Takes the work off its queue if it is pending. If it runs, it goes on running.
 *
 * @example
 * const runs = DEFINE_ATOMIC('runs', 0);
 * function* run() {
 *   yield* atomic_inc(runs);
 * }
 * const work = DECLARE_WORK('work', run);
 * yield* schedule_work(work);
 * const taken = yield* cancel_work(work);
 * yield* work_pending(work); // => false
 * yield* flush_work(work);
 * (yield* atomic_read(runs)) + (taken ? 1 : 0); // => 1
 * @returns true if it was pending
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering none
 */
export function cancel_work(work: work_struct): Op<boolean> {
  return cancelWork(work, null);
}

/**
 * Removes the work from its queue if it is pending, and waits if it is running. Meanwhile it cannot be queued.
 *
 * @example
 * const runs = DEFINE_ATOMIC('runs', 0);
 * function* run() {
 *   yield* atomic_inc(runs);
 * }
 * const work = DECLARE_WORK('work', run);
 * yield* cancel_work_sync(work); // => false
 * yield* schedule_work(work); // => true
 * yield* flush_work(work);
 * yield* atomic_read(runs); // => 1
 * const ordered = yield* alloc_ordered_workqueue('ordered', WQ_MEM_RECLAIM);
 * if (ordered === null) return;
 * yield* destroy_workqueue(ordered);
 * @returns true if it was pending
 * @kernel include/linux/workqueue.h
 * @context process context, neither in the work nor with a lock it takes; may sleep
 * @ordering acquire, from the function
 */
export function cancel_work_sync(work: work_struct): Op<boolean> {
  return cancelWorkSync(work, null);
}

/**
 * cancel_work() for good: until enable_work() the work cannot be queued.
 *
 * @returns true if it was pending
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering none
 */
export function disable_work(work: work_struct): Op<boolean> {
  return disableWork(work, null);
}

/**
 * cancel_work_sync() for good: until enable_work() the work cannot be queued. Nests.
 *
 * @example
 * const work = DECLARE_WORK('work', function* run() {});
 * yield* disable_work(work); // => false
 * yield* disable_work_sync(work); // => false
 * yield* schedule_work(work); // => false
 * yield* enable_work(work); // => false
 * yield* enable_work(work); // => true
 * yield* schedule_work(work); // => true
 * @returns true if it was pending
 * @kernel include/linux/workqueue.h
 * @context process context, neither in the work nor with a lock it takes; may sleep
 * @ordering acquire, from the function
 */
export function disable_work_sync(work: work_struct): Op<boolean> {
  return disableWorkSync(work, null);
}

/**
 * Undoes disable_work() or disable_work_sync(), each as often as it was called.
 *
 * @returns true if the work can be queued again
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering none
 */
export function enable_work(work: work_struct): Op<boolean> {
  return request(ENABLE, objectOf(work));
}
