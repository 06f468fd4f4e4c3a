// SPDX-License-Identifier: GPL-2.0-only
/**
 * Set-up and final checks: code that has the machine to itself, but may wait for what it, or the tasks before it, have set going:
 * works, RCU callbacks. Those run then, one after the other, in the order of their numbers; nothing of that is explored.
 */
import { TaskKilled, UsageError } from './errors';
import type { Machine } from './machine';
import type { Task } from './task';

/** Set-up code or a check waits for ever; the detectors say so when the execution ends. */
export class WaitsForEver extends TaskKilled {}

/** Runs whoever can go on, each to its end or until it waits, until the boot task can. */
export function waitAlone(machine: Machine): void {
  const { task: boot } = machine;
  while (!machine.enabled(boot.id)) {
    if (runNext(machine, isDeferred) || runNext(machine, isAnybody)) {
      machine.task = boot;
      continue;
    }
    boot.done = false;
    throw new WaitsForEver('hung-task');
  }
}

/** The final check, when all tasks have ended, and what it has put off. */
export function finishAlone(machine: Machine): void {
  joinAlone(machine);
  machine.program.finish?.(machine);
  settleAlone(machine);
}

/** Runs what has been put off until there is nothing left of it. Processes that a check has woken are no business of it. */
function settleAlone(machine: Machine): void {
  const { task: boot } = machine;
  while (runNext(machine, isDeferred)) machine.task = boot;
}

/** The boot task has seen every task end. */
export function joinAlone(machine: Machine): void {
  for (const task of machine.tasks) if (task?.done === true) machine.acquire(machine.task, task);
}

/** Whether anything that has been put off could run now. */
export function hasPutOff(machine: Machine): boolean {
  return machine.tasks.some(
    (task) => task !== undefined && isDeferred(task) && machine.enabled(task.id),
  );
}

const isDeferred = ({ context }: Task): boolean => context !== 'process';
const isAnybody = (): boolean => true;

function runNext(machine: Machine, is: (task: Task) => boolean): boolean {
  for (let id = 1; id < machine.tasks.length; id++) {
    const task = machine.tasks[id];
    if (task === undefined || !is(task) || !machine.enabled(id)) continue;
    while (machine.enabled(id)) {
      machine.run(id);
      if (machine.cut) throw new UsageError('set-up code never ends');
    }
    return true;
  }
  return false;
}
