// SPDX-License-Identifier: GPL-2.0-only
/** What a scenario learns about memory depends on the steps before, so both orders are explored. */
import {
  complete,
  completion,
  completion_done,
  DECLARE_COMPLETION,
  init_completion,
  wait_for_completion,
} from '../kernel/completion';
import { READ_ONCE, WRITE_ONCE } from '../kernel/once';
import { cpu_relax } from '../kernel/processor';
import { type task_struct } from '../kernel/join';
import { get_current } from '../kernel/sched';
import { static_var } from '../kernel/static-var';
import { GFP_KERNEL, kfree, kzalloc } from '../kernel/slab';
import { type Op, struct } from '../machine';
import { alive, allocated, allocatedBesides, asleep, reached } from './expect';
import { judgeScenario } from '../kata/judge';
import { type Scenario, scenario } from './scenario';

const holder = struct('holder', { done: completion });
const sleeper = static_var<task_struct | null>('sleeper', null);
const done = DECLARE_COMPLETION('done');

/** One task frees memory while another looks at it without an operation. The other task has a step of its own. */
function looking(see: (gone: boolean) => void, count: boolean): Scenario {
  return scenario({
    id: 'looking',
    title: 'both are possible',
    task: 1,
    kind: 'reachable',
    reaches: 'seen',
    *setup() {
      return [yield* kzalloc(holder, GFP_KERNEL), yield* kzalloc(holder, GFP_KERNEL)] as const;
    },
    tasks: {
      *look([object, own]) {
        if (object === null || own === null) return;
        yield* init_completion(own.done);
        see(count ? allocated(holder) === 1 : !alive(object));
      },
      *free([object]) {
        yield* kfree(object);
      },
    },
  });
}

it.each([
  ['alive()', false],
  ['allocated()', true],
])('%s is looked at before and after a free', (_, count) => {
  const seen = (wanted: boolean): unknown => {
    const see = (gone: boolean): void => {
      if (gone === wanted) reached('seen');
    };
    return judgeScenario(looking(see, count)).status;
  };
  expect([seen(true), seen(false)]).toEqual(['pass', 'pass']);
});

it.each<[string, () => Op<unknown>, 'pass' | 'fail']>([
  ['waits for a completion', () => wait_for_completion(done), 'pass'],
  ['spins', spin, 'fail'],
  ['looks and ends', () => completion_done(done), 'fail'],
])('a task that %s', (_, wait, expected) => {
  const sleeping = scenario({
    ...{ id: 'sleeping', title: 'it sleeps', task: 1, kind: 'reachable', reaches: 'asleep' },
    tasks: {
      *sleeper() {
        yield* WRITE_ONCE(sleeper, 'value', get_current());
        yield* wait();
      },
      *waker() {
        const task = yield* READ_ONCE(sleeper, 'value');
        if (task !== null && asleep(task)) reached('asleep');
        yield* complete(done);
      },
    },
  });
  expect(judgeScenario(sleeping).status).toBe(expected);
});

/** Looks for a completion again and again. */
function* spin(): Op<void> {
  while (!(yield* completion_done(done))) yield* cpu_relax();
}

it('counts by the type and not by its name, which another may bear', () => {
  const other = struct('holder', { done: completion });
  const counts: number[] = [];
  const counting = scenario({
    ...{ id: 'counting', title: 'one of each', task: 1, kind: 'function', tasks: {} },
    *check() {
      const decoy = yield* kzalloc(other, GFP_KERNEL);
      counts.push(allocated(holder), allocated(other), allocated({ typeName: 'holder' }));
      counts.push(allocatedBesides(holder), allocatedBesides(holder, other), allocatedBesides());
      yield* kfree(decoy);
    },
  });
  expect(judgeScenario(counting).status).toBe('pass');
  expect(counts).toEqual([0, 1, 1, 1, 0, 1]);
});
