// SPDX-License-Identifier: GPL-2.0-only
/**
 * Wakeup trees (Abdulla, Aronis, Jonsson, Sagonas: Optimal dynamic partial order reduction, POPL 2014, section 6): at each
 * point of the current execution, the beginnings that still have to be explored from there, in order.
 *
 * Choices, which the paper has not, are steps with several outcomes. An outcome stands for its own continuations only: a
 * sequence in which the task does not occur is covered by that task going first if every outcome of its choice covers it.
 */
import { conflict, type Footprint } from '../machine/footprint';
import type { Event } from './explorer';
import type { Foresight } from './foresight';

/** A step that will be or has been taken; `exact` if its whole footprint is known for the place where it stands. */
export interface Foreseen extends Event {
  readonly exact: boolean;
}

/** A point of the search. */
export interface Point {
  /** Steps whose every continuation has been explored from here, as they ran. The list may be another point's, too. */
  sleep: readonly Foreseen[];
  /** What is left to explore from here, in order, each the next of the one before; an execution that runs through here takes the first. */
  first: Branch | null;
  /** A branch of this point has been explored, rather than given up. */
  explored: boolean;
}

const NONE: readonly Foreseen[] = [];
const UNKNOWN: Footprint = [];

/** A step to take from a point, and the point it leads to. A branch without branches of its own leaves the rest to chance. */
export class Branch implements Foreseen, Point {
  /** Known once the step has been taken here. */
  footprint = UNKNOWN;
  exact = false;
  sleep = NONE;
  first: Branch | null = null;
  explored = false;
  /** The next branch of the point this one starts from. */
  next: Branch | null = null;
  /**
   * The later side of a race that is reversed. Where it has come to, an access may choose among other stores than it could behind
   * the earlier side, so all its choices are explored.
   */
  reversed = false;
  /** Plans that were dropped because this leaf covers them; taken up again should the leaf be given up. */
  subsumed: Plan[] | null = null;

  constructor(
    readonly task: number,
    readonly nth: number,
    readonly outcome: number,
    readonly outcomes: number,
  ) {}
}

/** A branch that takes a step as it is foreseen. */
function leaf(step: Foreseen): Branch {
  const branch = new Branch(step.task, step.nth, step.outcome, step.outcomes);
  branch.footprint = step.footprint;
  branch.exact = step.exact;
  return branch;
}

/** Stands where a sequence had a step. */
const TAKEN: Foreseen = new Branch(0, 0, 0, 1);

/** A sequence to be explored from the point at some depth of the current execution. */
export interface Plan {
  readonly depth: number;
  readonly sequence: Sequence;
  /** It begins where the step it reverses is the branch being explored. */
  readonly reverses: boolean;
}

/** Steps one after the other, which can be taken out again. Emptied and filled anew it gives nothing back. */
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

  /** Takes one out: cheap at the front, where most are. */
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

/** A point of which nothing is known yet. */
export function freshPoint(): Point {
  return { sleep: NONE, first: null, explored: false };
}

/** The step of a branch all of which has been explored; the rest of the branch is dropped. */
export function goneToSleep(branch: Branch): Foreseen {
  branch.sleep = NONE;
  branch.next = null;
  return branch;
}

/** A step because of which the sequence need not be explored: what begins with it has been, and that covers it. */
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

/** Inserts a plan unless the tree already leads to a trace that contains it. The sequence is used up. */
export function insert(point: Point, plan: Plan, foresight: Foresight): void {
  const { sequence } = plan;
  // The branch that is being explored is the step the plan reverses, which depends on the plan's last.
  const from = plan.reverses ? (point.first?.next ?? null) : point.first;
  // Where every footprint is known beforehand, nobody asks for the whole plan again.
  if (foresight.empty) insertRest(point, from, plan, foresight, sequence);
  else insertRest(point, from, plan, foresight, sequence.copy());
}

/** Inserts what is left of a plan at a point, whose branches before `from` do not cover it; `rest` is used up. */
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

/** The branch the rest belongs behind, which loses the branch's own step; 'elsewhere' if it went behind several outcomes. */
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

/** Plans one more branch, behind those the point has. */
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
 * The branches to insert into so that the task of `step`, going first, covers a sequence in which it does not occur; null if
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

/** Whether two steps of different tasks may be dependent; says no only if it is certain, or notes what it relied on. */
function mayDepend(a: Foreseen, b: Foreseen, foresight: Foresight): boolean {
  if (conflict(a.footprint, b.footprint)) return true;
  if (foresight.empty) return false;
  if (!a.exact && foresight.mayTouch(a, b.footprint)) return true;
  if (!b.exact && foresight.mayTouch(b, a.footprint)) return true;
  return !a.exact && !b.exact && foresight.mayMeet(a, b);
}

/**
 * Where the step stands among the sequence's weak initials: its index if it occurs and everything before it is independent
 * of it, the sequence's length if its task does not occur and all is independent, -1 if it is no weak initial.
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

/** Drops from a sleep set what depends on a step just taken. */
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

/** Whether some task could only repeat what has been explored: all outcomes of its next step sleep. */
export function anyAsleep(sleep: readonly Foreseen[]): boolean {
  return sleep.some((entry) => asleepOutcomes(sleep, entry.task) === entry.outcomes);
}

/** Whether an outcome of a task's next step sleeps. */
export function isAsleep(sleep: readonly Foreseen[], task: number, outcome: number): boolean {
  return sleep.some((entry) => entry.task === task && entry.outcome === outcome);
}

/** How many outcomes of a task's next step sleep. */
function asleepOutcomes(sleep: readonly Foreseen[], task: number): number {
  let count = 0;
  for (const entry of sleep) if (entry.task === task) count++;
  return count;
}
