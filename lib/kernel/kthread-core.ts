// SPDX-License-Identifier: GPL-2.0-only
/**
 * The engine of kthread.ts: what there is of a thread beside its task and its state. After kernel/kthread.c. The task_struct of a
 * thread that has ended is freed unless somebody has a reference: who stops it then uses freed memory.
 */
import {
  type Allocation,
  current,
  type Handle,
  type Kind,
  type Machine,
  makeHandle,
  type Op,
  request,
  SyncObject,
  type Task,
} from '../machine';
import { smp_mb } from './barrier';
import { EBUSY, EINTR, ENOMEM, ENOSYS, ERR_PTR, type errptr, IS_ERR } from './err';
import type { task_struct } from './join';
import { failed, outcomesOf } from './may-fail';
import { wake_up_process } from './sched';
import {
  SCHEDULE,
  SET,
  SET_RELAXED,
  stateOf,
  TASK_NORMAL,
  TASK_PARKED,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
  waking,
} from './task-state';

export const SHOULD_STOP = 1;
export const SHOULD_PARK = 2;
const PARKED = 4;
const EXITED = 8;

/** What there is of a task beside its state. State: the flags of a thread, what it has completed, and whether it has ended. */
class Thread extends SyncObject {
  readonly typeName = 'task_struct';
  readonly handle: Handle = makeHandle(this);
  /** References to it; the first is its own. */
  usage = 1;
  result = -EINTR;
  isKthread = false;

  constructor(readonly task: Task) {
    super();
  }

  override get label(): string {
    return this.task.comm;
  }

  /** The last reference is gone. */
  release(machine: Machine, site: string): void {
    if (--this.usage === 0 && this.memory !== null) machine.free(this.memory, site);
  }
}

const threads = new WeakMap<Task, Thread>();
/** Far behind the places of what the task allocates. */
const ORDINAL = 65534;

export function threadOf(task: Task): Thread {
  let thread = threads.get(task);
  if (thread === undefined) {
    thread = new Thread(task);
    current.machine.settle(thread, task, ORDINAL);
    threads.set(task, thread);
  }
  return thread;
}

/** The function of a thread. It is given the data; what it returns is the result of kthread_stop(). @kernel include/linux/kthread.h */
export type threadfn_t<T> = (data: T) => Op<number>;

/** What a thread starts with. */
export type Start = readonly [threadfn: threadfn_t<unknown>, data: unknown];

const CREATE: Kind<null, [start: Start, comm: string], task_struct | null> = {
  name: 'kthread_create',
  access: 'none',
  outcomes: outcomesOf('kthread_create'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'kthread_create', site),
  perform(machine, task, { a: [threadfn, data], b: comm, site }) {
    if (failed('kthread_create', machine, task)) return null;
    const made = machine.spawn(comm, () => kthread(threadfn, data));
    const thread = threadOf(made);
    thread.isKthread = true;
    const state = stateOf(made);
    state.known = true;
    state.state = TASK_UNINTERRUPTIBLE;
    machine.release(task, state);
    thread.memory = memoryOf(thread, task, site);
    return made.handle;
  },
};

function memoryOf(object: Thread, task: Task, site: string): Allocation {
  const { id: ordinal } = object.task;
  const at = { freed: false, freedBy: null, freeSite: '' };
  return { region: 'slab', object, ordinal, task, site, ...at };
}

const HAS: Kind<Thread, [flag: number], boolean> = {
  name: 'kthread',
  access: 'read',
  perform(machine, task, { object, a: flag }) {
    machine.acquire(task, object);
    return (object.state & flag) !== 0;
  },
};

const EXIT: Kind<Thread, [result: number], void> = {
  name: 'kthread_exit',
  access: 'write',
  perform(machine, task, { object, a: result, site }) {
    object.result = result;
    object.state |= EXITED;
    machine.release(task, object, true);
    object.release(machine, site);
  },
};

function* kthread(threadfn: threadfn_t<unknown>, data: unknown): Op<void> {
  const { task } = current.machine;
  const thread = threadOf(task);
  yield* request(SCHEDULE, stateOf(task));
  let result = -EINTR;
  if (!(yield* request(HAS, thread, SHOULD_STOP))) {
    yield* park(thread);
    result = yield* threadfn(data);
  }
  yield* request(EXIT, thread, result);
}

