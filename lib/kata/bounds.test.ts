// SPDX-License-Identifier: GPL-2.0-only
/**
 * No bound is passed silently: each of these programs goes beyond one, and its verdict says so. Nothing is proven, or the verdict names
 * the number up to which it holds, or the loop is a failure.
 */
import {
  atomic_inc,
  BUG_ON,
  call_rcu,
  complete,
  cpu_relax,
  DECLARE_COMPLETION,
  DECLARE_DELAYED_WORK,
  DECLARE_WORK,
  DEFINE_ATOMIC,
  DEFINE_TIMER,
  GFP_KERNEL,
  kthread_run,
  kzalloc,
  mod_timer,
  msleep,
  type Op,
  rcu_head,
  READ_ONCE,
  type Scenario,
  scenario,
  schedule_delayed_work,
  schedule_timeout_uninterruptible,
  schedule_work,
  static_var,
  struct,
  to_delayed_work,
  wait_for_completion_timeout,
  WRITE_ONCE,
} from '../index';
import { judgeScenario } from './judge';

type Parts = Pick<Scenario, 'tasks'> & Partial<Scenario>;

const count = DEFINE_ATOMIC('count', 0);
const x = static_var('x', 0);
const y = static_var('y', 0);
const done = DECLARE_COMPLETION('done');
const head = struct('head', { rcu: rcu_head });

const inc = (): Op<void> => atomic_inc(count);
const timer = DEFINE_TIMER('timer', function* (own) {
  yield* inc();
  yield* mod_timer(own, 1);
});
const delayed = DECLARE_DELAYED_WORK('delayed', function* (own) {
  yield* inc();
  yield* schedule_delayed_work(to_delayed_work(own), 1);
});
const work = DECLARE_WORK('work', function* (own) {
  yield* inc();
  yield* schedule_work(own);
});
function* again(rcu: rcu_head): Op<void> {
  yield* inc();
  yield* call_rcu(rcu, again);
}
function* begets(): Op<number> {
  yield* kthread_run(begets, null, 'thread');
  return 0;
}
function* endless(): Op<void> {
  for (;;) yield* inc();
}

/** What an execution that is cut off, a loop, and one interleaving too many come to. */
const CUT = /^bound: an execution did not finish within \d+ steps, so nothing is proven/;
const LOCKUP = /^fail: soft-lockup$/;
const GIVEN_UP = /^bound: given up after 2 interleavings without a failure: nothing is proven/;

