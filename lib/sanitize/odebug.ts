// SPDX-License-Identifier: GPL-2.0-only
/**
 * Debugobjects: an object that the kernel still uses, such as a queued work item or a pending RCU callback, is freed or
 * initialised again. After lib/debugobjects.c: debug_check_no_obj_freed() and debug_object_init().
 *
 * Misses: objects that are used before they are initialised; objects whose primitive does not say that they are active.
 */
import { Gravity, type Machine, type MachineObject, type Monitor, type Task } from '../machine';
import { callTrace, findWithin } from './layout';

/** Finds active objects in memory that is freed, and active objects that are initialised. */
export function odebug(): Monitor {
  return {
    name: 'odebug',
    init(machine, task, object, site) {
      if (isActive(object)) report('init', machine, task, object, site);
    },
    free(machine, task, memory, site) {
      if (memory.freed) return;
      const active = findWithin(memory.object, isActive);
      if (active !== null) report('free', machine, task, active, site);
    },
  };
}

function isActive(object: MachineObject): boolean {
  return object.active !== '';
}

function report(
  what: 'free' | 'init',
  machine: Machine,
  task: Task,
  object: MachineObject,
  site: string,
): void {
  const hint = object.hint === '' ? '' : ` hint: ${object.hint}`;
  const sentence = `ODEBUG: ${what} active (active state 0) object: ${object.label} object type: ${object.active}${hint}`;
  machine.report({
    kind: `odebug-${what}-active`,
    gravity: Gravity.Memory,
    task,
    step: machine.steps,
    headline: () => sentence,
    body: (telling) => [
      `WARNING: CPU: ${task.cpuNumber} PID: ${task.pid} at lib/debugobjects.c debug_print_object`,
      ...callTrace(telling, task, site),
      '---[ end trace ]---',
    ],
  });
}
