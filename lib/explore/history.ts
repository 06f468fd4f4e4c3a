// SPDX-License-Identifier: GPL-2.0-only
/**
 * The current execution as a partial order: vector clocks of dependence, and the races that can be reversed.
 *
 * A race is a pair of dependent steps of different tasks. Nothing between them forces their order, and the later one
 * could have run first; for a blocking operation, blocking.ts decides that. Operations that wait for ever also take
 * part: otherwise the order in which a deadlock was reached could hide it.
 *
 * All objects are reused in the next execution: there are many executions, and they are short.
 */
import type { Machine } from '../machine/machine';
import { SyncObject } from '../machine/object';
import { conflict, excludes, locationOf, swappable } from '../machine/footprint';
import { Accesses } from './accesses';
import { Blocking } from './blocking';
import type { Event, Execution } from './explorer';
import { entered, Interrupts, isEntered } from './interrupts';
import { Elsewhere, type Race, Races, Step } from './step';
import { type Foreseen, Sequence } from './wakeup-tree';

export class History implements Execution {
  readonly steps: Step[] = [];
  length = 0;
  readonly accesses = new Accesses();
  readonly #blocking: Blocking;
  readonly #interrupts: Interrupts;
  /** The last step of each task, or the step that spawned it, or -1. */
  readonly #last: number[] = [];
  /** The earlier steps that conflict with a step, latest first, and their number. */
  readonly #candidates: number[] = [];
  #candidateCount = 0;
  readonly #sequence = new Sequence();
  readonly #elsewhere = new Elsewhere();

  constructor(readonly machine: Machine) {
    this.#blocking = new Blocking(this);
    this.#interrupts = new Interrupts(this);
  }

  /** A history for an exploration; reuses the one that an earlier exploration of the same machine gave back. */
  static take(machine: Machine): History {
    const history = spare.get(machine) ?? new History(machine);
    spare.delete(machine); // two explorations at a time must not share one
    return history;
  }

  /** Gives the history back after the exploration. */
  giveBack(): void {
    spare.set(this.machine, this);
  }

  /** Forgets the execution but keeps the step objects: a replay enters the first of them again. */
  reset(): void {
    this.accesses.clear();
    this.#last.fill(-1);
    this.length = 0;
  }

  /** The step object for the next depth. */
  next(): Step {
    return (this.steps[this.length] ??= new Step());
  }

  /** Enters a step that was replayed: its clock is known. */
  again(step: Step): void {
    this.#book(step);
  }

  /** Enters a step that has just run, with the races that it ends. */
  add(step: Step): void {
    step.races?.clear();
    this.#findRaces(step, null, step);
    step.clock[step.task] = step.nth + 1;
    this.#book(step);
  }

  /** Appends the races of an operation that waits for ever. */
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
    step.footprint = this.machine.operationFootprint(blocked, request);
    this.#findRaces(step, new Elsewhere().set(step), { races });
  }

  /** The step at a depth of the execution. */
  step(index: number): Step {
    return this.steps[index] ?? NO_STEP;
  }

  /** Whether step `first` happens before step `second`, or is the same step. */
  before(first: number, second: number): boolean {
    return first === second || this.step(second).follows(this.step(first));
  }

  /**
   * The sequence that reverses a race: the rest of the execution without the steps that the race leaves out and those
   * that depend on them, then the later step of the race. It includes the steps after the race: only with them can the
   * search tell which explored beginnings cover the sequence. Valid until the next call. Null if no step from `depth` on
   * takes part.
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
   * The later step of a race, as it runs without the earlier one. If the earlier one was a store, an access that chooses
   * among stores gets other choices. Outcome 0, the newest store, will do: all other stores were choices in the original
   * order, too.
   */
  #withoutFirstStore({ first, second }: Race): Foreseen {
    const step = this.step(second);
    const elsewhere = this.#elsewhere.set(step);
    if (step.request?.kind.choices !== undefined && this.step(first).stored) elsewhere.outcome = 0;
    return elsewhere;
  }

  /** Whether the step that covered a race's reversal is independent of the steps from `depth` on that take part in it. */
  stillCovered(race: Race, cover: Foreseen, depth: number): boolean {
    for (let i = depth; i < this.length; i++) {
      if (this.#leftOut(race, i)) continue;
      const step = this.step(i);
      if (step.task === cover.task) return true;
      if (conflict(step.footprint, cover.footprint)) return false;
    }
    return true;
  }

  /** Whether a step is left out by a race, or depends on a step that is. */
  #leftOut({ first, more }: Race, index: number): boolean {
    if (this.before(first, index)) return true;
    for (const other of more) if (index >= other && this.before(other, index)) return true;
    return false;
  }

  /** Whether a step happens before the next step of a task. */
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

  /** Computes the step's clock, except its own entry, from all earlier dependent steps, and appends the races among them. */
  #findRaces(step: Step, pending: Foreseen | null, found: Finds): void {
    const second = this.length;
    const kind = step.request?.kind;
    const spins = kind?.since !== undefined;
    const blocking = kind?.enabled !== undefined && (step.location >= 0 || spins);
    step.startClock(this.steps[this.#last[step.task] ?? -1], this.machine.tasks.length);
    const begin = found.races?.length ?? 0;
    if (blocking && !spins) this.#blocking.findRace(step, pending, racesOf(found));
    this.#findConflicting(step);
    const interrupts = this.#interrupts.on(step, this.#last[step.task] ?? -1);
    for (let i = 0; i < this.#candidateCount; i++) {
      const candidate = this.#candidates[i] ?? 0;
      const earlier = this.step(candidate);
      if (earlier.task === step.task || step.follows(earlier)) continue;
      const first = interrupts === null ? candidate : entered(interrupts, candidate);
      if (!blocking) racesOf(found).add(first, second, pending);
      else if (
        (pending === null || (interrupts !== null && isEntered(interrupts, first))) &&
        !racesOf(found).has(first, NOTHING, begin) &&
        this.#blocking.enabledAt(first, step)
      )
        racesOf(found).add(first, second, pending);
      step.join(earlier);
    }
    if (interrupts !== null && found.races !== null)
      this.#interrupts.leaveOut(interrupts, found.races, begin);
  }

  /** Lists the earlier steps that conflict with the step, latest first, without those that a later exclusive access supersedes. */
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

/** Allocating all these objects takes longer than exploring a small program, so each machine keeps one spare. */
const spare = new WeakMap<Machine, History>();

/** Collects races. */
interface Finds {
  races: Races | null;
}

function racesOf(found: Finds): Races {
  return (found.races ??= new Races());
}

const NOTHING: readonly number[] = [];
const NO_STEP = new Step();

function eventOf(step: Step): Event {
  const { task, nth, told: outcome, outcomes, footprint } = step;
  return { task, nth, outcome, outcomes, footprint };
}
