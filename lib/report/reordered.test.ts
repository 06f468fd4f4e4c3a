// SPDX-License-Identifier: GPL-2.0-only
/** What a report says of an access that passed over a store. */
import { judgeScenario } from '../kata/judge';
import { type Scenario, scenario } from '../scenario/scenario';

import { load } from './testing/load';

const driver = load(
  'katas/13-aio-lookup-ioctx/ctx.ts',
  `
const device = struct('device', { ready: int, data: int });
const queue = DECLARE_WAIT_QUEUE_HEAD('queue');
const one = DEFINE_STATIC('one', device);
function* publish() {
  yield* WRITE_ONCE(one, 'data', 1);
  yield* WRITE_ONCE(one, 'ready', 1);
}
function* consume() {
  if ((yield* READ_ONCE(one, 'ready')) === 1) BUG_ON((yield* READ_ONCE(one, 'data')) === 0);
}
function* wake() {
  yield* WRITE_ONCE(one, 'ready', 1);
  if (yield* waitqueue_active(queue)) yield* wake_up(queue);
}
function* wake_in_order() {
  yield* WRITE_ONCE(one, 'ready', 1);
  yield* smp_mb();
  if (yield* waitqueue_active(queue)) yield* wake_up(queue);
}
function* sleep() {
  yield* wait_event(queue, function* () {
    return (yield* READ_ONCE(one, 'ready')) === 1;
  });
}
function* first() {
  yield* WRITE_ONCE(one, 'data', 1);
  yield* WRITE_ONCE(one, 'ready', 2);
}
function* second() {
  yield* WRITE_ONCE(one, 'ready', 1);
  yield* WRITE_ONCE(one, 'data', 2);
}
function* update() {
  yield* WRITE_ONCE(one, 'data', 1);
  yield* WRITE_ONCE(one, 'data', 2);
  yield* smp_store_release(one, 'ready', 1);
}
function* late() {
  if ((yield* READ_ONCE(one, 'ready')) === 1) BUG_ON((yield* READ_ONCE(one, 'data')) === 1);
}
function* check() {
  BUG_ON((yield* READ_ONCE(one, 'ready')) === 1 && (yield* READ_ONCE(one, 'data')) === 1);
}
function* wake_twice() {
  yield* WRITE_ONCE(one, 'ready', 2);
  yield* WRITE_ONCE(one, 'ready', 1);
  if (yield* waitqueue_active(queue)) yield* wake_up(queue);
}
function* twice_ready() {
  yield* WRITE_ONCE(one, 'data', 1);
  yield* WRITE_ONCE(one, 'ready', 1);
  yield* WRITE_ONCE(one, 'ready', 2);
}
function* acquire() {
  if ((yield* smp_load_acquire(one, 'ready')) === 1) BUG_ON((yield* READ_ONCE(one, 'data')) === 0);
}
`,
);

function told(tasks: Scenario['tasks'], check?: Scenario['check']): string | null {
  const one = scenario({
    id: 'x',
    title: 'x',
    task: 1,
    kind: 'race',
    tasks,
    ...(check && { check }),
  });
  const report = judgeScenario(one, { width: 200 }).failure?.report;
  if (report === undefined) return null;
  return report.slice(report.indexOf('Call Trace'), report.indexOf('\n\nexplored'));
}

it('names the barriers that both sides lack', () => {
  expect(told({ a: driver('publish'), b: driver('consume') })).toMatchInlineSnapshot(`
    "Call Trace:
     consume ctx.ts:10
    ---[ end trace ]---
    READ_ONCE(one.data) at ctx.ts:10 read the initial value, and did not see the newer WRITE_ONCE(one.data, 1) at ctx.ts:6 of A. In B nothing orders READ_ONCE(one.ready) at ctx.ts:10 before
        READ_ONCE(one.data) at ctx.ts:10: smp_rmb() between them would. In A nothing orders WRITE_ONCE(one.data, 1) at ctx.ts:6 before WRITE_ONCE(one.ready, 1) at ctx.ts:7: smp_wmb() between them would.
        It takes both barriers.

    interleaving, top first, with lines of ctx.ts; <-- is part of the bug:
     CPU 1: a (A)                        | CPU 2: b (B)
     ------------                        | ------------
          publish()                      |
        6   WRITE_ONCE(one.data, 1) <--  |
        7   WRITE_ONCE(one.ready, 1) <-- |
                                         |      consume()
                                         |   10   READ_ONCE(one.ready) = 1 <--
                                         |   10   READ_ONCE(one.data) = 0, stale <--
                                         |   10   BUG_ON() <-- bug"
  `);
});

