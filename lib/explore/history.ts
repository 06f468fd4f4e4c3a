// SPDX-License-Identifier: GPL-2.0-only
/**
 * The current execution as a partial order: vector clocks of dependence, and the races in it that can be reversed.
 *
 * A race is a pair of dependent steps of different tasks with nothing in between that forces their order, of which the later
 * one could have gone first: blocking.ts says when a blocking operation could. Operations that wait for ever take part like
 * those that ran: otherwise a deadlock could hide behind the order in which it was approached.
 *
 * Everything is reused from execution to execution: there are many, and they are short.
 */
import type { Machine } from '../machine/machine';
import { SyncObject } from '../machine/object';
import { conflict, excludes, locationOf, swappable } from '../machine/footprint';
import { Accesses } from './accesses';
import { Blocking } from './blocking';
import type { Event, Execution } from './explorer';
import { Elsewhere, type Race, Races, Step } from './step';
import { type Foreseen, Sequence } from './wakeup-tree';

export class History implements Execution {
  readonly steps: Step[] = [];
  length = 0;
  readonly accesses = new Accesses();
  readonly #blocking: Blocking;
  /** Last step of each task, or the step that spawned it, or -1. */
  readonly #last: number[] = [];
  /** Earlier steps that conflict with one, latest first, and how many there are. */
  readonly #candidates: number[] = [];
  #candidateCount = 0;
  readonly #sequence = new Sequence();
  readonly #elsewhere = new Elsewhere();

  constructor(readonly machine: Machine) {
    this.#blocking = new Blocking(this);
  }

  /** A history for an exploration, which may be what an earlier one of the same machine gave back. */
  static take(machine: Machine): History {
    const history = spare.get(machine) ?? new History(machine);
    spare.delete(machine); // two at a time would be in each other's way
    return history;
  }

  /** Gives the history back when the exploration is over. */
  giveBack(): void {
    spare.set(this.machine, this);
  }

  /** Forgets the execution, but not the steps: a replay enters the first of them again. */
  reset(): void {
    this.accesses.clear();
    this.#last.fill(-1);
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
    step.races?.clear();
    this.#findRaces(step, null, step);
    step.clock[step.task] = step.nth + 1;
    this.#book(step);
  }

  /** Appends the races of an operation that is blocked for good. */
  addBlocked(task: number, races: Races): void {
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
    this.#findRaces(step, new Elsewhere().set(step), { races });
  }

  /** The step at a depth of the execution. */
  step(index: number): Step {
    return this.steps[index] ?? NO_STEP;
  }

  /** Whether step `first` happens before, or is, step `second`. */
  before(first: number, second: number): boolean {
    return first === second || this.step(second).follows(this.step(first));
  }

  /**
   * The rest of the whole execution without what is left out and depends on it, then the other side of the race. What stands
   * behind the race counts, too: only with it can be told which of the explored beginnings cover the sequence. Valid until the
   * next call; null if no step from that depth on takes part.
   */
  withoutFirst(race: Race, depth: number): Sequence | null {
    let fresh = race.second >= depth;
    for (let i = depth; i < this.length && !fresh; i++) fresh = !this.#leftOut(race, i);
    if (!fresh) return null;
    const sequence = this.#sequence;
    sequence.clear();
    for (let i = race.first + 1; i < this.length; i++) {
      if (i !== race.second && !this.#leftOut(race, i)) sequence.add(this.step(i));
    }
    sequence.add(race.pending ?? this.#withoutFirstStore(race));
    return sequence;
  }

  /**
   * The later side of a race as it is without the earlier one. An access that chose among stores has another choice where one of
   * them is missing; the newest will do, as what it reads or passes over besides was a choice after that store, too.
   */
  #withoutFirstStore({ first, second }: Race): Foreseen {
    const step = this.step(second);
    const elsewhere = this.#elsewhere.set(step);
    if (step.request?.kind.choices !== undefined && this.step(first).stored) elsewhere.outcome = 0;
    return elsewhere;
  }

  /** Whether what covered a race's reversal is independent of the steps from a depth on, so far as they take part in it. */
  stillCovered(race: Race, cover: Foreseen, depth: number): boolean {
    for (let i = depth; i < this.length; i++) {
      if (this.#leftOut(race, i)) continue;
      const step = this.step(i);
      if (step.task === cover.task) return true;
      if (conflict(step.footprint, cover.footprint)) return false;
    }
    return true;
  }

  /** Whether a step is one of those a race leaves out, or depends on one. */
  #leftOut({ first, more }: Race, index: number): boolean {
    if (this.before(first, index)) return true;
    for (const other of more) if (index >= other && this.before(other, index)) return true;
    return false;
  }

  /** Whether a step happens before the next one of a task, whatever that is. */
  precedes(step: number, task: number): boolean {
    const last = this.#last[task] ?? -1;
    return last >= 0 && this.before(step, last);
  }

  /** The execution so far, as events. */
  get events(): readonly Event[] {
    return this.steps.slice(0, this.length).map(eventOf);
  }

  #book(step: Step): void {
    const index = this.length++;
    this.accesses.add(index, step.footprint);
    this.#setLast(step.task, index);
    for (const child of step.born) this.#setLast(child, index);
  }

  #setLast(task: number, index: number): void {
    while (this.#last.length <= task) this.#last.push(-1);
    this.#last[task] = index;
  }

  /** Gives the step its clock but for itself, all earlier dependent steps joined, and appends those that race. */
  #findRaces(step: Step, pending: Foreseen | null, found: Finds): void {
    const second = this.length;
    const kind = step.request?.kind;
    const spins = kind?.since !== undefined;
    const blocking = kind?.enabled !== undefined && (step.location >= 0 || spins);
    step.startClock(this.steps[this.#last[step.task] ?? -1], this.machine.tasks.length);
    if (blocking && !spins) this.#blocking.findRace(step, pending, racesOf(found));
    this.#findConflicting(step);
    for (let i = 0; i < this.#candidateCount; i++) {
      const first = this.#candidates[i] ?? 0;
      const earlier = this.step(first);
      if (earlier.task === step.task || step.follows(earlier)) continue;
      if (!blocking) racesOf(found).add(first, second, pending);
      else if (pending === null && !racesOf(found).has(first)) {
        if (this.#blocking.enabledAt(first, step)) racesOf(found).add(first, second, null);
      }
      step.join(earlier);
    }
  }

  /** Lists the earlier steps that conflict with one and are not known to be shut out by later ones, latest first. */
  #findConflicting({ footprint }: Step): void {
    this.#candidateCount = 0;
    for (let a = 0; a < footprint.length; a++) {
      const access = footprint[a] ?? 0;
      const log = this.accesses.of(locationOf(access));
      for (let i = log.length - 1; i >= 0; i--) {
        const entry = log.at(i);
        if (!swappable(access, entry)) this.#addCandidate(locationOf(entry));
        if (excludes(entry)) break;
      }
    }
  }

  #addCandidate(index: number): void {
    const candidates = this.#candidates;
    let i = this.#candidateCount++;
    for (; i > 0 && (candidates[i - 1] ?? 0) < index; i--) candidates[i] = candidates[i - 1] ?? 0;
    candidates[i] = index;
  }
}

/** Small programs are explored in less time than it takes to make all these objects. */
const spare = new WeakMap<Machine, History>();

/** Where races are put. */
interface Finds {
  races: Races | null;
}

function racesOf(found: Finds): Races {
  return (found.races ??= new Races());
}

const NO_STEP = new Step();

function eventOf(step: Step): Event {
  const { task, nth, outcome, outcomes, footprint } = step;
  return { task, nth, outcome, outcomes, footprint };
}
