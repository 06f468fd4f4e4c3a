// SPDX-License-Identifier: GPL-2.0-only
/**
 * Other orders of one execution. An execution is a partial order: steps of one task are ordered, conflicting steps are
 * ordered, and a spawn comes before the steps of the spawned task. Of all orders that respect this, those with the
 * fewest preemptions, and then the fewest context switches, are the easiest to follow.
 *
 * They are found by dynamic programming over the cuts of the partial order. A prefix is described by how far each task
 * has run and which task ran last. Continuing with the current task as far as possible costs nothing, so the only
 * decision is which task to switch to.
 */
import { conflict, type Footprint } from '../machine';
import type { Turn } from './schedule';

/** A step of an execution that ran. */
export interface RanStep extends Turn {
  readonly task: number;
  readonly footprint: Footprint;
  readonly born: readonly number[];
  /** What its operation waits for; absent if it can always run. */
  readonly waits?: Waits;
  /** The states that the step leaves in objects that a task may wait for. */
  readonly left?: readonly Left[];
}

/** What an operation waits for: certain states of an object. */
export interface Waits {
  readonly object: number;
  enabled(state: number): boolean;
}

/** What each waiting task waits for, by the task's number. */
export type Waiting = ReadonlyMap<number, Waits>;

/** The state of an object before and after a step. */
export interface Left {
  readonly object: number;
  readonly before: number;
  readonly after: number;
  /** Steps on the object commute, so the last of them does not determine its state. */
  readonly commutes: boolean;
}

/** The number of prefixes of one length that the search keeps: beyond it, it keeps the cheapest, and may miss the best order. */
const BREADTH_MAX = 2000;
/** How many orders are returned at most. */
const ORDERS_MAX = 4;

/** The steps that the step with this index depends on, and that step itself, in the order they ran. */
export function causesOf<T extends RanStep>(steps: readonly T[], index: number): T[] {
  const wanted = new Set<number>([index]);
  for (let i = index; i >= 0; i--) {
    if (!wanted.has(i)) continue;
    for (let j = 0; j < i; j++) if (directlyBefore(steps, j, i)) wanted.add(j);
  }
  return steps.filter((_, i) => wanted.has(i));
}

/**
 * Orders of an execution with the fewest preemptions and, among these, the fewest context switches: at most a handful,
 * always the same ones. With `wanted` they end when those steps have run. `wanted` must contain everything that its
 * steps depend on. Other steps may have run as well, because letting a task end avoids a preemption. `waiting` are the
 * tasks that wait at the end of the execution.
 */
export function linearise<T extends RanStep>(
  execution: readonly T[],
  wanted: readonly T[] = execution,
  waiting: Waiting = new Map(),
): T[][] {
  const order = new PartialOrder(execution, wanted, waiting);
  const cheapest = new Map<string, number>();
  let best: Point[] = [];
  let fewest = Infinity;
  let layer: Point[] = [{ done: order.nothing(), last: -1, preemptions: 0, from: null }];
  while (layer.length > 0) {
    const next: Point[] = [];
    for (const point of layer) {
      for (const after of order.successors(point)) {
        // At equal cost keep the prefix found first: it has fewer context switches.
        if (after.preemptions >= Math.min(fewest, cheapest.get(keyOf(after)) ?? Infinity)) continue;
        cheapest.set(keyOf(after), after.preemptions);
        next.push(after);
      }
    }
    const complete = next.filter(({ done }) => order.complete(done));
    const price = Math.min(...complete.map(({ preemptions }) => preemptions));
    if (price < fewest) {
      best = complete.filter(({ preemptions }) => preemptions === price);
      fewest = price;
    }
    layer = promising(next.filter((point) => !complete.includes(point)));
  }
  return best.slice(0, ORDERS_MAX).map((end) => order.trace(end));
}

/** If there are too many prefixes, keeps the cheapest, and of these the longest. */
function promising(points: Point[]): Point[] {
  if (points.length <= BREADTH_MAX) return points;
  const length = ({ done }: Point): number => done.reduce((sum, n) => sum + n, 0);
  points.sort((a, b) => a.preemptions - b.preemptions || length(b) - length(a));
  return points.slice(0, BREADTH_MAX);
}

