// SPDX-License-Identifier: GPL-2.0-only
/** The first step of a task: runs its code up to the first operation. */
import type { Machine } from './machine';
import { type Kind, type Op, Request, unstarted } from './op';
import type { Task } from './task';

function* delegate(op: Op<unknown>): Generator<Request, unknown> {
  return yield* op;
}

/** Returns a generator unchanged, and wraps any other operation in one. */
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

/** The first step of a task that must not overtake another: it waits until that task has run its first operation. */
export const FOLLOW = {
  name: 'start',
  access: 'read',
  enabled: (state: number): boolean => state > 0,
  perform: (machine: Machine, task: Task) => START.perform(machine, task),
} satisfies Kind;

let shared: Request | null = null;

/** The request to start. All tasks share it, so it reveals nothing about them. */
export function startRequest(): Request {
  if (shared === null) {
    shared = new Request(START, null, 0, undefined, undefined);
    unstarted.pop();
  }
  return shared;
}
