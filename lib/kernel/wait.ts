// SPDX-License-Identifier: GPL-2.0-only
/** Wait queues: tasks sleep until another task makes a condition true. After include/linux/wait.h, kernel/sched/wait.c. */
import {
  type Branded,
  composite,
  current,
  type Embeddable,
  embeddable,
  fence,
  FULL,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  type Request,
  request,
  type Strength,
  SyncObject,
  type Task,
} from '../machine';
import { choosing, make, type Place, wrote } from './marked';
import { checkMagic } from './lock-rules';

/** A queue of waiting tasks. Embed it as `wq: wait_queue_head_t`. */
export interface wait_queue_head_t extends Branded<'wait_queue_head_t', WaitQueue> {}

/** Its state has a bit for each queued task that has not been woken since. */
class WaitQueue extends SyncObject {
  readonly typeName = 'wait_queue_head_t';
  readonly handle: wait_queue_head_t = makeHandle(this);
}

/** Type of a wait queue member of a structure. Unusable until init_waitqueue_head() has run on it. */
export const wait_queue_head_t: Embeddable<wait_queue_head_t> = embeddable(
  'wait_queue_head_t',
  () => new WaitQueue(),
);

/** The queue on which each task last prepared to wait: its schedule() sleeps there. */
const prepared = new WeakMap<Task, WaitQueue>();

function bit(task: number): number {
  // Only a driver that queues work without end gets here; the error says why it fails.
  if (task > 30) throw new TypeError('a wait queue has no room for more than 30 tasks');
  return 1 << task;
}

/**
 * Defines a static wait queue, empty.
 *
 * @kernel include/linux/wait.h
 */
export function DECLARE_WAIT_QUEUE_HEAD(name: string): wait_queue_head_t {
  return new WaitQueue().makeStatic(name).handle;
}

const INIT: Kind<WaitQueue, [], void> = {
  name: 'init_waitqueue_head',
  access: 'write',
  apply: () => 0,
  perform(_machine, _task, { object: queue }) {
    queue.state = 0;
    queue.initialised = true;
    queue.released = queue.order = null;
  },
};

/** Where the list of waiting tasks is read; its changes are ordered by the queue's own lock. */
const LIST = {
  point: ({ object }: Request<WaitQueue>): WaitQueue => object,
  now: ({ object }: Request<WaitQueue>): number => object.state,
};

/** Every operation that takes the queue's own lock begins with the checks of that lock. */
function queueOperation(
  name: string,
  access: Kind['access'],
  strength: Strength,
  apply: (state: number, task: number) => number,
  perform?: Kind<WaitQueue, [], void>['perform'],
  before?: Kind<WaitQueue, [], void>['perform'],
): Kind<WaitQueue, [], void> {
  const change: Place<WaitQueue, []> = {
    ...LIST,
    load: true,
    store: true,
    silent: true,
    effect: () => ({ store: true, strength }),
  };
  return {
    name,
    access,
    apply,
    perform(machine, task, request) {
      const queue = request.object;
      checkMagic(machine, task, queue, request.site);
      before?.(machine, task, request);
      const made = make(change, machine, task, request);
      queue.state = apply(queue.state, task.id);
      wrote(made, queue.state);
      perform?.(machine, task, request);
    },
  };
}

// Tasks change only their own bit, so queueing and leaving commute; waking depends on all of them. A queued task sets its state
// with a full barrier, and checks the condition only then.
const PREPARE = queueOperation(
  'prepare_to_wait',
  'read',
  'full',
  (state, task) => state | bit(task),
  (machine, task, { object }) => {
    prepared.set(task, object);
    machine.acquire(task, object);
  },
);

const FINISH = queueOperation(
  'finish_wait',
  'read',
  'relaxed',
  (state, task) => state & ~bit(task),
  (machine, task, { object }) => {
    prepared.delete(task);
    machine.acquire(task, object);
  },
);

function waker(name: string): Kind<WaitQueue, [], void> {
  return queueOperation(
    name,
    'write',
    'relaxed',
    () => 0,
    (machine, task, { object }) => machine.release(task, object, true),
    (machine, task, { object }) => {
      // Waking a task begins with a full barrier in front of the look at its state.
      if (object.state !== 0) fence(machine, task, FULL);
    },
  );
}

const WAKE_UP = waker('wake_up');
const WAKE_UP_ALL = waker('wake_up_all');

const LOOK: Place<WaitQueue, []> = {
  ...LIST,
  load: true,
  store: false,
  effect: () => ({ store: false, strength: 'relaxed' }),
};

const ACTIVE: Kind<WaitQueue, [], boolean> = {
  name: 'waitqueue_active',
  access: 'write',
  apply: (state) => state,
  ...choosing(LOOK),
  perform: (machine, task, request) => make(LOOK, machine, task, request).read !== 0,
};

/** Sleeps on the queue. */
export const SCHEDULE: Kind<WaitQueue, [], void> = {
  name: 'schedule',
  access: 'read',
  apply: (state) => state,
  enabled: (state, task) => (state & bit(task.id)) === 0,
  announce: (machine, task, { site }) => machine.mightSleep(task, 'schedule', site),
  perform(machine, task, { object }) {
    machine.acquire(task, object);
    fence(machine, task, FULL);
  },
};

const YIELD: Kind<null, [], void> = {
  name: 'schedule',
  access: 'none',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'schedule', site),
  perform: (machine, task) => fence(machine, task, FULL),
};