it('names the barrier that one side lacks', () => {
  expect(told({ a: driver('wake'), b: driver('sleep') })).toMatchInlineSnapshot(`
    "Call Trace:
     sleep ctx.ts:22
    waitqueue_active(queue) at ctx.ts:14 read the initial value, and did not see the newer prepare_to_wait(queue) at ctx.ts:22 of B. In A nothing orders WRITE_ONCE(one.ready, 1) at ctx.ts:13 before
        waitqueue_active(queue) at ctx.ts:14: smp_mb() between them would.

    interleaving, top first, with lines of ctx.ts; <-- is part of the bug:
     CPU 1: a (A)                                      | CPU 2: b (B)
     ------------                                      | ------------
                                                       |      sleep()
                                                       |   22   wait_event()
                                                       |   23     READ_ONCE(one.ready) = 0
                                                       |   22     prepare_to_wait(queue) <--
                                                       |   23     READ_ONCE(one.ready) = 0
                                                       |   22   wait_event(queue) <-- waits for ever
          wake()                                       |
       13   WRITE_ONCE(one.ready, 1) <--               |
       14   waitqueue_active(queue) = false, stale <-- |"
  `);
  expect(told({ a: driver('wake_in_order'), b: driver('sleep') })).toBeNull();
});

it('tells of a store that another had overwritten already', () => {
  const tasks = { a: driver('first'), b: driver('second') };
  expect(told(tasks, driver('check'))).toMatchInlineSnapshot(`
    "Call Trace:
     check ctx.ts:43
    ---[ end trace ]---
    WRITE_ONCE(one.data, 2) at ctx.ts:32 took effect before WRITE_ONCE(one.data, 1) at ctx.ts:27 of A. In B nothing orders WRITE_ONCE(one.ready, 1) at ctx.ts:31 before WRITE_ONCE(one.data, 2) at
        ctx.ts:32: smp_mb() between them would. In A nothing orders WRITE_ONCE(one.data, 1) at ctx.ts:27 before WRITE_ONCE(one.ready, 2) at ctx.ts:28: smp_mb() between them would. It takes both barriers.

    interleaving, top first, with lines of ctx.ts; <-- is part of the bug:
     CPU 1: a (A)                        | CPU 2: b (B)
     ------------                        | ------------
          first()                        |
       27   WRITE_ONCE(one.data, 1) <--  |
       28   WRITE_ONCE(one.ready, 2) <-- |
                                         |      second()
                                         |   31   WRITE_ONCE(one.ready, 1) <--
                                         |   32   WRITE_ONCE(one.data, 2), overwritten already <--
    then check():
            check()
         43   READ_ONCE(one.ready) = 1
         43   READ_ONCE(one.data) = 1
         43   BUG_ON() <-- bug"
  `);
});

it('names the older store that a load read instead', () => {
  expect(told({ a: driver('update'), b: driver('late') })).toMatchInlineSnapshot(`
    "Call Trace:
     late ctx.ts:40
    ---[ end trace ]---
    READ_ONCE(one.data) at ctx.ts:40 read what WRITE_ONCE(one.data, 1) at ctx.ts:35 of A stored, and did not see the newer WRITE_ONCE(one.data, 2) at ctx.ts:36 of A. In B nothing orders
        READ_ONCE(one.ready) at ctx.ts:40 before READ_ONCE(one.data) at ctx.ts:40: smp_rmb() between them would.

    interleaving, top first, with lines of ctx.ts; <-- is part of the bug:
     CPU 1: a (A)                           | CPU 2: b (B)
     ------------                           | ------------
          update()                          |
       35   WRITE_ONCE(one.data, 1) <--     |
       36   WRITE_ONCE(one.data, 2) <--     |
       37   smp_store_release(one.ready, 1) |
                                            |      late()
                                            |   40   READ_ONCE(one.ready) = 1 <--
                                            |   40   READ_ONCE(one.data) = 1, stale <--
                                            |   40   BUG_ON() <-- bug"
  `);
});

it('names the store nearest to the barrier, as a barrier before that may be too early', () => {
  expect(told({ a: driver('wake_twice'), b: driver('sleep') })).toContain(
    'In A nothing orders WRITE_ONCE(one.ready, 1) at ctx.ts:47 before',
  );
});

it('leaves out a load that may be early whatever stands before it', () => {
  const report = told({ a: driver('twice_ready'), b: driver('acquire') }) ?? '';
  expect(report).toContain('smp_load_acquire(one.ready) = 1, stale');
  expect(report.match(/did not see the newer/g)).toHaveLength(1);
  expect(report).toContain('did not see the newer WRITE_ONCE(one.data, 1) at ctx.ts:51');
});
