// SPDX-License-Identifier: GPL-2.0-only
/**
 * The current execution as a partial order: vector clocks of dependence, and the races in it that can be reversed.
 *
 * A race is a pair of dependent steps of different tasks with nothing in between that forces their order. Blocking needs
 * care: a lock cannot be taken before the unlock it waited for, yet it could have been taken before the *lock* that unlock
 * belongs to. So a race counts only if the later operation was enabled where it would stand, and for a blocking operation
 * the search goes back along its object's history to the first point where it was. Operations that wait for ever take part
 * like those that ran: otherwise a deadlock could hide behind the order in which it was approached.
 */
import { type Machine, type Request, SyncObject } from '../machine';
import {
  changes,
  conflict,
  excludes,
  locationOf,
  swappable,
  type Footprint,
} from '../machine/footprint';
import type { Event } from './explorer';
import type { Asleep, Foreseen } from './wakeup-tree';

/** A step of the current execution. Objects are reused from execution to execution, by depth. */
export class Step implements Foreseen {
  task = 0;
  nth = 0;
  outcome = 0;
  outcomes = 1;
  footprint: Footprint = [];
  readonly exact = true;
  request: Request | null = null;
  /** Location of the operation's object, -1 if it has none. */
  location = -1;
  /** It left that object as it was. */
  quiet = false;
  /** State of that object before the step. */
  before = 0;
  /** Steps of each task that happen before or are this one. */
  clock: number[] = [];
  /** Tasks spawned by the step. */
  born: readonly number[] = [];
  /** Races the step is the later part of. */
  readonly races: Race[] = [];
  readonly #elsewhere = {
    task: 0,
    nth: 0,
    outcome: 0,
    outcomes: 1,
    footprint: [] as Footprint,
    exact: false,
  };

  /** The step as it may be where it did not run: what its plain code touches there is not known. */
  elsewhere(): Foreseen {
    const other = this.#elsewhere;
    other.task = this.task;
    other.nth = this.nth;
    other.outcome = this.outcome;
    other.outcomes = this.outcomes;
    other.footprint = this.footprint;
    return other;
  }
}

/**
 * The steps in `out` could have come after step `second`, which may be a pending operation that never ran. One step is the
 * rule; a writer that several readers keep out is let in only when all of them are left out.
 */
export interface Race {
  /** The earliest of them. */
  readonly first: number;
  readonly out: readonly number[];
  readonly second: number;
  readonly pending: Foreseen | null;
  /** What covered its reversal when it was planned last; it does so again if it is independent of what is new. */
  cover: Asleep | null;
}

export class History {
  readonly steps: Step[] = [];
  length = 0;
  /** Accesses of each location, oldest first: the step as if it were a location. */
  readonly #accesses: number[][] = [];
  readonly #used: number[] = [];
  /** Last step of each task, or the step that spawned it, or -1. */
  readonly #last: number[] = [];
  readonly #candidates: number[] = [];
  readonly #sequence: Foreseen[] = [];

  constructor(readonly machine: Machine) {}

  /** Forgets the execution, but not the steps: a replay enters the first of them again. */
  reset(): void {
    for (const location of this.#used) {
      const accesses = this.#accesses[location];
      if (accesses !== undefined) accesses.length = 0;
    }
    this.#used.length = 0;
    this.#last.length = 0;
    this.length = 0;
  }

  /** The step object for the next depth. */
  next(): Step {
    return (this.steps[this.length] ??= new Step());
  }

  /** Books a step that was replayed: its clock is known. */
  again(step: Step): void {
    this.#book(step);
  }

  /** Books a step that has just run, and the races it is the later part of. */
  add(step: Step): void {
    const clock = this.#clockBefore(step.task, step.clock);
    step.races.length = 0;
    this.#findRaces(step, clock, null, step.races);
    while (clock.length <= step.task) clock.push(0);
    clock[step.task] = step.nth + 1;
    this.#book(step);
  }

  /** Appends the races of an operation that is blocked for good. */
  addBlocked(task: number, races: Race[]): void {
    const blocked = this.machine.tasks[task];
    const request = blocked?.pending ?? null;
    if (blocked === undefined || request === null) return;
    const step = new Step();
    step.task = task;
    step.nth = blocked.steps;
    step.request = request;
    step.location = request.object === null ? -1 : request.object.base + request.index;
    step.before = request.object instanceof SyncObject ? request.object.state : 0;
    step.footprint = this.machine.operationFootprint(request);
    const pending = step.elsewhere();
    this.#findRaces(step, this.#clockBefore(task, step.clock), pending, races);
  }

