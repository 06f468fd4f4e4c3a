// SPDX-License-Identifier: GPL-2.0-only
/** What ends by time: timers that are armed, deleted and waited for. */
import * as k from '../../../kernel';
import { doing, giving, type Make, pick, two } from './kit';

const ticks = two((name) => k.DEFINE_ATOMIC(name, 0), 'tick');
const timers = [
  k.DEFINE_TIMER('timer0', function* () {
    yield* k.atomic_inc(pick(ticks, 0));
  }),
  k.DEFINE_TIMER('timer1', function* (timer) {
    yield* k.atomic_inc(pick(ticks, 1));
    yield* k.mod_timer(timer, 1);
  }),
] as const;

const delayed = two(
  (name) =>
    k.DECLARE_DELAYED_WORK(name, function* () {
      yield* k.atomic_inc(pick(ticks, 0));
    }),
  'dwork',
);

export const timing: Make[] = [
  (i) => giving(`mod_timer(timer${i})`, () => k.mod_timer(pick(timers, i), 1)),
  (i) => giving(`mod_timer(timer${i})`, () => k.mod_timer(pick(timers, i), 1)),
  (i) => giving(`timer_delete(timer${i})`, () => k.timer_delete(pick(timers, i))),
  (i) => giving(`timer_delete_sync(timer${i})`, () => k.timer_delete_sync(pick(timers, i))),
  (i) => giving(`timer_shutdown_sync(timer${i})`, () => k.timer_shutdown_sync(pick(timers, i))),
  (i) => giving(`timer_pending(timer${i})`, () => k.timer_pending(pick(timers, i))),
  (i) =>
    giving(`schedule_delayed_work(dwork${i})`, () => k.schedule_delayed_work(pick(delayed, i), 1)),
  (i, value) =>
    giving(`mod_delayed_work(dwork${i}, ${value})`, () =>
      k.mod_delayed_work(k.system_wq, pick(delayed, i), value),
    ),
  (i) => giving(`cancel_delayed_work(dwork${i})`, () => k.cancel_delayed_work(pick(delayed, i))),
  (i) =>
    giving(`cancel_delayed_work_sync(dwork${i})`, () =>
      k.cancel_delayed_work_sync(pick(delayed, i)),
    ),
  (i) => giving(`flush_delayed_work(dwork${i})`, () => k.flush_delayed_work(pick(delayed, i))),
  (i) => giving(`atomic_read(tick${i})`, () => k.atomic_read(pick(ticks, i))),
  () => giving('jiffies', () => k.jiffies()),
  () => doing('msleep(4)', () => k.msleep(4)),
];
