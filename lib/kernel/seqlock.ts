// SPDX-License-Identifier: GPL-2.0-only
/**
 * Sequence counters: readers that take no lock find out at the end whether somebody wrote meanwhile. After include/linux/seqlock.h.
 * Plain accesses inside are not data races, as in the kernel.
 */
import { composite, current, type Op, struct, type StructOf } from '../machine';
import { smp_rmb, smp_wmb } from './barrier';
import { READ_ONCE, smp_load_acquire, WRITE_ONCE } from './once';
import { cpu_relax } from './processor';
import { readyStatic } from './static-var';
import { spin_lock, spin_lock_init, spin_unlock, spinlock_t } from './spinlock';
import { int } from './types';

/** How often something was changed, and whether it is being changed. Writers need a lock of their own. */
export const seqcount_t = struct('seqcount_t', {
  /** Odd while it is being changed. */
  sequence: int,
});
export interface seqcount_t extends StructOf<typeof seqcount_t> {}

/** A sequence counter with the lock of its writers. */
export const seqlock_t = struct('seqlock_t', {
  /** The counter. */
  seqcount: seqcount_t,
  /** Taken by writers. */
  lock: spinlock_t,
});
export interface seqlock_t extends StructOf<typeof seqlock_t> {}

/**
 * Defines a static seqlock, unlocked.
 *
 * @kernel include/linux/seqlock.h
 */
export function DEFINE_SEQLOCK(name: string): seqlock_t {
  return readyStatic(name, seqlock_t);
}

function* initialising(sl: seqlock_t): Op<void> {
  yield* spin_lock_init(sl.lock);
  sl.seqcount.sequence = 0;
}

function* beginning(s: seqcount_t): Op<number> {
  for (;;) {
    const sequence = yield* smp_load_acquire(s, 'sequence');
    if ((sequence & 1) === 0) {
      current.machine.task.readsSequence = true;
      return sequence;
    }
    yield* cpu_relax();
  }
}

function* retrying(s: seqcount_t, start: number): Op<boolean> {
  current.machine.task.readsSequence = false;
  yield* smp_rmb();
  return (yield* READ_ONCE(s, 'sequence')) !== start;
}

function* writing(s: seqcount_t): Op<void> {
  current.machine.task.markedDepth++;
  yield* WRITE_ONCE(s, 'sequence', s.sequence + 1);
  yield* smp_wmb();
}

function* written(s: seqcount_t): Op<void> {
  yield* smp_wmb();
  yield* WRITE_ONCE(s, 'sequence', s.sequence + 1);
  current.machine.task.markedDepth--;
}

function* locking(sl: seqlock_t): Op<void> {
  yield* spin_lock(sl.lock);
  yield* writing(sl.seqcount);
}

function* unlocking(sl: seqlock_t): Op<void> {
  yield* written(sl.seqcount);
  yield* spin_unlock(sl.lock);
}

/**
 * Makes a counter usable.
 *
 * @kernel include/linux/seqlock.h
 * @context any; does not sleep
 * @ordering none
 */
export function seqcount_init(s: seqcount_t): void {
  s.sequence = 0;
}

/**
 * Begins a read section, once nobody writes. What is read in it may be torn until read_seqcount_retry() has said that it is not.
 *
 * @example
 * const clock = struct('clock', { seq: seqcount_t, seconds: int, nanoseconds: int });
 * const now = DEFINE_STATIC('now', clock);
 * const lock = DEFINE_SPINLOCK('lock');
 * yield* spin_lock(lock);
 * yield* write_seqcount_begin(now.seq);
 * now.seconds = now.nanoseconds = 1;
 * yield* write_seqcount_end(now.seq);
 * yield* spin_unlock(lock);
 * let start = 0;
 * let torn = false;
 * do {
 *   start = yield* read_seqcount_begin(now.seq);
 *   torn = now.seconds !== now.nanoseconds;
 * } while (yield* read_seqcount_retry(now.seq, start));
 * if (torn) BUG();
 * @returns the count, for read_seqcount_retry()
 * @kernel include/linux/seqlock.h
 * @context any; does not sleep, but spins while somebody writes
 * @ordering acquire
 */
export function read_seqcount_begin(s: seqcount_t): Op<number> {
  return composite('read_seqcount_begin', beginning(s));
}

/**
 * Ends a read section.
 *
 * @param start what read_seqcount_begin() gave
 * @returns true if somebody wrote meanwhile: the section must be repeated
 * @kernel include/linux/seqlock.h
 * @context any; does not sleep
 * @ordering loads: those of the section come before the look at the counter
 */
