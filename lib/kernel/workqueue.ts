// SPDX-License-Identifier: GPL-2.0-only
/**
 * Workqueues: functions that run later, in process context, in a kworker. After include/linux/workqueue.h and
 * kernel/workqueue.c. Each queued instance gets a kworker of its own, which ends when it is done.
 */
import {
  composite,
  type Kind,
  type Machine,
  objectOf,
  type Op,
  request,
  type Request,
  type Task,
  writing,
  storable,
} from '../machine';
import { failed, outcomesOf } from './may-fail';
import {
  CANCELING,
  DRAIN_ROUNDS,
  insert,
  type Instance,
  PENDING,
  reads,
  Runs,
  wantMap,
  Work,
  type work_func_t,
  type work_struct,
  Workqueue,
  type workqueue_struct,
} from './workqueue-core';

/** The queue is not tied to a CPU. No queue is, here. */
export const WQ_UNBOUND = 2;
/** The queue can make progress when memory is short. */
export const WQ_MEM_RECLAIM = 8;
/** The queue's works are urgent. */
export const WQ_HIGHPRI = 16;

/**
 * Defines a static work that can be queued at once.
 *
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

/** The queue that drivers share: for short works. */
export const system_wq: workqueue_struct = system.handle;

const INIT: Kind = {
  name: 'INIT_WORK',
  access: 'write',
  perform(machine, task, { object, a }) {
    const runs = new Runs();
    machine.settle(runs, task);
    (object as Work).init(a as work_func_t, runs);
  },
};

const ALLOC: Kind = {
  name: 'alloc_workqueue',
  access: 'none',
  outcomes: outcomesOf('alloc_workqueue'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'alloc_workqueue', site),
  perform(machine, task, { a, b, site }) {
    if (failed('alloc_workqueue', machine, task)) return null;
    const wq = new Workqueue(a as string, b as number);
    wq.initialised = true;
    machine.allocate(wq, site);
    return wq.handle;
  },
};

/** The work is marked PENDING; false if it was. A failed attempt too makes what was done before visible to the function. */
export function markPending(machine: Machine, task: Task, work: Work): boolean {
  machine.acquire(task, work);
  machine.release(task, work, true);
  if (work.state !== 0) return false;
  work.state = PENDING;
  return true;
}

const QUEUE: Kind = {
  name: 'queue_work',
  access: 'write',
  extra: ({ a }) => [(a as Workqueue).adding],
  perform(machine, task, { object, a, site }) {
    if (!markPending(machine, task, object as Work)) return false;
    insert(machine, task, a as Workqueue, object as Work, site);
    return true;
  },
};

/** The work's runs; before it was ever initialised, the work itself. */
function runsOf({ object }: Request): readonly number[] {
  const { runs } = (object as Work).fresh();
  return runs === null ? [] : [reads(runs.fresh())];
}

/** What a flush waits for: so many runs of a work. */
interface Target {
  readonly runs: Runs;
  readonly count: number;
}

function mightWait(machine: Machine, task: Task, { name, object, site }: Request): void {
  machine.mightSleep(task, name, site);
  wantMap(machine, task, object as Work | Workqueue, site);
}

const FLUSH: Kind = {
  name: 'flush_work',
  access: 'read',
  extra: runsOf,
  announce: mightWait,
  perform(machine, task, { object }): Target | null {
    const { runs, last } = object as Work;
    if (runs === null || last === null) return null;
    machine.acquire(task, runs);
    const count = 2 * last.nth + 2;
    return runs.state >= count ? null : { runs, count };
  },
};

const CANCEL: Kind = {
  name: 'cancel_work_sync',
  access: 'write',
  enabled: (state) => (state & CANCELING) === 0,
  extra: runsOf,
  announce: mightWait,
  perform(machine, task, { object }): { pending: boolean; target: Target | null } {
    const work = object as Work;
    const { runs, last } = work;
    const pending = (work.state & PENDING) !== 0;
    if (runs === null || last === null) return { pending, target: null };
    machine.acquire(task, runs);
    if (pending) {
      last.cancelled = true;
      work.active = work.hint = '';
    }
    const count = 2 * last.nth + (pending ? 0 : 2);
    const over = runs.state >= count;
    work.state = over ? 0 : PENDING | CANCELING;
    return { pending, target: over ? null : { runs, count } };
  },
};

