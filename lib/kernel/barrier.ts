// SPDX-License-Identifier: GPL-2.0-only
/**
 * Memory barriers. After include/asm-generic/barrier.h. A barrier is an operation without an object. Accesses run in program order
 * unless the machine reorders them; the barrier tells the machine and the detectors which accesses it orders.
 */
import { type Barrier, fence, FULL, type Kind, type Op, request } from '../machine';

function barrier(name: string, orders: Barrier = FULL): Kind<null, [], void> {
  return {
    name,
    access: 'none',
    perform: (machine, task) => fence(machine, task, orders),
  };
}

const MB = barrier('smp_mb');
const WMB = barrier('smp_wmb', { loads: false, stores: true });
const RMB = barrier('smp_rmb', { loads: true, stores: false });
const ACQUIRE_AFTER = barrier('smp_acquire__after_ctrl_dep', { loads: true, stores: false });
const BEFORE_ATOMIC = barrier('smp_mb__before_atomic', { ...FULL, pairsWith: 'the next atomic' });
const AFTER_ATOMIC = barrier('smp_mb__after_atomic', { ...FULL, pairsWith: 'the last atomic' });
const AFTER_SPINLOCK = barrier('smp_mb__after_spinlock', { ...FULL, pairsWith: 'the last lock' });

/**
 * Orders every access before it against every access after it.
 *
 * @example
 * const x = static_var('x', 0);
 * const y = static_var('y', 0);
 * function* other() {
 *   yield* WRITE_ONCE(y, 'value', 1);
 *   yield* smp_mb();
 *   return yield* READ_ONCE(x, 'value');
 * }
 * const b = yield* spawn_task('b', other);
 * yield* WRITE_ONCE(x, 'value', 1);
 * yield* smp_mb();
 * yield* READ_ONCE(y, 'value');
 * yield* join(b);
 * @kernel include/asm-generic/barrier.h
 * @context any; does not sleep
 * @ordering full
 */
export function smp_mb(): Op<void> {
  return request(MB, null);
}

/**
 * Orders the stores before it against the stores after it: `node.data = 1; yield* smp_wmb();`, then the store that publishes.
 *
 * @example
 * const data = static_var('data', 0);
 * const ready = static_var('ready', 0);
 * yield* spawn_task('b', function* () {
 *   yield* WRITE_ONCE(data, 'value', 42);
 *   yield* smp_wmb();
 *   yield* WRITE_ONCE(ready, 'value', 1);
 * });
 * while ((yield* READ_ONCE(ready, 'value')) === 0) yield* cpu_relax();
 * yield* smp_rmb();
 * yield* READ_ONCE(data, 'value'); // => 42
 * @kernel include/asm-generic/barrier.h
 * @context any; does not sleep
 * @ordering stores against stores
 */
export function smp_wmb(): Op<void> {
  return request(WMB, null);
}

/**
 * Orders the loads before it against the loads after it; pairs with smp_wmb().
 *
 * @kernel include/asm-generic/barrier.h
 * @context any; does not sleep
 * @ordering loads against loads
 */
export function smp_rmb(): Op<void> {
  return request(RMB, null);
}

/**
 * Makes an acquire of a plain or marked load whose value a condition has just tested.
 *
 * @example
 * const data = static_var('data', 0);
 * const ready = static_var('ready', 0);
 * yield* spawn_task('b', function* () {
 *   yield* WRITE_ONCE(data, 'value', 42);
 *   yield* smp_store_release(ready, 'value', 1);
 * });
 * while ((yield* READ_ONCE(ready, 'value')) === 0) yield* cpu_relax();
 * yield* smp_acquire__after_ctrl_dep();
 * yield* READ_ONCE(data, 'value'); // => 42
 * @kernel include/asm-generic/barrier.h
 * @context any; does not sleep
 * @ordering acquire, by the load before it
 */
export function smp_acquire__after_ctrl_dep(): Op<void> {
  return request(ACQUIRE_AFTER, null);
}

/**
 * Makes the relaxed read-modify-write after it a full barrier towards everything before.
 *
 * @example
 * const users = DEFINE_ATOMIC('users', 1);
 * const done = static_var('done', 0);
 * const lock = DEFINE_SPINLOCK('lock');
 * yield* WRITE_ONCE(done, 'value', 1);
 * yield* smp_mb__before_atomic();
 * yield* atomic_dec(users);
 * yield* smp_mb__after_atomic();
 * yield* spin_lock(lock);
 * yield* smp_mb__after_spinlock();
 * yield* READ_ONCE(done, 'value'); // => 1
 * yield* spin_unlock(lock);
 * @kernel include/asm-generic/barrier.h
 * @context any; does not sleep
 * @ordering full, together with the read-modify-write after it
 */
export function smp_mb__before_atomic(): Op<void> {
  return request(BEFORE_ATOMIC, null);
}

/**
 * Makes the relaxed read-modify-write before it a full barrier towards everything after.
 *
 * @kernel include/asm-generic/barrier.h
 * @context any; does not sleep
 * @ordering full, together with the read-modify-write before it
 */
export function smp_mb__after_atomic(): Op<void> {
  return request(AFTER_ATOMIC, null);
}

/**
 * Makes the spin_lock() before it a full barrier, even for CPUs that do not hold the lock.
 *
 * @kernel include/linux/spinlock.h
 * @context any; does not sleep
 * @ordering full, together with the spin_lock() before it
 */
export function smp_mb__after_spinlock(): Op<void> {
  return request(AFTER_SPINLOCK, null);
}
