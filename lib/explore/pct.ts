// SPDX-License-Identifier: GPL-2.0-only
/**
 * PCT, probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010): tasks get random
 * priorities and the highest that can go on does; at d - 1 random steps whoever took it falls below all others. Finds a
 * bug of depth d with probability at least 1 / (n k^(d-1)), for n tasks and k steps.
 *
 * k is not known beforehand: it is the length of the longest execution so far, so the first one has no change points.
 */
import type { Machine, Task } from '../machine';
import type { Exploration, Visitor } from './explorer';
import { Prng } from './prng';
import { pick } from './random';
import { sample, type SampleOptions, type Sampler, SEED } from './sample';

export interface PctOptions extends SampleOptions {
  /** d: how many orderings of steps a bug may need; there are d - 1 change points. */
  readonly depth?: number;
}

/** Most known bugs have a depth of three at most. */
const DEPTH = 3;

/** Runs `executionsMax` executions, each under random priorities. */
export function pct(machine: Machine, visit: Visitor, options: PctOptions = {}): Exploration {
  const chance = new Prng(options.seed ?? SEED);
  const sampler = new PctSampler(chance.fork(), options.depth);
  return sample('pct', machine, visit, options, [sampler], chance);
}

export class PctSampler implements Sampler {
  readonly #priorities = new Map<Task, number>();
  readonly #changes = new Set<number>();
  #stepsMax = 0;
  #steps = 0;
  #lowest = 0;

  constructor(
    readonly chance: Prng,
    readonly depth = DEPTH,
  ) {}

  begin(): void {
    this.#priorities.clear();
    this.#changes.clear();
    this.#steps = this.#lowest = 0;
    const changes = Math.min(this.depth - 1, this.#stepsMax);
    while (this.#changes.size < changes) this.#changes.add(1 + this.chance.below(this.#stepsMax));
  }

  choose(tasks: readonly Task[]): Task {
    let highest = pick(tasks, 0);
    for (const task of tasks) {
      if (this.#priority(task) > this.#priority(highest)) highest = task;
    }
    // The paper changes the priority of the task that reaches a change point before its step is taken.
    if (!this.#changes.delete(++this.#steps)) return highest;
    this.#priorities.set(highest, --this.#lowest);
    this.#steps--;
    return this.choose(tasks);
  }

  end(): void {
    this.#stepsMax = Math.max(this.#stepsMax, this.#steps);
  }

  /** Drawn when the task is first seen; of 2^32, so that two never agree. */
  #priority(task: Task): number {
    let priority = this.#priorities.get(task);
    if (priority === undefined) {
      priority = 1 + this.chance.next();
      this.#priorities.set(task, priority);
    }
    return priority;
  }
}
