// SPDX-License-Identifier: GPL-2.0-only
/**
 * Works that are queued later. After include/linux/workqueue.h and kernel/workqueue.c: a work, and the timer that queues it. There
 * is no clock, so of a delay only counts whether it is 0. A scenario's `expiries` says how often the timer may expire.
 */
import {
  composite,
  type Kind,
  type Machine,
  makeStruct,
  objectOf,
  type Op,
  request,
  storable,
  struct,
  type StructOf,
  type Task,
  writing,
} from '../machine';
import { container_of } from './list';
import { arm, assertInit, disarm, disarming, type Timer, timer_list } from './timer-core';
import { INIT_WORK, markPending, system_wq } from './workqueue';
import { cancels, takeOff, takingOff, work_pending } from './workqueue-cancel';
import {
  CANCELING,
  DISABLED,
  insert,
  PENDING,
  Runs,
  type Work,
  type work_func_t,
  work_struct,
  type Workqueue,
  workqueueOf,
  type workqueue_struct,
} from './workqueue-core';
import { flush_work } from './workqueue-wait';

/** A work with a timer that queues it. Embed it as `poll_work: delayed_work`. @kernel include/linux/workqueue.h */
export const delayed_work = struct('delayed_work', {
  /** What runs when the timer has expired. */
  work: work_struct,
  /** Queues it. */
  timer: timer_list,
});
export interface delayed_work extends StructOf<typeof delayed_work> {}

/** Where a delayed work goes, and when. */
interface How {
  readonly timer: Timer;
  readonly wq: Workqueue;
  readonly now: boolean;
}

const INIT_TIMER: Kind<Timer, [], void> = {
  name: 'INIT_DELAYED_WORK',
  access: 'write',
  perform(machine, task, { object, site }) {
    machine.initialising(task, object, site);
    object.init(null);
  },
};

/** Puts a work that is marked PENDING on its queue, or on its timer. */
function put(
  machine: Machine,
  task: Task,
  work: Work,
  { timer, wq, now }: How,
  site: string,
): void {
  if (!assertInit(machine, timer, site)) return;
  timer.atOnce = {
    extra: () => [writing(work.base), wq.adding],
    perform(expiring, softirq, where) {
      expiring.marked(work, 0, true, where);
      expiring.release(softirq, work, true);
      insert(expiring, softirq, wq, work, where);
    },
  };
  if (now) insert(machine, task, wq, work, site);
  else arm(machine, task, timer, 0);
}

/** What put() touches beside the work. */
function putting({ timer, wq, now }: How): readonly number[] {
  return [...takingOff(timer), ...(now ? [wq.adding] : [])];
}

const QUEUE: Kind<Work, [how: How], boolean> = {
  name: 'queue_delayed_work',
  access: 'write',
  extra: ({ a: how }) => putting(how),
  perform(machine, task, { object: work, a: how, site }) {
    if (!markPending(machine, task, work)) return false;
    put(machine, task, work, how, site);
    return true;
  },
};

const MOD: Kind<Work, [how: How], boolean> = {
  name: 'mod_delayed_work',
  access: 'write',
  extra: ({ a: how }) => putting(how),
  perform(machine, task, { object: work, a: how, site }) {
    if ((work.state & (CANCELING | DISABLED)) !== 0) return false;
    const pending = (work.state & PENDING) !== 0;
    // What waits on its timer and goes on waiting stays where it is: the timer may expire at any moment as it is.
    if (pending && how.timer.state === 1 && !how.now) {
      machine.release(task, how.timer, true);
      return true;
    }
    takeOff(work, how.timer);
    markPending(machine, task, work);
    put(machine, task, work, how, site);
    return pending;
  },
};

const HURRY: Kind<Timer, [], void> = {
  name: 'flush_delayed_work',
  access: 'write',
  extra: ({ object: timer }) => [...disarming(timer), ...(timer.atOnce?.extra() ?? [])],
  perform(machine, task, { object: timer, site }) {
    if (timer.state === 0) return;
    disarm(timer);
    timer.atOnce?.perform(machine, task, site);
  },
};

function how(dwork: delayed_work, wq: workqueue_struct, delay: number): How {
  return { timer: objectOf(dwork.timer), wq: workqueueOf(wq), now: delay === 0 };
}

function* initialising(dwork: delayed_work, func: work_func_t): Op<void> {
  yield* INIT_WORK(dwork.work, func);
  yield* request(INIT_TIMER, objectOf(dwork.timer));
}

/**
 * Makes a delayed work usable: what it will do.
 *
 * @param func what it does; is given the work inside, which to_delayed_work() leads back from
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering none
 */
export function INIT_DELAYED_WORK(dwork: delayed_work, func: work_func_t): Op<void> {
  storable(func);
  return composite('INIT_DELAYED_WORK', initialising(dwork, func));
}

/**
 * Defines a static delayed work that can be queued at once.
 *
 * @param func what it does; is given the work inside
 * @kernel include/linux/workqueue.h
 */
