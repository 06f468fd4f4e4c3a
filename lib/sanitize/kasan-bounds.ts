// SPDX-License-Identifier: GPL-2.0-only
/**
 * KASAN's report of an access outside of an array, after mm/kasan/report.c. The kernel's KASAN knows only the bounds of
 * the whole object; an index that leads from one member into the next is reported by UBSAN there
 * (array-index-out-of-bounds).
 *
 * Misses: a wrong index inside of the array; the length of a string.
 */
import {
  type Finding,
  Gravity,
  type Machine,
  type MachineObject,
  type OutOfBounds,
  stackOf,
  type Task,
  type Telling,
} from '../machine';
import { bytesAt, bytesOf, callTrace, nameOf, rule } from './layout';

/** The finding for an access outside of an array. */
export function outOfBounds(machine: Machine, task: Task, access: OutOfBounds): Finding {
  const { object, length, index, write } = access;
  const site = stackOf(access);
  const kind = `${regionOf(object)}-out-of-bounds`;
  return {
    kind,
    gravity: Gravity.Memory,
    task,
    step: machine.steps,
    headline: (telling) => `BUG: KASAN: ${kind} in ${telling.where(site)}`,
    body: (telling) => [
      `${write ? 'Write' : 'Read'} of size ${bytesAt(object, 0)} at addr ${object.label}[${index}] by task ${nameOf(task)}`,
      '',
      ...callTrace(telling, task, site),
      '',
      ...owner(telling, object),
      `The array ${object.label} has the elements 0 to ${length - 1}`,
      rule(66),
    ],
  };
}

function regionOf(object: MachineObject): 'slab' | 'stack' | 'global' | 'user' {
  if (object.memory !== null) return object.memory.region;
  return object.isStatic ? 'global' : 'user';
}

function owner(telling: Telling, object: MachineObject): string[] {
  const { memory, outermost } = object;
  if (memory === null) return [`The buggy address belongs to the variable ${outermost.label}`];
  if (memory.region === 'stack') {
    return [
      `The buggy address belongs to stack of task ${nameOf(memory.task)}`,
      ` and is located in '${outermost.label}', declared at:`,
      ...telling.stack(memory.site),
    ];
  }
  return [
    `Allocated by task ${memory.task.pid}:`,
    ...telling.stack(memory.site),
    '',
    `The buggy address belongs to the object ${memory.object.label}`,
    ` which belongs to the cache ${memory.object.typeName} of size ${bytesOf(memory.object)}`,
  ];
}