const table: readonly (readonly [string, Parts, RegExp])[] = [
  ['more interleavings than are explored', { tasks: { a: inc, b: inc, c: inc } }, GIVEN_UP],
  [
    'two tasks that keep each other going',
    {
      tasks: {
        *a() {
          for (;;) yield* WRITE_ONCE(x, 'value', 1);
        },
        *b() {
          for (;;) yield* READ_ONCE(x, 'value');
        },
      },
    },
    CUT,
  ],
  [
    'a task that looks again and again, and sleeps between',
    {
      tasks: {
        *a() {
          while ((yield* READ_ONCE(x, 'value')) === 0) yield* msleep(1);
        },
        b: () => WRITE_ONCE(x, 'value', 1),
      },
    },
    CUT,
  ],
  ['one task that never ends', { tasks: { a: endless } }, LOCKUP],
  [
    'a step that never ends',
    {
      tasks: {
        *a() {
          for (;;) x.value++;
        },
      },
    },
    LOCKUP,
  ],
  ['set-up that never ends', { setup: endless, tasks: {} }, LOCKUP],
  ['a check that never ends', { tasks: {}, check: endless }, LOCKUP],
  [
    'a timer that arms itself',
    { tasks: { a: () => mod_timer(timer, 1) } },
    /^pass: with at most 2 expiries of timer$/,
  ],
  [
    'the same, fewer times',
    { expiries: { timer: 1 }, tasks: { a: () => mod_timer(timer, 1) } },
    /^pass: with at most 1 expiry of timer$/,
  ],
  [
    'a delayed work that queues itself',
    { tasks: { a: () => schedule_delayed_work(delayed, 1) } },
    /^pass: with at most 2 expiries of delayed$/,
  ],
  [
    'waits of which each may time out',
    {
      tasks: {
        *a() {
          for (let i = 0; i < 3; i++) yield* wait_for_completion_timeout(done, 1);
        },
        *b() {
          for (let i = 0; i < 3; i++) yield* complete(done);
        },
      },
    },
    /^pass: with at most 2 expiries of timeout$/,
  ],
  [
    'a loop that polls so often, and then goes on',
    {
      tasks: {
        *a() {
          for (let i = 0; i < 100 && (yield* READ_ONCE(x, 'value')) === 0; i++) yield* cpu_relax();
        },
        b: () => WRITE_ONCE(x, 'value', 1),
      },
    },
    /^bound: a polls or sleeps 100 times and then goes on, .* so nothing is proven: 'A1 B1 A1'$/,
  ],
  [
    'one that gives up soon',
    {
      tasks: {
        *a() {
          for (let i = 0; i < 3; i++) {
            if ((yield* READ_ONCE(x, 'value')) === 1) return;
            yield* cpu_relax();
          }
          yield* WRITE_ONCE(x, 'value', 2);
        },
        b: () => WRITE_ONCE(x, 'value', 1),
      },
    },
    /^pass: $/,
  ],
  [
    'one that sleeps for a while, where nobody ends it',
    {
      tasks: {
        *a() {
          for (let i = 0; i < 5 && (yield* READ_ONCE(x, 'value')) === 0; i++) {
            yield* schedule_timeout_uninterruptible(1);
          }
        },
      },
    },
    /^pass: $/,
  ],
  [
    'retries of a wait with a timeout, where nobody ends it',
    {
      tasks: {
        *a() {
          for (let i = 0; i < 5; i++) if (yield* wait_for_completion_timeout(done, 1)) return;
        },
      },
    },
    /^bound: a polls or sleeps 3 times and then goes on/,
  ],
  [
    'a loop that polls for ever',
    {
      tasks: {
        *a() {
          while ((yield* READ_ONCE(x, 'value')) === 0) yield* cpu_relax();
        },
        b: () => WRITE_ONCE(x, 'value', 1),
      },
    },
    /^pass: $/,
  ],
  [
    'a loop that gives up late, and a bug where it ends early',
    {
      tasks: {
        *a() {
          for (let i = 0; i < 100; i++) {
            BUG_ON((yield* READ_ONCE(x, 'value')) === 1);
            yield* cpu_relax();
          }
        },
        b: () => WRITE_ONCE(y, 'value', 1),
        *c() {
          if ((yield* READ_ONCE(y, 'value')) === 0) yield* WRITE_ONCE(x, 'value', 1);
        },
      },
    },
    /^fail: bug$/,
  ],
  ['a work that queues itself', { tasks: { a: () => schedule_work(work) } }, CUT],
  [
    'a callback that queues itself',
    {
      tasks: {
        *a() {
          const one = yield* kzalloc(head, GFP_KERNEL);
          if (one !== null) yield* call_rcu(one.rcu, again);
        },
      },
    },
    CUT,
  ],
  ['threads that make threads', { tasks: { a: begets } }, CUT],
];

it.each(table)('says so of %s', (_name, parts, said) => {
  const own = scenario({ id: 'bound', title: '', task: 1, kind: 'race', stepsMax: 150, ...parts });
  const executionsMax = said === GIVEN_UP ? 2 : 200;
  const { status, message } = judgeScenario(own, { executionsMax, brief: true });
  expect(`${status}: ${message ?? ''}`).toMatch(said);
});

it('says nothing where no bound was reached', () => {
  const own = scenario({ id: 'none', title: '', task: 1, kind: 'race', tasks: { a: inc, b: inc } });
  expect(judgeScenario(own)).toMatchObject({ status: 'pass', message: null });
});
