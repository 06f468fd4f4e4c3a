// SPDX-License-Identifier: GPL-2.0-only
/**
 * The state of each task, on which it sleeps: what set_current_state(), wait queues and wake_up_process() have in common. After
 * __state of task_struct and try_to_wake_up() in kernel/sched/core.c.
 */
import {
  current,
  fence,
  FULL,
  type Handle,
  type Kind,
  type Machine,
  makeHandle,
  type MachineObject,
  type Request,
  SyncObject,
  type Task,
} from '../machine';
import { type Ending, endingBy } from './wait-ends';
import { choosing, make, type Place, wrote } from './marked';

/** The task runs, or may run. @kernel include/linux/sched.h */
export const TASK_RUNNING = 0;
/** The task sleeps until it is woken or a signal comes. @kernel include/linux/sched.h */
export const TASK_INTERRUPTIBLE = 1;
/** The task sleeps until it is woken. @kernel include/linux/sched.h */
export const TASK_UNINTERRUPTIBLE = 2;
/** What wakes the tasks in TASK_INTERRUPTIBLE and those in TASK_UNINTERRUPTIBLE. */
export const TASK_NORMAL = TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE;
/** The task is parked by kthread_park(). */
export const TASK_PARKED = 0x40;
const TASK_WAKEKILL = 0x100;
/** The task sleeps until it is woken or a fatal signal comes. @kernel include/linux/sched.h */
export const TASK_KILLABLE = TASK_WAKEKILL | TASK_UNINTERRUPTIBLE;

/** The state of a task: TASK_RUNNING, or in what it sleeps. */
export class TaskState extends SyncObject {
  readonly typeName = 'task_struct';
  readonly handle: Handle = makeHandle(this);
  /** What the task itself has set last. */
  mode = TASK_RUNNING;
  /** The queues that it is on. */
  readonly on: MachineObject[] = [];
  /** Others can have a pointer to the task. */
  known = false;

  /** The last of them: reports say that it sleeps on that, even if a waker has just taken it off. */
  last: MachineObject | null = null;

  override get named(): MachineObject | null {
    return this.last;
  }

  override get label(): string {
    return this.named?.label ?? '';
  }
}

const states = new WeakMap<Task, TaskState>();
/** Far behind the places of what the task allocates. */
const ORDINAL = 65535;

/** The state of a task. */
export function stateOf(task: Task): TaskState {
  let state = states.get(task);
  if (state === undefined) {
    state = new TaskState();
    current.machine.settle(state, task, ORDINAL);
    states.set(task, state);
  }
  return state;
}

/** The state of the running task; null if it has never set it. */
export function ownState(): TaskState | null {
  return states.get(current.machine.task) ?? null;
}

const STATE = {
  point: ({ object }: Request<TaskState>): TaskState => object,
  now: ({ object }: Request<TaskState>): number => object.state,
};

const STORE: Place<TaskState, [from: number]> = {
  ...STATE,
  load: false,
  store: true,
  effect: () => ({ store: true, strength: 'relaxed' }),
};

const WAKE: Place<TaskState, [from: number]> = {
  ...STATE,
  load: true,
  store: true,
  effect(read, { a: from }) {
    const sleeps = ((read as number) & from) !== 0; // a state is a number
    return { store: sleeps, strength: 'relaxed' };
  },
};

/** The access to a state in a step whose request is on another object. */
function inside(state: TaskState, from: number): Request<TaskState, [from: number]> {
  const access: unknown = { object: state, index: 0, a: from };
  return access as Request<TaskState, [from: number]>; // it has all that a place looks at
}

/** A state is set in a step on another object, which has it in its footprint. */
export function setState(machine: Machine, task: Task, state: TaskState, to: number): void {
  const made = make(STORE, machine, task, inside(state, 0));
  state.state = to;
  wrote(made, to);
}

/** try_to_wake_up() in a step on another object, which has the state in its footprint: whether the task slept in such a state. */
export function wakeUp(machine: Machine, task: Task, state: TaskState, from: number): boolean {
  const made = make(WAKE, machine, task, inside(state, from));
  if ((state.state & from) === 0) return false;
  state.state = TASK_RUNNING;
  wrote(made, TASK_RUNNING);
  machine.release(task, state, true);
  return true;
}

/** Sets the task's own state. */
function setter(name: string, strength: 'full' | 'relaxed'): Kind<TaskState, [to: number], void> {
  const place: Place<TaskState, [to: number]> = {
    ...STATE,
    load: false,
    store: true,
    effect: () => ({ store: true, strength }),
  };
  return {
    name,
    access: 'write',
    ...choosing(place),
    perform(machine, task, request) {
      const { object: state, a: to } = request;
      const made = make(place, machine, task, request);
      state.mode = to;
      if (made.newest) state.state = to;
      wrote(made, to);
      if (strength === 'full') fence(machine, task, FULL);
    },
  };
}

/** set_current_state() */
export const SET = setter('set_current_state', 'full');
/** __set_current_state() */
export const SET_RELAXED = setter('__set_current_state', 'relaxed');

/**
 * try_to_wake_up(): wakes the task if it sleeps in one of these states; a full barrier comes before it. Where what the task checks is
 * not a marked access, nothing says that it is ordered, and the newest state is read.
 */
export function waking(name: string, newest = false): Kind<TaskState, [from: number], number> {
  return {
    name,
    access: 'write',
    ...(newest ? {} : choosing(WAKE)),
    perform(machine, task, request) {
      const { object: state, a: from } = request;
      const made = make(WAKE, machine, task, request);
      if (((made.read as number) & from) === 0) return 0; // a state is a number
      if (made.newest) state.state = TASK_RUNNING;
      wrote(made, TASK_RUNNING);
      machine.release(task, state, true);
      return 1;
    },
  };
}

/** Sleeps until the state is TASK_RUNNING. */
export const SCHEDULE: Kind<TaskState, [], void> = {
  name: 'schedule',
  access: 'read',
  enabled: (state) => state === TASK_RUNNING,
  announce: (machine, task, { site }) => machine.mightSleep(task, 'schedule', site),
  perform(machine, task, { object }) {
    machine.acquire(task, object);
    fence(machine, task, FULL);
  },
};

/** Sleeps until the state is TASK_RUNNING, or what may end the sleep comes: says whether it was woken. */
export function sleeper(name: string, ending: Ending): Kind<TaskState, [], boolean> {
  const kind = endingBy(name, ending, SCHEDULE);
  return {
    ...kind,
    access: 'write',
    perform(machine: Machine, task: Task, request: Request<TaskState, []>): boolean {
      const woken = kind.perform(machine, task, request);
      if (!woken) setState(machine, task, request.object, TASK_RUNNING);
      return woken;
    },
  };
}
