// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { local_irq_disable, local_irq_enable } from './irqflags';
import {
  lockdep_assert_held,
  lockdep_assert_held_read,
  lockdep_assert_held_write,
  lockdep_assert_irqs_disabled,
  lockdep_assert_irqs_enabled,
  lockdep_assert_not_held,
  lockdep_is_held,
  lockdep_set_class,
  might_lock,
} from './lockdep';
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from './mutex';
import { DECLARE_RWSEM, down_read, down_write, up_read, up_write } from './rwsem';
import { GFP_KERNEL } from './gfp';
import { kfree, kzalloc } from './slab';
import { DEFINE_SPINLOCK, spin_lock, spin_lock_init, spin_unlock, spinlock_t } from './spinlock';

const lock = DEFINE_MUTEX('lock');
const sem = DECLARE_RWSEM('sem');

function complaints(...bodies: (() => Op<void>)[]): readonly string[] {
  const tasks = Object.fromEntries(bodies.map((body, i) => [`t${i}`, body]));
  return agree({ tasks }).complaints;
}

function* holds(): Op<void> {
  yield* mutex_lock(lock);
  lockdep_assert_held(lock);
  yield* mutex_unlock(lock);
  yield* down_read(sem);
  lockdep_assert_held(sem);
  lockdep_assert_not_held(lock);
  yield* up_read(sem);
}

function* asserts(): Op<void> {
  yield* down_read(sem);
  lockdep_assert_held(lock);
  yield* up_read(sem);
}

it('warns of a caller without the lock, also where another task holds it', () => {
  expect(complaints(asserts)).toEqual(['warn: ']);
  expect(complaints(holds, asserts)).toEqual(['warn: ']);
});

it('is silent of a holder, a reader and a task that has given it back', () => {
  expect(complaints(holds)).toEqual([]);
  expect(complaints(holds, holds)).toEqual([]);
});

function* reads(check: () => void): Op<void> {
  yield* down_read(sem);
  check();
  yield* up_read(sem);
}

function* writes(check: () => void): Op<void> {
  yield* down_write(sem);
  check();
  yield* up_write(sem);
}

function* withoutIrqs(check: () => void): Op<void> {
  yield* local_irq_disable();
  check();
  yield* local_irq_enable();
}

const readers = (): void => lockdep_assert_held_read(sem);
const writers = (): void => lockdep_assert_held_write(sem);

it.each([
  ['a reader', () => reads(readers), true],
  ['a writer for a reader', () => writes(readers), false],
  ['a writer', () => writes(writers), true],
  ['a reader for a writer', () => reads(writers), false],
  ['interrupts that are off', () => withoutIrqs(lockdep_assert_irqs_disabled), true],
  ['interrupts that are not off', () => reads(lockdep_assert_irqs_disabled), false],
  ['interrupts that are on', () => reads(lockdep_assert_irqs_enabled), true],
  ['interrupts that are not on', () => withoutIrqs(lockdep_assert_irqs_enabled), false],
])('knows %s', (_what, body, silent) => {
  expect(complaints(body)).toEqual(silent ? [] : ['warn: ']);
});

it('gives the condition of rcu_dereference_protected()', () => {
  const seen: boolean[] = [];
  complaints(() => reads(() => seen.push(lockdep_is_held(sem), lockdep_is_held(lock))));
  expect(seen.slice(0, 2)).toEqual([true, false]);
});

const spin = DEFINE_SPINLOCK('spin');

it('reports a mutex that might be taken under a spinlock, and not one that might be taken before', () => {
  const kinds = (first: () => Op<void>, second: () => Op<void>): readonly string[] =>
    told(dpor, allMonitors(), (machine) => {
      machine.spawn('a', function* () {
        yield* first();
        yield* spin_lock(spin);
        yield* second();
        yield* spin_unlock(spin);
      });
    }).kinds;
  const nothing = function* (): Op<void> {};
  expect(kinds(nothing, () => might_lock(lock))).toContain('sleeping-in-atomic');
  expect(kinds(() => might_lock(lock), nothing)).toEqual([]);
  expect(kinds(nothing, () => might_lock(spin))).toContain('recursive-locking');
});

const queue = struct('queue', { lock: spinlock_t });
const port = struct('port', { full: queue, empty: queue });

/** Takes the lock of one queue while the other's is held. */
function* nested(classes: boolean): Op<void> {
  const one = yield* kzalloc(port, GFP_KERNEL);
  if (one === null) return;
  yield* spin_lock_init(one.full.lock);
  yield* spin_lock_init(one.empty.lock);
  if (classes) yield* lockdep_set_class(one.full.lock, 'full_key');
  yield* spin_lock(one.full.lock);
  yield* spin_lock(one.empty.lock);
  yield* spin_unlock(one.empty.lock);
  yield* spin_unlock(one.full.lock);
  yield* kfree(one);
}

it('tells locks of one member apart that have been given classes, until they are allocated again', () => {
  const kinds = (...classes: readonly boolean[]): readonly string[] =>
    told(dpor, allMonitors(), (machine) => {
      machine.spawn('a', function* () {
        for (const each of classes) yield* nested(each);
      });
    }).kinds;
  expect(kinds(false)).toEqual(['recursive-locking']);
  expect(kinds(true, true)).toEqual([]);
  expect(kinds(true, false)).toEqual(['recursive-locking']);
});
