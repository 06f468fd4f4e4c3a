// SPDX-License-Identifier: GPL-2.0-only
/** The lock of an XArray, for a lookup and a change in one go. After include/linux/xarray.h. */
import type { Op } from '../machine';
import type { irqflags_t } from './irqflags';
import { spin_lock, spin_unlock } from './spinlock';
import {
  spin_lock_bh,
  spin_lock_irq,
  spin_lock_irqsave,
  spin_unlock_bh,
  spin_unlock_irq,
  spin_unlock_irqrestore,
} from './spinlock-irq';
import type { xarray } from './xarray-object';

/**
 * Takes the lock of an XArray.
 *
 * @example
 * const device = struct('device', { id: int });
 * const devices = DEFINE_XARRAY('devices');
 * const one = DEFINE_STATIC('one', device);
 * yield* xa_lock(devices);
 * if ((yield* xa_load(devices, 7)) === null) yield* __xa_store(devices, 7, one, GFP_ATOMIC);
 * yield* __xa_insert(devices, 7, one, GFP_ATOMIC); // => -16
 * (yield* __xa_cmpxchg(devices, 7, one, null, GFP_ATOMIC)) === one; // => true
 * yield* __xa_erase(devices, 7); // => null
 * yield* xa_unlock(devices);
 * yield* xa_lock_bh(devices);
 * yield* xa_unlock_bh(devices);
 * yield* xa_lock_irq(devices);
 * yield* xa_unlock_irq(devices);
 * const flags = yield* xa_lock_irqsave(devices);
 * yield* xa_unlock_irqrestore(devices, flags);
 * @kernel include/linux/xarray.h
 * @context any but the holder of this lock; does not sleep
 * @ordering acquire
 */
export function xa_lock(xa: xarray): Op<void> {
  return spin_lock(xa.xa_lock);
}

/**
 * Releases the lock of an XArray.
 *
 * @kernel include/linux/xarray.h
 * @context any; does not sleep
 * @ordering release
 */
export function xa_unlock(xa: xarray): Op<void> {
  return spin_unlock(xa.xa_lock);
}

/**
 * xa_lock() as spin_lock_bh().
 *
 * @kernel include/linux/xarray.h
 * @context any but an interrupt handler; does not sleep
 * @ordering acquire
 */
export function xa_lock_bh(xa: xarray): Op<void> {
  return spin_lock_bh(xa.xa_lock);
}

/**
 * xa_unlock() as spin_unlock_bh().
 *
 * @kernel include/linux/xarray.h
 * @context any but an interrupt handler, with interrupts on; does not sleep
 * @ordering release
 */
export function xa_unlock_bh(xa: xarray): Op<void> {
  return spin_unlock_bh(xa.xa_lock);
}

/**
 * xa_lock() as spin_lock_irq().
 *
 * @kernel include/linux/xarray.h
 * @context with interrupts on; does not sleep
 * @ordering acquire
 */
export function xa_lock_irq(xa: xarray): Op<void> {
  return spin_lock_irq(xa.xa_lock);
}

/**
 * xa_unlock() as spin_unlock_irq().
 *
 * @kernel include/linux/xarray.h
 * @context any but an interrupt handler; does not sleep
 * @ordering release
 */
export function xa_unlock_irq(xa: xarray): Op<void> {
  return spin_unlock_irq(xa.xa_lock);
}

/**
 * xa_lock() as spin_lock_irqsave().
 *
 * @returns what xa_unlock_irqrestore() needs
 * @kernel include/linux/xarray.h
 * @context any but the holder of this lock; does not sleep
 * @ordering acquire
 * @divergence returns the flags, where the macro in C assigns them to its argument
 */
export function xa_lock_irqsave(xa: xarray): Op<irqflags_t> {
  return spin_lock_irqsave(xa.xa_lock);
}

/**
 * xa_unlock() as spin_unlock_irqrestore().
 *
 * @param flags the result of xa_lock_irqsave()
 * @kernel include/linux/xarray.h
 * @context any; does not sleep
 * @ordering release
 */
export function xa_unlock_irqrestore(xa: xarray, flags: irqflags_t): Op<void> {
  return spin_unlock_irqrestore(xa.xa_lock, flags);
}
