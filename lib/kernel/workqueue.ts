// SPDX-License-Identifier: GPL-2.0-only
/**
 * Workqueues: functions that run later, in process context, in a kworker. After include/linux/workqueue.h and kernel/workqueue.c.
 * Each queued instance gets its own kworker, which ends when the function is done.
 */
import {
  fullyOrdered,
  type Kind,
  type Machine,
  objectOf,
  type Op,
  request,
  type Task,
  storable,
} from '../machine';
import { failed, outcomesOf } from './may-fail';
import {
  insert,
  PENDING,
  Runs,
  Work,
  type work_func_t,
  type work_struct,
  Workqueue,
  workqueueOf,
  type workqueue_struct,
} from './workqueue-core';

/** The queue is not bound to a CPU. Here no queue is. */
export const WQ_UNBOUND = 2;
/** The queue can make progress when memory is short. */
export const WQ_MEM_RECLAIM = 8;
/** The queue's works are urgent. */
export const WQ_HIGHPRI = 16;

/**
 * Defines a static work that can be queued immediately.
 *
 * @param func its function; receives the work
 * @kernel include/linux/workqueue.h
 */
export function DECLARE_WORK(name: string, func: work_func_t): work_struct {
  storable(func);
  const work = new Work();
  work.initial = { func, runs: new Runs().makeStatic(`${name}.runs`) };
  return work.makeStatic(name).handle;
}

/** The queue of schedule_work(). */
const system = new Workqueue('events', 0).makeStatic('events');

/** The queue that drivers share, for short works. */
export const system_wq: workqueue_struct = system.handle;

const INIT: Kind<Work, [func: work_func_t], void> = {
  name: 'INIT_WORK',
  access: 'write',
  perform(machine, task, { object, a, site }) {
    machine.initialising(task, object, site);
    const runs = new Runs();
    machine.settle(runs, task);
    object.init(a, runs);
  },
};

const ALLOC: Kind<null, [name: string, max_active: number], workqueue_struct | null> = {
  name: 'alloc_workqueue',
  access: 'none',
  outcomes: outcomesOf('alloc_workqueue'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'alloc_workqueue', site),
  perform(machine, task, { a, b, site }) {
    if (failed('alloc_workqueue', machine, task)) return null;
    const wq = new Workqueue(a, b);
    wq.initialised = true;
    machine.allocate(wq, site);
    return wq.handle;
  },
};

/** Marks the work PENDING; returns false if it was already. Even a failed attempt releases what was done before to the function. */
export function markPending(machine: Machine, task: Task, work: Work): boolean {
  fullyOrdered(machine, task, work);
  if (work.state !== 0) return false;
  work.state = PENDING;
  return true;
}

const QUEUE: Kind<Work, [a: Workqueue], boolean> = {
  name: 'queue_work',
  access: 'write',
  extra: ({ a }) => [a.adding],
  perform(machine, task, { object, a, site }) {
    if (!markPending(machine, task, object)) return false;
    insert(machine, task, a, object, site);
    return true;
  },
};

/**
 * Makes a work usable and sets its function.
 *
 * @param func its function; receives the work
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering none
 */
export function INIT_WORK(work: work_struct, func: work_func_t): Op<void> {
  storable(func);
  return request(INIT, objectOf(work), func);
}

/**
 * Makes a queue that runs up to a given number of works at the same time.
 *
 * @param name the name of its workers in reports
 * @param max_active how many works run at a time; 0 for no limit
 * @returns the queue, or NULL if the scenario lets `alloc_workqueue` fail
 * @kernel include/linux/workqueue.h
 * @context process context only; may sleep
 * @ordering none
 * @divergence the flags change nothing
 */
export function alloc_workqueue(
  name: string,
  _flags: number,
  max_active: number,
): Op<workqueue_struct | null> {
  return request(ALLOC, null, name, max_active);
}

/**
 * Makes a queue that runs one work at a time, in the order in which they were queued.
 *
 * @param name the name of its workers in reports
 * @param flags WQ_MEM_RECLAIM, WQ_HIGHPRI or 0
 * @returns the queue, or NULL if the scenario lets `alloc_workqueue` fail
 * @kernel include/linux/workqueue.h
 * @context process context only; may sleep
 * @ordering none
 */
export function alloc_ordered_workqueue(name: string, flags: number): Op<workqueue_struct | null> {
  return alloc_workqueue(name, flags, 1);
}

/**
 * alloc_ordered_workqueue() by its older name.
 *
 * @example
 * const tick = DECLARE_WORK('tick', function* () {
 *   yield* might_sleep();
 * });
 * const wq = yield* create_singlethread_workqueue('device');
 * if (wq === null) return;
 * yield* queue_work_on(0, wq, tick); // => true
 * yield* destroy_workqueue(wq);
 * @param name the name of its worker in reports
 * @returns the queue, or NULL if the scenario lets `alloc_workqueue` fail
 * @kernel include/linux/workqueue.h
 * @context process context only; may sleep
 * @ordering none
 */
export function create_singlethread_workqueue(name: string): Op<workqueue_struct | null> {
  return alloc_ordered_workqueue(name, WQ_MEM_RECLAIM);
}

/**
 * Queues a work. Once its function begins, it can be queued again and then runs once more; a work never runs twice at the same
 * time.
 *
 * @example
 * const device = struct('device', { work: work_struct, runs: int });
 * function* run(work: work_struct) {
 *   container_of(work, device, 'work').runs++;
 * }
 * const one = yield* kzalloc(device, GFP_KERNEL);
 * if (one === null) return;
 * const wq = yield* alloc_workqueue('device', WQ_UNBOUND, 1);
 * if (wq === null) return;
 * yield* INIT_WORK(one.work, run);
 * yield* queue_work(wq, one.work); // => true
 * yield* flush_work(one.work);
 * yield* flush_workqueue(wq);
 * one.runs; // => 1
 * yield* drain_workqueue(wq);
 * yield* destroy_workqueue(wq);
 * yield* kfree(one);
 * @returns true if it queued it, false if it is already pending
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering release, to the function, also when it returns false
 * @divergence works of an unlimited queue run in any order and at the same time
 */
export function queue_work(wq: workqueue_struct, work: work_struct): Op<boolean> {
  return request(QUEUE, objectOf(work), workqueueOf(wq));
}

/**
 * queue_work() for a worker of one CPU.
 *
 * @param _cpu number of the CPU
 * @returns true if it queued it, false if it is already pending
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering release, to the function, also when it returns false
 * @divergence here each worker has a CPU of its own, whichever is asked for
 */
export function queue_work_on(_cpu: number, wq: workqueue_struct, work: work_struct): Op<boolean> {
  return queue_work(wq, work);
}

/**
 * Queues a work on the system's queue.
 *
 * @returns true if it queued it, false if it is already pending
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering release, to the function, also when it returns false
 */
export function schedule_work(work: work_struct): Op<boolean> {
  return queue_work(system_wq, work);
}