const COMPLETE_PARKED: Kind<Thread, [], boolean> = {
  name: 'kthread_parkme',
  access: 'write',
  perform(machine, task, { object }) {
    if ((object.state & SHOULD_PARK) === 0) return false;
    object.state |= PARKED;
    machine.release(task, object, true);
    return true;
  },
};

/** __kthread_parkme() */
export function* park(thread: Thread): Op<void> {
  if (!(yield* request(HAS, thread, SHOULD_PARK))) return;
  const state = stateOf(thread.task);
  for (;;) {
    yield* request(SET, state, TASK_PARKED);
    if (!(yield* request(COMPLETE_PARKED, thread))) break;
    yield* request(SCHEDULE, state);
  }
  yield* request(SET_RELAXED, state, TASK_RUNNING);
}

function changing(
  name: string,
  sleeps: boolean,
  change: (thread: Thread) => number,
): Kind<Thread, [], number> {
  return {
    name,
    access: 'write',
    announce(machine, task, { site }) {
      if (sleeps) machine.mightSleep(task, name, site);
    },
    perform(machine, task, { object: thread, site }) {
      const result = change(thread);
      if (!thread.isKthread || result < 0)
        machine.complain({ check: 'warn', message: '', object: null, site });
      machine.release(task, thread, true);
      return result;
    },
  };
}

const STOP = changing('kthread_stop', true, (thread) => {
  thread.usage++;
  thread.state = (thread.state | SHOULD_STOP) & ~SHOULD_PARK;
  return 0;
});
const PARK = changing('kthread_park', true, (thread) => {
  if ((thread.state & EXITED) !== 0) return -ENOSYS;
  if ((thread.state & SHOULD_PARK) !== 0) return -EBUSY;
  thread.state |= SHOULD_PARK;
  return 0;
});
const UNPARK = changing('kthread_unpark', false, (thread) => (thread.state &= ~SHOULD_PARK));
export const GET: Kind<Thread, [], void> = {
  name: 'get_task_struct',
  access: 'write',
  perform(_machine, _task, { object }) {
    object.usage++;
  },
};
export const PUT: Kind<Thread, [], void> = {
  name: 'put_task_struct',
  access: 'write',
  perform: (machine, _task, { object, site }) => object.release(machine, site),
};

function waiting(name: string, done: number): Kind<Thread, [], number> {
  return {
    name,
    access: 'write',
    enabled: (state) => (state & done) !== 0,
    perform(machine, task, { object }) {
      machine.acquire(task, object);
      if (done === PARKED) object.state &= ~PARKED;
      return object.result;
    },
  };
}

const EXITING = waiting('kthread_stop', EXITED);
const PARKING = waiting('kthread_park', PARKED);
const WAKE = waking('wake_up_state', true);

/** wake_up_state() */
function* wake(thread: Thread, from: number): Op<void> {
  yield* smp_mb();
  yield* request(WAKE, stateOf(thread.task), from);
}

export function* stopping(thread: Thread): Op<number> {
  yield* request(STOP, thread);
  yield* wake(thread, TASK_NORMAL | TASK_PARKED);
  const result = yield* request(EXITING, thread);
  yield* request(PUT, thread);
  return result;
}

/**
 * kthread_park()
 *
 * @returns 0, -EBUSY if it is being parked already, -ENOSYS if it has ended, both with a warning
 */
export function* parking(thread: Thread): Op<number> {
  const error = yield* request(PARK, thread);
  if (error !== 0 || thread.task === current.machine.task) return error;
  yield* wake(thread, TASK_NORMAL);
  yield* request(PARKING, thread);
  return 0;
}

export function* unparking(thread: Thread): Op<void> {
  yield* request(UNPARK, thread);
  yield* wake(thread, TASK_PARKED);
}

/**
 * kthread_create()
 *
 * @returns the thread, or -ENOMEM as a pointer if it fails; its result is -EINTR until its function has returned
 */
export function* creating(start: Start, comm: string): Op<task_struct | errptr> {
  return (yield* request(CREATE, null, start, comm)) ?? ERR_PTR(-ENOMEM);
}

/**
 * kthread_run()
 *
 * @returns the thread, or -ENOMEM as a pointer if it fails; its result is -EINTR until its function has returned
 */
export function* running(start: Start, comm: string): Op<task_struct | errptr> {
  const made = yield* creating(start, comm);
  if (!IS_ERR(made)) yield* wake_up_process(made);
  return made;
}

export function* asking(flag: number): Op<boolean> {
  return yield* request(HAS, threadOf(current.machine.task), flag);
}
