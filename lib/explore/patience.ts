// SPDX-License-Identifier: GPL-2.0-only
/**
 * Loops that give up. A task that polls waits until something changes that it has looked at, and a wait with a timeout runs out only
 * as often as the scenario says. Both leave out turns of a loop in which nothing new is seen. That is right for a loop that goes on
 * for ever. One that gives up after some turns may do so at any moment, since nobody knows how long a turn takes; and this is not
 * explored. So after an exploration each such wait is tried: all other tasks stand still, and the task runs alone. If it leaves the
 * loop, nothing is proven.
 *
 * Misses: loops of more than TURNS_MAX turns, and those whose task has to wait for something else on the way.
 */
import type { Machine, Pause } from '../machine';
import { Course } from './course';
import type { Execution } from './explorer';
import { reordering } from './reordering';
import { taskFor } from './replay';
import { formatSchedule, scheduleOf, turnsOf } from './schedule';
import { scheduleWithStarts, type Turns, turnsIn } from './witness';

/** Turns after which a loop counts as endless, and steps after which the task has left it, or never will. */
const TURNS_MAX = 2000;
const STEPS_MAX = 20_000;

/** A loop that gives up. */
export interface GivesUp {
  /** The task, and how many turns in which nothing changed it made before it went on. */
  readonly comm: string;
  readonly turns: number;
  /** The schedule to the wait. */
  readonly schedule: string;
}

/** An execution in which a task came to such a wait, and the index of the wait among those of the execution. */
interface Place {
  readonly execution: Turns;
  readonly nth: number;
  /** It polls; a wait with a timeout runs out as often as the verdict says. */
  readonly polls: boolean;
  readonly what: string;
}

/** How many waits of one kind are tried. */
const PLACES_MAX = 4;

/** The waits of an exploration, each with the first execution that came to it. */
export class Patience {
  readonly #places = new Map<string, readonly Place[]>();
  /** In the gravest failure so far a task waits so at the end. */
  waits = false;

  /** The exploration begins again. */
  restarted(): void {
    this.#places.clear();
    this.waits = false;
  }

  /** An execution has failed, the gravest so far: perhaps because a task waits so at its end. */
  failed({ pauses, tasks }: Machine, kind: string | undefined): void {
    const waits = ({ task, request }: Pause): boolean => tasks[task.id]?.pending === request;
    this.waits = kind === 'hung-task' && pauses.some(waits);
  }

  /** Notes the waits of an execution that has just ended. */
  note(execution: Execution): void {
    const { pauses } = execution.machine;
    if (pauses.length === 0) return;
    let turns: Turns | null = null;
    pauses.forEach((pause, nth) => {
      if (pause.task.id === 0) return; // set-up code and checks run alone
      const key = keyOf(pause);
      const known = this.#places.get(key) ?? [];
      if (known.length >= PLACES_MAX) return;
      const what = lookedAt(pause);
      if (known.some((place) => place.what === what)) return;
      turns ??= turnsIn(execution);
      const polls = pause.request.kind.since !== undefined;
      this.#places.set(key, [...known, { execution: turns, nth, polls, what }]);
    });
  }

  /**
   * The first loop that gives up, null if none does. After a failure only those count in which a task waits at its end: it does not
   * wait for ever. If there is none, only those that poll: how often a timeout runs out is in the verdict. Runs the program on a
   * machine of its own.
   */
  givesUp(fresh: () => Machine, failed: boolean): GivesUp | null {
    if (failed && !this.waits) return null;
    const places = [...this.#places.values()].flat().filter(({ polls }) => polls || failed);
    if (places.length === 0) return null;
    const machine = fresh();
    for (const { execution, nth } of places) {
      const found = reordering(machine, execution.reordered, () => tried(machine, execution, nth));
      if (found !== null) return found;
    }
    return null;
  }
}

/** What tells waits apart: the task, the operation, and how much it looks at. What that is may differ in every turn of one loop. */
function keyOf({ task, request }: Pause): string {
  return `${task.path} ${request.name} ${request.kind.since?.(request).size ?? 0}`;
}

/** The locations that a change of would end the wait. */
function lookedAt({ request }: Pause): string {
  const { kind, object } = request;
  const since = kind.since?.(request);
  return since === undefined
    ? String(object?.base)
    : [...since.keys()].sort((a, b) => a - b).join(' ');
}

function tried(machine: Machine, execution: Turns, nth: number): GivesUp | null {
  const whole = turnsOf(scheduleWithStarts(machine, execution));
  const course = new Course(machine);
  let taken = 0;
  while (machine.pauses.length <= nth) {
    const turn = whole[taken++];
    if (turn === undefined) return null;
    course.take(taskFor(machine, turn, taken), turn.outcome);
  }
  const pause = machine.pauses[nth];
  if (pause === undefined || pause.task.pending !== pause.request) return null;
  const turns = turnsAlone(machine, pause);
  if (turns === 0) return null;
  const { comm } = pause.task;
  return { comm, turns, schedule: formatSchedule(scheduleOf(whole.slice(0, taken))) };
}

/**
 * Runs a task alone, from a wait: the turns it makes before it leaves the loop, or 0 if it does not. A turn is known by its operations.
 * The first one may make more of them than the others.
 */
function turnsAlone(machine: Machine, { task }: Pause): number {
  const turns: string[] = [];
  let turn = '';
  for (let step = 0; step < STEPS_MAX && turns.length < TURNS_MAX; step++) {
    const { pending } = task;
    if (pending === null) return turns.length;
    turn += ` ${pending.name}`;
    if (machine.pauses.some(({ request }) => request === pending)) {
      turns.push(turn);
      turn = '';
    } else if (!machine.enabled(task.id)) return 0;
    machine.run(task.id);
  }
  const last = new Set(turns.slice(turns.length / 2));
  const left = turns.findLastIndex((each) => !last.has(each)) + 1;
  return left > 1 ? left : 0;
}
