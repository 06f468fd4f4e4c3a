// SPDX-License-Identifier: GPL-2.0-only
/**
 * Sampling: runs random executions of programs that have too many traces to run them all. It can find a failure but
 * never prove that there is none, so the result is never complete.
 *
 * A sample depends only on the program and the seed, not on what the machine did before: every task starts with a step
 * of its own, and tasks are identified by their paths.
 */
import type { Machine, Task } from '../machine';
import type { Event, Exploration, ExploreOptions, Visitor } from './explorer';
import type { Prng } from './prng';

export interface SampleOptions extends ExploreOptions {
  /** Equal seeds give equal executions. */
  readonly seed?: number;
}

/** Decides which task takes the next step, in one execution after another. */
export interface Sampler {
  /** A new execution begins. */
  begin(): void;
  /** Chooses the task that runs next. There is at least one, all of them can run, and they are ordered by path. */
  choose(tasks: readonly Task[], machine: Machine): Task;
  /** The execution has ended; these are all its tasks. */
  end?(tasks: readonly Task[]): void;
}

/** The default seed. */
export const SEED = 1;

/** The default number of executions. */
const SAMPLES_MAX = 10_000;

/** Runs executions, using the samplers in turn. Outcomes of choices are drawn from `chance`, all equally likely. */
export function sample(
  strategy: Exploration['strategy'],
  machine: Machine,
  visit: Visitor,
  options: SampleOptions,
  samplers: readonly Sampler[],
  chance: Prng,
): Exploration {
  const seed = options.seed ?? SEED;
  const executionsMax = options.executionsMax ?? SAMPLES_MAX;
  let executions = 0;
  let steps = 0;
  let depth = 0;
  let cut = false;
  let stopped = false;
  machine.learnAll();
  while (executions < executionsMax && !stopped) {
    const sampler = samplers[executions % samplers.length];
    if (sampler === undefined) break;
    const events = execute(machine, sampler, chance);
    executions++;
    steps += events.length;
    depth = Math.max(depth, events.length);
    cut ||= machine.cut;
    machine.finish();
    stopped = visit({ machine, events });
  }
  const bound = cut ? 'steps' : stopped ? null : 'executions';
  return { strategy, executions, complete: false, surplus: 0, steps, depth, bound, seed };
}

function execute(machine: Machine, sampler: Sampler, chance: Prng): Event[] {
  const events: Event[] = [];
  machine.boot();
  let tasks = tasksOf(machine);
  sampler.begin();
  while (!machine.cut) {
    const ready = tasks.filter(({ id }) => machine.enabled(id));
    if (ready.length === 0) break;
    const { id: task, steps: nth } = sampler.choose(ready, machine);
    const choices = machine.choices(task);
    const outcome = choices.length > 1 ? (choices[chance.below(choices.length)] ?? 0) : 0;
    machine.run(task, outcome);
    const { footprint } = machine;
    events.push({ task, nth, outcome: machine.outcome, outcomes: choices.length, footprint });
    if (machine.born.length > 0) tasks = tasksOf(machine);
  }
  sampler.end?.(tasks);
  return events;
}

/** All tasks except the boot task. */
function tasksOf(machine: Machine): Task[] {
  return machine.tasks
    .filter((task) => task !== undefined)
    .slice(1)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
