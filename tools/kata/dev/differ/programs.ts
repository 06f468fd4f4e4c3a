// SPDX-License-Identifier: GPL-2.0-only
/** Client programs, all of a size or drawn at random: one to three tasks that make one to three calls each, and allocations that may fail. */
import * as fc from 'fast-check';

/** A program: the numbers of each task's calls. */
export interface Program {
  readonly tasks: readonly (readonly number[])[];
  readonly failing: boolean;
}

const TASKS_MAX = 3;
const CALLS_MAX = 3;

/** All programs with up to so many calls; tasks that differ only in their order count once. */
export function* programs(calls: number, sizeMax: number): Generator<Program> {
  for (let size = 1; size <= sizeMax; size++) {
    for (const tasks of split(calls, size, TASKS_MAX, [])) {
      yield { tasks, failing: false };
      yield { tasks, failing: true };
    }
  }
}

/** Programs of any size. */
export function drawn(calls: number): fc.Arbitrary<Program> {
  const task = fc.array(fc.nat(calls - 1), { minLength: 1, maxLength: CALLS_MAX });
  const tasks = fc.array(task, { minLength: 1, maxLength: TASKS_MAX });
  return fc.record({ tasks, failing: fc.boolean() });
}

/** Programs with a call less, or without failures. */
export function* smallerThan({ tasks, failing }: Program): Generator<Program> {
  if (failing) yield { tasks, failing: false };
  for (const [i, task] of tasks.entries()) {
    for (const nth of task.keys()) {
      const fewer = task.filter((_, at) => at !== nth);
      const left = tasks.flatMap((calls, at) => (at === i ? [fewer] : [calls]));
      yield { tasks: left.filter((calls) => calls.length > 0), failing };
    }
  }
}

/** Ways to share so many calls out among tasks, none of which comes before the last of those that are there. */
function* split(
  calls: number,
  size: number,
  more: number,
  tasks: readonly (readonly number[])[],
): Generator<(readonly number[])[]> {
  if (size === 0) yield [...tasks];
  if (size === 0 || more === 0) return;
  const last = tasks.at(-1);
  for (let length = Math.min(CALLS_MAX, size); length >= 1; length--) {
    for (const task of sequences(calls, length)) {
      if (last !== undefined && compare(last, task) > 0) continue;
      yield* split(calls, size - length, more - 1, [...tasks, task]);
    }
  }
}

function* sequences(calls: number, length: number): Generator<readonly number[]> {
  if (length === 0) yield [];
  else
    for (let call = 0; call < calls; call++)
      for (const rest of sequences(calls, length - 1)) yield [call, ...rest];
}

/** Longer tasks first, then by their calls. */
function compare(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return b.length - a.length;
  const at = a.findIndex((call, i) => call !== b[i]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
