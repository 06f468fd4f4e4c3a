// SPDX-License-Identifier: GPL-2.0-only
/**
 * A portfolio: PCT, the uniform walk and random scheduling in turn, from one seed. None of them finds everything: PCT is
 * weak if one step of many tasks must come early, the other two are weak if one task must be held back for long.
 */
import type { Machine } from '../machine';
import type { Exploration, Visitor } from './explorer';
import { type PctOptions, PctSampler } from './pct';
import { Prng } from './prng';
import { RandomSampler } from './random';
import { sample, SEED } from './sample';
import { WalkSampler } from './walk';

/** Runs `executionsMax` executions, a third of them with each strategy. */
export function portfolio(machine: Machine, visit: Visitor, options: PctOptions = {}): Exploration {
  const chance = new Prng(options.seed ?? SEED);
  const samplers = [
    new PctSampler(chance.fork(), options.depth),
    new WalkSampler(chance.fork()),
    new RandomSampler(chance.fork()),
  ];
  return sample('random', machine, visit, options, samplers, chance);
}
