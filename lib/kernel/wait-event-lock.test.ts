// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import type { Op } from '../machine';
import { ERESTARTSYS } from './err';
import { DEFINE_SPINLOCK } from './spinlock';
import { spin_lock_irq, spin_unlock_irq } from './spinlock-irq';
import { static_var } from './static-var';
import { DECLARE_WAIT_QUEUE_HEAD, wake_up } from './wait';
import { wait_event_interruptible_lock_irq, wait_event_lock_irq } from './wait-event-lock';

const queue = DECLARE_WAIT_QUEUE_HEAD('queue');
const lock = DEFINE_SPINLOCK('lock');
/** Plain variables: who touched them without the lock would race. */
const ready = static_var('ready', 0);

function* makeReady(): Op<void> {
  yield* spin_lock_irq(lock);
  ready.value++;
  yield* spin_unlock_irq(lock);
  yield* wake_up(queue);
}

const fine = { hung: 0, complaints: [], findings: [] };

it('gives the lock back while it sleeps, and holds it when it looks and when it returns', () => {
  function* take(): Op<void> {
    yield* spin_lock_irq(lock);
    yield* wait_event_lock_irq(queue, () => ready.value > 0, lock);
    ready.value--;
    yield* spin_unlock_irq(lock);
  }
  expect(agree({ tasks: { a: take, b: makeReady } })).toMatchObject(fine);
  const { hung } = agree({ tasks: { a: take } });
  expect(hung).toBe(1);
});

it('holds the lock after a signal, too', () => {
  const seen = new Set<number>();
  function* take(): Op<void> {
    yield* spin_lock_irq(lock);
    const error = yield* wait_event_interruptible_lock_irq(queue, () => ready.value > 0, lock);
    if (error === 0) ready.value--;
    seen.add(error);
    yield* spin_unlock_irq(lock);
  }
  const tasks = { a: take, b: makeReady };
  expect(agree({ tasks, failures: { signal: 1 } })).toMatchObject(fine);
  expect(seen).toEqual(new Set([0, -ERESTARTSYS]));
});