const CANCELLED: Kind = {
  name: 'cancel_work_sync',
  access: 'write',
  perform(_machine, _task, { object }) {
    (object as Work).state = 0;
  },
};

function waiting(name: string): Kind {
  return {
    name,
    access: 'read',
    enabled: (runs, _task, { a }) => runs >= (a as number),
    perform: (machine, task, { object }) => machine.acquire(task, object as Runs | Workqueue),
  };
}

function waitFor(kind: Kind, { runs, count }: Target): Op<void> {
  return request(kind, runs, 0, count);
}

const WAIT_FLUSH = waiting('flush_work');
const WAIT_CANCEL = waiting('cancel_work_sync');

/** Takes stock of a queue: all instances so far, in an order that does not depend on the execution. */
function stocktaking(name: string, drain: boolean): Kind {
  return {
    name,
    access: 'write',
    announce: mightWait,
    perform(_machine, _task, { object }): Instance[] {
      const wq = object as Workqueue;
      wq.draining ||= drain;
      return wq.instances.slice().sort((a, b) => a.kworker - b.kworker);
    },
  };
}

const FLUSH_ALL = stocktaking('flush_workqueue', false);
const WAIT_FLUSH_ALL = waiting('flush_workqueue');

const DESTROY: Kind = {
  name: 'destroy_workqueue',
  access: 'write',
  extra: ({ object }) => [writing((object as Workqueue).base + 1)],
  perform(machine, _task, { object, site }) {
    const wq = object as Workqueue;
    if (wq.memory !== null) machine.free(wq.memory, site);
  },
};

const DRAINED: Kind = {
  name: 'drain_workqueue',
  access: 'write',
  perform(_machine, _task, { object }) {
    (object as Workqueue).draining = false;
  },
};

function* flushAll(wq: Workqueue): Op<void> {
  const instances = yield* request<readonly Instance[]>(FLUSH_ALL, wq, 1);
  for (const { runs, nth } of instances) {
    yield* waitFor(WAIT_FLUSH_ALL, { runs, count: 2 * nth + 2 });
  }
}

/** Waits until nothing is left that is queued or runs, works that queue themselves again included. */
function* drain(name: string, wq: Workqueue): Op<void> {
  const [stock, wait] = [stocktaking(name, true), waiting(name)];
  const seen = new Set<Instance>();
  for (let round = 1; ; round++) {
    const instances = yield* request<readonly Instance[]>(stock, wq, 1);
    const fresh = instances.filter((instance) => !seen.has(instance));
    if (fresh.length === 0) return;
    if (round === DRAIN_ROUNDS) yield* request<undefined>(NOT_COMPLETE, wq);
    for (const instance of fresh) {
      seen.add(instance);
      yield* waitFor(wait, { runs: instance.runs, count: 2 * instance.nth + 2 });
    }
  }
}

const NOT_COMPLETE: Kind = {
  name: 'drain_workqueue',
  access: 'none',
  perform(machine, _task, { object, site }) {
    const { name } = object as Workqueue;
    const message = `workqueue ${name}: drain_workqueue() isn't complete after ${DRAIN_ROUNDS} tries`;
    machine.complain({ check: 'workqueue', message, object, site });
  },
};

function workqueue(wq: workqueue_struct): Workqueue {
  return objectOf(wq) as Workqueue; // only workqueues have this handle
}

/**
 * Makes a work usable: what it will do.
 *
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering none
 */
export function INIT_WORK(work: work_struct, func: work_func_t): Op<void> {
  storable(func);
  return request(INIT, objectOf(work), 0, func);
}

/**
 * Makes a queue of which at most `max_active` works run at a time; 0 stands for as many as there are.
 *
 * @returns the queue, or NULL where the scenario lets `alloc_workqueue` fail
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
  return request(ALLOC, null, 0, name, max_active);
}

/**
 * Makes a queue that runs one work at a time, in the order in which they were queued.
 *
 * @returns the queue, or NULL where the scenario lets `alloc_workqueue` fail
 * @kernel include/linux/workqueue.h
 * @context process context only; may sleep
 * @ordering none
 */
