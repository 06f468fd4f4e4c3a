// SPDX-License-Identifier: GPL-2.0-only
/**
 * Whether the Linux kernel memory model allows an execution graph (Alglave, Maranget, McKenney, Parri, Stern:
 * Frightening small children and disconcerting grown-ups, ASPLOS 2018; tools/memory-model/linux-kernel.cat): hb and pb
 * have no cycle. RCU needs no axiom of its own: releases and acquires with strong fences order a grace period and the
 * read sections around it, as the machine runs them.
 *
 * A graph grows by one access at a time, so the search looks only for a cycle through the newest access.
 */
import { type Access, overwriting, preserved, stronglyFenced } from './access';
import type { Log } from './log';

/** The state of a path: along hb, or inside of a prop, whose parts come in this order. */
const HAPPENS = 0;
const OVERWRITES = 1;
const FENCES = 2;
const READS = 3;

/** Whether no cycle of hb or pb contains the access. */
export function consistent(log: Log, newest: Access): boolean {
  return !new Search(log, newest).cyclic();
}

interface State {
  readonly at: Access;
  readonly phase: number;
  /** The access where the prop began; the current access while the path is along hb. */
  readonly from: Access;
}

class Search {
  readonly #open: State[] = [];
  readonly #seen = new Set<number>();
  #found = false;

  constructor(
    readonly log: Log,
    readonly newest: Access,
  ) {}

  cyclic(): boolean {
    this.#happens(this.newest);
    for (;;) {
      const state = this.#open.pop();
      if (state === undefined || this.#found) return this.#found;
      this.#follow(state);
    }
  }

  #go(at: Access, phase: number, from: Access): void {
    if (phase === HAPPENS && at === this.newest) this.#found = true;
    const { size } = this.log;
    const key = (at.id * 4 + phase) * size + (phase === HAPPENS ? 0 : from.id);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#open.push({ at, phase, from });
  }

  #follow({ at, phase, from }: State): void {
    switch (phase) {
      case HAPPENS:
        this.#happens(at);
        return;
      case OVERWRITES:
        for (const store of overwriting(at, at)) {
          if (store.task !== at.task) this.#go(store, FENCES, from);
        }
        this.#go(at, FENCES, from);
        return;
      case FENCES:
        this.#cumulFences(at, from);
        this.#go(at, READS, from);
        for (const reader of at.readers) if (reader.task !== at.task) this.#go(reader, READS, from);
        return;
      default:
        this.#ends(at, from);
    }
  }

  /** hb: ppo and rfe; a prop may also begin here. */
  #happens(at: Access): void {
    for (const later of this.log.after(at)) {
      if (preserved(at, later)) this.#go(later, HAPPENS, later);
    }
    for (const reader of at.readers) {
      if (reader.task !== at.task) this.#go(reader, HAPPENS, reader);
    }
    this.#go(at, OVERWRITES, at);
  }

  /** cumul-fence: a strong fence or a release, which also order what their task has read from; smp_wmb(); unlock and lock. */
  #cumulFences(at: Access, from: Access): void {
    this.#fencesAfter(at, at, from);
    for (const reader of at.readers) {
      if (reader.task === at.task) continue;
      this.#fencesAfter(reader, null, from);
      if (at.unlock) for (const later of this.log.after(reader)) this.#go(later, FENCES, from);
    }
  }

  #fencesAfter(first: Access, itself: Access | null, from: Access): void {
    for (const later of this.log.after(first)) {
      const fenced = stronglyFenced(first, later) || later.release;
      if (fenced || (itself !== null && ownFence(itself, later))) this.#passOn(later, from);
    }
  }

  /** rmw-sequence: a chain of read-modify-writes carries on what the first store did. */
  #passOn(store: Access, from: Access): void {
    this.#go(store, FENCES, from);
    for (const reader of store.readers) if (reader.atomic) this.#passOn(reader, from);
  }

  /** A prop that ends in the task where it began is part of hb; a prop followed by a strong fence is part of pb. */
  #ends(at: Access, from: Access): void {
    if (at.task === from.task && at !== from) this.#go(at, HAPPENS, at);
    for (const later of this.log.after(at)) {
      if (stronglyFenced(at, later)) this.#go(later, HAPPENS, later);
    }
  }
}

/** Fences that order only the task's own accesses. */
function ownFence(first: Access, later: Access): boolean {
  if (later.passed >= first.index) return true;
  return first.store && later.store && later.wmb > first.wmb;
}
