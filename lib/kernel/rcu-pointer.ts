// SPDX-License-Identifier: GPL-2.0-only
/** Pointers that RCU readers follow. After include/linux/rcupdate.h; rcupdate.ts has sections and grace periods. */
import { composite, type Handle, type Op } from '../machine';
import { fieldLoad, type FieldOf, fieldRequest, markedLoad, markedStore } from './once';
import { dereferenceIf, suspicious } from './rcu-check';

const DEREFERENCE = suspicious(
  'rcu_dereference',
  (depth) => depth > 0,
  'suspicious rcu_dereference_check() usage!',
);
const DEREFERENCE_CHECK = suspicious(
  'rcu_dereference_check',
  (depth, condition) => depth > 0 || condition === true,
  'suspicious rcu_dereference_check() usage!',
);
const DEREFERENCE_PROTECTED = dereferenceIf(
  'rcu_dereference_protected',
  'suspicious rcu_dereference_protected() usage!',
);
const DEREFERENCE_RAW = markedLoad('rcu_dereference_raw', 'dependency');
const ACCESS = markedLoad('rcu_access_pointer', 'relaxed');
const ASSIGN = markedStore('rcu_assign_pointer', 'release');
const INIT_POINTER = markedStore('RCU_INIT_POINTER', 'relaxed');

/**
 * Reads a pointer that another CPU may change, inside a read section. Its target can be used until the section ends.
 *
 * @example
 * const config = struct('config', { size: int });
 * const current_config = static_var<StructOf<typeof config> | null>('current_config', null);
 * const first = yield* kzalloc(config, GFP_KERNEL);
 * if (first === null) return;
 * const second = yield* kzalloc(config, GFP_KERNEL);
 * if (second === null) return;
 * second.size = 2;
 * yield* RCU_INIT_POINTER(current_config, 'value', first);
 * const reader = yield* spawn_task('reader', function* () {
 *   yield* rcu_read_lock();
 *   const seen = yield* rcu_dereference(current_config, 'value');
 *   if (seen !== null) expect_true(seen.size === 0 || seen.size === 2, 'the old one or the new one');
 *   yield* rcu_read_unlock();
 * });
 * yield* rcu_assign_pointer(current_config, 'value', second);
 * yield* synchronize_rcu();
 * yield* kfree(first);
 * yield* synchronize_rcu_expedited();
 * yield* grace_periods(); // => 2
 * (yield* grace_period_log()).length; // => 2
 * yield* join(reader);
 * (yield* rcu_dereference_protected(current_config, 'value', true)) === second; // => true
 * (yield* rcu_dereference_raw(current_config, 'value')) === second; // => true
 * (yield* rcu_access_pointer(current_config, 'value')) === second; // => true
 * yield* kfree(second);
 * @returns the pointer, which may be followed until the section ends
 * @kernel include/linux/rcupdate.h
 * @context inside rcu_read_lock(); does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 */
export function rcu_dereference<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
): Op<H[K]> {
  return fieldLoad(DEREFERENCE, object, field);
}

/**
 * Reads a pointer that cannot change because the caller holds its writers' lock; `condition` states that.
 *
 * @param condition whether the lock is held; false is reported
 * @returns the pointer
 * @kernel include/linux/rcupdate.h
 * @context any, with the condition true; does not sleep
 * @ordering none
 * @divergence a marked access, with an address dependency; in Linux a plain one, without
 */
export function rcu_dereference_protected<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  condition: boolean,
): Op<H[K]> {
  return fieldLoad(DEREFERENCE_PROTECTED, object, field, condition);
}

/**
 * rcu_dereference() for code that may also hold the lock under which the pointer changes; `condition` states that.
 *
 * @param condition whether the lock is held; false is reported outside of read sections
 * @returns the pointer
 * @kernel include/linux/rcupdate.h
 * @context inside rcu_read_lock(), or with the condition true; does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 */
