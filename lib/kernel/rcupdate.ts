// SPDX-License-Identifier: GPL-2.0-only
/**
 * Read-copy update, in the two flavours that Linux had before 5.0: normal and sched. After include/linux/rcupdate.h. A reader may
 * be preempted in a normal section, but not in a sched section. Neither flavour waits for the other.
 */
import { current, type Op, request, storable } from '../machine';
import { barrier, caller, type rcu_callback_t, type rcu_head } from './rcu-callback';
import { rcu, sched, sectionKinds } from './rcu-state';
import { synchronizer } from './rcu-synchronize';

const normal = sectionKinds(rcu, 'rcu_read_lock', 'rcu_read_unlock');
const nonpreemptible = sectionKinds(sched, 'rcu_read_lock_sched', 'rcu_read_unlock_sched');
const preemption = sectionKinds(sched, 'preempt_disable', 'preempt_enable');

/**
 * Begins a read section. An object found through rcu_dereference() stays allocated until the section ends. Sections nest.
 *
 * @kernel include/linux/rcupdate.h
 * @context any; does not sleep, and nothing in the section may
 * @ordering acquire, from everything before a grace period that has begun
 */
export function rcu_read_lock(): Op<void> {
  return normal.lock(current.machine.task);
}

/**
 * Ends a read section.
 *
 * @kernel include/linux/rcupdate.h
 * @context any; does not sleep
 * @ordering release, to the end of a grace period that waits for the section
 */
export function rcu_read_unlock(): Op<void> {
  return normal.unlock(current.machine.task);
}

/**
 * Whether the caller is in a read section: for assertions.
 *
 * @example
 * const table = static_var<object | null>('table', null);
 * function* look() {
 *   WARN_ON(!rcu_read_lock_held());
 *   return yield* rcu_dereference(table, 'value');
 * }
 * yield* rcu_read_lock();
 * yield* look(); // => null
 * yield* rcu_read_unlock();
 * rcu_read_lock_held(); // => false
 * @returns whether it is
 * @kernel include/linux/rcupdate.h
 * @context any; does not sleep
 * @ordering none
 */
export function rcu_read_lock_held(): boolean {
  return current.machine.task.rcuDepth > 0;
}

/**
 * Begins a read section of the sched flavour: preemption is off until it ends.
 *
 * @kernel include/linux/rcupdate.h
 * @context any; does not sleep, and nothing in the section may
 * @ordering acquire, from everything before a sched grace period that has begun
 * @divergence code under a spinlock or in softirq is not a section here; it is in Linux
 */
export function rcu_read_lock_sched(): Op<void> {
  return nonpreemptible.lock(current.machine.task);
}

/**
 * Ends a read section of the sched flavour.
 *
 * @kernel include/linux/rcupdate.h
 * @context any; does not sleep
 * @ordering release, to the end of a sched grace period that waits for the section
 */
export function rcu_read_unlock_sched(): Op<void> {
  return nonpreemptible.unlock(current.machine.task);
}

/**
 * Keeps the task on its CPU and running, which is a read section of the sched flavour. Nests.
 *
 * @kernel include/linux/preempt.h
 * @context any; does not sleep, and nothing may until preempt_enable()
 * @ordering as rcu_read_lock_sched()
 */
export function preempt_disable(): Op<void> {
  return preemption.lock(current.machine.task);
}

/** Undoes preempt_disable(). @kernel include/linux/preempt.h @context any; does not sleep @ordering as rcu_read_unlock_sched() */
export function preempt_enable(): Op<void> {
  return preemption.unlock(current.machine.task);
}

const synchronizeRcu = synchronizer('synchronize_rcu', rcu.log);
const synchronizeRcuExpedited = synchronizer('synchronize_rcu_expedited', rcu.log);
const synchronizeSched = synchronizer('synchronize_sched', sched.log);

