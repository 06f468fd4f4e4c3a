// SPDX-License-Identifier: GPL-2.0-only
/**
 * Memory barriers. After include/asm-generic/barrier.h. Every access here happens in the order it is written in, so a barrier
 * changes no value anybody reads; it tells the detectors which plain accesses are ordered. All barriers pass that on through
 * one object: what one CPU did before its barrier is ordered before what another does after a later one. The kernel asks for
 * more, that the second CPU reads what the first wrote after its barrier. Since barriers are tried in every order, code that
 * does not read it has an execution in which its barrier came first, and the race is found there.
 */
import { type Handle, type Kind, makeHandle, type Op, request, SyncObject } from '../machine';

class Barriers extends SyncObject {
  readonly typeName = 'barrier';
  readonly handle: Handle = makeHandle(this);
}

const barriers = new Barriers().makeStatic('barrier');

function barrier(name: string, release: boolean, acquire: boolean): Kind {
  return {
    name,
    access: release ? 'write' : 'read',
    perform(machine, task) {
      if (acquire) machine.acquire(task, barriers);
      if (release) machine.release(task, barriers, true);
    },
  };
}

const MB = barrier('smp_mb', true, true);
const WMB = barrier('smp_wmb', true, false);
const RMB = barrier('smp_rmb', false, true);
const BEFORE_ATOMIC = barrier('smp_mb__before_atomic', true, true);
const AFTER_ATOMIC = barrier('smp_mb__after_atomic', true, true);
const AFTER_SPINLOCK = barrier('smp_mb__after_spinlock', true, true);

/**
 * Orders every access before it against every access behind it.
 *
 * @kernel include/asm-generic/barrier.h
 * @context any; does not sleep
 * @ordering full
 * @divergence orders plain accesses against those behind any later barrier, whatever is read in between, and pairs with
 * barriers only: a release or an acquire on one side needs its counterpart on the other
 */
export function smp_mb(): Op<void> {
  return request(MB, barriers);
}

/**
 * Orders the stores before it against the stores behind it: `node.data = 1; yield* smp_wmb();`, then the store that publishes.
 *
 * @kernel include/asm-generic/barrier.h
 * @context any; does not sleep
 * @ordering stores against stores
 * @divergence the loads before it are ordered too, and as smp_mb()
 */
export function smp_wmb(): Op<void> {
  return request(WMB, barriers);
}

/**
 * Orders the loads before it against the loads behind it; pairs with smp_wmb().
 *
 * @kernel include/asm-generic/barrier.h
 * @context any; does not sleep
 * @ordering loads against loads
 * @divergence the stores behind it are ordered too, and as smp_mb()
 */
export function smp_rmb(): Op<void> {
  return request(RMB, barriers);
}

/**
 * Makes the relaxed read-modify-write behind it a full barrier towards what was before.
 *
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full, as smp_mb()
 * @divergence as smp_mb()
 */
export function smp_mb__before_atomic(): Op<void> {
  return request(BEFORE_ATOMIC, barriers);
}

/**
 * Makes the relaxed read-modify-write before it a full barrier towards what follows.
 *
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full, as smp_mb()
 * @divergence as smp_mb()
 */
export function smp_mb__after_atomic(): Op<void> {
  return request(AFTER_ATOMIC, barriers);
}

/**
 * Makes the spin_lock() before it a full barrier, also for CPUs that do not hold the lock.
 *
 * @kernel include/linux/spinlock.h
 * @context any; does not sleep
 * @ordering full, as smp_mb()
 * @divergence as smp_mb()
 */
export function smp_mb__after_spinlock(): Op<void> {
  return request(AFTER_SPINLOCK, barriers);
}
