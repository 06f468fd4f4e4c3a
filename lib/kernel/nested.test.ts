// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { type Op, struct } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { mutex_lock_interruptible, mutex_lock_killable } from './interruptible';
import { mutex, mutex_init, mutex_lock, mutex_unlock } from './mutex';
import {
  mutex_lock_interruptible_nested,
  mutex_lock_killable_nested,
  SINGLE_DEPTH_NESTING,
  spin_lock_irqsave_nested,
} from './nested';
import { spin_lock, spin_lock_init, spin_unlock, spinlock_t } from './spinlock';
import { spin_lock_irqsave, spin_unlock_irqrestore } from './spinlock-irq';
import { DEFINE_STATIC } from './static-var';

const node = struct('node', { lock: mutex, spin: spinlock_t });
const [parent, child] = [DEFINE_STATIC('parent', node), DEFINE_STATIC('child', node)];

/** What the detectors say of a task that takes two locks of one class. */
function kinds(body: () => Op<void>): readonly string[] {
  return told(dpor, allMonitors(), (machine) => {
    for (const each of [parent, child]) {
      machine.runNow(mutex_init(each.lock));
      machine.runNow(spin_lock_init(each.spin));
    }
    machine.spawn('a', body);
  }).kinds;
}

const twoMutexes = (second: (lock: mutex) => Op<number>) =>
  function* (): Op<void> {
    yield* mutex_lock(parent.lock);
    if ((yield* second(child.lock)) === 0) yield* mutex_unlock(child.lock);
    yield* mutex_unlock(parent.lock);
  };

const twoSpinlocks = (second: (lock: spinlock_t) => Op<number>) =>
  function* (): Op<void> {
    yield* spin_lock(parent.spin);
    const flags = yield* second(child.spin);
    yield* spin_unlock_irqrestore(child.spin, flags);
    yield* spin_unlock(parent.spin);
  };

it.each<[string, () => Op<void>, () => Op<void>]>([
  [
    'mutex_lock_interruptible',
    twoMutexes(mutex_lock_interruptible),
    twoMutexes((lock) => mutex_lock_interruptible_nested(lock, SINGLE_DEPTH_NESTING)),
  ],
  [
    'mutex_lock_killable',
    twoMutexes(mutex_lock_killable),
    twoMutexes((lock) => mutex_lock_killable_nested(lock, SINGLE_DEPTH_NESTING)),
  ],
  [
    'spin_lock_irqsave',
    twoSpinlocks(spin_lock_irqsave),
    twoSpinlocks((lock) => spin_lock_irqsave_nested(lock, SINGLE_DEPTH_NESTING)),
  ],
])('%s() of a second lock of one class is reported unless it is nested', (_name, plain, nested) => {
  expect(kinds(plain)).toEqual(['recursive-locking']);
  expect(kinds(nested)).toEqual([]);
});
