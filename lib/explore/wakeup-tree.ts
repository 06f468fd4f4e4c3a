// SPDX-License-Identifier: GPL-2.0-only
/**
 * Wakeup trees (Abdulla, Aronis, Jonsson, Sagonas: Optimal dynamic partial order reduction, POPL 2014, section 6): for
 * each point of the current execution, the sequences that must still be explored from there, in order.
 *
 * The paper has no choices. Here a choice is a step with several outcomes, and each outcome covers only its own
 * continuations. So running a task first covers a sequence without that task only if every outcome of its choice covers
 * it.
 */
import { conflict, type Footprint } from '../machine/footprint';
import type { Event } from './explorer';
import type { Foresight } from './foresight';

/** A planned or completed step; `exact` if its whole footprint at this place is known. */
export interface Foreseen extends Event {
  readonly exact: boolean;
}

/** A point of the search. */
export interface Point {
  /** Steps all of whose continuations from here have been explored, with their footprints. Several points may share the list. */
  sleep: readonly Foreseen[];
  /** The branches that must still be explored from here, as a list; an execution takes the first of them. */
  first: Branch | null;
  /** A branch of this point has been fully explored, not given up. */
  explored: boolean;
}

const NONE: readonly Foreseen[] = [];
const UNKNOWN: Footprint = [];

/** A step to take from a point, and the point it leads to. If it has no branches, the execution continues freely from there. */
export class Branch implements Foreseen, Point {
  /** Known after the step has been taken here. */
  footprint = UNKNOWN;
  exact = false;
  sleep = NONE;
  first: Branch | null = null;
  explored = false;
  /** The next branch of the same point. */
  next: Branch | null = null;
  /**
   * This step is the later side of a reversed race. Here an access may choose among other stores than after the earlier
   * side, so all its choices are explored.
   */
  reversed = false;
  /** Plans that were dropped because this leaf covers them. They are planned again if the leaf is given up. */
  subsumed: Plan[] | null = null;

  constructor(
    readonly task: number,
    readonly nth: number,
    readonly outcome: number,
    readonly outcomes: number,
  ) {}
}

/** A branch for a planned step. */
function leaf(step: Foreseen): Branch {
  const branch = new Branch(step.task, step.nth, step.outcome, step.outcomes);
  branch.footprint = step.footprint;
  branch.exact = step.exact;
  return branch;
}

/** Fills the place of a removed step. */
const TAKEN: Foreseen = new Branch(0, 0, 0, 1);

/** A sequence to explore from the point at some depth of the current execution. */
export interface Plan {
  readonly depth: number;
  readonly sequence: Sequence;
  /** The plan reverses the step of the branch that is being explored. */
  readonly reverses: boolean;
}

/** A sequence of steps from which single steps can be removed. Clearing it keeps its memory. */
export class Sequence {
  #steps: Foreseen[] = [];
  #begin = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#begin;
  }

  at(index: number): Foreseen | undefined {
    return this.#steps[this.#begin + index];
  }

  add(step: Foreseen): void {
    this.#steps[this.#end++] = step;
  }

  clear(): void {
    this.#begin = this.#end = 0;
  }

  /** Removes a step. Most removals are near the front, where they are cheap. */
  remove(index: number): void {
    const steps = this.#steps;
    for (let i = this.#begin + index; i > this.#begin; i--) steps[i] = steps[i - 1] ?? TAKEN;
    this.#begin++;
  }

  copy(of: (step: Foreseen) => Foreseen = (step) => step): Sequence {
    const copy = new Sequence();
    copy.#steps = this.#steps.slice(this.#begin, this.#end).map(of);
    copy.#end = copy.#steps.length;
    return copy;
  }
}

/** A point without any knowledge. */
export function freshPoint(): Point {
  return { sleep: NONE, first: null, explored: false };
}

/** Turns a fully explored branch into an entry of a sleep set, and drops the rest of the branch. */
export function goneToSleep(branch: Branch): Foreseen {
  branch.sleep = NONE;
  branch.next = null;
  return branch;
}

/** Returns a sleeping step that already covers the sequence, or null. */
export function asleep(point: Point, sequence: Sequence, foresight: Foresight): Foreseen | null {
  const { sleep } = point;
  for (let i = 0; i < sleep.length; i++) {
    const entry = sleep[i];
    if (entry === undefined) break;
    const at = weakInitial(entry, sequence, foresight);
    if (at < 0) continue;
    if (entry.outcomes === 1 || at < sequence.length) return entry;
    if (covers(point, entry, sequence, foresight) !== null) return entry;
  }
  return null;
}

/** Inserts a plan unless the tree already leads to a trace that contains it. Uses up the sequence. */
export function insert(point: Point, plan: Plan, foresight: Foresight): void {
  const { sequence } = plan;
  // The branch that is being explored is the step that the plan reverses. It depends on the plan's last step.
  const from = plan.reverses ? (point.first?.next ?? null) : point.first;
  // If every footprint is known in advance, no guess can fail, so the whole plan is never needed again.
  if (foresight.empty) insertRest(point, from, plan, foresight, sequence);
  else insertRest(point, from, plan, foresight, sequence.copy());
}

/** Inserts the rest of a plan at a point. The branches before `from` do not cover it. Uses up `rest`. */
function insertRest(
  start: Point,
  from: Branch | null,
  plan: Plan,
  foresight: Foresight,
  rest: Sequence,
): void {
  let point = start;
  let first = from;
  for (;;) {
    const branch = covering(point, first, plan, foresight, rest);
    if (branch === 'elsewhere') return;
    if (branch === null) {
      append(point, rest);
      return;
    }
    if (branch.first === null) {
      subsume(branch, plan, foresight);
      return;
    }
    point = branch;
    ({ first } = branch);
  }
}

