// SPDX-License-Identifier: GPL-2.0-only
import { DEFINE_TIMER, HZ, mod_timer } from '../kernel';
import { scenario } from '../scenario/scenario';
import { judgeScenario } from './judge';

const once = DEFINE_TIMER('once', function* () {});
const watchdog = DEFINE_TIMER('watchdog', (timer) => mod_timer(timer, HZ));
const other = DEFINE_TIMER('other', (timer) => mod_timer(timer, HZ));

const common = { id: 'arm', title: 'timers expire', task: 1, kind: 'function' } as const;

it.each([
  [{ a: () => mod_timer(once, HZ) }, {}, null],
  [{ a: () => mod_timer(watchdog, HZ) }, {}, 'with at most 2 expiries of watchdog'],
  [{ a: () => mod_timer(watchdog, HZ) }, { watchdog: 1 }, 'with at most 1 expiry of watchdog'],
  [
    { a: () => mod_timer(watchdog, HZ), b: () => mod_timer(other, HZ) },
    { watchdog: 3 },
    'with at most 2 expiries of other, 3 expiries of watchdog',
  ],
])(
  'a verdict says how often timers expired, where one was armed again: %#',
  (tasks, expiries, message) => {
    const verdict = judgeScenario(scenario({ ...common, tasks, expiries }));
    expect(verdict).toMatchObject({ status: 'pass', message });
  },
);
