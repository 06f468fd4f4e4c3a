// SPDX-License-Identifier: GPL-2.0-only
/** Random scheduling: at every step each enabled task is equally likely to run. */
import type { Machine, Task } from '../machine';
import type { Exploration, Visitor } from './explorer';
import { Prng } from './prng';
import { sample, type SampleOptions, type Sampler, SEED } from './sample';

/** Runs `executionsMax` random executions. */
export function random(machine: Machine, visit: Visitor, options: SampleOptions = {}): Exploration {
  const chance = new Prng(options.seed ?? SEED);
  return sample('random', machine, visit, options, [new RandomSampler(chance.fork())], chance);
}

export class RandomSampler implements Sampler {
  constructor(readonly chance: Prng) {}

  begin(): void {
    // steps are independent
  }

  choose(tasks: readonly Task[]): Task {
    return pick(tasks, this.chance.below(tasks.length));
  }
}

/** The task with this index. */
export function pick(tasks: readonly Task[], index: number): Task {
  const task = tasks[index];
  if (task === undefined) throw new RangeError('sample: there is no task to choose');
  return task;
}
