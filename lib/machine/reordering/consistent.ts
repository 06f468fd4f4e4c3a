// SPDX-License-Identifier: GPL-2.0-only
/**
 * Whether the Linux kernel memory model allows an execution graph (Alglave, Maranget, McKenney, Parri, Stern:
 * Frightening small children and disconcerting grown-ups, ASPLOS 2018; tools/memory-model/linux-kernel.cat): hb and pb
 * have no cycle. RCU needs no axiom of its own: releases and acquires with strong fences order a grace period and the
 * read sections around it, as the machine runs them.
 *
 * A graph grows by one access at a time, so the search looks only for a cycle through the newest access.
 */
import { type Access, orderedByWmb, overwriting, preserved } from './access';
import type { Log } from './log';

/** The state of a path: along hb, or inside of a prop, whose parts come in this order. */
const HAPPENS = 0;
const OVERWRITES = 1;
const FENCES = 2;
const READS = 3;
/** Along hb, at the store of a read-modify-write whose load may come earlier. */
const STORED = 4;
const PHASES = 5;

/** Whether no cycle of hb or pb contains the access. */
export function consistent(log: Log, newest: Access): boolean {
  if (new Search(log, newest, false).cyclic()) return false;
  return !newest.atomic || !new Search(log, newest, true).cyclic();
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
    /** Whether the cycle is to begin and end at the store of a read-modify-write. */
    readonly stored: boolean,
  ) {}

  cyclic(): boolean {
    this.#happens(this.newest, this.stored);
    for (;;) {
      const state = this.#open.pop();
      if (state === undefined || this.#found) return this.#found;
      this.#follow(state);
    }
  }

  #go(at: Access, phase: number, from: Access): void {
    const happens = phase === HAPPENS || phase === STORED;
    if (at === this.newest && (phase === HAPPENS || (phase === STORED && this.stored))) {
      this.#found = true;
    }
    const key = (at.id * PHASES + phase) * this.log.size + (happens ? 0 : from.id);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#open.push({ at, phase, from });
  }

  #follow({ at, phase, from }: State): void {
    switch (phase) {
      case HAPPENS:
      case STORED:
        this.#happens(at, phase === STORED);
        return;
      case OVERWRITES:
        for (const store of overwriting(at, at)) {
          if (store.task !== at.task) this.#go(store, FENCES, from);
        }
        this.#go(at, FENCES, from);
        return;
      case FENCES:
        this.#cumulFences(at, from);
        this.#ends(at, from, at.atomic ? STORED : HAPPENS);
        for (const reader of at.readers) if (reader.task !== at.task) this.#go(reader, READS, from);
        return;
      default:
        this.#ends(at, from, HAPPENS);
    }
  }

  /** hb: ppo and rfe; or a prop begins here. */
  #happens(at: Access, stored: boolean): void {
    for (const later of this.log.after(at)) {
      const reach = preserved(at, later, stored);
      if (reach === 'nothing') continue;
      this.#go(later, reach === 'its store' && later.atomic ? STORED : HAPPENS, later);
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
    for (const later of this.log.fencedFrom(first)) this.#passOn(later, from);
    for (const later of this.log.after(first)) {
      const fenced = later.release || (itself !== null && ownFence(itself, later));
      if (fenced) this.#passOn(later, from);
    }
  }

  /** rmw-sequence: a chain of read-modify-writes carries on what the first store did. */
  #passOn(store: Access, from: Access): void {
    this.#go(store, FENCES, from);
    for (const reader of store.readers) if (reader.atomic) this.#passOn(reader, from);
  }

  /** A prop that ends in the task where it began is part of hb; one that a strong fence follows is part of pb. */
  #ends(at: Access, from: Access, phase: number): void {
    if (at.task === from.task && at !== from) this.#go(at, phase, at);
    for (const later of this.log.fencedFrom(at)) this.#go(later, HAPPENS, later);
  }
}

/** Fences that order only the task's own accesses. */
function ownFence(first: Access, later: Access): boolean {
  if (later.passed >= first.index) return true;
  return orderedByWmb(first, later);
}
