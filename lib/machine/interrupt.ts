// SPDX-License-Identifier: GPL-2.0-only
/**
 * Interrupts: tasks that may run on top of another one, on its CPU. The interrupted task takes no step until the interrupt is over.
 *
 * An interrupt usually comes on a CPU where nothing runs. Everything that it could do to memory on top of a task it can do there as
 * well, in the same order of steps. On top of a task it can also wait for that task, which never ends; so a CPU is chosen only if
 * its task has held a lock, with interrupts enabled, that an interrupt wants, or may end a cpu_relax() of an interrupt (see
 * victims.ts).
 */
import { BH_OFF, type Cpu, IN_HARDIRQ, IN_SOFTIRQ, IRQS_OFF, ON_TOP } from './cpu';
import { current } from './current';
import type { Machine } from './machine';
import { type Kind, type Op, Request, request, unstarted } from './op';
import { FOLLOW, START, startRequest } from './start';
import type { Task, TaskContext } from './task';
import { codeOf, mayCome, mayEverCome, pathOf } from './victims';

/** Whether a task interrupts others. */
export function interrupts(context: TaskContext): boolean {
  return context === 'hardirq' || context === 'softirq';
}

/** Whether a task must not sleep from its beginning on. */
export function mayNotSleep(context: TaskContext): boolean {
  return interrupts(context) || context === 'rcu';
}

/** The first step of an interrupt: it comes on a CPU of its own (outcome 0), or on that of a task. */
export const ARRIVE = {
  name: 'start',
  access: 'none',
  perform(machine: Machine, task: Task) {
    if (machine.outcome !== 0) {
      task.above = pathOf(machine.outcome);
      machine.victims.add(task.context, machine.outcome);
    }
    START.perform(machine, task);
  },
} satisfies Kind;

let shared: Request | null = null;

/** The outcomes of arriving that matter, whatever the machine has found so far: also those that hold a spinlock at this moment. */
export function arrivals(machine: Machine, { context }: Task): readonly number[] {
  const holders = machine.tasks.flatMap((task) => {
    const holds = task?.held.some(({ type }) => type === 'spin') === true;
    return task !== undefined && holds && mayCome(context, task) ? [codeOf(task.path)] : [];
  });
  return [...new Set([...machine.victims.outcomes(context), ...holders])];
}

/** An interrupt waits until another task changes something: it may have come on top of that one, whichever it is. */
export function waitsForAnybody(machine: Machine, { context }: Task): void {
  for (const task of machine.tasks) {
    if (task === undefined || task.done || !mayEverCome(context, task)) continue;
    machine.victims.add(context, codeOf(task.path));
  }
}

/** The request to arrive. All interrupts share it, so it reveals nothing about them. */
function arriveRequest(): Request {
  return (shared ??= unlisted(new Request(ARRIVE, null, 0, undefined, undefined)));
}

/** A request that no code has to run. */
function unlisted(made: Request): Request {
  unstarted.pop();
  return made;
}

/** The first step of a task. */
export function firstRequest(context: TaskContext, like: Task | null): Request {
  if (like !== null) return unlisted(new Request(FOLLOW, like.leads(), 0, undefined, undefined));
  return interrupts(context) ? arriveRequest() : startRequest();
}

/** An interrupt begins on a task's CPU. It waits while the task has turned it off, or another interrupt runs there. */
export const ENTER: Kind<Cpu, [], void> = {
  name: 'irq_enter',
  access: 'write',
  enabled(state, { context }) {
    const off = context === 'hardirq' ? IRQS_OFF : IRQS_OFF | BH_OFF;
    return (state & (off | ON_TOP)) === 0;
  },
  perform(machine, task, { object: cpu }) {
    cpu.state |= task.context === 'hardirq' ? IN_HARDIRQ : IN_SOFTIRQ;
    const below = machine.tasks[cpu.number];
    if (below === undefined || below.done) return;
    task.on = below;
    below.cpu = cpu;
  },
};

/** An interrupt is over, and the task goes on. */
const EXIT: Kind<Cpu, [], void> = {
  name: 'irq_exit',
  access: 'write',
  perform(_machine, task, { object: cpu }) {
    cpu.state &= ~ON_TOP;
    task.on = null;
  },
};

/** Runs the code of an interrupt on the CPU where it has come. */
export function* onCpu(body: Op<unknown>): Op<void> {
  const { machine } = current;
  const { above } = machine.task;
  const cpu = above === '' ? null : machine.cpuAt(above);
  if (cpu !== null) yield* request(ENTER, cpu);
  yield* body;
  if (cpu !== null) yield* request(EXIT, cpu);
}
