// SPDX-License-Identifier: GPL-2.0-only
/** Time in a report: what jiffies() gave, how a timer was armed, and who runs its function. */
import { judgeScenario } from '../kata/judge';
import { scenario } from '../scenario/scenario';
import { load } from './testing/load';

const driver = load(
  'katas/90-timer/dev.ts',
  `
const dev = struct('dev', { timer: timer_list });
const table = static_var('table', null);
function* expired(timer) {
  printk('%p expired, %x', from_timer(dev, timer, 'timer'), 255);
  BUG_ON(true);
}
function* setup() {
  const made = yield* kzalloc(dev, GFP_KERNEL);
  yield* timer_setup(made.timer, expired, 0);
  table.value = made;
}
function* arm() {
  const now = yield* jiffies();
  yield* mod_timer(table.value.timer, now + 2);
  yield* msleep(10);
  yield* jiffies();
}
`,
);

it('tells the time, the timer, and the task that runs its function', () => {
  const tasks = { arm: driver('arm') };
  const one = scenario({
    id: 'x',
    title: 'x',
    task: 1,
    kind: 'race',
    setup: driver('setup'),
    tasks,
  });
  const command = (_: unknown, schedule: string): string => `npx kata replay 90 '${schedule}'`;
  const { report = '' } = judgeScenario(one, { command }).failure ?? {};
  expect(report.slice(report.indexOf('interleaving'))).toMatchInlineSnapshot(`
    "interleaving, top first, with lines of dev.ts:
     CPU 1: arm (A)                    | CPU 2: ksoftirqd (B), from A's mod_timer()
     --------------                    | ------------------------------------------
          arm()                        |
       14   jiffies() = 0              |
       15   mod_timer(dev#1.timer) = 0 |
       16   msleep()                   |
       17   jiffies() = 4              |
                                       |      call_timer_fn(dev#1.timer)
                                       |      expired()
                                       |    5   prints "dev#1 expired, ff"
                                       |    6   BUG_ON() <-- bug

    explored 1 interleaving; this is the shortest failure found: no preemption is needed
    printed 1 line: npx kata replay 90 'A5 B2' shows them
    replay it: npx kata replay 90 'A5 B2'"
  `);
});
