// SPDX-License-Identifier: GPL-2.0-only
/** Waiting for another task: completions, semaphores as signals, wait queues. */
import * as k from '../../../kernel';
import type { Op } from '../../../machine';
import { doing, giving, type Make, pick, two } from './kit';

const completions = two(k.DECLARE_COMPLETION, 'c');
const signals = two((name) => k.DEFINE_SEMAPHORE(name, 0), 'sig');
const queues = two(k.DECLARE_WAIT_QUEUE_HEAD, 'wq');
const flags = two((name) => k.static_var<number>(name, 0), 'flag');

function* isSet(i: number): Op<boolean> {
  return (yield* k.READ_ONCE(pick(flags, i), 'value')) !== 0;
}

function* sleepsUntilStopped(): Op<number> {
  for (;;) {
    yield* k.set_current_state(k.TASK_INTERRUPTIBLE);
    if (yield* k.kthread_should_stop()) return 0;
    yield* k.schedule();
  }
}

const sleepers = two((name) => k.static_var<k.task_struct | null>(name, null), 'sleeper');

export const waiting: Make[] = [
  (i) => doing(`complete(c${i})`, () => k.complete(pick(completions, i))),
  (i) => doing(`complete(c${i})`, () => k.complete(pick(completions, i))),
  (i) => doing(`complete_all(c${i})`, () => k.complete_all(pick(completions, i))),
  (i) => doing(`wait_for_completion(c${i})`, () => k.wait_for_completion(pick(completions, i))),
  (i) =>
    giving(`try_wait_for_completion(c${i})`, () => k.try_wait_for_completion(pick(completions, i))),
  (i) => doing(`up(sig${i})`, () => k.up(pick(signals, i))),
  (i) => doing(`down(sig${i})`, () => k.down(pick(signals, i))),
  (i) => giving(`down_trylock(sig${i})`, () => k.down_trylock(pick(signals, i))),
  (i) =>
    doing(`flag${i} = 1; wake_up(wq${i})`, function* () {
      yield* k.WRITE_ONCE(pick(flags, i), 'value', 1);
      yield* k.wake_up(pick(queues, i));
    }),
  (i) => doing(`wait_event(wq${i}, flag${i})`, () => k.wait_event(pick(queues, i), () => isSet(i))),
  (i) =>
    giving(`wait_event_timeout(wq${i}, flag${i}, 1)`, () =>
      k.wait_event_timeout(pick(queues, i), () => isSet(i), 1),
    ),
  (i) =>
    giving(`wait_event_interruptible(wq${i}, flag${i})`, () =>
      k.wait_event_interruptible(pick(queues, i), () => isSet(i)),
    ),
  (i) =>
    giving(`wait_for_completion_timeout(c${i}, 1)`, () =>
      k.wait_for_completion_timeout(pick(completions, i), 1),
    ),
  (i) => giving(`down_interruptible(sig${i})`, () => k.down_interruptible(pick(signals, i))),
  (i) => giving(`wq_has_sleeper(wq${i})`, () => k.wq_has_sleeper(pick(queues, i))),
  (i) =>
    doing(`sleep until flag${i}`, function* () {
      yield* k.WRITE_ONCE(pick(sleepers, i), 'value', k.get_current());
      yield* k.set_current_state(k.TASK_UNINTERRUPTIBLE);
      if (!(yield* isSet(i))) yield* k.schedule();
      yield* k.__set_current_state(k.TASK_RUNNING);
    }),
  (i) =>
    giving(`wake_up_process(sleeper${i})`, function* () {
      const task = yield* k.READ_ONCE(pick(sleepers, i), 'value');
      return task === null ? 2 : yield* k.wake_up_process(task);
    }),
  (i) =>
    doing(`wait on wq${i}, exclusively`, function* () {
      yield* k.prepare_to_wait_exclusive(pick(queues, i), k.TASK_INTERRUPTIBLE);
      if (!(yield* isSet(i))) yield* k.schedule();
      yield* k.finish_wait(pick(queues, i));
    }),
  (i) => doing(`wake_up_interruptible(wq${i})`, () => k.wake_up_interruptible(pick(queues, i))),
  () =>
    giving('kthread_stop(kthread_run())', function* () {
      const thread = yield* k.kthread_run(sleepsUntilStopped, null, 'thread');
      return k.IS_ERR(thread) ? 0 : yield* k.kthread_stop(thread);
    }),
];
