// SPDX-License-Identifier: GPL-2.0-only
/**
 * PCT, probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010): each task gets a
 * random priority, and the enabled task with the highest priority runs. At d - 1 random steps the running task falls
 * below all others. Finds a bug of depth d with probability at least 1 / (n k^(d-1)), for n tasks and k steps.
 *
 * k is not known in advance. The length of the longest execution so far replaces it, so the first execution has no
 * change points.
 */
import type { Machine, Task } from '../machine';
import type { Exploration, Visitor } from './explorer';
import { Prng } from './prng';
import { pick } from './random';
import { sample, type SampleOptions, type Sampler, SEED } from './sample';

export interface PctOptions extends SampleOptions {
  /** d: how many ordering constraints between steps a bug may need; there are d - 1 change points. */
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
    // As in the paper, the task at a change point loses its priority before it takes its step.
    if (!this.#changes.delete(++this.#steps)) return highest;
    this.#priorities.set(highest, --this.#lowest);
    this.#steps--;
    return this.choose(tasks);
  }

  end(): void {
    this.#stepsMax = Math.max(this.#stepsMax, this.#steps);
  }

  /** Drawn when the task first appears, from 2^32 values, so that two tasks hardly ever agree. */
  #priority(task: Task): number {
    let priority = this.#priorities.get(task);
    if (priority === undefined) {
      priority = 1 + this.chance.next();
      this.#priorities.set(task, priority);
    }
    return priority;
  }
}
