// SPDX-License-Identifier: GPL-2.0-only
/** What a scenario learns about memory depends on the steps before, so both orders are explored. */
import { completion, init_completion } from '../kernel/completion';
import { GFP_KERNEL, kfree, kzalloc } from '../kernel/slab';
import { struct } from '../machine';
import { alive, allocated, allocatedBesides, reached } from './expect';
import { judgeScenario } from '../kata/judge';
import { type Scenario, scenario } from './scenario';

const holder = struct('holder', { done: completion });

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
