// SPDX-License-Identifier: GPL-2.0-only
/** The first step of a task: runs its code up to the first operation. */
import type { Machine } from './machine';
import { type Kind, type Op, Request, unstarted } from './op';
import type { Task } from './task';

function* delegate(op: Op<unknown>): Generator<Request, unknown> {
  return yield* op;
}

/** Generators are resumed directly; anything else that is an operation gets a generator around it. */
function generatorOf(op: Op<unknown>): Generator<Request, unknown> {
  const generator = op as Generator<Request, unknown> & { [Symbol.toStringTag]?: string }; // if it only pretends to be one, resuming it fails
  return generator[Symbol.toStringTag] === 'Generator' ? generator : delegate(op);
}

export const START = {
  name: 'start',
  access: 'none',
  perform(_machine: Machine, task: Task): undefined {
    task.generator = generatorOf(task.start());
    return undefined;
  },
} satisfies Kind;

/** The first step of a task that must not overtake its like: it waits until that one has taken its first operation. */
export const FOLLOW = {
  name: 'start',
  access: 'read',
  enabled: (state: number): boolean => state > 0,
  perform: (machine: Machine, task: Task) => START.perform(machine, task),
} satisfies Kind;

let shared: Request | null = null;

/** The request to start, the same for all tasks: it says nothing of them. */
export function startRequest(): Request {
  if (shared === null) {
    shared = new Request(START, null, 0, undefined, undefined);
    unstarted.pop();
  }
  return shared;
}
