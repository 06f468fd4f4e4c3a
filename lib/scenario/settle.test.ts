// SPDX-License-Identifier: GPL-2.0-only
/** A check that settles sees the effects of works and RCU callbacks; one that does not settle sees the state before them. */
import { judgeScenario } from '../kata/judge';
import {
  call_rcu,
  DECLARE_WORK,
  DEFINE_STATIC,
  expect_eq,
  type Op,
  rcu_head,
  schedule_work,
  settle,
  static_var,
  struct,
} from '../index';
import { scenario } from './scenario';

const freed = static_var('freed', 0);
function* free(): Op<void> {
  freed.value++;
}
const free_work = DECLARE_WORK('free_work', free);
const object = DEFINE_STATIC('object', struct('object', { rcu: rcu_head }));

/** What a check that puts an object reports, after everything has settled or immediately. */
function said(put: () => Op<unknown>, waits: boolean): string | null {
  const asked = scenario({
    id: 'put',
    title: 'an object that is put is freed in the end',
    task: 1,
    kind: 'function',
    tasks: {},
    *check() {
      yield* put();
      if (waits) yield* settle();
      expect_eq(freed.value, 1, 'objects freed');
    },
  });
  return judgeScenario(asked).message;
}

const LEFT = 'EXPECTATION FAILED: objects freed: expected 1, got 0';

it.each([
  ['a work', () => schedule_work(free_work)],
  ['an RCU callback', () => call_rcu(object.rcu, free)],
])('waits for %s', (_what, put) => {
  expect(said(put, false)).toBe(LEFT);
  expect(said(put, true)).toBeNull();
});

it('refuses tasks, as their wait would be unknown to the explorer', () => {
  const asked = scenario({
    id: 'task',
    title: 'a task that settles',
    task: 1,
    kind: 'function',
    tasks: { task: settle },
  });
  expect(judgeScenario(asked).message).toContain('settle() is for setup and check() only');
});