  /** Whether step `first` happens before, or is, step `second`. */
  before(first: number, second: number): boolean {
    const a = this.#step(first);
    return first === second || (this.#step(second).clock[a.task] ?? 0) > a.nth;
  }

  /**
   * The rest of the whole execution without what is left out and depends on it, then the other side of the race. What stands
   * behind the race counts, too: only with it can be told which of the explored beginnings cover the sequence. Valid until the
   * next call; `fresh` says whether a step from that depth on takes part.
   */
  withoutFirst(race: Race, depth: number): { sequence: readonly Foreseen[]; fresh: boolean } {
    const sequence = this.#sequence;
    let length = 0;
    let fresh = race.second >= depth;
    for (let i = depth; i < this.length && !fresh; i++) fresh = !this.#leftOut(race.out, i);
    if (!fresh) return { sequence, fresh };
    for (let i = race.first + 1; i < this.length; i++) {
      if (i !== race.second && !this.#leftOut(race.out, i)) sequence[length++] = this.#step(i);
    }
    sequence[length++] = race.pending ?? this.#step(race.second).elsewhere();
    sequence.length = length;
    return { sequence, fresh };
  }

  /** Whether what covered a race's reversal is independent of the steps from a depth on, so far as they take part in it. */
  stillCovered({ out, cover }: Race, depth: number): boolean {
    if (cover === null) return false;
    for (let i = depth; i < this.length; i++) {
      if (this.#leftOut(out, i)) continue;
      const step = this.#step(i);
      if (step.task === cover.task) return true;
      if (conflict(step.footprint, cover.footprint)) return false;
    }
    return true;
  }

  /** Whether a step is one of those left out, or depends on one. */
  #leftOut(out: readonly number[], index: number): boolean {
    for (let i = 0; i < out.length; i++) {
      const first = out[i] ?? 0;
      if (index >= first && this.before(first, index)) return true;
    }
    return false;
  }

  /** The execution so far, as events. */
  events(): Event[] {
    return this.steps.slice(0, this.length).map(eventOf);
  }

  #step(index: number): Step {
    return this.steps[index] ?? NO_STEP;
  }

  #clockBefore(task: number, into: number[]): number[] {
    into.length = 0;
    const last = this.#last[task] ?? -1;
    if (last >= 0) for (const entry of this.#step(last).clock) into.push(entry);
    return into;
  }

  #book(step: Step): void {
    const index = this.length++;
    for (const access of step.footprint) {
      const location = locationOf(access);
      const accesses = (this.#accesses[location] ??= []);
      if (accesses.length === 0) this.#used.push(location);
      accesses.push(index * 4 + (access & 3));
    }
    this.#setLast(step.task, index);
    for (const child of step.born) this.#setLast(child, index);
  }

  #setLast(task: number, index: number): void {
    while (this.#last.length <= task) this.#last.push(-1);
    this.#last[task] = index;
  }

  /** Joins the clocks of all earlier dependent steps into `clock` and appends those that race. */
  #findRaces(step: Step, clock: number[], pending: Foreseen | null, races: Race[]): void {
    const second = this.length;
    const kind = step.request?.kind;
    const spins = kind?.since !== undefined;
    const blocking = kind?.enabled !== undefined && (step.location >= 0 || spins);
    if (blocking && !spins) this.#findBlockingRace(step, clock, pending, races);
    const candidates = this.#conflicting(step);
    for (const first of candidates) {
      const earlier = this.#step(first);
      if (earlier.task !== step.task && !inPast(clock, earlier)) {
        if (!blocking) races.push({ first, out: [first], second, pending, cover: null });
        else if (
          pending === null &&
          !this.#listed(races, first, second) &&
          this.#enabledAt(first, step)
        ) {
          races.push({ first, out: [first], second, pending, cover: null });
        }
        joinInto(clock, earlier.clock);
      }
    }
  }

