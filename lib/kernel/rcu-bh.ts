// SPDX-License-Identifier: GPL-2.0-only
/** Read sections with softirqs off, for data that softirqs change. After include/linux/rcupdate.h of 5.0, where there is one flavour. */
import { composite, type Handle, type Op } from '../machine';
import { local_bh_disable, local_bh_enable } from './irqflags';
import type { FieldOf } from './once';
import { rcu_dereference } from './rcu-pointer';
import { rcu_read_lock, rcu_read_unlock } from './rcupdate';

function* locking(): Op<void> {
  yield* local_bh_disable();
  yield* rcu_read_lock();
}

function* unlocking(): Op<void> {
  yield* rcu_read_unlock();
  yield* local_bh_enable();
}

/**
 * Begins a read section with softirqs off on this CPU. Sections nest.
 *
 * @example
 * const config = struct('config', { size: int });
 * const current_config = static_var<StructOf<typeof config> | null>('current_config', null);
 * yield* rcu_read_lock_bh();
 * yield* rcu_dereference_bh(current_config, 'value'); // => null
 * in_softirq(); // => true
 * yield* rcu_read_unlock_bh();
 * @kernel include/linux/rcupdate.h
 * @context any but hard interrupts; does not sleep, and nothing in the section may
 * @ordering as rcu_read_lock()
 */
export function rcu_read_lock_bh(): Op<void> {
  return composite('rcu_read_lock_bh', locking());
}

/**
 * Ends a read section of rcu_read_lock_bh().
 *
 * @kernel include/linux/rcupdate.h
 * @context any but hard interrupts, with interrupts on; does not sleep
 * @ordering as rcu_read_unlock()
 */
export function rcu_read_unlock_bh(): Op<void> {
  return composite('rcu_read_unlock_bh', unlocking());
}

/**
 * rcu_dereference() inside of rcu_read_lock_bh().
 *
 * @returns the pointer, which may be followed until the section ends
 * @kernel include/linux/rcupdate.h
 * @context inside rcu_read_lock_bh(); does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 * @divergence a section of rcu_read_lock() is good enough here
 */
export function rcu_dereference_bh<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
): Op<H[K]> {
  return rcu_dereference(object, field);
}
