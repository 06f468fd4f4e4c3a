// SPDX-License-Identifier: GPL-2.0-only
/** Deferred work: read sections and grace periods, callbacks, work items, child tasks; and spinning. */
import * as k from '../../../kernel';
import { join, spawn_task } from '../../../kernel/join';
import { type Op, struct } from '../../../machine';
import { doing, giving, type Make, pick, taking, two } from './kit';

const done = two((name) => k.DEFINE_ATOMIC(name, 0), 'done');
const note = (i: number) =>
  function* (): Op<void> {
    yield* k.atomic_inc(pick(done, i));
  };
const works = two((name) => k.DECLARE_WORK(name, note(0)), 'work');
const flags = two((name) => k.static_var<number>(name, 0), 'go');
const holder = struct('holder', { rcu: k.rcu_head });

export const deferring: Make[] = [
  () => taking('rcu_read_lock()', k.rcu_read_lock, k.rcu_read_unlock),
  () => taking('rcu_read_lock()', k.rcu_read_lock, k.rcu_read_unlock),
  () => doing('synchronize_rcu()', () => k.synchronize_rcu()),
  (i) =>
    doing(`call_rcu(done${i}++)`, function* () {
      const made = yield* k.kzalloc(holder, k.GFP_ATOMIC);
      if (made !== null) yield* k.call_rcu(made.rcu, note(i));
    }),
  (i) => giving(`schedule_work(work${i})`, () => k.schedule_work(pick(works, i))),
  (i) => giving(`schedule_work(work${i})`, () => k.schedule_work(pick(works, i))),
  (i) => giving(`flush_work(work${i})`, () => k.flush_work(pick(works, i))),
  (i) => giving(`cancel_work_sync(work${i})`, () => k.cancel_work_sync(pick(works, i))),
  (i) => giving(`cancel_work(work${i})`, () => k.cancel_work(pick(works, i))),
  (i) => giving(`disable_work_sync(work${i})`, () => k.disable_work_sync(pick(works, i))),
  (i) => giving(`enable_work(work${i})`, () => k.enable_work(pick(works, i))),
  (i) => giving(`atomic_read(done${i})`, () => k.atomic_read(pick(done, i))),
  (i) =>
    doing(`join(spawn(done${i}++))`, function* () {
      yield* join(yield* spawn_task('child', note(i)));
    }),
  (i) => doing(`spawn(done${i}++)`, () => spawn_task('child', note(i))),
  (i) => doing(`WRITE_ONCE(go${i}, 1)`, () => k.WRITE_ONCE(pick(flags, i), 'value', 1)),
  (i) =>
    doing(`while (!READ_ONCE(go${i})) cpu_relax()`, function* () {
      while ((yield* k.READ_ONCE(pick(flags, i), 'value')) === 0) yield* k.cpu_relax();
    }),
];
