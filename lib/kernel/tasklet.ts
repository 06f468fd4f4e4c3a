// SPDX-License-Identifier: GPL-2.0-only
/**
 * Tasklets: functions that run soon, in softirq context, never twice at a time. After include/linux/interrupt.h and
 * kernel/softirq.c. Drivers schedule them in interrupt handlers.
 */
import {
  composite,
  fence,
  type Fields,
  FULL,
  type Handle,
  type Kind,
  type Machine,
  objectOf,
  type Op,
  request,
  storable,
  type StructHandle,
  type StructType,
  type Task,
} from '../machine';
import { container_of } from './list';
import {
  queue,
  RUN,
  SCHED,
  schedule,
  Tasklet,
  type tasklet_callback_t,
  type tasklet_func_t,
  type tasklet_struct,
} from './tasklet-core';

function statically(name: string, func: tasklet_callback_t, count: number): tasklet_struct {
  storable(func);
  const tasklet = new Tasklet();
  tasklet.initial = () => {
    tasklet.setup(func);
    tasklet.count = count;
  };
  tasklet.initial();
  return tasklet.makeStatic(name).handle;
}

/**
 * Defines a static tasklet.
 *
 * @param func what it calls; is given the tasklet, and must not sleep
 * @kernel include/linux/interrupt.h
 */
export function DECLARE_TASKLET(name: string, func: tasklet_callback_t): tasklet_struct {
  return statically(name, func, 0);
}

/**
 * Defines a static tasklet that is disabled at first.
 *
 * @param func what it calls; is given the tasklet, and must not sleep
 * @kernel include/linux/interrupt.h
 */
export function DECLARE_TASKLET_DISABLED(name: string, func: tasklet_callback_t): tasklet_struct {
  return statically(name, func, 1);
}

function settingUp<A extends readonly [unknown, unknown?]>(
  name: string,
  set: (tasklet: Tasklet, ...given: A) => void,
): Kind<Tasklet, A, void> {
  return {
    name,
    access: 'write',
    perform(machine, task, { object, a, b, site }) {
      machine.initialising(task, object, site);
      set(object, ...([a, b] as unknown as A)); // what the request was built with
    },
  };
}

const SETUP = settingUp<[func: tasklet_callback_t]>('tasklet_setup', (tasklet, func) =>
  tasklet.setup(func),
);
const INIT = settingUp<[func: tasklet_func_t, data: Handle | null]>(
  'tasklet_init',
  (tasklet, func, data) => tasklet.init(func, data),
);

function scheduling(name: string): Kind<Tasklet, [], void> {
  return {
    name,
    access: 'write',
    perform: (machine, task, { object }) => schedule(machine, task, object),
  };
}

const SCHEDULE = scheduling('tasklet_schedule');
const HI_SCHEDULE = scheduling('tasklet_hi_schedule');

function disabling(name: string): Kind<Tasklet, [], void> {
  return {
    name,
    access: 'write',
    perform(machine, task, { object }) {
      object.count++;
      fence(machine, task, FULL);
    },
  };
}

const DISABLE = disabling('tasklet_disable');
const DISABLE_NOSYNC = disabling('tasklet_disable_nosync');

const ENABLE: Kind<Tasklet, [], void> = {
  name: 'tasklet_enable',
  access: 'write',
  perform(machine, task, { object: tasklet }) {
    fence(machine, task, FULL);
    machine.release(task, tasklet, true);
    tasklet.count--;
    if ((tasklet.state & SCHED) !== 0) queue(machine, tasklet);
  },
};

/** Waits until it does not run. */
function waiting(name: string, sleeps: boolean): Kind<Tasklet, [], void> {
  return {
    name,
    access: 'read',
    ...(sleeps ? {} : { spins: true }),
    enabled: (state) => (state & RUN) === 0,
    announce(machine, task, { site }) {
      if (sleeps) machine.mightSleep(task, name, site);
    },
    perform: (machine, task, { object }) => machine.acquire(task, object),
  };
}