/**
 * Finds the branch under which the rest belongs, and removes the branch's step from the rest. Returns 'elsewhere' if the
 * rest was inserted under several outcomes, and null if no branch covers it.
 */
function covering(
  point: Point,
  from: Branch | null,
  plan: Plan,
  foresight: Foresight,
  rest: Sequence,
): Branch | 'elsewhere' | null {
  for (let branch = from; branch !== null; branch = branch.next) {
    const at = weakInitial(branch, rest, foresight);
    if (at < 0) continue;
    if (at < rest.length) {
      rest.remove(at);
      if (rest.length === 0) branch.reversed = true;
      return branch;
    }
    if (branch.outcomes === 1) return branch;
    const outcomes = covers(point, branch, rest, foresight);
    if (outcomes === null) continue;
    for (const outcome of outcomes) {
      if (outcome.first === null) subsume(outcome, plan, foresight);
      else insertRest(outcome, outcome.first, plan, foresight, rest.copy());
    }
    return 'elsewhere';
  }
  return null;
}

function subsume(branch: Branch, { depth, sequence }: Plan, foresight: Foresight): void {
  if (branch.exact || foresight.empty) return;
  const kept = sequence.copy(leaf);
  (branch.subsumed ??= []).push({ depth, sequence: kept, reverses: false });
}

function append(start: Point, sequence: Sequence): void {
  let point = start;
  for (let i = 0; i < sequence.length; i++) {
    const step = sequence.at(i);
    if (step === undefined) continue;
    const branch = addBranch(point, leaf(step));
    branch.reversed = i === sequence.length - 1;
    point = branch;
  }
}

/** Appends a branch to those of a point. */
export function addBranch(point: Point, added: Branch): Branch {
  let last = point.first;
  if (last === null) {
    point.first = added;
    return added;
  }
  while (last.next !== null) last = last.next;
  return (last.next = added);
}

/**
 * The branches to insert into, so that running the task of `step` first covers a sequence without that task. Null if
 * some outcome of its choice is neither planned nor explored, or does not commute with the sequence.
 */
function covers(
  point: Point,
  step: Event,
  sequence: Sequence,
  foresight: Foresight,
): Branch[] | null {
  const planned: Branch[] = [];
  for (let branch = point.first; branch !== null; branch = branch.next) {
    if (branch.task === step.task && weakInitial(branch, sequence, foresight) >= 0)
      planned.push(branch);
  }
  if (step.outcomes === 1) return planned.slice(0, 1);
  const outcomes = new Set(planned.map(({ outcome }) => outcome));
  for (const entry of point.sleep) {
    if (entry.task !== step.task) continue;
    if (weakInitial(entry, sequence, foresight) >= 0) outcomes.add(entry.outcome);
  }
  return outcomes.size === step.outcomes ? planned : null;
}

/** Whether two steps of different tasks may be dependent. If it says no without being certain, it notes what it relied on. */
function mayDepend(a: Foreseen, b: Foreseen, foresight: Foresight): boolean {
  if (conflict(a.footprint, b.footprint)) return true;
  if (foresight.empty) return false;
  if (!a.exact && foresight.mayTouch(a, b.footprint)) return true;
  if (!b.exact && foresight.mayTouch(b, a.footprint)) return true;
  return !a.exact && !b.exact && foresight.mayMeet(a, b);
}

/**
 * The step's position among the sequence's weak initials: its index if it occurs and everything before it is independent
 * of it; the sequence's length if its task does not occur and everything is independent; -1 if it is not a weak initial.
 */
function weakInitial(step: Foreseen, sequence: Sequence, foresight: Foresight): number {
  const { length } = sequence;
  for (let i = 0; i < length; i++) {
    const other = sequence.at(i);
    if (other === undefined) break;
    if (other.task === step.task) return other.outcome === step.outcome ? i : -1;
    if (mayDepend(step, other, foresight)) return -1;
  }
  return length;
}

/** Removes from a sleep set the steps that depend on a step just taken. */
export function stillAsleep(
  sleep: readonly Foreseen[],
  task: number,
  footprint: Footprint,
): readonly Foreseen[] {
  for (let i = 0; i < sleep.length; i++) {
    const entry = sleep[i];
    if (entry === undefined || sleeps(entry, task, footprint)) continue;
    return sleep.filter((other) => sleeps(other, task, footprint));
  }
  return sleep;
}

function sleeps(entry: Foreseen, task: number, footprint: Footprint): boolean {
  return entry.task !== task && !conflict(entry.footprint, footprint);
}

/** Whether some task could only repeat explored steps: all outcomes of its next step are asleep. */
export function anyAsleep(sleep: readonly Foreseen[]): boolean {
  return sleep.some((entry) => asleepOutcomes(sleep, entry.task) === entry.outcomes);
}

/** Whether an outcome of a task's next step is asleep. */
export function isAsleep(sleep: readonly Foreseen[], task: number, outcome: number): boolean {
  return sleep.some((entry) => entry.task === task && entry.outcome === outcome);
}

/** How many outcomes of a task's next step are asleep. */
function asleepOutcomes(sleep: readonly Foreseen[], task: number): number {
  let count = 0;
  for (const entry of sleep) if (entry.task === task) count++;
  return count;
}
