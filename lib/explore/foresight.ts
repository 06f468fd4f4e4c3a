// SPDX-License-Identifier: GPL-2.0-only
/**
 * What a step might touch if it ran in another place than where it was seen.
 *
 * The operation of a step is known before it runs, but the plain code after the operation is not: if values differ, it
 * may read other fields. To decide from one observation that such a step is independent of another would be a guess. So
 * this class remembers all plain accesses of the nth step of a task, from all executions. A decision uses their union
 * and notes what it relied on. If a later execution shows an access that a decision had ruled out, the exploration
 * restarts with the larger union. The verdict never rests on a guess that failed.
 */
import { conflict, type Footprint } from '../machine/footprint';
import type { Event } from './explorer';

interface Entry {
  readonly seen: Set<number>;
  union: number[];
  relied: Set<number>;
  /** A decision compared two unknown steps, so any new access of this one refutes it. */
  reliedOnAll: boolean;
}

export class Foresight {
  /** A later observation contradicts a decision. */
  refuted = false;
  /** No step has touched anything except its operation's own object, so every footprint is known before the step runs. */
  empty = true;
  /**
   * A decision was made while `empty` held. It took footprints for complete and kept no copy of its plan, so the first
   * plain access refutes it.
   */
  reliedOnEmpty = false;
  readonly #entries: (Entry | undefined)[][] = [];

  #entry(task: number, nth: number): Entry {
    const steps = (this.#entries[task] ??= []);
    return (steps[nth] ??= { seen: new Set(), union: [], relied: new Set(), reliedOnAll: false });
  }

  /** Notes the plain accesses of a step that ran: its footprint from index `from`. */
  learn(task: number, nth: number, footprint: Footprint, from: number): void {
    if (from === footprint.length) return;
    this.empty = false;
    if (this.reliedOnEmpty) this.refuted = true;
    const entry = this.#entry(task, nth);
    for (let i = from; i < footprint.length; i++) {
      const access = footprint[i] ?? 0;
      if (entry.seen.has(access)) continue;
      entry.seen.add(access);
      entry.union.push(access);
      if (entry.reliedOnAll || conflict([access], [...entry.relied])) this.refuted = true;
    }
  }

  /** Whether the step's plain code has ever conflicted with the footprint. */
  mayTouch(step: Event, footprint: Footprint): boolean {
    const entry = this.#entry(step.task, step.nth);
    if (conflict(entry.union, footprint)) return true;
    for (const access of footprint) entry.relied.add(access);
    return false;
  }

  /** Whether the plain code of one step has ever conflicted with that of the other. */
  mayMeet(a: Event, b: Event): boolean {
    const [first, second] = [this.#entry(a.task, a.nth), this.#entry(b.task, b.nth)];
    if (conflict(first.union, second.union)) return true;
    first.reliedOnAll = second.reliedOnAll = true;
    return false;
  }

  /** Keeps the observed accesses and forgets the decisions. */
  restart(): void {
    this.refuted = this.reliedOnEmpty = false;
    for (const entry of this.#entries.flat()) {
      if (entry !== undefined) {
        entry.relied = new Set();
        entry.reliedOnAll = false;
      }
    }
  }
}
