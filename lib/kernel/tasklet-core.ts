// SPDX-License-Identifier: GPL-2.0-only
/**
 * The engine under tasklet.ts: the object, and the task of each scheduling. After tasklet_action_common() in kernel/softirq.c.
 *
 * A tasklet never runs twice at a time: one that is scheduled while it runs waits, and runs once more. One that is disabled stays
 * scheduled, without a task, until it is enabled.
 */
import {
  type Branded,
  type Embeddable,
  embeddable,
  fullyOrdered,
  functionName,
  type Handle,
  type Kind,
  type Machine,
  makeHandle,
  onCpu,
  type Op,
  request,
  SyncObject,
  type Task,
} from '../machine';
import { softirqCount } from './timer-core';

/** Something that a softirq does soon. Embed it as `rx_tasklet: tasklet_struct`. @kernel include/linux/interrupt.h */
export interface tasklet_struct extends Branded<'tasklet_struct', Tasklet> {}

/** What a tasklet does, in softirq context; it must not sleep. It may schedule the tasklet again. @kernel include/linux/interrupt.h */
export type tasklet_callback_t = (tasklet: tasklet_struct) => Op<unknown>;

/** What a tasklet of tasklet_init() does: it is given the data. */
export type tasklet_func_t = (data: Handle | null) => Op<unknown>;

/** Bits of the state: it is scheduled, and it runs. */
export const SCHED = 1;
export const RUN = 2;

/** State: SCHED and RUN. */
export class Tasklet extends SyncObject {
  readonly typeName = 'tasklet_struct';
  readonly handle: tasklet_struct = makeHandle(this);
  /** What it calls, and the function's name. */
  call: (() => Op<unknown>) | null = null;
  funcName = '';
  /** How often it is disabled. */
  count = 0;
  /** A task will run it. */
  queued = false;
  /** For a static: what makes it usable at first. */
  initial: (() => void) | null = null;

  setup(func: tasklet_callback_t): void {
    const { handle } = this;
    this.#begin(() => func(handle), functionName(func));
  }

  init(func: tasklet_func_t, data: Handle | null): void {
    this.#begin(() => func(data), functionName(func));
  }

  #begin(call: (() => Op<unknown>) | null, funcName: string): void {
    this.state = this.count = 0;
    this.initialised = call !== null;
    this.queued = false;
    this.call = call;
    this.funcName = funcName;
  }

  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.#begin(null, '');
  }

  protected override reset(): void {
    super.reset();
    this.#begin(null, '');
    this.initial?.();
  }
}

/** Type of a tasklet member of a structure. Unusable until tasklet_setup() has run on it. */
export const tasklet_struct: Embeddable<tasklet_struct> = embeddable(
  'tasklet_struct',
  () => new Tasklet(),
);

/** tasklet_schedule(). The step must write the tasklet. */
export function schedule(machine: Machine, task: Task, tasklet: Tasklet): void {
  fullyOrdered(machine, task, tasklet);
  if ((tasklet.state & SCHED) !== 0) return;
  tasklet.state |= SCHED;
  queue(machine, tasklet);
}

/** Gives a scheduled tasklet a task, unless it has one or is disabled. */
export function queue(machine: Machine, tasklet: Tasklet): void {
  if (tasklet.count !== 0 || tasklet.queued) return;
  tasklet.queued = true;
  machine.spawn('ksoftirqd', () => onCpu(action(tasklet)), 'softirq');
}

/** What a task found: what to call, which is nothing if the tasklet was never set up; null if it is disabled. */
type Begun = { readonly call: (() => Op<unknown>) | null } | null;

const BEGIN: Kind<Tasklet, [], Begun> = {
  name: 'tasklet_action',
  access: 'write',
  enabled: (state) => (state & RUN) === 0,
  perform(machine, task, { object: tasklet, site }) {
    machine.marked(tasklet, 0, true, site);
    machine.acquire(task, tasklet);
    tasklet.queued = false;
    if (tasklet.count !== 0) return null;
    tasklet.state = RUN;
    return { call: tasklet.call };
  },
};

const END: Kind<Tasklet, [], void> = {
  name: 'tasklet_action',
  access: 'write',
  perform(machine, task, { object: tasklet, site }) {
    if (task.atomicDepth !== 1) {
      const message = `softirq: huh, entered softirq 6 TASKLET with preempt_count 00000100, exited with ${softirqCount(task)}? (${tasklet.funcName})`;
      machine.complain({ check: 'warn', message, object: null, site });
    }
    tasklet.state &= ~RUN;
    machine.release(task, tasklet, true);
  },
};

function* action(tasklet: Tasklet): Op<void> {
  const begun = yield* request(BEGIN, tasklet);
  if (begun === null) return;
  if (begun.call === null) throw new TypeError("Cannot read properties of null (reading 'func')");
  yield* begun.call();
  yield* request(END, tasklet);
}