export function alloc_ordered_workqueue(name: string, flags: number): Op<workqueue_struct | null> {
  return alloc_workqueue(name, flags, 1);
}

/**
 * Queues a work: true, or false if it is pending already. From when its function begins it can be queued again, and will then
 * run once more; a work never runs twice at a time.
 *
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering release, to the function, also when it returns false
 * @divergence works of an unlimited queue run in any order and at the same time
 */
export function queue_work(wq: workqueue_struct, work: work_struct): Op<boolean> {
  return request(QUEUE, objectOf(work), 0, workqueue(wq));
}

/**
 * Queues a work on the system's queue: true, or false if it is pending already.
 *
 * @kernel include/linux/workqueue.h
 * @context any; does not sleep
 * @ordering release, to the function, also when it returns false
 */
export function schedule_work(work: work_struct): Op<boolean> {
  return queue_work(system_wq, work);
}

function* flushing(work: work_struct): Op<boolean> {
  const target = yield* request<Target | null>(FLUSH, objectOf(work));
  if (target === null) return false;
  yield* waitFor(WAIT_FLUSH, target);
  return true;
}

/**
 * Waits until the work's last queueing has been carried out: true if it had to wait, false if the work was idle.
 *
 * @kernel include/linux/workqueue.h
 * @context process context, neither in the work nor with a lock it takes; may sleep
 * @ordering acquire, from the function
 */
export function flush_work(work: work_struct): Op<boolean> {
  return composite('flush_work', flushing(work));
}

/**
 * Waits for all that was queued before the call.
 *
 * @kernel include/linux/workqueue.h
 * @context process context, not in a work of the queue nor with a lock one takes; may sleep
 * @ordering acquire, from the functions
 */
export function flush_workqueue(wq: workqueue_struct): Op<void> {
  return composite('flush_workqueue', flushAll(workqueue(wq)));
}

function* cancelling(work: work_struct): Op<boolean> {
  type Cancelled = { pending: boolean; target: Target | null };
  const { pending, target } = yield* request<Cancelled>(CANCEL, objectOf(work));
  if (target === null) return pending;
  yield* waitFor(WAIT_CANCEL, target);
  yield* request<undefined>(CANCELLED, objectOf(work));
  return pending;
}

/**
 * Takes the work off its queue if it is pending, and waits if it runs; meanwhile it cannot be queued. True if it was pending.
 *
 * @kernel include/linux/workqueue.h
 * @context process context, neither in the work nor with a lock it takes; may sleep
 * @ordering acquire, from the function
 */
export function cancel_work_sync(work: work_struct): Op<boolean> {
  return composite('cancel_work_sync', cancelling(work));
}

function* draining(wq: Workqueue): Op<void> {
  yield* drain('drain_workqueue', wq);
  yield* request<undefined>(DRAINED, wq, 1);
}

/**
 * Waits until the queue is empty. Meanwhile only its own works may queue works on it; others are dropped with a warning.
 *
 * @kernel include/linux/workqueue.h
 * @context process context, not in a work of the queue nor with a lock one takes; may sleep
 * @ordering acquire, from the functions
 */
export function drain_workqueue(wq: workqueue_struct): Op<void> {
  return composite('drain_workqueue', draining(workqueue(wq)));
}

function* destroying(wq: Workqueue): Op<void> {
  yield* drain('destroy_workqueue', wq);
  // Where few may run at a time, that a kworker has left is the last it tells the queue.
  if (wq.limited) yield* request<undefined>(waiting('destroy_workqueue'), wq, 0, wq.tickets);
  yield* request<undefined>(DESTROY, wq);
}

/**
 * Drains the queue and frees it. Queueing on it afterwards is a bug.
 *
 * @kernel include/linux/workqueue.h
 * @context process context, not in a work of the queue nor with a lock one takes; may sleep
 * @ordering acquire, from the functions
 */
export function destroy_workqueue(wq: workqueue_struct): Op<void> {
  return composite('destroy_workqueue', destroying(workqueue(wq)));
}
