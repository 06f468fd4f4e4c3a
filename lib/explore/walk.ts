// SPDX-License-Identifier: GPL-2.0-only
/**
 * Uniform random walk: all interleavings are about equally likely. After URW of Zhao, Wolff, Mathur and Roychoudhury
 * (Selectively uniform concurrency testing, ASPLOS 2025): if two tasks have a and b steps left, a / (a + b) of all
 * interleavings begin with the first. So a task is chosen with a weight: the steps that it and the tasks it will spawn
 * have left.
 *
 * The remaining steps are estimated from the longest run of each task in any execution so far. Choosing uniformly at
 * each step instead (random.ts) favours interleavings in which short tasks run early.
 */
import type { Machine, Task } from '../machine';
import type { Exploration, Visitor } from './explorer';
import { Prng } from './prng';
import { pick } from './random';
import { sample, type SampleOptions, type Sampler, SEED } from './sample';

/** Runs `executionsMax` executions, each interleaving about equally likely. */
export function walk(machine: Machine, visit: Visitor, options: SampleOptions = {}): Exploration {
  const chance = new Prng(options.seed ?? SEED);
  return sample('walk', machine, visit, options, [new WalkSampler(chance.fork())], chance);
}

export class WalkSampler implements Sampler {
  /** The most steps each task has taken in an execution. */
  readonly #lengths = new Map<string, number>();
  readonly #children = new Map<string, string[]>();

  constructor(readonly chance: Prng) {}

  begin(): void {
    // keeps what it has learnt
  }

  choose(tasks: readonly Task[], machine: Machine): Task {
    const born = new Set(machine.tasks.map((task) => task?.path));
    const weights = tasks.map((task) => this.#left(task, born));
    let rest = this.chance.below(weights.reduce((sum, weight) => sum + weight, 0));
    const index = weights.findIndex((weight) => (rest -= weight) < 0);
    return pick(tasks, Math.max(index, 0));
  }

  /** How many steps a task that can run has left: at least one. */
  #left({ path, steps }: Task, born: ReadonlySet<string | undefined>): number {
    let left = Math.max(1, (this.#lengths.get(path) ?? 0) - steps);
    for (const child of this.#children.get(path) ?? []) {
      if (!born.has(child)) left += this.#whole(child);
    }
    return left;
  }

  #whole(path: string): number {
    let whole = this.#lengths.get(path) ?? 0;
    for (const child of this.#children.get(path) ?? []) whole += this.#whole(child);
    return whole;
  }

  end(tasks: readonly Task[]): void {
    for (const { path, steps } of tasks) {
      const known = this.#lengths.get(path);
      if (known === undefined) this.#adopt(path);
      this.#lengths.set(path, Math.max(known ?? 0, steps));
    }
  }

  /** Records a new task under its parent: its path begins with the parent's. */
  #adopt(path: string): void {
    const parent = path.replace(/Z*[A-Y]$|z*[a-y]$/, '');
    const children = this.#children.get(parent) ?? [];
    this.#children.set(parent, [...children, path]);
  }
}
