// SPDX-License-Identifier: GPL-2.0-only
/** Runs an execution once more to learn what its steps depend on and wait for, so that linearise.ts can reorder them. */
import { type Finding, type Machine, type Request, SyncObject } from '../machine';
import { Course } from './course';
import type { Left, RanStep, Waiting, Waits } from './linearise';
import { taskFor } from './replay';
import type { Turn } from './schedule';

/** The steps of an execution and the gravest finding in it. */
export interface Ran {
  readonly steps: readonly RanStep[];
  readonly finding: Finding | null;
  /** The tasks that wait at the end. */
  readonly waiting: Waiting;
  /** The index of the step with the finding; -1 if it was found at the end, or before the first step. */
  readonly seen: number;
}

/** Runs some turns, then continues by default to the end. */
export function ran(machine: Machine, turns: readonly Turn[]): Ran {
  const course = new Course(machine);
  const states = new States(machine);
  const steps: RanStep[] = [];
  const take = (task: number, { path, outcome }: Turn): void => {
    const request = machine.tasks[task]?.pending ?? null;
    course.take(task, outcome);
    const { footprint, born } = machine;
    const waits = request === null ? null : waitsOf(machine, task, request);
    const step = {
      path,
      outcome: machine.outcome,
      task,
      footprint: footprint.slice(),
      born: born.slice(),
    };
    const left = states.behind(task, request);
    steps.push(waits === null ? { ...step, left } : { ...step, left, waits });
  };
  turns.forEach((turn, i) => {
    take(taskFor(machine, turn, i + 1), turn);
  });
  for (let task = course.byDefault(); task >= 0; task = course.byDefault()) {
    take(task, { path: machine.tasks[task]?.path ?? '', outcome: 0 });
  }
  const waiting = new Map<number, Waits>();
  for (const task of machine.tasks) {
    if (task === undefined || task.pending === null) continue;
    const waits = waitsOf(machine, task.id, task.pending);
    if (waits !== null) waiting.set(task.id, waits);
  }
  const onTheWay = machine.gravest();
  machine.finish();
  const finding = machine.gravest();
  const seen = finding !== null && finding === onTheWay ? finding.step - 1 : -1;
  return { steps, finding, waiting, seen };
}

function waitsOf(machine: Machine, id: number, request: Request): Waits | null {
  const { kind, object } = request;
  const task = machine.tasks[id];
  if (kind.enabled === undefined || task === undefined) return null;
  // A spinning task does not wait for the state of one object, so no preemption is counted when it is left.
  if (kind.since !== undefined || object === null) return { object: -1, enabled: () => false };
  return {
    object: object.base,
    enabled: (state) => kind.enabled?.(state, task, request) ?? true,
  };
}

/** The states of the objects that tasks operate on or wait for. */
class States {
  readonly #known = new Map<SyncObject, number>();

  constructor(readonly machine: Machine) {}

  /** The states that a task's step has left in these objects. */
  behind(id: number, request: Request | null): Left[] {
    const { machine } = this;
    const left: Left[] = [];
    const own = request?.object;
    if (own instanceof SyncObject) {
      left.push(this.#left(own, machine.before, request?.kind.apply !== undefined));
    }
    const task = machine.tasks[id];
    if (task?.done === true) left.push(this.#left(task, 0, false));
    for (const other of machine.tasks) {
      const awaited = other?.pending?.kind.enabled === undefined ? null : other.pending.object;
      if (!(awaited instanceof SyncObject) || awaited === own) continue;
      const before = this.#known.get(awaited);
      if (before !== awaited.state) left.push(this.#left(awaited, before ?? awaited.state, false));
    }
    return left;
  }

  #left(object: SyncObject, before: number, commutes: boolean): Left {
    this.#known.set(object, object.state);
    return { object: object.base, before, after: object.state, commutes };
  }
}
