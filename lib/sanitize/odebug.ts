// SPDX-License-Identifier: GPL-2.0-only
/**
 * Debugobjects: freeing memory that holds something still in use by the kernel: a queued work item, a pending RCU callback, a
 * completion somebody waits for. After lib/debugobjects.c, debug_check_no_obj_freed().
 *
 * Misses: objects initialised twice or used before they are; objects of kinds whose primitive does not say that it is active.
 */
import { Gravity, type Machine, type MachineObject, type Monitor, type Task } from '../machine';
import { callTrace, findWithin } from './layout';

/** Finds memory that is freed while an object in it is active. */
export function odebug(): Monitor {
  return {
    name: 'odebug',
    free(machine, task, memory, site) {
      if (memory.freed) return;
      const active = findWithin(memory.object, isActive);
      if (active !== null) report(machine, task, active, site);
    },
  };
}

function isActive(object: MachineObject): boolean {
  return object.active !== '';
}

function report(machine: Machine, task: Task, object: MachineObject, site: string): void {
  const hint = object.hint === '' ? '' : ` hint: ${object.hint}`;
  const sentence = `ODEBUG: free active (active state 0) object: ${object.label} object type: ${object.active}${hint}`;
  machine.report({
    kind: 'odebug-free-active',
    gravity: Gravity.Memory,
    task,
    step: machine.steps,
    headline: () => sentence,
    body: (telling) => [
      `WARNING: CPU: ${task.id} PID: ${task.pid} at lib/debugobjects.c debug_print_object`,
      ...callTrace(telling, task, site),
      '---[ end trace ]---',
    ],
  });
}
