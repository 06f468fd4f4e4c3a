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

/** A step every continuation of which has been explored from some point; it carries the footprint it had there. */
export interface Asleep extends Foreseen {
  readonly exact: true;
}

/** A point of the search. */
export interface Point {
  /** Steps whose every continuation has been explored from here, as they ran. */
  sleep: readonly Asleep[];
  /** What is left to explore from here, in order; while an execution runs through here the first branch is the one it takes. */
  readonly tree: Branch[];
  /** A branch of this point has been explored, rather than given up. */
  explored: boolean;
}

/** A step to take from a point, and the point it leads to. A branch without a tree of its own leaves the rest to chance. */
export interface Branch extends Foreseen, Point {
  /** Known once the step has been taken here. */
  footprint: Footprint;
  exact: boolean;
  /** Plans that were dropped because this leaf covers them; taken up again should the leaf be given up. */
  subsumed: Plan[] | null;
}

/** A sequence to be explored from the point at some depth of the current execution. */
export interface Plan {
  readonly depth: number;
  readonly sequence: readonly Foreseen[];
}

const NONE: readonly Asleep[] = [];

/** A point of which nothing is known yet. */
export function freshPoint(): Point {
  return { sleep: NONE, tree: [], explored: false };
}

/** A branch with nothing planned behind it. */
export function leaf({ task, nth, outcome, outcomes, footprint, exact }: Foreseen): Branch {
  return {
    task,
    nth,
    outcome,
    outcomes,
    footprint,
    exact,
    sleep: NONE,
    tree: [],
    explored: false,
    subsumed: null,
  };
}

/** A step because of which the sequence need not be explored: what begins with it has been, and that covers it. */
export function asleep(
  point: Point,
  sequence: readonly Foreseen[],
  foresight: Foresight,
): Asleep | null {
  for (const entry of point.sleep) {
    const at = weakInitial(entry, sequence, foresight);
    if (at < 0) continue;
    if (entry.outcomes === 1 || at < sequence.length) return entry;
    if (covers(point, entry, sequence, foresight) !== null) return entry;
  }
  return null;
}

/** Inserts a plan unless the tree already leads to a trace that contains it. */
export function insert(point: Point, plan: Plan, foresight: Foresight): void {
  insertRest(point, plan, foresight, plan.sequence.slice());
}

/** Inserts what is left of a plan at a point; `rest` is used up. */
function insertRest(start: Point, plan: Plan, foresight: Foresight, rest: Foreseen[]): void {
  let point = start;
  for (;;) {
    const branch = covering(point, plan, foresight, rest);
    if (branch === 'elsewhere') return;
    if (branch === null) {
      append(point, rest);
      return;
    }
    if (branch.tree.length === 0) {
      subsume(branch, plan, foresight);
      return;
    }
    point = branch;
  }
}

/** The branch the rest belongs behind, which loses the branch's own step; 'elsewhere' if it went behind several outcomes. */
function covering(
  point: Point,
  plan: Plan,
  foresight: Foresight,
  rest: Foreseen[],
): Branch | 'elsewhere' | null {
  const { tree } = point;
  for (let b = 0; b < tree.length; b++) {
    const branch = tree[b];
    if (branch === undefined) break;
    const at = weakInitial(branch, rest, foresight);
    if (at < 0) continue;
    if (at < rest.length) {
      for (let i = at + 1; i < rest.length; i++) rest[i - 1] = rest[i] ?? branch;
      rest.length--;
      return branch;
    }
    if (branch.outcomes === 1) return branch;
    const outcomes = covers(point, branch, rest, foresight);
    if (outcomes === null) continue;
    for (const outcome of outcomes) {
      if (outcome.tree.length === 0) subsume(outcome, plan, foresight);
      else insertRest(outcome, plan, foresight, rest.slice());
    }
    return 'elsewhere';
  }
  return null;
}

function subsume(branch: Branch, plan: Plan, foresight: Foresight): void {
  if (branch.exact || foresight.empty) return;
  (branch.subsumed ??= []).push({ depth: plan.depth, sequence: plan.sequence.map(leaf) });
}

function append(point: Point, sequence: readonly Foreseen[]): void {
  let { tree } = point;
  for (const step of sequence) {
    const branch = leaf(step);
    tree.push(branch);
    ({ tree } = branch);
  }
}

/**
 * The branches to insert into so that the task of `step`, going first, covers a sequence in which it does not occur; null if
 * some outcome of its choice is neither planned nor explored, or does not commute with the sequence.
 */
function covers(
  point: Point,
  step: Event,
  sequence: readonly Foreseen[],
  foresight: Foresight,
): Branch[] | null {
  const planned = point.tree.filter(
    (branch) => branch.task === step.task && weakInitial(branch, sequence, foresight) >= 0,
  );
  if (step.outcomes === 1) return planned.slice(0, 1);
  const outcomes = new Set(planned.map(({ outcome }) => outcome));
  for (const entry of point.sleep) {
    if (entry.task !== step.task) continue;
    if (weakInitial({ ...entry, exact: true }, sequence, foresight) >= 0)
      outcomes.add(entry.outcome);
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
function weakInitial(step: Foreseen, sequence: readonly Foreseen[], foresight: Foresight): number {
  for (let i = 0; i < sequence.length; i++) {
    const other = sequence[i];
    if (other === undefined) break;
    if (other.task === step.task) return other.outcome === step.outcome ? i : -1;
    if (mayDepend(step, other, foresight)) return -1;
  }
  return sequence.length;
}

/** Drops from a sleep set what depends on a step just taken. */
export function stillAsleep(
  sleep: readonly Asleep[],
  task: number,
  footprint: Footprint,
): Asleep[] {
  return sleep.filter((entry) => entry.task !== task && !conflict(entry.footprint, footprint));
}

/** Whether some task could only repeat what has been explored: all outcomes of its next step sleep. */
export function anyAsleep(sleep: readonly Asleep[]): boolean {
  return sleep.some((entry) => asleepOutcomes(sleep, entry.task) === entry.outcomes);
}

/** How many outcomes of a task's next step sleep. */
export function asleepOutcomes(sleep: readonly Asleep[], task: number): number {
  let count = 0;
  for (const entry of sleep) if (entry.task === task) count++;
  return count;
}