const UNLOCK_WAIT = waiting('tasklet_unlock_wait', true);
const UNLOCK_SPIN_WAIT = waiting('tasklet_unlock_spin_wait', false);

/** Marks a tasklet that is not scheduled as if it were: now nobody can schedule it. */
const KILL: Kind<Tasklet, [], void> = {
  name: 'tasklet_kill',
  access: 'write',
  enabled: (state) => (state & SCHED) === 0,
  announce: (machine: Machine, task: Task, { site }) =>
    machine.mightSleep(task, 'tasklet_kill', site),
  perform(machine, task, { object }) {
    machine.acquire(task, object);
    object.state |= SCHED;
  },
};

const KILLED: Kind<Tasklet, [], void> = {
  name: 'tasklet_kill',
  access: 'write',
  perform(_machine, _task, { object }) {
    object.state &= ~SCHED;
  },
};

/**
 * Makes a tasklet usable, not scheduled.
 *
 * @param func what it calls; is given the tasklet, and must not sleep
 * @kernel include/linux/interrupt.h
 * @context any; does not sleep
 * @ordering none
 */
export function tasklet_setup(tasklet: tasklet_struct, func: tasklet_callback_t): Op<void> {
  storable(func);
  return request(SETUP, objectOf(tasklet), func);
}

/**
 * The older form of tasklet_setup(), for a function that is given data instead of the tasklet.
 *
 * @example
 * const device = struct('device', { tasklet: tasklet_struct, done: int });
 * function* device_tasklet(data: Handle | null) {
 *   (data as StructOf<typeof device>).done = 1;
 * }
 * const one = yield* kzalloc(device, GFP_KERNEL);
 * if (one === null) return;
 * yield* tasklet_init(one.tasklet, device_tasklet, one);
 * yield* tasklet_hi_schedule(one.tasklet);
 * yield* tasklet_kill(one.tasklet);
 * one.done; // => 1
 * yield* kfree(one);
 * @param func what it calls; is given the data, and must not sleep
 * @param data what the function is given
 * @kernel include/linux/interrupt.h
 * @context any; does not sleep
 * @ordering none
 */
export function tasklet_init(
  tasklet: tasklet_struct,
  func: tasklet_func_t,
  data: Handle | null,
): Op<void> {
  storable(func);
  return request(INIT, objectOf(tasklet), func, data);
}

/**
 * Lets a tasklet run soon, once, unless it is scheduled already. One that runs at this moment runs once more.
 *
 * @kernel include/linux/interrupt.h
 * @context any; does not sleep
 * @ordering full, also if it was scheduled already
 * @divergence a tasklet that schedules itself each time never ends: nothing bounds it
 */
export function tasklet_schedule(tasklet: tasklet_struct): Op<void> {
  return request(SCHEDULE, objectOf(tasklet));
}

/**
 * tasklet_schedule() for those that are more urgent than others.
 *
 * @kernel include/linux/interrupt.h
 * @context any; does not sleep
 * @ordering full, also if it was scheduled already
 * @divergence none runs before others
 */
export function tasklet_hi_schedule(tasklet: tasklet_struct): Op<void> {
  return request(HI_SCHEDULE, objectOf(tasklet));
}

function* disabled(tasklet: Tasklet, wait: Kind<Tasklet, [], void>): Op<void> {
  yield* request(DISABLE, tasklet);
  yield* request(wait, tasklet);
}

/**
 * Keeps a tasklet from running, and waits until it does not run. Nests. What schedules it meanwhile lets it run after
 * tasklet_enable().
 *
 * @example
 * const events = DEFINE_ATOMIC('events', 0);
 * function* count_events() {
 *   yield* atomic_inc(events);
 * }
 * const tasklet = DECLARE_TASKLET('tasklet', count_events);
 * yield* tasklet_disable(tasklet);
 * yield* tasklet_schedule(tasklet);
 * yield* atomic_read(events); // => 0
 * yield* tasklet_enable(tasklet);
 * yield* tasklet_kill(tasklet);
 * yield* atomic_read(events); // => 1
 * @kernel include/linux/interrupt.h
 * @context process context only; may sleep
 * @ordering full, and acquire from the function
 */
