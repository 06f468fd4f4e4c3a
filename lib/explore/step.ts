// SPDX-License-Identifier: GPL-2.0-only
/** Steps of the current execution, and pairs of them whose order can be reversed. Both are reused from execution to execution. */
import type { Request } from '../machine/op';
import type { Footprint } from '../machine/footprint';
import type { Foreseen } from './wakeup-tree';

const NOTHING: readonly number[] = [];

/** A step of the current execution, by depth. */
export class Step implements Foreseen {
  task = 0;
  nth = 0;
  outcome = 0;
  outcomes = 1;
  footprint: Footprint = NOTHING;
  readonly exact = true;
  request: Request | null = null;
  /** Location of the operation's object, -1 if it has none. */
  location = -1;
  /** It left that object as it was. */
  quiet = false;
  /** It made a marked store. */
  stored = false;
  /** State of that object before the step. */
  before = 0;
  /** Steps of each task that happen before or are this one. A missing entry is 0. */
  readonly clock: number[] = [];
  /** Tasks spawned by the step. */
  born: readonly number[] = NOTHING;
  /** Races the step is the later part of; most steps have none. */
  races: Races | null = null;

  /** Sets the clock to that of the step before it, if there is one, with an entry for each of so many tasks. */
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

  /** Takes what happens before another step into what happens before this one. */
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

/** A step as it may be where it did not run: what its plain code touches there is not known. */
export class Elsewhere implements Foreseen {
  task = 0;
  nth = 0;
  outcome = 0;
  outcomes = 1;
  footprint: Footprint = NOTHING;
  readonly exact = false;

  /** Takes over a step. */
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
 * The steps `first` and `more` could have come after step `second`, which may be a pending operation that never ran. One step
 * is the rule; a writer that several readers keep out is let in only when all of them are left out.
 */
export class Race {
  /** The earliest step. */
  first = 0;
  more: readonly number[] = NOTHING;
  second = 0;
  pending: Foreseen | null = null;
  /** What covered its reversal when it was planned last; it does so again if it is independent of what is new. */
  cover: Foreseen | null = null;
}

/** A list of races that gives nothing back when it is emptied. */
export class Races {
  length = 0;
  readonly #races: Race[] = [];

  clear(): void {
    this.length = 0;
  }

  at(index: number): Race | undefined {
    return index < this.length ? this.#races[index] : undefined;
  }

  /** Appends one with the given sides. */
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

  /** Whether the race of these two steps alone is in it, or one of several from some index on. */
  has(first: number, more: readonly number[] = NOTHING, from = 0): boolean {
    for (let i = from; i < this.length; i++) {
      const race = this.#races[i];
      if (race?.first === first && race.more.join() === more.join()) return true;
    }
    return false;
  }
}
