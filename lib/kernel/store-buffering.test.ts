// SPDX-License-Identifier: GPL-2.0-only
/** Store buffering with what orders it: operations that are not marked accesses tell the memory model of themselves, too. */
import { dpor } from '../explore';
import { current, Machine, type Op } from '../machine';
import { smp_mb } from './barrier';
import { LLIST_HEAD, llist_del_all } from './llist';
import { __module_get, DEFINE_MODULE, delete_module, module_put, try_module_get } from './module';
import { READ_ONCE, WRITE_ONCE } from './once';
import {
  alloc_percpu,
  for_each_possible_cpu,
  per_cpu,
  type percpu_int,
  this_cpu_add,
} from './percpu';
import { static_var } from './static-var';
import { schedule } from './sched';
import { DECLARE_WAIT_QUEUE_HEAD, prepare_to_wait, wake_up } from './wait';
import { DECLARE_WORK, schedule_work } from './workqueue';
import { flush_work } from './workqueue-wait';

const x = static_var('x', 0);
const y = static_var('y', 0);
const list = LLIST_HEAD('list');
const THIS_MODULE = DEFINE_MODULE('test');
const held = DEFINE_MODULE('held');
const gone = DEFINE_MODULE('gone');
const slept = DECLARE_WAIT_QUEUE_HEAD('slept');
const sleptToo = DECLARE_WAIT_QUEUE_HEAD('slept too');
const nobody = DECLARE_WAIT_QUEUE_HEAD('nobody');
const work = DECLARE_WORK('work', function* () {
  yield* smp_mb();
});

/** Whether two tasks can end with both results 0. */
function bothZero(tasks: readonly (() => Op<number>)[], setup?: () => Op<void>): boolean {
  let found = false;
  let results: number[] = [];
  const boot = (machine: Machine): void => {
    results = [];
    if (setup !== undefined) machine.runNow(setup());
    tasks.forEach((task, i) =>
      machine.spawn(`t${i}`, function* () {
        results[i] = yield* task();
      }),
    );
  };
  const { complete } = dpor(new Machine({ boot }, { reorders: 'always' }), () => {
    found ||= results.every((result) => result === 0);
    return false;
  });
  expect(complete).toBe(true);
  return found;
}

function* setup(): Op<void> {
  yield* try_module_get(held);
  yield* try_module_get(held);
  yield* delete_module(gone, function* () {});
  yield* prepare_to_wait(slept);
  yield* prepare_to_wait(sleptToo);
}

/** Wakes a queue that only this task wakes. */
function* wakeOwn(): Op<void> {
  yield* wake_up(current.machine.task.comm === 't0' ? slept : sleptToo);
}

function* storeAndLoad(mine: typeof x, other: typeof x, between: () => Op<unknown>): Op<number> {
  yield* WRITE_ONCE(mine, 'value', 1);
  yield* between();
  return yield* READ_ONCE(other, 'value');
}

it.each<[string, boolean, () => Op<unknown>]>([
  ['nothing', true, function* () {}],
  ['llist_del_all()', false, () => llist_del_all(list)],
  ['schedule_work()', false, () => schedule_work(work)],
  ['try_module_get() that takes a reference', false, () => try_module_get(THIS_MODULE)],
  ['try_module_get() that fails', true, () => try_module_get(gone)],
  ['__module_get()', true, () => __module_get(held)],
  ['module_put()', false, () => module_put(held)],
  ['flush_work() of an idle work', true, () => flush_work(work)],
  ['schedule()', false, () => schedule()],
  ['wake_up() that wakes a task', false, wakeOwn],
  ['wake_up() of an empty queue', true, () => wake_up(nobody)],
])('with %s between store and load: %p', (_name, expected, between) => {
  const tasks = [() => storeAndLoad(x, y, between), () => storeAndLoad(y, x, between)];
  expect(bothZero(tasks, setup)).toBe(expected);
});

it.each([
  ['full barriers', false, smp_mb],
  ['no barrier', true, function* (): Op<void> {}],
] as const)(
  'a per-CPU count that is not seen yet forbids a stale load after %s: %p',
  (_name, stale, barrier) => {
    let counts: percpu_int | null = null;
    function* sum(): Op<number> {
      yield* WRITE_ONCE(x, 'value', 1);
      yield* barrier();
      let all = 0;
      if (counts !== null)
        for (const cpu of for_each_possible_cpu()) all += yield* per_cpu(counts, cpu);
      return all;
    }
    function* count(): Op<number> {
      if (counts !== null) yield* this_cpu_add(counts, 1);
      yield* barrier();
      return yield* READ_ONCE(x, 'value');
    }
    const setup = function* (): Op<void> {
      counts = yield* alloc_percpu();
    };
    expect(bothZero([sum, count], setup)).toBe(stale);
  },
);
