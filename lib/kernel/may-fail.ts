// SPDX-License-Identifier: GPL-2.0-only
/** Operations that can fail: the explorer tries success and failure as it tries schedules. */
import { type Kind, type Machine, type Op, request, type Task } from '../machine';

const points = new Set<string>();

/** Declares that something of that name can fail; gives the name. */
export function failurePoint(name: string): string {
  points.add(name);
  return name;
}

/** Whether anybody has asked by this name whether something fails, or will where the library does. */
export function isFailurePoint(name: string): boolean {
  return points.has(name);
}

/** The outcomes of an operation called `name`: 2 if the scenario lets it fail. */
export function outcomesOf(name: string): NonNullable<Kind['outcomes']> {
  failurePoint(name);
  return (machine, task) => machine.outcomesOf(name, task);
}

/** Whether the current operation fails. */
export function failed(name: string, machine: Machine, task: Task): boolean {
  if (machine.outcome !== 1) return false;
  task.failed ??= new Map();
  task.failed.set(name, (task.failed.get(name) ?? 0) + 1);
  return true;
}

const kinds = new Map<string, Kind<null, [], boolean>>();

function choice(name: string): Kind<null, [], boolean> {
  let kind = kinds.get(name);
  if (kind === undefined) {
    kind = {
      name,
      access: 'none',
      outcomes: outcomesOf(name),
      perform: (machine, task) => failed(name, machine, task),
    };
    kinds.set(name, kind);
  }
  return kind;
}

/**
 * Marks a place where something outside of the driver may fail. Scenarios say which names fail and how often in each task; the
 * explorer then runs both outcomes.
 *
 * @example
 * function* register_thing() {
 *   return (yield* mayFail('register_thing')) ? -ENOMEM : 0;
 * }
 * yield* register_thing(); // => 0
 * @param name its name in a scenario's `failures`
 * @returns true if it fails
 * @context any; does not sleep
 * @ordering none
 * @divergence Linux injects such failures at random, with CONFIG_FAULT_INJECTION
 */
export function mayFail(name: string): Op<boolean> {
  return request(choice(name), null);
}
