// SPDX-License-Identifier: GPL-2.0-only
/**
 * Wakeup trees (Abdulla, Aronis, Jonsson, Sagonas: Optimal dynamic partial order reduction, POPL 2014, section 6): at each
 * point of the current execution, the beginnings that still have to be explored from there, in order.
 */
import { conflict, type Footprint } from '../machine';
import type { Event } from './explorer';
import type { Foresight } from './foresight';

/** A step that will be or has been taken; `exact` if its whole footprint is known for the place where it stands. */
export interface Foreseen extends Event {
  readonly exact: boolean;
}

/** A node of a wakeup tree: one step, and what to do after it. A leaf leaves the rest to chance. */
export interface Branch extends Foreseen {
  /** Known once the step has been taken here. */
  footprint: Footprint;
  exact: boolean;
  readonly children: Branch[];
  /** Plans that were dropped because this leaf covers them; taken up again should the leaf be given up. */
  subsumed: Plan[] | null;
}

/** A sequence to be explored from the point at some depth of the current execution. */
export interface Plan {
  readonly depth: number;
  readonly sequence: readonly Foreseen[];
}

/** A branch without children for a step. */
export function leaf(step: Foreseen): Branch {
  const { task, nth, outcome, footprint, exact } = step;
  return { task, nth, outcome, footprint, exact, children: [], subsumed: null };
}

/** Whether two steps of different tasks may be dependent; says no only if it is certain, or notes what it relied on. */
function mayDepend(a: Foreseen, b: Foreseen, foresight: Foresight): boolean {
  if (conflict(a.footprint, b.footprint)) return true;
  if (!a.exact && foresight.mayTouch(a, b.footprint)) return true;
  if (!b.exact && foresight.mayTouch(b, a.footprint)) return true;
  return !a.exact && !b.exact && foresight.mayMeet(a, b);
}

/**
 * Where the step stands among the sequence's weak initials: its index if it occurs and everything before it is independent
 * of it, the sequence's length if it does not occur and all is independent, -1 if it is no weak initial.
 */
export function weakInitial(
  step: Foreseen,
  sequence: readonly Foreseen[],
  foresight: Foresight,
): number {
  for (let i = 0; i < sequence.length; i++) {
    const other = sequence[i];
    if (other === undefined) break;
    if (other.task === step.task) return other.outcome === step.outcome ? i : -1;
    if (mayDepend(step, other, foresight)) return -1;
  }
  return sequence.length;
}

/** Inserts a plan unless the tree already leads to a trace that contains it. */
export function insert(tree: Branch[], plan: Plan, foresight: Foresight): void {
  let level = tree;
  let rest = plan.sequence;
  descend: for (;;) {
    for (const branch of level) {
      const at = weakInitial(branch, rest, foresight);
      if (at < 0) continue;
      if (branch.children.length === 0) {
        if (!branch.exact && !foresight.empty) {
          (branch.subsumed ??= []).push({ depth: plan.depth, sequence: plan.sequence.map(leaf) });
        }
        return;
      }
      if (at < rest.length) rest = rest.filter((_, i) => i !== at);
      level = branch.children;
      continue descend;
    }
    break;
  }
  for (const step of rest) {
    const branch = leaf(step);
    level.push(branch);
    level = branch.children;
  }
}

/** Drops from a sleep set what depends on a step just taken. */
export function stillAsleep(sleep: readonly Event[], task: number, footprint: Footprint): Event[] {
  return sleep.filter((entry) => entry.task !== task && !conflict(entry.footprint, footprint));
}
