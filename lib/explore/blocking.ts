// SPDX-License-Identifier: GPL-2.0-only
/**
 * Decides which races of blocking operations can be reversed.
 *
 * A lock cannot be taken before the unlock it waited for, but it could have been taken before the *lock* that belongs to
 * that unlock. So a race counts only if the later operation would have been enabled in the earlier place. For a blocking
 * operation the search goes back along its object's history to the first such point.
 */
import { changes, conflict, locationOf } from '../machine/footprint';
import type { Machine } from '../machine/machine';
import type { Accesses, Log } from './accesses';
import type { Races, Step } from './step';
import type { Foreseen } from './wakeup-tree';

/** The execution so far. */
export interface Past {
  readonly machine: Machine;
  readonly accesses: Accesses;
  /** The number of steps. */
  readonly length: number;
  step(index: number): Step;
  /** Whether the first step happens before the second, or is the second. */
  before(first: number, second: number): boolean;
}

export class Blocking {
  constructor(readonly history: Past) {}

  /**
   * Appends the race with the latest step before which the operation was enabled. Where readers commute, the object's
   * history branches, and each branch may have one such step.
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

  /** Whether the step's operation is enabled if `first` and everything that depends on it are left out. */
  enabledAt(first: number, step: Step): boolean {
    const { request, location, task } = step;
    const taker = this.history.machine.tasks[task];
    if (request?.kind.enabled === undefined || taker === undefined) return true;
    const since = request.kind.since?.(request);
    if (since !== undefined)
      return request.kind.impatient?.(request) === true || this.#stirredWithout(first, since, task);
    return request.kind.enabled(this.#stateWithout(first, location, step.before), taker, request);
  }

  /**
   * The steps to leave out, including `last`, so that the operation is enabled: all steps that keep the object
   * unavailable, in order. Null if leaving out steps does not enable it.
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

  /** The latest step without which the object would be held less; -1 if there is none. */
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

  /** The state of an object after the whole execution without `first` and everything that depends on it. */
  #stateWithout(first: number, location: number, now: number): number {
    const { history } = this;
    const log = history.accesses.of(location);
    if (this.#commutes(location, log)) return this.#fold([first], location, now);
    let state = now;
    // Operations on this object depend on each other, so those after the first one that is left out are left out, too.
    for (let i = log.length - 1; i >= 0; i--) {
      const index = locationOf(log.at(i));
      if (index < first || !history.before(first, index)) break;
      const step = history.step(index);
      const other = step.beforeOthers?.get(location);
      if (step.location === location) state = step.before;
      else if (other !== undefined) state = other;
      else if (history.machine.tasks[step.task]?.tells(location) === true) state = 0;
    }
    return state;
  }

  /**
   * Whether another task writes any of the locations after the given step, in the execution without `first` and
   * everything that depends on it.
   */
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

  /** The state of an object whose readers commute, after its history without the steps that are left out. */
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
