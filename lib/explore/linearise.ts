// SPDX-License-Identifier: GPL-2.0-only
/**
 * Other orders of one execution: an execution is a partial order of its steps (those of one task, those that conflict, and a
 * spawn before what it spawned), and of all orders that respect it those with the fewest context switches are the easiest
 * to follow. Running on with the task at hand as far as the order allows never costs a switch, so the search decides only
 * where to switch to.
 */
import { conflict, type Footprint } from '../machine';
import type { Turn } from './schedule';

/** A step as it ran; a ReplayStep is one. */
export interface RanStep extends Turn {
  readonly task: number;
  readonly footprint: Footprint;
  readonly born: readonly number[];
}

/** Partial orders of more states than this are searched no further: what was found so far counts. */
const STATES_MAX = 20_000;
/** As many orders are given as are worth trying. */
const ORDERS_MAX = 8;

/** What the step with this index depends on, itself included, in the order it ran. */
export function causesOf<T extends RanStep>(steps: readonly T[], index: number): T[] {
  const wanted = new Set<number>([index]);
  for (let i = index; i >= 0; i--) {
    if (!wanted.has(i)) continue;
    for (let j = 0; j < i; j++) if (directlyBefore(steps, j, i)) wanted.add(j);
  }
  return steps.filter((_, i) => wanted.has(i));
}

/** Orders of these steps with the fewest context switches, at most a handful, always the same ones. */
export function linearise<T extends RanStep>(steps: readonly T[]): T[][] {
  const order = new PartialOrder(steps);
  let layer: Point[] = [{ done: order.nothing(), last: -1, from: null }];
  const seen = new Set<string>();
  while (layer.length > 0 && seen.size < STATES_MAX) {
    const complete = layer.filter(({ done }) => order.complete(done));
    if (complete.length > 0) return complete.slice(0, ORDERS_MAX).map((end) => order.trace(end));
    const next: Point[] = [];
    for (const point of layer) {
      for (const after of order.successors(point)) {
        const key = `${after.last}:${after.done.join(',')}`;
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(after);
      }
    }
    layer = next;
  }
  return [steps.slice()];
}

function directlyBefore(steps: readonly RanStep[], first: number, second: number): boolean {
  const [a, b] = [steps[first], steps[second]];
  if (a === undefined || b === undefined) return false;
  return a.task === b.task || a.born.includes(b.task) || conflict(a.footprint, b.footprint);
}

/** How much of each task has run, which ran last, and how it came to that. */
interface Point {
  readonly done: readonly number[];
  readonly last: number;
  readonly from: Point | null;
}

class PartialOrder<T extends RanStep> {
  readonly #tasks: number[];
  /** The steps of each task and, for each, how much of every task must have run before it. */
  readonly #steps: { readonly step: T; readonly needs: readonly number[] }[][];

  constructor(steps: readonly T[]) {
    this.#tasks = [...new Set(steps.map(({ task }) => task))].sort((a, b) => a - b);
    this.#steps = this.#tasks.map(() => []);
    const places = steps.map(({ task }) => this.#tasks.indexOf(task));
    steps.forEach((step, i) => {
      const needs = this.nothing();
      const seen = this.nothing();
      for (let j = 0; j < i; j++) {
        const place = places[j] ?? 0;
        seen[place] = (seen[place] ?? 0) + 1;
        if (directlyBefore(steps, j, i)) needs[place] = seen[place];
      }
      this.#steps[places[i] ?? 0]?.push({ step, needs });
    });
  }

  nothing(): number[] {
    return this.#tasks.map(() => 0);
  }

  complete(done: readonly number[]): boolean {
    return this.#steps.every((steps, place) => steps.length === done[place]);
  }

  /** Every task that can go on, gone on with as far as possible. */
  *successors(from: Point): Generator<Point> {
    for (const place of this.#tasks.keys()) {
      if (place === from.last) continue;
      const done = from.done.slice();
      while (this.#ready(place, done)) done[place] = (done[place] ?? 0) + 1;
      if (done[place] !== from.done[place]) yield { done, last: place, from };
    }
  }

  #ready(place: number, done: readonly number[]): boolean {
    const next = this.#steps[place]?.[done[place] ?? 0];
    return next?.needs.every((need, other) => need <= (done[other] ?? 0)) ?? false;
  }

  /** The steps on the way to a point. */
  trace(end: Point): T[] {
    const reversed: T[] = [];
    for (let point = end; point.from !== null; point = point.from) {
      const until = point.done[point.last] ?? 0;
      const since = point.from.done[point.last] ?? 0;
      for (let i = until - 1; i >= since; i--) {
        const entry = this.#steps[point.last]?.[i];
        if (entry !== undefined) reversed.push(entry.step);
      }
    }
    return reversed.reverse();
  }
}