export function DECLARE_DELAYED_WORK(name: string, func: work_func_t): delayed_work {
  storable(func);
  const object = makeStruct(delayed_work);
  const runs = new Runs().makeStatic(`${name}.runs`);
  object.initial = () => {
    const { work, timer } = object.handle;
    objectOf(work).init(func, runs);
    objectOf(timer).init(null);
  };
  return object.makeStatic(name).handle;
}

/**
 * The delayed work around a work.
 *
 * @returns the delayed work
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering none
 */
export function to_delayed_work(work: work_struct): delayed_work {
  return container_of(work, delayed_work, 'work');
}

/**
 * Queues a work once a delay is over. Until then it is pending as one that is queued is.
 *
 * @example
 * const device = struct('device', { poll_work: delayed_work, polls: int });
 * function* poll(work: work_struct) {
 *   container_of(to_delayed_work(work), device, 'poll_work').polls++;
 * }
 * const one = yield* kzalloc(device, GFP_KERNEL);
 * if (one === null) return;
 * yield* INIT_DELAYED_WORK(one.poll_work, poll);
 * yield* queue_delayed_work(system_wq, one.poll_work, HZ); // => true
 * yield* flush_delayed_work(one.poll_work);
 * one.polls; // => 1
 * yield* kfree(one);
 * @param delay in jiffies; 0 queues the work at once
 * @returns true if it queued it, false if it is pending already
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering release, to the function, also when it returns false
 */
export function queue_delayed_work(
  wq: workqueue_struct,
  dwork: delayed_work,
  delay: number,
): Op<boolean> {
  return request(QUEUE, objectOf(dwork.work), how(dwork, wq, delay));
}

/**
 * queue_delayed_work() on the system's queue.
 *
 * @example
 * const runs = DEFINE_ATOMIC('runs', 0);
 * const dwork = DECLARE_DELAYED_WORK('dwork', function* run() {
 *   yield* atomic_inc(runs);
 * });
 * yield* schedule_delayed_work(dwork, HZ); // => true
 * yield* mod_delayed_work(system_wq, dwork, HZ);
 * const taken = yield* cancel_delayed_work_sync(dwork);
 * yield* delayed_work_pending(dwork); // => false
 * yield* cancel_delayed_work(dwork); // => false
 * if (taken && (yield* atomic_read(runs)) > 1) BUG();
 * @param delay in jiffies; 0 queues the work at once
 * @returns true if it queued it, false if it is pending already
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering release, to the function, also when it returns false
 */
export function schedule_delayed_work(dwork: delayed_work, delay: number): Op<boolean> {
  return queue_delayed_work(system_wq, dwork, delay);
}

/**
 * Queues a work once a delay is over, whether or not it is pending already: it runs once for both.
 *
 * @param delay in jiffies; 0 queues the work at once
 * @returns true if it was pending
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering release, to the function
 */
export function mod_delayed_work(
  wq: workqueue_struct,
  dwork: delayed_work,
  delay: number,
): Op<boolean> {
  return request(MOD, objectOf(dwork.work), how(dwork, wq, delay));
}

/**
 * Whether a delayed work waits for its delay or on its queue.
 *
 * @returns whether it does; it may be stale at once
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering none
 */
export function delayed_work_pending(dwork: delayed_work): Op<boolean> {
  return work_pending(dwork.work);
}

const cancel = cancels('cancel_delayed_work', { sync: false, disable: false });
const cancelSync = cancels('cancel_delayed_work_sync', { sync: true, disable: false });

/**
 * Takes a work off its timer or its queue. If it runs, it goes on running.
 *
 * @returns true if it was pending
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering none
 */
export function cancel_delayed_work(dwork: delayed_work): Op<boolean> {
  return cancel(dwork.work, objectOf(dwork.timer));
}

/**
 * Takes a work off its timer or its queue, and waits if it runs; meanwhile it cannot be queued.
 *
 * @returns true if it was pending
 * @kernel include/linux/workqueue.h
 * @context process context, neither in the work nor with a lock it takes; may sleep
 * @ordering acquire, from the function
 */
export function cancel_delayed_work_sync(dwork: delayed_work): Op<boolean> {
  return cancelSync(dwork.work, objectOf(dwork.timer));
}

function* flushing(dwork: delayed_work): Op<boolean> {
  yield* request(HURRY, objectOf(dwork.timer));
  return yield* flush_work(dwork.work);
}

/**
 * Queues a work that waits for its delay at once, and waits until its last queueing has been carried out.
 *
 * @returns true if it had to wait, false if the work was idle
 * @kernel include/linux/workqueue.h
 * @context process context, neither in the work nor with a lock it takes; may sleep
 * @ordering acquire, from the function
 */
export function flush_delayed_work(dwork: delayed_work): Op<boolean> {
  return composite('flush_delayed_work', flushing(dwork));
}
