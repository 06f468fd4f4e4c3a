// SPDX-License-Identifier: GPL-2.0-only
/** The verdict of a search that reached its bound and then drew a sample. */
import { atomic_add_return, atomic_read, atomic_set, DEFINE_ATOMIC } from '../kernel/atomic';
import type { Op } from '../machine';
import { expect_true } from '../scenario/expect';
import { type Scenario, scenario } from '../scenario/scenario';
import { judgeScenario, replayScenario } from './judge';

const turns = DEFINE_ATOMIC('turns', 0);
const last = DEFINE_ATOMIC('last', 0);

/**
 * Three tasks of four steps: 34 650 interleavings, each a trace of its own. If `fails`, those fail in which the last
 * step is A's.
 */
function threeTasks(fails: boolean): Scenario {
  const steps = (name: number) =>
    function* (): Op<void> {
      for (let i = 0; i < 4; i++) yield* atomic_add_return(1, turns);
      yield* atomic_set(last, name);
    };
  return scenario({
    id: 'three-tasks',
    title: 'A is not the last',
    task: 1,
    kind: 'race',
    tasks: { a: steps(1), b: steps(2), c: steps(3) },
    *check() {
      const name = yield* atomic_read(last);
      if (fails) expect_true(name !== 1, 'A was the last');
    },
  });
}

it('finds a failure beyond the bound with a sample, and shows it as any failure', () => {
  const verdict = judgeScenario(threeTasks(true), { executionsMax: 2, sample: 1000 });
  expect(verdict).toMatchObject({ status: 'fail', message: 'EXPECTATION FAILED: A was the last' });
  expect(verdict.failure?.schedule).toBe('B6 C6 A6');
  expect(replayScenario(threeTasks(true), 'B6 C6 A6')).toContain('A was the last');
});

it('proves nothing with a sample without a failure, and says what it searched', () => {
  const { status, message, exploration } = judgeScenario(threeTasks(false), {
    executionsMax: 2,
    sample: 500,
  });
  expect({ status, message: message?.split('; '), complete: exploration.complete }).toEqual({
    status: 'bound',
    complete: false,
    message: [
      'no failure in 500 interleavings with at most 2 preemptions, then given up: nothing is proven',
      'no failure in 500 random interleavings, not exhaustive',
      'given up after 2 interleavings without a failure: nothing is proven',
    ],
  });
});

it('draws no sample where every interleaving was explored', () => {
  const held = scenario({ ...threeTasks(false), tasks: {} });
  expect(judgeScenario(held, { sample: 5 })).toMatchObject({
    status: 'pass',
    exploration: { strategy: 'dpor', executions: 1 },
  });
});
