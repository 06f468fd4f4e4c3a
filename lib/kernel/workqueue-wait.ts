// SPDX-License-Identifier: GPL-2.0-only
/** Waiting for works: flush, drain and destroy. After include/linux/workqueue.h and kernel/workqueue.c. */
import {
  composite,
  type Kind,
  type Machine,
  objectOf,
  type Op,
  request,
  requestAt,
  type Request,
  type Task,
  writing,
} from '../machine';
import {
  complainOf,
  DRAIN_ROUNDS,
  type Instance,
  reads,
  type Runs,
  wantMap,
  type Work,
  type work_struct,
  type Workqueue,
  workqueueOf,
  type workqueue_struct,
} from './workqueue-core';

/** What waiting touches: the runs of the work; nothing if it was never initialised. */
export function runsOf({ object: work }: Pick<Request<Work>, 'object'>): readonly number[] {
  const { runs } = work.fresh();
  return runs === null ? [] : [reads(runs.fresh())];
}

/** What a flush waits for: a number of runs of a work. */
export interface Target {
  readonly runs: Runs;
  readonly count: number;
}

/** The checks of a task that may have to wait for a work or a queue. */
export function mightWait(
  machine: Machine,
  task: Task,
  { name, object, site }: Request<Work | Workqueue>,
): void {
  machine.mightSleep(task, name, site);
  wantMap(machine, task, object, site);
}

const FLUSH: Kind<Work, [], Target | null> = {
  name: 'flush_work',
  access: 'read',
  extra: runsOf,
  announce: mightWait,
  perform(machine, task, { object, site }) {
    const { runs, last } = object;
    if (runs === null) complainOf(machine, 'flush_work', object, site);
    if (runs === null || last === null) return null;
    machine.acquire(task, runs);
    const count = 2 * last.nth + (last.cancelled ? 0 : 2);
    return runs.state >= count ? null : { runs, count };
  },
};

/** Waits for a number of runs to finish, under the name of the waiting operation. */
export function waiting(name: string): Kind<Runs | Workqueue, [count: number], void> {
  return {
    name,
    access: 'read',
    enabled: (runs, _task, { a: count }) => runs >= count,
    perform: (machine, task, { object }) => machine.acquire(task, object),
  };
}

/** Does so. */
export function waitFor(kind: ReturnType<typeof waiting>, { runs, count }: Target): Op<void> {
  return request(kind, runs, count);
}

const WAIT_FLUSH = waiting('flush_work');

/** Lists all instances of a queue so far, in an order that does not depend on the execution. */
function stocktaking(name: string, drain: boolean): Kind<Workqueue, [], readonly Instance[]> {
  return {
    name,
    access: 'write',
    announce: mightWait,
    perform(_machine, _task, { object: wq }) {
      wq.draining ||= drain;
      return wq.instances.slice().sort((a, b) => a.kworker - b.kworker);
    },
  };
}

const FLUSH_ALL = stocktaking('flush_workqueue', false);
const WAIT_FLUSH_ALL = waiting('flush_workqueue');

const DESTROY: Kind<Workqueue, [], void> = {
  name: 'destroy_workqueue',
  access: 'write',
  extra: ({ object }) => [writing(object.base + 1)],
  perform(machine, _task, { object: wq, site }) {
    if (wq.memory !== null) machine.free(wq.memory, site);
  },
};

const DRAINED: Kind<Workqueue, [], void> = {
  name: 'drain_workqueue',
  access: 'write',
  perform(_machine, _task, { object }) {
    object.draining = false;
  },
};

function* flushAll(wq: Workqueue): Op<void> {
  const instances = yield* requestAt(FLUSH_ALL, wq, 1);
  for (const { runs, nth } of instances) {
    yield* waitFor(WAIT_FLUSH_ALL, { runs, count: 2 * nth + 2 });
  }
}

/** Waits until nothing is queued or running, including works that queue themselves again. */
function* drain(name: string, wq: Workqueue): Op<void> {
  const [stock, wait] = [stocktaking(name, true), waiting(name)];
  const seen = new Set<Instance>();
  for (let round = 1; ; round++) {
    const instances = yield* requestAt(stock, wq, 1);
    const fresh = instances.filter((instance) => !seen.has(instance));
    if (fresh.length === 0) return;
    if (round === DRAIN_ROUNDS) yield* request(NOT_COMPLETE, wq);
    for (const instance of fresh) {
      seen.add(instance);
      yield* waitFor(wait, { runs: instance.runs, count: 2 * instance.nth + 2 });
    }
  }
}

const NOT_COMPLETE: Kind<Workqueue, [], void> = {
  name: 'drain_workqueue',
  access: 'none',
  perform(machine, _task, { object, site }) {
    const { name } = object;
    const message = `workqueue ${name}: drain_workqueue() isn't complete after ${DRAIN_ROUNDS} tries`;
    machine.complain({ check: 'workqueue', message, object, site });
  },
};

function* flushing(work: work_struct): Op<boolean> {
  const target = yield* request(FLUSH, objectOf(work));
  if (target === null) return false;
  yield* waitFor(WAIT_FLUSH, target);
  return true;
}

/**
 * Waits until the work's last queueing has run.
 *
 * @returns true if it had to wait, false if the work was idle
 * @kernel include/linux/workqueue.h
 * @context process context, neither in the work nor with a lock it takes; may sleep
 * @ordering acquire, from the function
 */
export function flush_work(work: work_struct): Op<boolean> {
  return composite('flush_work', flushing(work));
}

/**
 * Waits for everything that was queued before the call.
 *
 * @kernel include/linux/workqueue.h
 * @context process context, not in a work of the queue nor with a lock one takes; may sleep
 * @ordering acquire, from the functions
 */
export function flush_workqueue(wq: workqueue_struct): Op<void> {
  return composite('flush_workqueue', flushAll(workqueueOf(wq)));
}

function* draining(wq: Workqueue): Op<void> {
  yield* drain('drain_workqueue', wq);
  yield* requestAt(DRAINED, wq, 1);
}

/**
 * Waits until the queue is empty. Meanwhile only its own works may queue works on it; others are dropped with a warning.
 *
 * @kernel include/linux/workqueue.h
 * @context process context, not in a work of the queue nor with a lock one takes; may sleep
 * @ordering acquire, from the functions
 */
export function drain_workqueue(wq: workqueue_struct): Op<void> {
  return composite('drain_workqueue', draining(workqueueOf(wq)));
}

function* destroying(wq: Workqueue): Op<void> {
  yield* drain('destroy_workqueue', wq);
  // In a queue with a limit, leaving is the last thing a kworker does to the queue.
  if (wq.limited) yield* request(waiting('destroy_workqueue'), wq, wq.tickets);
  yield* request(DESTROY, wq);
}

/**
 * Drains the queue and frees it. Queueing on it afterwards is a bug.
 *
 * @kernel include/linux/workqueue.h
 * @context process context, not in a work of the queue nor with a lock one takes; may sleep
 * @ordering acquire, from the functions
 */
export function destroy_workqueue(wq: workqueue_struct): Op<void> {
  return composite('destroy_workqueue', destroying(workqueueOf(wq)));
}
