// SPDX-License-Identifier: GPL-2.0-only
/**
 * Set-up and final checks: code that runs while no other task does. It may wait for works and RCU callbacks that it, or
 * earlier tasks, have started. Those then run one after another, in the order of their numbers; nothing of that is
 * explored.
 */
import { TaskKilled, UsageError } from './errors';
import type { Machine } from './machine';
import type { Task } from './task';

/** Set-up code or a check waits for ever. The detectors report it when the execution ends. */
export class WaitsForEver extends TaskKilled {}

/** Runs other tasks, each until it ends or waits, until the boot task can run. Deferred work comes first. */
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

/** Runs the final check after all tasks have ended, and then the work it has deferred. */
export function finishAlone(machine: Machine): void {
  joinAlone(machine);
  machine.program.finish?.(machine);
  settleAlone(machine);
}

/** Runs deferred work until none is left. Does not run processes that a check has woken. */
function settleAlone(machine: Machine): void {
  const { task: boot } = machine;
  while (runNext(machine, isDeferred)) machine.task = boot;
}

/** The boot task synchronises with the end of every task. */
export function joinAlone(machine: Machine): void {
  for (const task of machine.tasks) if (task?.done === true) machine.acquire(machine.task, task);
}

/** Whether any deferred work could run now. */
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
