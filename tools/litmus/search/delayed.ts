// SPDX-License-Identifier: GPL-2.0-only
/**
 * Updates without a result may be late: LKMM orders their load before nothing but fences, releases and accesses to the same
 * location, so that later stores of their task may run ahead of them.
 *
 * Load buffering is left out here as in the machine: a late update reads nothing that comes behind it in program order and the
 * chain of stores that were read. So whatever a task does while it delays an update carries that update's name on.
 */
import type { Step } from '../operation';
import { aheadOf, type Outcome, readModifyWrite, taskOf, withTask } from './accesses';
import type { Delayed, State } from './state';
import { type Ahead, join, union } from './view';

/** Passes a read-modify-write without a result, to make it later. */
export function delay(state: State, index: number, operation: Step): Outcome[] {
  if (operation.kind !== 'rmw' || operation.ordering !== 'noreturn') return [];
  const task = taskOf(state, index);
  const { current, acquired, released, fenced, through, delayed, answers } = task;
  const place = { current, acquired, released, fenced, through, ahead: aheadOf(task) };
  const late = [...delayed, { id: `${index}@${answers.length}`, operation, place }];
  return [{ state: withTask(state, index, { delayed: late }), answer: 0 }];
}

/** Whether a task must have made what it delays before it takes a step; null is its end. */
export function waitsForDelayed(
  { delayed }: { delayed: readonly Delayed[] },
  step: Step | null,
): boolean {
  if (step === null) return delayed.length > 0;
  return delayed.some(({ operation }) => keepsBack(operation, step));
}

function keepsBack({ at }: Delayed['operation'], step: Step): boolean {
  switch (step.kind) {
    case 'load':
      return step.at.location === at.location;
    case 'store':
      return step.release || step.at.location === at.location;
    case 'rmw':
      return (
        step.ordering === 'full' || step.ordering === 'release' || step.at.location === at.location
      );
    case 'fence':
      return step.fence !== 'rmb';
    case 'lock':
    case 'trylock':
    case 'read lock':
    case 'srcu lock':
      return false;
    default:
      return true;
  }
}

/** The states in which a task has made one of the read-modify-writes that it delays. */
export function makeDelayed(state: State, index: number): State[] {
  const { delayed } = taskOf(state, index);
  return delayed.flatMap((late) => make(state, index, late));
}

function make(before: State, index: number, { id, operation, place }: Delayed): State[] {
  const { current, acquired, released, fenced, through, ahead, delayed } = taskOf(before, index);
  const rest = delayed.filter((one) => one.id !== id);
  const without = withTask(before, index, { ...place, delayed: [] });
  return readModifyWrite(without, index, operation).flatMap(({ state }) => {
    const made = taskOf(state, index);
    const behind = closure(state, made.ahead);
    if (behind.includes(id)) return [];
    const { memory } = state;
    const after = withTask(state, index, {
      current: join(memory, current, made.current),
      acquired: join(memory, acquired, made.acquired),
      released: join(memory, released, made.released),
      fenced: join(memory, fenced, made.fenced),
      ahead: union(ahead, made.ahead),
      through,
      delayed: rest,
    });
    return [{ ...after, late: behind.length === 0 ? state.late : { ...state.late, [id]: behind } }];
  });
}

/** These delayed updates and all that come before them. */
function closure({ late }: State, ahead: Ahead): Ahead {
  const all = new Set(ahead);
  for (const id of all) for (const before of late[id] ?? []) all.add(before);
  return [...all].sort();
}