export function tasklet_disable(tasklet: tasklet_struct): Op<void> {
  return composite('tasklet_disable', disabled(objectOf(tasklet), UNLOCK_WAIT));
}

/**
 * tasklet_disable() for callers that must not sleep.
 *
 * @kernel include/linux/interrupt.h
 * @context any but the function; does not sleep, but spins
 * @ordering full, and acquire from the function
 */
export function tasklet_disable_in_atomic(tasklet: tasklet_struct): Op<void> {
  return composite('tasklet_disable_in_atomic', disabled(objectOf(tasklet), UNLOCK_SPIN_WAIT));
}

/**
 * Keeps a tasklet from beginning to run, and does not wait: it may run at this moment, and go on.
 *
 * @example
 * const tasklet = DECLARE_TASKLET_DISABLED('tasklet', function* () {});
 * yield* tasklet_disable_nosync(tasklet);
 * yield* tasklet_schedule(tasklet);
 * for (let i = 0; i < 2; i++) yield* tasklet_enable(tasklet);
 * yield* tasklet_disable_in_atomic(tasklet);
 * yield* tasklet_enable(tasklet);
 * @kernel include/linux/interrupt.h
 * @context any; does not sleep
 * @ordering full, between what was done before and what is done after it
 */
export function tasklet_disable_nosync(tasklet: tasklet_struct): Op<void> {
  return request(DISABLE_NOSYNC, objectOf(tasklet));
}

/**
 * Undoes tasklet_disable(). A tasklet that was scheduled meanwhile runs.
 *
 * @kernel include/linux/interrupt.h
 * @context any; does not sleep
 * @ordering full, and release to the function
 */
export function tasklet_enable(tasklet: tasklet_struct): Op<void> {
  return request(ENABLE, objectOf(tasklet));
}

function* killing(tasklet: Tasklet): Op<void> {
  yield* request(KILL, tasklet);
  yield* request(UNLOCK_WAIT, tasklet);
  yield* request(KILLED, tasklet);
}

/**
 * Waits until a tasklet has run, if it is scheduled, and runs no more. Waits for ever for one that is scheduled and disabled. What
 * schedules it afterwards lets it run again: what does so must have ended before.
 *
 * @example
 * const device = struct('device', { tasklet: tasklet_struct, events: int });
 * function* device_tasklet(t: tasklet_struct) {
 *   from_tasklet(device, t, 'tasklet').events++;
 * }
 * const one = yield* kzalloc(device, GFP_KERNEL);
 * if (one === null) return;
 * yield* tasklet_setup(one.tasklet, device_tasklet);
 * yield* tasklet_schedule(one.tasklet);
 * yield* tasklet_kill(one.tasklet);
 * one.events; // => 1
 * yield* kfree(one);
 * @kernel include/linux/interrupt.h
 * @context process context only; may sleep
 * @ordering acquire, from the function
 */
export function tasklet_kill(tasklet: tasklet_struct): Op<void> {
  return composite('tasklet_kill', killing(objectOf(tasklet)));
}

/**
 * The structure around a tasklet: container_of() with its arguments in another order.
 *
 * @param type the type of the structure
 * @param member name of the tasklet_struct in that structure
 * @returns the structure
 * @kernel include/linux/interrupt.h
 * @context any; does not sleep
 * @ordering none
 * @divergence takes the structure where C takes the variable that is assigned to
 */
export function from_tasklet<F extends Fields>(
  type: StructType<F>,
  tasklet: tasklet_struct,
  member: keyof F & string,
): StructHandle<F> {
  return container_of(tasklet, type, member);
}