const MIGHT_SLEEP: Kind<null, [what: string], void> = {
  name: 'might_sleep',
  access: 'none',
  announce: (machine, task, { a: what, site }) => machine.mightSleep(task, what, site),
  perform: () => undefined,
};

/**
 * Makes a wait queue usable, empty.
 *
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering none
 */
export function init_waitqueue_head(wq: wait_queue_head_t): Op<void> {
  return request(INIT, objectOf(wq));
}

/**
 * Queues the task: from now on it does not miss a wake_up(). The task must check the condition after this call and before
 * schedule().
 *
 * @example
 * const device = struct('device', { queue: wait_queue_head_t, ready: atomic_t });
 * const one = DEFINE_STATIC('one', device);
 * yield* init_waitqueue_head(one.queue);
 * yield* spawn_task('b', function* () {
 *   yield* atomic_set(one.ready, 1);
 *   yield* smp_mb();
 *   if (yield* waitqueue_active(one.queue)) yield* wake_up_all(one.queue);
 * });
 * yield* prepare_to_wait(one.queue);
 * if ((yield* atomic_read(one.ready)) === 0) yield* schedule();
 * yield* finish_wait(one.queue);
 * yield* atomic_read(one.ready); // => 1
 * @kernel include/linux/wait.h
 * @context process context; does not sleep
 * @ordering full, between queueing and what is read after it
 * @divergence takes neither an entry nor a task state: a task waits on one queue at a time, uninterruptibly
 */
export function prepare_to_wait(wq: wait_queue_head_t): Op<void> {
  return request(PREPARE, objectOf(wq));
}

/**
 * Gives up the CPU. After prepare_to_wait() it returns once the queue has been woken.
 *
 * @kernel include/linux/sched.h
 * @context process context only; may sleep
 * @ordering full, and acquire from the wake_up()
 */
export function schedule(): Op<void> {
  const queue = prepared.get(current.machine.task);
  return queue === undefined ? request(YIELD, null) : request(SCHEDULE, queue);
}

/**
 * Leaves the queue.
 *
 * @kernel include/linux/wait.h
 * @context process context; does not sleep
 * @ordering acquire, from earlier wake_up() calls
 */
export function finish_wait(wq: wait_queue_head_t): Op<void> {
  return request(FINISH, objectOf(wq));
}

/** What a task waits for: a plain expression, or an operation that gives a truth value. */
export type wait_condition_t = () => Op<boolean> | boolean;

function* holds(condition: wait_condition_t): Op<boolean> {
  const answer = condition();
  // eslint-disable-next-line kata/yield-star -- a value that is not an operation is the answer itself
  return typeof answer === 'object' ? yield* answer : answer;
}

/** Waits for a condition; `sleep` says whether it was woken, and if not, the condition is checked for the last time. */
export function* waitingFor(
  name: string,
  wq: wait_queue_head_t,
  condition: wait_condition_t,
  sleep: () => Op<boolean>,
): Op<boolean> {
  yield* request(MIGHT_SLEEP, null, name);
  if (yield* holds(condition)) return true;
  for (let woken = true; ; woken = yield* sleep()) {
    yield* prepare_to_wait(wq);
    const over = yield* holds(condition);
    if (!over && woken) continue;
    yield* finish_wait(wq);
    return over;
  }
}

function* sleeping(): Op<boolean> {
  yield* schedule();
  return true;
}

function* waiting(wq: wait_queue_head_t, condition: wait_condition_t): Op<void> {
  yield* waitingFor('wait_event', wq, condition, sleeping);
}

/**
 * Sleeps until the condition holds. The condition is checked first, and again after every wake_up() of the queue. A task that
 * makes it true must then wake the queue.
 *
 * @example
 * const eventq = DECLARE_WAIT_QUEUE_HEAD('eventq');
 * const pending = DEFINE_ATOMIC('pending', 1);
 * function* isIdle() {
 *   return (yield* atomic_read(pending)) === 0;
 * }
 * yield* spawn_task('b', function* () {
 *   yield* atomic_dec(pending);
 *   yield* wake_up(eventq);
 * });
 * yield* wait_event(eventq, isIdle);
 * yield* atomic_read(pending); // => 0
 * @param condition checked by the sleeping task itself: `() => ctx.dead`, or a generator function if it needs primitives
 * @kernel include/linux/wait.h
 * @context process context only; may sleep
 * @ordering acquire, from the wake_up(), if it slept
 */
export function wait_event(wq: wait_queue_head_t, condition: wait_condition_t): Op<void> {
  return composite('wait_event', waiting(wq, condition));
}

/**
 * Wakes the tasks on the queue. Tasks that have not queued yet do not notice.
 *
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering full if it wakes a task; else release
 * @divergence wakes all tasks: there are no exclusive waiters here
 */
export function wake_up(wq: wait_queue_head_t): Op<void> {
  return request(WAKE_UP, objectOf(wq));
}

/**
 * Wakes all tasks on the queue, including exclusive waiters.
 *
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering full if it wakes a task; else release
 */
export function wake_up_all(wq: wait_queue_head_t): Op<void> {
  return request(WAKE_UP_ALL, objectOf(wq));
}

/**
 * Whether a queued task has not been woken yet. Without a barrier before it the answer may already be stale.
 *
 * @returns whether there is one; it may already be stale
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering none
 */
export function waitqueue_active(wq: wait_queue_head_t): Op<boolean> {
  return request(ACTIVE, objectOf(wq));
}
