// SPDX-License-Identifier: GPL-2.0-only
/**
 * What lives on a task's stack, and until when: until the function that declared it returns. The functions of a driver say when
 * they begin and end (lib/driver/guard.ts), however they end; other code's objects live as long as their task.
 */
import { current } from './current';
import type { Machine } from './machine';
import type { Allocation, MachineObject } from './object';
import type { Task } from './task';

/** An object on a stack, and how deep in it the function is that declared it. */
export interface OnStack {
  readonly memory: Allocation;
  readonly depth: number;
}

/** A function begins. @returns what leaveFunction() is to be given */
export function enterFunction(): number {
  return ++current.machine.task.depth;
}

/** A function ends, and with it what it and those it called have declared. Functions that were abandoned have ended, too. */
export function leaveFunction(depth: number): void {
  const { machine } = current;
  const { task } = machine;
  if (depth > task.depth) return;
  task.depth = depth - 1;
  if (task.onStack.length > 0) unwind(machine, task, depth);
}

/** Everything that was declared at this depth or deeper dies. */
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

/** Gives an object a place on the stack of a task, in the function that runs. */
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