export function rcu_dereference_check<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  condition: boolean,
): Op<H[K]> {
  return fieldLoad(DEREFERENCE_CHECK, object, field, condition);
}

/**
 * rcu_dereference() without a check, for code that is protected in another way and explains it in a comment.
 *
 * @returns the pointer
 * @kernel include/linux/rcupdate.h
 * @context any; does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 */
export function rcu_dereference_raw<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
): Op<H[K]> {
  return fieldLoad(DEREFERENCE_RAW, object, field);
}

/**
 * Reads a pointer only to compare it; it must not be followed.
 *
 * @returns the pointer, only for comparisons
 * @kernel include/linux/rcupdate.h
 * @context any; does not sleep
 * @ordering none
 */
export function rcu_access_pointer<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
): Op<H[K]> {
  return fieldLoad(ACCESS, object, field);
}

/**
 * Publishes a pointer: readers that get it from rcu_dereference() see the object as it was initialised.
 *
 * @example
 * const config = struct('config', { size: int, rcu: rcu_head });
 * const current_config = static_var<StructOf<typeof config> | null>('current_config', null);
 * function* free_config(head: rcu_head) {
 *   yield* kfree(container_of(head, config, 'rcu'));
 * }
 * const first = yield* kzalloc(config, GFP_KERNEL);
 * const second = yield* kzalloc(config, GFP_KERNEL);
 * if (first === null || second === null) return;
 * yield* rcu_assign_pointer(current_config, 'value', first);
 * yield* rcu_assign_pointer(current_config, 'value', second);
 * yield* call_rcu(first.rcu, free_config);
 * yield* rcu_barrier();
 * alive(first); // => false
 * yield* rcu_assign_pointer(current_config, 'value', null);
 * yield* kfree_rcu(second, 'rcu');
 * @kernel include/linux/rcupdate.h
 * @context any; does not sleep
 * @ordering release; none for a NULL that is written as such
 * @divergence release for every NULL
 */
export function rcu_assign_pointer<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  value: H[K],
): Op<void> {
  return fieldRequest(ASSIGN, object, field, value);
}

/**
 * Sets a pointer without publishing its target: for NULL, or before any other task can see the structure.
 *
 * @kernel include/linux/rcupdate.h
 * @context any; does not sleep
 * @ordering none
 */
export function RCU_INIT_POINTER<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  value: H[K],
): Op<void> {
  return fieldRequest(INIT_POINTER, object, field, value);
}

function* replacing<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  value: H[K],
  condition: boolean,
): Op<H[K]> {
  const old = yield* rcu_dereference_protected(object, field, condition);
  yield* rcu_assign_pointer(object, field, value);
  return old;
}

/**
 * Publishes a pointer in the place of another one, which the caller frees after a grace period.
 *
 * @example
 * const config = struct('config', { size: int, rcu: rcu_head });
 * const current_config = static_var<StructOf<typeof config> | null>('current_config', null);
 * const lock = DEFINE_SPINLOCK('lock');
 * const first = yield* kzalloc(config, GFP_KERNEL);
 * if (first === null) return;
 * yield* spin_lock(lock);
 * const held = lockdep_is_held(lock);
 * yield* rcu_replace_pointer(current_config, 'value', first, held);
 * (yield* rcu_dereference_check(current_config, 'value', held)) === first; // => true
 * const old = yield* rcu_replace_pointer(current_config, 'value', null, held);
 * yield* spin_unlock(lock);
 * yield* kfree_rcu_mightsleep(old);
 * @param condition whether the lock for changes is held; false is reported
 * @returns the pointer that was there
 * @kernel include/linux/rcupdate.h
 * @context any, with the condition true; does not sleep
 * @ordering release; none for a NULL that is written as such
 * @divergence release for every NULL
 */
export function rcu_replace_pointer<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  value: H[K],
  condition: boolean,
): Op<H[K]> {
  return composite('rcu_replace_pointer', replacing(object, field, value, condition));
}
