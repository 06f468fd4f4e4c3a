// SPDX-License-Identifier: GPL-2.0-only
/** Marked accesses for primitives: their possible outcomes, and making them. */
import * as clocks from '../clock';
import type { Machine } from '../machine';
import type { Task } from '../task';
import type { Access } from './access';
import { choices, orderOf, perform, type Wanted } from './choose';
import { passedOver } from './missing';

const NEWEST: readonly number[] = [0];

/** The outcomes of a marked access that is about to be made; `now` is the current value of the location. */
export function markedChoices(machine: Machine, wanted: Wanted, now: unknown): readonly number[] {
  const { log, unavoidable } = machine;
  if (log === null || wanted.task === 0) return NEWEST;
  return choices(log, wanted, orderOf(wanted.point, now), unavoidable);
}

/** What a marked load would read. */
export interface Reading {
  readonly value: unknown;
  /** Who stored it, and in which step; task 0 before the first step. */
  readonly task: number;
  readonly step: number;
}

/** What a marked load that is about to be made reads with an outcome. */
export function markedReading({ point }: Wanted, now: unknown, outcome: number): Reading {
  const source = orderOf(point, now).at(-1 - outcome);
  const value = outcome === 0 ? now : source?.value;
  return { value, task: source?.task ?? 0, step: source?.step ?? -1 };
}

/**
 * Makes a marked access with the outcome that the explorer chose. Returns null if there is no execution graph, as the
 * access then takes effect immediately.
 */
export function makeMarked(
  machine: Machine,
  task: Task,
  wanted: Wanted,
  now: unknown,
): Access | null {
  const { log, outcome } = machine;
  if (log === null) {
    notice(machine, task, wanted);
    return null;
  }
  if (task.id === 0) {
    wanted.point.order = null;
    return null;
  }
  // A task that has read an old value need not wait for a change before it looks again.
  if (outcome > 0 && wanted.load) task.stirred = true;
  const access = perform(log, wanted, orderOf(wanted.point, now), outcome);
  if (access !== null && outcome > 0) machine.recorder?.passedOver(passedOver(log, access));
  machine.stored = access?.store ?? false;
  return access;
}

/** Notices an access that might not take effect immediately: the task does not know of the last store. */
function notice(machine: Machine, task: Task, { point, load, store }: Wanted): void {
  if (!machine.clocking || machine.interleavesOnly) return;
  const { storer = 0, storedAt = 0 } = point;
  if (
    !(load && store) &&
    storer > 0 &&
    storer !== task.id &&
    clocks.at(task.clock, storer) < storedAt
  ) {
    machine.reorders = true; // the explorer notices and restarts
  }
  if (!store) return;
  point.storer = task.id;
  point.storedAt = clocks.at(task.clock, task.id);
}
