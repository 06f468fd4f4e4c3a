// SPDX-License-Identifier: GPL-2.0-only
/** Works that run after a grace period. After include/linux/workqueue.h and kernel/workqueue.c. */
import {
  composite,
  type Kind,
  objectOf,
  type Op,
  request,
  struct,
  type StructOf,
} from '../machine';
import { container_of } from './list';
import { rcu_head } from './rcu-callback';
import { call_rcu, rcu_barrier } from './rcupdate';
import { INIT_WORK, markPending } from './workqueue';
import { work_pending } from './workqueue-cancel';
import { flush_work } from './workqueue-wait';
import {
  insert,
  type Work,
  type work_func_t,
  work_struct,
  type Workqueue,
  type workqueue_struct,
} from './workqueue-core';

/** A work that first waits for a grace period. Embed it as `free_rwork: rcu_work`. */
export const rcu_work = struct('rcu_work', {
  /** Runs after the grace period. */
  work: work_struct,
  /** Waits for the grace period. */
  rcu: rcu_head,
});
export interface rcu_work extends StructOf<typeof rcu_work> {}

const MARK: Kind<Work, [], boolean> = {
  name: 'queue_rcu_work',
  access: 'write',
  perform: (machine, task, { object }) => markPending(machine, task, object),
};

/** rcu_work_rcufn() */
const QUEUE: Kind<Work, [a: Workqueue], void> = {
  name: 'queue_rcu_work',
  access: 'write',
  extra: ({ a }) => [a.adding],
  perform(machine, task, { object, a, site }) {
    machine.release(task, object, true);
    insert(machine, task, a, object, site);
  },
};

function* queueing(wq: workqueue_struct, rwork: rcu_work): Op<boolean> {
  const work = objectOf(rwork.work);
  if (!(yield* request(MARK, work))) return false;
  yield* call_rcu(rwork.rcu, function* rcu_work_rcufn() {
    yield* request(QUEUE, work, objectOf(wq));
  });
  return true;
}

function* flushing(rwork: rcu_work): Op<boolean> {
  if (!(yield* work_pending(rwork.work))) {
    return yield* flush_work(rwork.work);
  }
  yield* rcu_barrier();
  yield* flush_work(rwork.work);
  return true;
}

/**
 * Makes an rcu_work usable. The function receives the embedded work, and to_rcu_work() leads back from it.
 *
 * @param func its function, which runs in a workqueue; receives the embedded work
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering none
 */
export function INIT_RCU_WORK(rwork: rcu_work, func: work_func_t): Op<void> {
  return INIT_WORK(rwork.work, func);
}

/**
 * Finds the rcu_work that contains a work.
 *
 * @returns the rcu_work
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering none
 */
export function to_rcu_work(work: work_struct): rcu_work {
  return container_of(work, rcu_work, 'work');
}

/**
 * Queues the work after a grace period.
 *
 * @example
 * const table = struct('table', { free: rcu_work });
 * function* free_table(work: work_struct) {
 *   const rwork = to_rcu_work(work);
 *   yield* kfree(container_of(rwork, table, 'free'));
 * }
 * const one = yield* kzalloc(table, GFP_KERNEL);
 * if (one === null) return;
 * yield* INIT_RCU_WORK(one.free, free_table);
 * yield* queue_rcu_work(system_wq, one.free); // => true
 * yield* rcu_barrier();
 * @returns true if it queued it, false if it is already pending; the wait then stays as long as it is
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering release, to the function, also when it returns false
 */
export function queue_rcu_work(wq: workqueue_struct, rwork: rcu_work): Op<boolean> {
  return composite('queue_rcu_work', queueing(wq, rwork));
}

/**
 * Waits until the work's last queueing has run, including its grace period.
 *
 * @example
 * const table = struct('table', { empty: rcu_work, entries: int });
 * function* empty_table(work: work_struct) {
 *   container_of(to_rcu_work(work), table, 'empty').entries = 0;
 * }
 * const one = DEFINE_STATIC('one', table);
 * yield* INIT_RCU_WORK(one.empty, empty_table);
 * one.entries = 3;
 * yield* queue_rcu_work(system_wq, one.empty);
 * yield* flush_rcu_work(one.empty);
 * one.entries; // => 0
 * @returns true if it had to wait, false if the work was idle
 * @kernel include/linux/workqueue.h
 * @context process context, neither in the work nor with a lock it takes; may sleep
 * @ordering acquire, from the function
 */
export function flush_rcu_work(rwork: rcu_work): Op<boolean> {
  return composite('flush_rcu_work', flushing(rwork));
}
