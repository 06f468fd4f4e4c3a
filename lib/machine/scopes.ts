// SPDX-License-Identifier: GPL-2.0-only
/**
 * The objects on a task's stack. They live until the function that declared them returns. A driver's functions report
 * their begin and every kind of end (lib/driver/guard.ts); objects of other code live as long as their task.
 */
import { current } from './current';
import type { Machine } from './machine';
import type { Allocation, MachineObject } from './object';
import type { Task } from './task';

/** An object on a stack, and the depth of the function that declared it. */
export interface OnStack {
  readonly memory: Allocation;
  readonly depth: number;
}

/** A function begins. @returns the argument for leaveFunction() */
export function enterFunction(): number {
  return ++current.machine.task.depth;
}

/** A function ends. The objects that it and the functions it called have declared die. Abandoned functions have ended, too. */
export function leaveFunction(depth: number): void {
  const { machine } = current;
  const { task } = machine;
  if (depth > task.depth) return;
  task.depth = depth - 1;
  if (task.onStack.length > 0) unwind(machine, task, depth);
}

/** Ends the life of everything that was declared at this depth or deeper. */
export function unwind(machine: Machine, task: Task, depth: number): void {
  const { onStack } = task;
  for (let last = onStack.pop(); last !== undefined; last = onStack.pop()) {
    if (last.depth < depth) {
      onStack.push(last);
      return;
    }
    machine.returned(last.memory);
  }
}

/** Gives an object a place on a task's stack, in the running function. */
export function declareOnStack(
  machine: Machine,
  task: Task,
  object: MachineObject,
  site: string,
): void {
  machine.settle(object, task);
  const memory: Allocation = {
    region: 'stack',
    object,
    ordinal: 0,
    task,
    site,
    freed: false,
    freedBy: null,
    freeSite: '',
  };
  object.live(memory, machine.epoch);
  task.onStack.push({ memory, depth: task.depth });
}
