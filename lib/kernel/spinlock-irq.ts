// SPDX-License-Identifier: GPL-2.0-only
/**
 * Spinlocks that are also taken in interrupts: their holder turns interrupts, or softirqs, off. After include/linux/spinlock.h.
 *
 * A lock that an interrupt takes must be taken with that interrupt off everywhere else: an interrupt that comes on top of the holder
 * spins for ever. Which variant to use depends on who else takes the lock, not on whom it is taken by.
 */
import { composite, type Op } from '../machine';
import {
  type irqflags_t,
  local_bh_disable,
  local_bh_enable,
  local_irq_disable,
  local_irq_enable,
  local_irq_restore,
  local_irq_save,
} from './irqflags';
import { spin_lock, spin_trylock, spin_unlock, type spinlock_t } from './spinlock';

/** Saves the state of interrupts, turns them off, and takes a lock. */
export function* savingIrqs(lock: () => Op<void>): Op<irqflags_t> {
  const flags = yield* local_irq_save();
  yield* lock();
  return flags;
}

/** Two operations, one after the other. */
export function* inOrder(first: () => Op<void>, second: () => Op<void>): Op<void> {
  yield* first();
  yield* second();
}

function* trying(off: () => Op<void>, lock: spinlock_t, on: () => Op<void>): Op<number> {
  yield* off();
  if ((yield* spin_trylock(lock)) === 1) return 1;
  yield* on();
  return 0;
}

/**
 * Takes the lock with interrupts off on this CPU. Right whether they were on or off before.
 *
 * @example
 * const lock = DEFINE_SPINLOCK('lock');
 * const events = static_var('events', 0);
 * function* device_interrupt() {
 *   yield* spin_lock(lock);
 *   events.value++;
 *   yield* spin_unlock(lock);
 *   return IRQ_HANDLED;
 * }
 * yield* request_irq(11, device_interrupt, 0, 'device', null);
 * const flags = yield* spin_lock_irqsave(lock);
 * const seen = events.value;
 * yield* spin_unlock_irqrestore(lock, flags);
 * yield* free_irq(11, null);
 * @returns the flags for spin_unlock_irqrestore()
 * @kernel include/linux/spinlock.h
 * @context any but the holder of this lock; does not sleep
 * @ordering acquire
 * @divergence returns the flags, where the macro in C assigns them to its argument
 */
export function spin_lock_irqsave(lock: spinlock_t): Op<irqflags_t> {
  return composite(
    'spin_lock_irqsave',
    savingIrqs(() => spin_lock(lock)),
  );
}

/**
 * Releases a lock that spin_lock_irqsave() took, and turns interrupts on if they were on before.
 *
 * @param flags what spin_lock_irqsave() returned
 * @kernel include/linux/spinlock.h
 * @context any; does not sleep
 * @ordering release
 */
export function spin_unlock_irqrestore(lock: spinlock_t, flags: irqflags_t): Op<void> {
  const steps = inOrder(
    () => spin_unlock(lock),
    () => local_irq_restore(flags),
  );
  return composite('spin_unlock_irqrestore', steps);
}

/**
 * Takes the lock with interrupts off on this CPU, where they are known to be on.
 *
 * @example
 * const lock = DEFINE_SPINLOCK('lock');
 * yield* spin_lock_irq(lock);
 * irqs_disabled(); // => true
 * yield* spin_unlock_irq(lock);
 * if ((yield* spin_trylock_irq(lock)) === 1) yield* spin_unlock_irq(lock);
 * @kernel include/linux/spinlock.h
 * @context with interrupts on; does not sleep
 * @ordering acquire
 */
export function spin_lock_irq(lock: spinlock_t): Op<void> {
  return composite(
    'spin_lock_irq',
    inOrder(local_irq_disable, () => spin_lock(lock)),
  );
}

/**
 * Releases the lock and turns interrupts on, also if they were off before spin_lock_irq().
 *
 * @kernel include/linux/spinlock.h
 * @context any but an interrupt handler; does not sleep
 * @ordering release
 */
export function spin_unlock_irq(lock: spinlock_t): Op<void> {
  return composite(
    'spin_unlock_irq',
    inOrder(() => spin_unlock(lock), local_irq_enable),
  );
}

/**
 * Takes the lock with softirqs off on this CPU: enough for a lock that timers and tasklets take and hard interrupts do not.
 *
 * @example
 * const lock = DEFINE_SPINLOCK('lock');
 * yield* spin_lock_bh(lock);
 * in_softirq(); // => true
 * yield* spin_unlock_bh(lock);
 * if ((yield* spin_trylock_bh(lock)) === 1) yield* spin_unlock_bh(lock);
 * @kernel include/linux/spinlock.h
 * @context any but an interrupt handler; does not sleep
 * @ordering acquire
 */
export function spin_lock_bh(lock: spinlock_t): Op<void> {
  return composite(
    'spin_lock_bh',
    inOrder(local_bh_disable, () => spin_lock(lock)),
  );
}

/**
 * Releases a lock that spin_lock_bh() took.
 *
 * @kernel include/linux/spinlock.h
 * @context any but an interrupt handler, with interrupts on; does not sleep
 * @ordering release
 */
export function spin_unlock_bh(lock: spinlock_t): Op<void> {
  return composite(
    'spin_unlock_bh',
    inOrder(() => spin_unlock(lock), local_bh_enable),
  );
}

/**
 * spin_lock_irq() if the lock is free; else it leaves interrupts on.
 *
 * @returns 1 if it took the lock, 0 if another CPU holds it
 * @kernel include/linux/spinlock.h
 * @context with interrupts on; does not sleep
 * @ordering acquire when it returns 1, none otherwise
 */
export function spin_trylock_irq(lock: spinlock_t): Op<number> {
  return composite('spin_trylock_irq', trying(local_irq_disable, lock, local_irq_enable));
}

/**
 * spin_lock_bh() if the lock is free; else it leaves softirqs on.
 *
 * @returns 1 if it took the lock, 0 if another CPU holds it
 * @kernel include/linux/spinlock.h
 * @context any but an interrupt handler; does not sleep
 * @ordering acquire when it returns 1, none otherwise
 */
export function spin_trylock_bh(lock: spinlock_t): Op<number> {
  return composite('spin_trylock_bh', trying(local_bh_disable, lock, local_bh_enable));
}
