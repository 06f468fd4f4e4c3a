// SPDX-License-Identifier: GPL-2.0-only
/** Finds the task that takes a turn of a schedule. */
import {
  aboutOf,
  ARRIVE,
  type Machine,
  type Operation,
  pathOf,
  type Request,
  type Task,
  UsageError,
} from '../machine';
import type { Turn } from './schedule';

/** The schedule does not fit the program. */
export class Diverged extends UsageError {
  override name = 'Diverged';

  constructor(
    readonly step: number,
    readonly why: string,
  ) {
    super(`the schedule does not fit this program any more: step ${step} wants ${why}`);
  }
}

/** The task a turn asks for; throws Diverged unless it can take that step now. */
export function taskFor(machine: Machine, { path, outcome }: Turn, step: number): number {
  const task =
    machine.tasks.find((one) => one?.path === path && path !== '') ??
    machine.tasks.find((one) => one?.letter === path && path !== '');
  if (task === undefined) throw new Diverged(step, `${path}, but there is no such task`);
  const { pending } = task;
  if (pending === null) throw new Diverged(step, `${path}, but ${path} has ended`);
  if (machine.cut) throw new Diverged(step, `${path}, but the execution is cut off here`);
  const operation = operationOf(pending);
  if (goesOnUnchanged(task, outcome)) return task.id;
  if (!machine.enabled(task.id)) {
    throw new Diverged(step, `${path}, but ${path} is waiting in ${spell(operation)}`);
  }
  if (!machine.choices(task.id).includes(outcome) && !comesOn(machine, pending, outcome)) {
    const why = `${path} to choose outcome ${outcome}, but ${spell(operation)} has no such outcome`;
    throw new Diverged(step, why);
  }
  return task.id;
}

/** Whether a turn lets a poll go on although nothing has changed. */
export function goesOnUnchanged({ pending, stirred }: Task, outcome: number): boolean {
  return outcome === 1 && !stirred && pending?.kind.impatient !== undefined;
}

/** Whether an interrupt may come on top of the task that an outcome names, whether or not this machine has found that task. */
function comesOn(machine: Machine, { kind }: Request, outcome: number): boolean {
  return kind === ARRIVE && machine.cpuAt(pathOf(outcome)) !== null;
}

/** Formats an operation: `spin_lock(node_lock)`. */
export function spell({ operation, object }: Operation): string {
  return `${operation}(${object})`;
}

/** Describes the operation of a request. */
export function operationOf(request: Request): Operation {
  return { operation: request.name, object: aboutOf(request), site: request.site };
}
