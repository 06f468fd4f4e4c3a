// SPDX-License-Identifier: GPL-2.0-only
/**
 * What a step might touch when it runs somewhere else than where it was seen.
 *
 * The operation of a step is known beforehand, the plain code behind it is not: it may read other fields once the values
 * differ. Deciding that such a step is independent of another on the strength of one observation would be a guess. So all
 * plain accesses seen for the nth step of a task, in any execution, are remembered; a decision takes their union, and notes
 * what it relied on. When a later execution shows an access a decision had ruled out, the exploration is begun anew with the
 * larger union. The verdict never rests on a guess that failed.
 */
import { conflict, type Footprint } from '../machine/footprint';
import type { Event } from './explorer';

interface Entry {
  readonly seen: Set<number>;
  union: number[];
  relied: Set<number>;
  /** A decision compared two steps neither of which was known; any growth calls it into question. */
  reliedOnAll: boolean;
}

export class Foresight {
  /** A decision was made that what has been seen since contradicts. */
  refuted = false;
  /** No step has touched anything but its operation's own object: every footprint is known beforehand. */
  empty = true;
  /** A decision was made while nothing was known: with footprints that turn out to be more, and without what keeps a way back. */
  reliedOnEmpty = false;
  readonly #entries: (Entry | undefined)[][] = [];

  #entry(task: number, nth: number): Entry {
    const steps = (this.#entries[task] ??= []);
    return (steps[nth] ??= { seen: new Set(), union: [], relied: new Set(), reliedOnAll: false });
  }

  /** Notes the plain accesses of a step that ran: its footprint from `from` on. */
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

  /** Whether the plain code of the step has ever conflicted with the footprint. */
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

  /** Begins anew with what has been seen; what was relied on is void. */
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
