// SPDX-License-Identifier: GPL-2.0-only
/** Reader-writer spinlocks that are also taken in interrupts. After include/linux/rwlock.h; see spinlock-irq.ts. */
import { composite, type Op } from '../machine';
import {
  type irqflags_t,
  local_bh_disable,
  local_bh_enable,
  local_irq_disable,
  local_irq_enable,
  local_irq_restore,
} from './irqflags';
import { read_lock, read_unlock, type rwlock_t, write_lock, write_unlock } from './rwlock';
import { inOrder, savingIrqs } from './spinlock-irq';

/**
 * Takes the lock for reading with interrupts off on this CPU. Right whether they were on or off before.
 *
 * @example
 * const lock = DEFINE_RWLOCK('lock');
 * const flags = yield* read_lock_irqsave(lock);
 * yield* read_unlock_irqrestore(lock, flags);
 * yield* read_lock_irq(lock);
 * yield* read_unlock_irq(lock);
 * yield* read_lock_bh(lock);
 * yield* read_unlock_bh(lock);
 * @returns the flags for read_unlock_irqrestore()
 * @kernel include/linux/rwlock.h
 * @context any; does not sleep
 * @ordering acquire
 * @divergence returns the flags, where the macro in C assigns them to its argument
 */
export function read_lock_irqsave(lock: rwlock_t): Op<irqflags_t> {
  return composite(
    'read_lock_irqsave',
    savingIrqs(() => read_lock(lock)),
  );
}

/**
 * Releases a lock that read_lock_irqsave() took, and turns interrupts on if they were on before.
 *
 * @param flags what read_lock_irqsave() returned
 * @kernel include/linux/rwlock.h
 * @context any; does not sleep
 * @ordering release
 */
export function read_unlock_irqrestore(lock: rwlock_t, flags: irqflags_t): Op<void> {
  const steps = inOrder(
    () => read_unlock(lock),
    () => local_irq_restore(flags),
  );
  return composite('read_unlock_irqrestore', steps);
}

/**
 * Takes the lock for reading with interrupts off on this CPU, where they are known to be on.
 *
 * @kernel include/linux/rwlock.h
 * @context with interrupts on; does not sleep
 * @ordering acquire
 */
export function read_lock_irq(lock: rwlock_t): Op<void> {
  return composite(
    'read_lock_irq',
    inOrder(local_irq_disable, () => read_lock(lock)),
  );
}

/**
 * Releases a lock that read_lock_irq() took, and turns interrupts on.
 *
 * @kernel include/linux/rwlock.h
 * @context any but an interrupt handler; does not sleep
 * @ordering release
 */
export function read_unlock_irq(lock: rwlock_t): Op<void> {
  return composite(
    'read_unlock_irq',
    inOrder(() => read_unlock(lock), local_irq_enable),
  );
}

/**
 * Takes the lock for reading with softirqs off on this CPU.
 *
 * @kernel include/linux/rwlock.h
 * @context any but an interrupt handler; does not sleep
 * @ordering acquire
 */
export function read_lock_bh(lock: rwlock_t): Op<void> {
  return composite(
    'read_lock_bh',
    inOrder(local_bh_disable, () => read_lock(lock)),
  );
}

/**
 * Releases a lock that read_lock_bh() took.
 *
 * @kernel include/linux/rwlock.h
 * @context any but an interrupt handler, with interrupts on; does not sleep
 * @ordering release
 */
export function read_unlock_bh(lock: rwlock_t): Op<void> {
  return composite(
    'read_unlock_bh',
    inOrder(() => read_unlock(lock), local_bh_enable),
  );
}

/**
 * Takes the lock for writing with interrupts off on this CPU. Right whether they were on or off before.
 *
 * @example
 * const lock = DEFINE_RWLOCK('lock');
 * const flags = yield* write_lock_irqsave(lock);
 * yield* write_unlock_irqrestore(lock, flags);
 * yield* write_lock_irq(lock);
 * yield* write_unlock_irq(lock);
 * yield* write_lock_bh(lock);
 * yield* write_unlock_bh(lock);
 * @returns the flags for write_unlock_irqrestore()
 * @kernel include/linux/rwlock.h
 * @context any; does not sleep
 * @ordering acquire
 * @divergence returns the flags, where the macro in C assigns them to its argument
 */
export function write_lock_irqsave(lock: rwlock_t): Op<irqflags_t> {
  return composite(
    'write_lock_irqsave',
    savingIrqs(() => write_lock(lock)),
  );
}

/**
 * Releases a lock that write_lock_irqsave() took, and turns interrupts on if they were on before.
 *
 * @param flags what write_lock_irqsave() returned
 * @kernel include/linux/rwlock.h
 * @context any; does not sleep
 * @ordering release
 */
export function write_unlock_irqrestore(lock: rwlock_t, flags: irqflags_t): Op<void> {
  const steps = inOrder(
    () => write_unlock(lock),
    () => local_irq_restore(flags),
  );
  return composite('write_unlock_irqrestore', steps);
}

/**
 * Takes the lock for writing with interrupts off on this CPU, where they are known to be on.
 *
 * @kernel include/linux/rwlock.h
 * @context with interrupts on; does not sleep
 * @ordering acquire
 */
export function write_lock_irq(lock: rwlock_t): Op<void> {
  return composite(
    'write_lock_irq',
    inOrder(local_irq_disable, () => write_lock(lock)),
  );
}

/**
 * Releases a lock that write_lock_irq() took, and turns interrupts on.
 *
 * @kernel include/linux/rwlock.h
 * @context any but an interrupt handler; does not sleep
 * @ordering release
 */
export function write_unlock_irq(lock: rwlock_t): Op<void> {
  return composite(
    'write_unlock_irq',
    inOrder(() => write_unlock(lock), local_irq_enable),
  );
}

/**
 * Takes the lock for writing with softirqs off on this CPU.
 *
 * @kernel include/linux/rwlock.h
 * @context any but an interrupt handler; does not sleep
 * @ordering acquire
 */
export function write_lock_bh(lock: rwlock_t): Op<void> {
  return composite(
    'write_lock_bh',
    inOrder(local_bh_disable, () => write_lock(lock)),
  );
}

/**
 * Releases a lock that write_lock_bh() took.
 *
 * @kernel include/linux/rwlock.h
 * @context any but an interrupt handler, with interrupts on; does not sleep
 * @ordering release
 */
export function write_unlock_bh(lock: rwlock_t): Op<void> {
  return composite(
    'write_unlock_bh',
    inOrder(() => write_unlock(lock), local_bh_enable),
  );
}
