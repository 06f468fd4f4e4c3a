// SPDX-License-Identifier: GPL-2.0-only
/**
 * The soft lockup watchdog: a task that goes on for ever while nothing else can run. After kernel/watchdog.c, with steps for
 * seconds. A loop of plain code is cut off sooner, where it turns (see oops.ts), and so is one in set-up code or a final check.
 *
 * Misses: loops in which other tasks could still run. They may come to an end when those do: the verdict is that nothing is
 * proven. A loop that would end by itself after half as many steps as an execution may have is taken for one that does not.
 */
import { type Finding, Gravity, type Machine, type Monitor, type Task } from '../machine';

/** Reports the task that would not end. */
export function softLockup(): Monitor {
  return {
    name: 'soft-lockup',
    end(machine) {
      const task = machine.cut ? stuck(machine) : null;
      if (task !== null) machine.report(finding(machine, task));
    },
  };
}

/** The only task that could go on where the execution was cut off, if it has been that for half of it; null otherwise. */
function stuck(machine: Machine): Task | null {
  const [task, ...more] = machine.tasks.filter(
    (one) => one !== undefined && machine.enabled(one.id),
  );
  if (task === undefined || more.length > 0) return null;
  return machine.stepsMax - sinceWhen(machine, task) >= machine.stepsMax / 2 ? task : null;
}

/** The last step of any other task. */
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
    // From here on the task goes on by default.
    step: sinceWhen(machine, task) + 1,
    headline: (telling) =>
      `watchdog: BUG: soft lockup - CPU#${task.id} stuck in ${telling.where(site)}! [${task.comm}:${task.pid}]`,
    body: (telling) => [
      `${alone} steps in a row, the last of them ${name}(): nothing else can run, so nothing can end it.`,
      `CPU: ${task.id} PID: ${task.pid} Comm: ${task.comm}`,
      'Call Trace:',
      ...telling.stack(site),
    ],
  };
}
