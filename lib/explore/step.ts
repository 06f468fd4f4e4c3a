// SPDX-License-Identifier: GPL-2.0-only
/** Steps of the current execution, and races between them. Both are reused in the next execution. */
import type { Request } from '../machine/op';
import type { Footprint } from '../machine/footprint';
import type { Foreseen } from './wakeup-tree';

const NOTHING: readonly number[] = [];

/** The step at some depth of the current execution. */
export class Step implements Foreseen {
  task = 0;
  nth = 0;
  outcome = 0;
  outcomes = 1;
  /** The outcome as a schedule tells it. */
  told = 0;
  footprint: Footprint = NOTHING;
  readonly exact = true;
  request: Request | null = null;
  /** The location of the operation's object; -1 if it has none. */
  location = -1;
  /** The step did not change its operation's object. A failed trylock, for example, must not wake a task that spins on the lock. */
  quiet = false;
  /** The step made a marked store. */
  stored = false;
  /** The state of the object before the step. */
  before = 0;
  /** The states of the further objects that it set, by location; null for most steps. */
  beforeOthers: ReadonlyMap<number, number> | null = null;
  /** For each task, how many of its steps happen before this step or are this step. A missing entry is 0. */
  readonly clock: number[] = [];
  /** The tasks that the step spawned. */
  born: readonly number[] = NOTHING;
  /** The races of which this step is the later one; null for most steps. */
  races: Races | null = null;

  /** Starts the clock with that of the task's previous step, with an entry for each task. */
  startClock(previous: Step | undefined, tasks: number): void {
    const { clock } = this;
    const length = Math.max(tasks, clock.length);
    if (previous === undefined) {
      for (let i = 0; i < length; i++) clock[i] = 0;
    } else {
      const from = previous.clock;
      for (let i = 0; i < length; i++) clock[i] = from[i] ?? 0;
    }
  }

  /** Adds everything that happens before another step, and that step, to what happens before this one. */
  join({ clock: from }: Step): void {
    const { clock } = this;
    for (let i = 0; i < from.length; i++) {
      const theirs = from[i] ?? 0;
      if (theirs > (clock[i] ?? 0)) clock[i] = theirs;
    }
  }

  /** Whether a step happens before this one, or is this one. */
  follows(step: Step): boolean {
    return (this.clock[step.task] ?? 0) > step.nth;
  }
}

/** A step as it may run in another place: what its plain code touches there is unknown. */
export class Elsewhere implements Foreseen {
  task = 0;
  nth = 0;
  outcome = 0;
  outcomes = 1;
  footprint: Footprint = NOTHING;
  readonly exact = false;

  /** Copies a step. */
  set(step: Foreseen): this {
    this.task = step.task;
    this.nth = step.nth;
    this.outcome = step.outcome;
    this.outcomes = step.outcomes;
    this.footprint = step.footprint;
    return this;
  }
}

/**
 * A race: the steps `first` and `more` could have come after step `second`, which may be a pending operation that never
 * ran. Usually there is only `first`; a writer that waits for several readers can run only if all of them are left out.
 */
export class Race {
  /** The earliest step. */
  first = 0;
  more: readonly number[] = NOTHING;
  second = 0;
  pending: Foreseen | null = null;
  /** The step that covered the reversal when it was last planned. It still does if the new steps are independent of it. */
  cover: Foreseen | null = null;
}

/** A list of races that keeps its objects when it is emptied. */
export class Races {
  length = 0;
  readonly #races: Race[] = [];

  clear(): void {
    this.length = 0;
  }

  at(index: number): Race | undefined {
    return index < this.length ? this.#races[index] : undefined;
  }

  /** Appends a race. */
  add(
    first: number,
    second: number,
    pending: Foreseen | null,
    more: readonly number[] = NOTHING,
  ): void {
    const race = (this.#races[this.length++] ??= new Race());
    race.first = first;
    race.more = more;
    race.second = second;
    race.pending = pending;
    race.cover = null;
  }

  /** Whether the list has a race with exactly these earlier steps, from index `from` on. */
  has(first: number, more: readonly number[] = NOTHING, from = 0): boolean {
    for (let i = from; i < this.length; i++) {
      const race = this.#races[i];
      if (race?.first === first && race.more.join() === more.join()) return true;
    }
    return false;
  }
}
