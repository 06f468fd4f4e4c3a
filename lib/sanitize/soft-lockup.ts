// SPDX-License-Identifier: GPL-2.0-only
/**
 * The soft lockup watchdog: a task that runs for ever while nothing else can run. After kernel/watchdog.c, but it counts
 * steps, not seconds. oops.ts stops a loop of plain code sooner, and also one in set-up code or a final check.
 *
 * Misses: loops during which other tasks could still run. They may end when those have run, so nothing is proven.
 * False positives: a loop that would end by itself, but only after more than half of the steps that an execution may
 * have.
 */
import { type Finding, Gravity, type Machine, type Monitor, type Task } from '../machine';

/** Reports a task that does not end. */
export function softLockup(): Monitor {
  return {
    name: 'soft-lockup',
    end(machine) {
      const task = machine.cut ? stuck(machine) : null;
      if (task !== null) machine.report(finding(machine, task));
    },
  };
}

/** The only task that could continue where the execution was cut off, if it ran alone for the last half of it; null otherwise. */
function stuck(machine: Machine): Task | null {
  const [task, ...more] = machine.tasks.filter(
    (one) => one !== undefined && machine.enabled(one.id),
  );
  if (task === undefined || more.length > 0) return null;
  return machine.stepsMax - sinceWhen(machine, task) >= machine.stepsMax / 2 ? task : null;
}

/** The index of the last step of any other task. */
function sinceWhen({ tasks }: Machine, task: Task): number {
  return Math.max(0, ...tasks.map((one) => (one === undefined || one === task ? 0 : one.lastStep)));
}

function finding(machine: Machine, task: Task): Finding {
  const { site = '', name = '' } = task.pending ?? {};
  const alone = machine.stepsMax - sinceWhen(machine, task);
  return {
    kind: 'soft-lockup',
    gravity: Gravity.Deadlock,
    task,
    // From here on no other task can run, so the schedule needs no further entries.
    step: sinceWhen(machine, task) + 1,
    headline: (telling) =>
      `watchdog: BUG: soft lockup - CPU#${task.cpuNumber} stuck in ${telling.where(site)}! [${task.comm}:${task.pid}]`,
    body: (telling) => [
      `${alone} steps in a row, the last of them ${name}(): nothing else can run, so nothing can end it.`,
      `CPU: ${task.cpuNumber} PID: ${task.pid} Comm: ${task.comm}`,
      'Call Trace:',
      ...telling.stack(site),
    ],
  };
}