function keyOf({ done, last }: Point): string {
  return `${last}:${done.join(',')}`;
}

function directlyBefore(steps: readonly RanStep[], first: number, second: number): boolean {
  const [a, b] = [steps[first], steps[second]];
  if (a === undefined || b === undefined) return false;
  return a.task === b.task || a.born.includes(b.task) || conflict(a.footprint, b.footprint);
}

/** A prefix: how far each task has run, which task ran last, and how many preemptions that took. */
interface Point {
  readonly done: readonly number[];
  readonly last: number;
  readonly preemptions: number;
  readonly from: Point | null;
}

/** A step with the place of its task and its index among that task's steps. */
interface Placed<T> {
  readonly step: T;
  readonly place: number;
  readonly nth: number;
  /** How many steps of every task must run before it. */
  readonly needs: readonly number[];
}

class PartialOrder<T extends RanStep> {
  readonly #tasks: number[];
  /** The steps of each task. */
  readonly #steps: Placed<T>[][];
  /** How many steps of each task must run. */
  readonly #wanted: number[];
  /** The states that steps leave in each object, in the order they ran. */
  readonly #left = new Map<number, (Left & Placed<T>)[]>();

  constructor(
    execution: readonly T[],
    wanted: readonly T[],
    readonly waiting: Waiting,
  ) {
    this.#tasks = [...new Set(execution.map(({ task }) => task))].sort((a, b) => a - b);
    this.#steps = this.#tasks.map(() => []);
    this.#wanted = this.nothing();
    for (const { task } of wanted) count(this.#wanted, this.#tasks.indexOf(task));
    const places = execution.map(({ task }) => this.#tasks.indexOf(task));
    execution.forEach((step, i) => {
      const needs = this.nothing();
      const seen = this.nothing();
      for (let j = 0; j < i; j++) {
        const place = places[j] ?? 0;
        count(seen, place);
        if (directlyBefore(execution, j, i)) needs[place] = seen[place] ?? 0;
      }
      this.#enter(step, places[i] ?? 0, needs);
    });
  }

  #enter(step: T, place: number, needs: readonly number[]): void {
    const steps = this.#steps[place] ?? [];
    const placed = { step, place, nth: steps.length, needs };
    steps.push(placed);
    for (const left of step.left ?? []) {
      const history = this.#left.get(left.object) ?? [];
      history.push({ ...left, ...placed });
      this.#left.set(left.object, history);
    }
  }

  nothing(): number[] {
    return this.#tasks.map(() => 0);
  }

  complete(done: readonly number[]): boolean {
    return this.#wanted.every((wanted, place) => wanted <= (done[place] ?? 0));
  }

  /** For every task that can run, the prefix after running it as far as possible. */
  *successors(from: Point): Generator<Point> {
    const price = this.#couldGoOn(from) ? 1 : 0;
    for (const place of this.#tasks.keys()) {
      if (place === from.last) continue;
      const done = from.done.slice();
      while (this.#ready(place, done)) count(done, place);
      if (done[place] === from.done[place]) continue;
      yield { done, last: place, preemptions: from.preemptions + price, from };
    }
  }

  #ready(place: number, done: readonly number[]): boolean {
    const next = this.#steps[place]?.[done[place] ?? 0];
    return next?.needs.every((need, other) => need <= (done[other] ?? 0)) ?? false;
  }

  /** Whether the task that ran last could have continued on the machine, even if the partial order forbids it. */
  #couldGoOn({ done, last }: Point): boolean {
    const next = this.#steps[last]?.[done[last] ?? 0];
    const waits = next === undefined ? this.waiting.get(this.#tasks[last] ?? 0) : next.step.waits;
    if (waits === undefined) return next !== undefined;
    return waits.enabled(this.#stateOf(waits.object, done));
  }

  /** The state of an object after so many steps of each task. */
  #stateOf(object: number, done: readonly number[]): number {
    const history = this.#left.get(object) ?? [];
    let state = history[0]?.before ?? 0;
    for (const { before, after, commutes, place, nth } of history) {
      if (nth < (done[place] ?? 0)) state = commutes ? state + after - before : after;
    }
    return state;
  }

  /** The steps of a prefix, in order. */
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

function count(counts: number[], place: number): void {
  counts[place] = (counts[place] ?? 0) + 1;
}
