// SPDX-License-Identifier: GPL-2.0-only
/**
 * Finds calls that may sleep where sleeping is not allowed: under a spinlock, in an interrupt, with interrupts or softirqs off, in
 * an RCU read section. And it finds tasks that end with interrupts or softirqs off.
 * Follows __might_resched() in kernel/sched/core.c and rcu_sleep_check(): the call is reported whether or not it had to
 * wait.
 *
 * Misses: all but the first such call of a task in an execution (the kernel's limit is one per second); the release function of a reference count that did not reach zero.
 */
import {
  Gravity,
  type Held,
  interrupts,
  mayNotSleep,
  type Machine,
  type Monitor,
  type Task,
  type Telling,
} from '../machine';
import { empty } from './emptying';
import { callTrace, heldLocks, placeOf } from './layout';

/** Finds calls that may sleep in contexts that must not. */
export function atomicSleep(): Monitor {
  const said = new Set<number>();
  return {
    name: 'atomic-sleep',
    boot: () => empty(said),
    mightSleep(machine, task, what, site) {
      const atomic = task.atomicDepth > 0 || task.irqsOff;
      if ((!atomic && task.rcuDepth === 0) || said.has(task.id)) return;
      said.add(task.id);
      if (atomic) invalidContext(machine, task, what, site);
      else insideReadSection(machine, task, what, site);
    },
    exit(machine, task) {
      if (task.killed || interrupts(task.context)) return;
      const message = leftOff(task);
      if (message !== '') machine.complain({ check: 'warn', message, object: null, site: '' });
    },
  };
}

/** What the kernel says of a task that returns to user space, or schedules, with interrupts or softirqs off; empty if they are on. */
function leftOff(task: Task): string {
  if (task.irqsOff) return 'syscall left IRQs disabled';
  if (task.bhDepth === 0) return '';
  const count = preemptCount(task).toString(16).padStart(8, '0');
  return `BUG: scheduling while atomic: ${task.comm}/${task.pid}/0x${count}`;
}

/** preempt_count(): an interrupt adds to that of the task that it has interrupted, and turning softirqs off counts twice a softirq. */
function preemptCount({ context, atomicDepth, bhDepth, on }: Task): number {
  const own = atomicDepth - bhDepth + bhDepth * 0x200;
  const below = on === null ? 0 : preemptCount(on);
  if (!mayNotSleep(context)) return own + below;
  return own - 1 + (context === 'hardirq' ? 0x10000 : 0x100) + below;
}

function disabledAt(telling: Telling, held: readonly Held[]): string[] {
  const spin = held.find(({ type }) => type === 'spin');
  return spin === undefined ? [] : ['Preemption disabled at:', ` ${telling.where(spin.site)}`];
}

function invalidContext(machine: Machine, task: Task, what: string, site: string): void {
  const held = task.held.slice();
  const count = preemptCount(task).toString(16);
  const { rcuDepth, irqsOff } = task;
  const atomic = task.atomicDepth > 0 ? 1 : 0;
  machine.report({
    kind: 'sleeping-in-atomic',
    gravity: Gravity.Context,
    task,
    step: machine.steps,
    headline: (telling) =>
      `BUG: sleeping function called from invalid context at ${what} in ${telling.where(site)}`,
    body: (telling) => [
      `in_atomic(): ${atomic}, irqs_disabled(): ${irqsOff ? 1 : 0}, non_block: 0, pid: ${task.pid}, name: ${task.comm}`,
      `preempt_count: ${count}, expected: 0`,
      `RCU nest depth: ${rcuDepth}, expected: 0`,
      ...heldLocks(telling, task, held),
      ...disabledAt(telling, held),
      ...callTrace(telling, task, site),
    ],
  });
}

function insideReadSection(machine: Machine, task: Task, what: string, site: string): void {
  const held = task.held.slice();
  const message = 'Illegal context switch in RCU read-side critical section!';
  machine.report({
    kind: 'suspicious-rcu-usage',
    gravity: Gravity.Context,
    task,
    step: machine.steps,
    headline: (telling) => `WARNING: suspicious RCU usage in ${telling.where(site)}`,
    body: (telling) => suspiciousRcuUsage(telling, { task, held, site, what, message }),
  });
}

/** What lockdep_rcu_suspicious() needs. */
export interface SuspiciousUsage {
  readonly task: Task;
  readonly held: readonly Held[];
  readonly site: string;
  /** The primitive that complains, shown if its line is unknown. */
  readonly what: string;
  readonly message: string;
}

/** lockdep_rcu_suspicious(), without its first line. */
export function suspiciousRcuUsage(telling: Telling, usage: SuspiciousUsage): string[] {
  const { task, held, site, what, message } = usage;
  return [
    `${placeOf(telling, site, what)} ${message}`,
    '',
    'other info that might help us debug this:',
    '',
    '',
    'rcu_scheduler_active = 2, debug_locks = 1',
    ...heldLocks(telling, task, held),
    '',
    'stack backtrace:',
    ...callTrace(telling, task, site),
  ];
}