export function read_seqcount_retry(s: seqcount_t, start: number): Op<boolean> {
  return composite('read_seqcount_retry', retrying(s, start));
}

/**
 * Begins a write section. Only one task may be in one at a time.
 *
 * @kernel include/linux/seqlock.h
 * @context any, with the lock of the writers, and not preemptible; does not sleep
 * @ordering stores: the change of the counter comes before those of the section
 */
export function write_seqcount_begin(s: seqcount_t): Op<void> {
  return composite('write_seqcount_begin', writing(s));
}

/**
 * Ends a write section.
 *
 * @kernel include/linux/seqlock.h
 * @context any, with the lock of the writers; does not sleep
 * @ordering stores: those of the section come before the change of the counter
 */
export function write_seqcount_end(s: seqcount_t): Op<void> {
  return composite('write_seqcount_end', written(s));
}

/**
 * Makes a seqlock usable, unlocked.
 *
 * @kernel include/linux/seqlock.h
 * @context any; does not sleep
 * @ordering none
 */
export function seqlock_init(sl: seqlock_t): Op<void> {
  return composite('seqlock_init', initialising(sl));
}

/**
 * read_seqcount_begin() of a seqlock.
 *
 * @example
 * const inode = struct('inode', { lock: seqlock_t, size: int });
 * const one = DEFINE_STATIC('one', inode);
 * const time = DEFINE_SEQLOCK('time');
 * seqcount_init(one.lock.seqcount);
 * yield* seqlock_init(one.lock);
 * yield* write_seqlock(time);
 * one.size = 4;
 * yield* write_sequnlock(time);
 * const start = yield* read_seqbegin(time);
 * yield* read_seqretry(time, start);
 * yield* read_seqlock_excl(time);
 * yield* read_sequnlock_excl(time);
 * @returns the count, for read_seqretry()
 * @kernel include/linux/seqlock.h
 * @context any; does not sleep, but spins while somebody writes
 * @ordering acquire
 */
export function read_seqbegin(sl: seqlock_t): Op<number> {
  return composite('read_seqbegin', beginning(sl.seqcount));
}

/**
 * read_seqcount_retry() of a seqlock.
 *
 * @param start what read_seqbegin() gave
 * @returns true if somebody wrote meanwhile: the section must be repeated
 * @kernel include/linux/seqlock.h
 * @context any; does not sleep
 * @ordering loads: those of the section come before the look at the counter
 */
export function read_seqretry(sl: seqlock_t, start: number): Op<boolean> {
  return composite('read_seqretry', retrying(sl.seqcount, start));
}

/**
 * Takes the lock and begins a write section.
 *
 * @kernel include/linux/seqlock.h
 * @context any; does not sleep
 * @ordering acquire, and as write_seqcount_begin()
 */
export function write_seqlock(sl: seqlock_t): Op<void> {
  return composite('write_seqlock', locking(sl));
}

/**
 * Ends a write section and releases the lock.
 *
 * @kernel include/linux/seqlock.h
 * @context any; does not sleep
 * @ordering release, and as write_seqcount_end()
 */
export function write_sequnlock(sl: seqlock_t): Op<void> {
  return composite('write_sequnlock', unlocking(sl));
}

/**
 * Takes the lock to read: nobody writes, and other readers do not notice.
 *
 * @kernel include/linux/seqlock.h
 * @context any; does not sleep
 * @ordering acquire
 */
export function read_seqlock_excl(sl: seqlock_t): Op<void> {
  return spin_lock(sl.lock);
}

/**
 * Releases the lock after read_seqlock_excl().
 *
 * @kernel include/linux/seqlock.h
 * @context any; does not sleep
 * @ordering release
 */
export function read_sequnlock_excl(sl: seqlock_t): Op<void> {
  return spin_unlock(sl.lock);
}

/**
 * Says of plain accesses that they may race, and that it does not matter what they read.
 *
 * @example
 * const packets = static_var('packets', 0);
 * yield* spawn_task('b', () => WRITE_ONCE(packets, 'value', 1));
 * yield* might_sleep();
 * if (data_race(() => packets.value) > 1) BUG();
 * @param expression makes the accesses
 * @returns what it gives
 * @kernel include/linux/compiler.h
 * @context any; does not sleep
 * @ordering none
 * @divergence in C a macro around an expression
 */
export function data_race<T>(expression: () => T): T {
  const { task } = current.machine;
  task.markedDepth++;
  const value = expression();
  task.markedDepth--;
  return value;
}
