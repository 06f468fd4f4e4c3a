// SPDX-License-Identifier: GPL-2.0-only
/**
 * Which races of blocking operations can be reversed.
 *
 * A lock cannot be taken before the unlock it waited for, yet it could have been taken before the *lock* that unlock belongs
 * to. So a race counts only if the later operation was enabled where it would stand, and for a blocking operation the search
 * goes back along its object's history to the first point where it was.
 */
import { changes, conflict, locationOf } from '../machine/footprint';
import type { Machine } from '../machine/machine';
import type { Accesses, Log } from './accesses';
import type { Races, Step } from './step';
import type { Foreseen } from './wakeup-tree';

/** The execution so far. */
interface Past {
  readonly machine: Machine;
  readonly accesses: Accesses;
  /** How many steps it has. */
  readonly length: number;
  step(index: number): Step;
  /** Whether the first step happens before the second. */
  before(first: number, second: number): boolean;
}

export class Blocking {
  constructor(readonly history: Past) {}

  /**
   * Appends the race with the latest step before which the operation was enabled. Where readers commute the object's history
   * branches, and there may be one such step on each branch.
   */
  findRace(step: Step, pending: Foreseen | null, races: Races): void {
    const { history } = this;
    const log = history.accesses.of(step.location);
    const commuting = this.#commutes(step.location, log);
    const begin = races.length;
    for (let i = log.length - 1; i >= 0; i--) {
      const last = locationOf(log.at(i));
      const earlier = history.step(last);
      if (step.follows(earlier) || !conflict(earlier.footprint, step.footprint)) continue;
      if (!commuting) {
        if (!this.enabledAt(last, step)) continue;
        races.add(last, history.length, pending);
        return;
      }
      const [first, ...more] = this.#lettingIn(last, step) ?? [];
      if (first !== undefined && !races.has(first, more, begin))
        races.add(first, history.length, pending, more);
    }
  }

  /** Whether the step's operation is enabled once `first` and all that depends on it are left out. */
  enabledAt(first: number, step: Step): boolean {
    const { request, location, task } = step;
    const taker = this.history.machine.tasks[task];
    if (request?.kind.enabled === undefined || taker === undefined) return true;
    const since = request.kind.since?.(request);
    if (since !== undefined) return this.#stirredWithout(first, since, task);
    return request.kind.enabled(this.#stateWithout(first, location, step.before), taker, request);
  }

  /**
   * The steps to leave out, `last` among them, so that the operation is enabled: all that hold the object open without it, in
   * order. Null if in vain.
   */
  #lettingIn(last: number, step: Step): number[] | null {
    const { request, location, task, before } = step;
    const taker = this.history.machine.tasks[task];
    if (request?.kind.enabled === undefined || taker === undefined) return null;
    const log = this.history.accesses.of(location);
    const out = [last];
    for (;;) {
      const state = this.#fold(out, location, before);
      if (request.kind.enabled(state, taker, request)) return out.sort((a, b) => a - b);
      const holder = this.#holder(log, out, state, step);
      if (holder < 0 || step.follows(this.history.step(holder))) return null;
      out.push(holder);
    }
  }

  /** The latest step without which the object would be less held; -1 if there is none. */
  #holder(log: Log, out: readonly number[], state: number, { location, before }: Step): number {
    for (let i = log.length - 1; i >= 0; i--) {
      const index = locationOf(log.at(i));
      if (this.#leftOut(out, index)) continue;
      if (Math.abs(this.#fold([...out, index], location, before)) < Math.abs(state)) return index;
    }
    return -1;
  }

  #leftOut(out: readonly number[], index: number): boolean {
    return out.some((first) => index >= first && this.history.before(first, index));
  }

  /** State of an object after all of the execution but `first` and what depends on it. */
  #stateWithout(first: number, location: number, now: number): number {
    const { history } = this;
    const log = history.accesses.of(location);
    if (this.#commutes(location, log)) return this.#fold([first], location, now);
    let state = now;
    // Operations on this object depend on each other: those after the first one left out are left out too.
    for (let i = log.length - 1; i >= 0; i--) {
      const index = locationOf(log.at(i));
      if (index < first || !history.before(first, index)) break;
      const step = history.step(index);
      if (step.location === location) state = step.before;
      else if (history.machine.tasks[step.task]?.tells(location) === true) state = 0;
    }
    return state;
  }

  /** Whether another task writes any of the locations after the given step, in all of the execution but `first` and what depends on it. */
  #stirredWithout(first: number, since: ReadonlyMap<number, number>, task: number): boolean {
    const { history } = this;
    for (const [location, read] of since) {
      const log = history.accesses.of(location);
      for (let i = 0; i < log.length; i++) {
        const index = locationOf(log.at(i));
        if (index <= read || !changes(log.at(i))) continue;
        const step = history.step(index);
        if (step.task === task || (step.quiet && step.location === location)) continue;
        if (index < first || !history.before(first, index)) return true;
      }
    }
    return false;
  }

  #commutes(location: number, log: Log): boolean {
    for (let i = 0; i < log.length; i++) {
      const step = this.history.step(locationOf(log.at(i)));
      if (step.location === location && step.request?.kind.apply !== undefined) return true;
    }
    return false;
  }

  /** State of an object whose readers commute, after all of its history but what is left out. */
  #fold(out: readonly number[], location: number, now: number): number {
    const log = this.history.accesses.of(location);
    let state: number | null = null;
    for (let i = 0; i < log.length; i++) {
      const index = locationOf(log.at(i));
      const step = this.history.step(index);
      if (step.location !== location) continue;
      state ??= step.before;
      if (this.#leftOut(out, index)) continue;
      state = step.request?.kind.apply?.(state, step.task) ?? state;
    }
    return state ?? now;
  }
}