  #listed(races: readonly Race[], first: number, second: number): boolean {
    return races.some((race) => race.first === first && race.second === second);
  }

  /** Latest conflicting steps first. */
  #conflicting(step: Step): number[] {
    const candidates = this.#candidates;
    candidates.length = 0;
    for (const access of step.footprint) {
      const accesses = this.#accesses[locationOf(access)];
      if (accesses === undefined) continue;
      for (let i = accesses.length - 1; i >= 0; i--) {
        const entry = accesses[i] ?? 0;
        if (!swappable(access, entry)) candidates.push(locationOf(entry));
        if (excludes(entry)) break;
      }
    }
    if (candidates.length > 1) candidates.sort((a, b) => b - a);
    return candidates;
  }

  /**
   * Goes back along the object's history to the latest step before which the operation was enabled. Where readers commute the
   * history branches, and there may be one such step on each branch.
   */
  #findBlockingRace(
    step: Step,
    clock: readonly number[],
    pending: Foreseen | null,
    races: Race[],
  ): void {
    const accesses = this.#accesses[step.location] ?? [];
    const commuting = this.#commutes(step.location, accesses);
    const begin = races.length;
    for (let i = accesses.length - 1; i >= 0; i--) {
      const last = locationOf(accesses[i] ?? 0);
      const earlier = this.#step(last);
      if (inPast(clock, earlier) || !conflict(earlier.footprint, step.footprint)) continue;
      const out = commuting
        ? this.#lettingIn(last, step, clock)
        : this.#enabledAt(last, step)
          ? [last]
          : null;
      if (out === null || races.slice(begin).some((race) => race.out.join() === out.join()))
        continue;
      races.push({ first: Math.min(...out), out, second: this.length, pending, cover: null });
      if (!commuting) return;
    }
  }

  /** The steps to leave out besides `last` so that the operation is enabled: all that hold the object open without it; null if in vain. */
  #lettingIn(last: number, step: Step, clock: readonly number[]): number[] | null {
    const { request, location, task, before } = step;
    const taker = this.machine.tasks[task];
    if (request?.kind.enabled === undefined || taker === undefined) return null;
    const out = [last];
    for (;;) {
      const state = this.#fold(out, location, before);
      if (request.kind.enabled(state, taker, request)) return out.sort((a, b) => a - b);
      const holder = (this.#accesses[location] ?? []).findLast((entry) => {
        const index = locationOf(entry);
        if (this.#leftOut(out, index)) return false;
        return Math.abs(this.#fold([...out, index], location, before)) < Math.abs(state);
      });
      if (holder === undefined || inPast(clock, this.#step(locationOf(holder)))) return null;
      out.push(locationOf(holder));
    }
  }

  /** Whether the step's operation is enabled once `first` and all that depends on it are left out. */
  #enabledAt(first: number, step: Step): boolean {
    const { request, location, task } = step;
    const taker = this.machine.tasks[task];
    if (request?.kind.enabled === undefined || taker === undefined) return true;
    const since = request.kind.since?.(request);
    if (since !== undefined) return this.#stirredWithout(first, since, task);
    return request.kind.enabled(this.#stateWithout(first, location, step.before), taker, request);
  }

  /** State of an object after all of the execution but `first` and what depends on it. */
  #stateWithout(first: number, location: number, now: number): number {
    const accesses = this.#accesses[location] ?? [];
    if (this.#commutes(location, accesses)) return this.#fold([first], location, now);
    let state = now;
    // Operations on this object depend on each other: those after the first one left out are left out too.
    for (let i = accesses.length - 1; i >= 0; i--) {
      const index = locationOf(accesses[i] ?? 0);
      if (index < first || !this.before(first, index)) break;
      const step = this.#step(index);
      if (step.location === location) state = step.before;
      else if (this.machine.tasks[step.task]?.tells(location) === true) state = 0;
    }
    return state;
  }

  /** Whether another task writes any of the locations after the given step, in all of the execution but `first` and what depends on it. */
  #stirredWithout(first: number, since: ReadonlyMap<number, number>, task: number): boolean {
    for (const [location, read] of since) {
      for (const entry of this.#accesses[location] ?? []) {
        const index = locationOf(entry);
        if (index <= read || !changes(entry)) continue;
        const step = this.#step(index);
        if (step.task === task || (step.quiet && step.location === location)) continue;
        if (index < first || !this.before(first, index)) return true;
      }
    }
    return false;
  }

  #commutes(location: number, accesses: readonly number[]): boolean {
    return accesses.some((entry) => {
      const step = this.#step(locationOf(entry));
      return step.location === location && step.request?.kind.apply !== undefined;
    });
  }

  /** State of an object whose readers commute, after all of its history but what is left out. */
  #fold(out: readonly number[], location: number, now: number): number {
    let state: number | null = null;
    for (const entry of this.#accesses[location] ?? []) {
      const index = locationOf(entry);
      const step = this.#step(index);
      if (step.location !== location) continue;
      state ??= step.before;
      if (this.#leftOut(out, index)) continue;
      state = step.request?.kind.apply?.(state, step.task) ?? state;
    }
    return state ?? now;
  }
}

const NO_STEP = new Step();

function eventOf(step: Step): Event {
  const { task, nth, outcome, outcomes, footprint } = step;
  return { task, nth, outcome, outcomes, footprint };
}

/** Whether a step happens before what the clock stands for. */
function inPast(clock: readonly number[], step: Step): boolean {
  return (clock[step.task] ?? 0) > step.nth;
}

function joinInto(clock: number[], other: readonly number[]): void {
  for (let i = 0; i < other.length; i++) {
    const theirs = other[i] ?? 0;
    if (i >= clock.length) clock.push(theirs);
    else if (theirs > (clock[i] ?? 0)) clock[i] = theirs;
  }
}