/**
 * Waits until every read section that began before the call has ended; later ones do not matter.
 *
 * @kernel include/linux/rcupdate.h
 * @context process context, outside read sections; may sleep
 * @ordering full; acquire, from the unlock of these sections; release, to sections that begin later
 * @divergence also waits for sections of other tasks that ended long ago, which takes no time
 */
export function synchronize_rcu(): Op<void> {
  return synchronizeRcu(rcu);
}

/**
 * synchronize_rcu() that disturbs other CPUs to finish sooner. It is still a full grace period.
 *
 * @kernel include/linux/rcutree.h
 * @context process context, outside read sections; may sleep
 * @ordering as synchronize_rcu()
 * @divergence there is no time here, so both are the same
 */
export function synchronize_rcu_expedited(): Op<void> {
  return synchronizeRcuExpedited(rcu);
}

/**
 * synchronize_rcu() for the sched flavour. It does not wait for rcu_read_lock() sections, whose tasks may have been preempted.
 *
 * @example
 * const table = struct('table', { rcu: rcu_head });
 * function* free_table(head: rcu_head) {
 *   yield* kfree(container_of(head, table, 'rcu'));
 * }
 * const one = yield* kzalloc(table, GFP_KERNEL);
 * if (one === null) return;
 * yield* rcu_read_lock_sched();
 * yield* rcu_read_unlock_sched();
 * yield* preempt_disable();
 * yield* preempt_enable();
 * yield* synchronize_sched();
 * yield* call_rcu_sched(one.rcu, free_table);
 * yield* rcu_barrier_sched();
 * @kernel include/linux/rcupdate.h
 * @context process context, outside read sections; may sleep
 * @ordering full; acquire, from the unlock of these sections; release, to sections that begin later
 */
export function synchronize_sched(): Op<void> {
  return synchronizeSched(sched);
}

const CALL_RCU = caller('call_rcu', rcu.log);
const CALL_RCU_SCHED = caller('call_rcu_sched', sched.log);
const CALL_RCU_UNCOUNTED = caller('call_rcu', null);

/**
 * Runs a function after a grace period, in softirq context, without waiting for it. A head can be queued only once at a time.
 *
 * @param func the function to run; receives the head and must not sleep
 * @kernel include/linux/rcupdate.h
 * @context any; does not sleep, nor may the function
 * @ordering release, to the function; acquire there, from the unlock of the sections it waited for
 * @divergence each callback is a task of its own; callbacks run in any order
 */
export function call_rcu(head: rcu_head, func: rcu_callback_t): Op<void> {
  storable(func);
  return request(CALL_RCU, rcu, head, func);
}

/** call_rcu() for a model's own use, whose grace period is not the driver's: grace_periods() does not count it. */
export function callRcuUncounted(head: rcu_head, func: rcu_callback_t): Op<void> {
  return request(CALL_RCU_UNCOUNTED, rcu, head, func);
}

/**
 * call_rcu() for the sched flavour.
 *
 * @param func the function to run; receives the head and must not sleep
 * @kernel include/linux/rcupdate.h
 * @context any; does not sleep, nor may the function
 * @ordering release, to the function; acquire there, from the unlock of the sections it waited for
 */
export function call_rcu_sched(head: rcu_head, func: rcu_callback_t): Op<void> {
  storable(func);
  return request(CALL_RCU_SCHED, sched, head, func);
}

const rcuBarrier = barrier('rcu_barrier');
const rcuBarrierSched = barrier('rcu_barrier_sched');

/**
 * Waits until all call_rcu() callbacks queued so far, by any task, have run. It is not a grace period by itself.
 *
 * @kernel include/linux/rcutree.h
 * @context process context; may sleep
 * @ordering acquire, from the callbacks
 */
export function rcu_barrier(): Op<void> {
  return rcuBarrier(rcu);
}

/**
 * rcu_barrier() for call_rcu_sched().
 *
 * @kernel include/linux/rcutree.h
 * @context process context; may sleep
 * @ordering acquire, from the callbacks
 */
export function rcu_barrier_sched(): Op<void> {
  return rcuBarrierSched(sched);
}
