// SPDX-License-Identifier: GPL-2.0-only
/** Indivisible exchanges of plain fields. After include/linux/atomic/atomic-instrumented.h; orderings after atomic_t.txt. */
import { composite, type Handle, type Op, storable } from '../machine';
import type { Ordering } from './counter';
import { updateField } from './field-rmw';
import type { FieldOf } from './once';
import type { out } from './types';

function exchange<H extends Handle, K extends FieldOf<H>>(
  ordering: Ordering,
  object: H,
  field: K,
  value: H[K],
): Op<H[K]> {
  storable(value);
  return updateField(object, String(field), () => ({ value }), ordering, 'xchg') as Op<H[K]>; // a field holds what fits its type
}

function exchangeIf<H extends Handle, K extends FieldOf<H>>(
  ordering: Ordering,
  object: H,
  field: K,
  old: H[K],
  value: H[K],
): Op<H[K]> {
  storable(value);
  const update = (found: unknown): { value: unknown } | null => (found === old ? { value } : null);
  return updateField(object, String(field), update, ordering, 'cmpxchg') as Op<H[K]>; // as above
}

/**
 * Writes a field and gives what it held before.
 *
 * @example
 * const device = struct('device', { state: int, buffer: ptr<object>() });
 * const one = DEFINE_STATIC('one', device);
 * yield* xchg(one, 'state', 2); // => 0
 * yield* xchg_relaxed(one, 'state', 3); // => 2
 * @param value the new value
 * @returns the old value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full
 */
export function xchg<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  value: H[K],
): Op<H[K]> {
  return exchange('full', object, field, value);
}

/**
 * xchg() that orders nothing.
 *
 * @param value the new value
 * @returns the old value
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function xchg_relaxed<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  value: H[K],
): Op<H[K]> {
  return exchange('relaxed', object, field, value);
}

/**
 * Writes a field if it holds what is expected.
 *
 * @example
 * const owner = static_var('owner', 0);
 * const count = static_var('count', 0);
 * function* once(id: number) {
 *   if ((yield* cmpxchg(owner, 'value', 0, id)) === 0) count.value++;
 * }
 * const b = yield* spawn_task('b', () => once(2));
 * yield* once(1);
 * yield* join(b);
 * count.value; // => 1
 * @param old what is expected
 * @param value the new value
 * @returns what it held: equal to `old` if it was written
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full if it was written, none otherwise
 */
export function cmpxchg<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  old: H[K],
  value: H[K],
): Op<H[K]> {
  return exchangeIf('full', object, field, old, value);
}

/**
 * cmpxchg() that orders only what comes after it.
 *
 * @example
 * const lock = static_var('lock', 0);
 * const count = static_var('count', 0);
 * if ((yield* cmpxchg_acquire(lock, 'value', 0, 1)) === 0) {
 *   count.value++;
 *   yield* cmpxchg_release(lock, 'value', 1, 0);
 * }
 * yield* cmpxchg_relaxed(lock, 'value', 2, 3); // => 0
 * @param old what is expected
 * @param value the new value
 * @returns what it held: equal to `old` if it was written
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering acquire if it was written, none otherwise
 */
export function cmpxchg_acquire<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  old: H[K],
  value: H[K],
): Op<H[K]> {
  return exchangeIf('acquire', object, field, old, value);
}

/**
 * cmpxchg() that orders only what came before it.
 *
 * @param old what is expected
 * @param value the new value
 * @returns what it held: equal to `old` if it was written
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering release if it was written, none otherwise
 */
export function cmpxchg_release<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  old: H[K],
  value: H[K],
): Op<H[K]> {
  return exchangeIf('release', object, field, old, value);
}

/**
 * cmpxchg() that orders nothing.
 *
 * @param old what is expected
 * @param value the new value
 * @returns what it held: equal to `old` if it was written
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function cmpxchg_relaxed<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  old: H[K],
  value: H[K],
): Op<H[K]> {
  return exchangeIf('relaxed', object, field, old, value);
}

function* trying<H extends Handle, K extends FieldOf<H>>(
  ordering: Ordering,
  object: H,
  field: K,
  old: out<H[K]>,
  value: H[K],
): Op<boolean> {
  const expected = old.value;
  const found = yield* exchangeIf(ordering, object, field, expected, value);
  if (found === expected) return true;
  old.value = found;
  return false;
}

/**
 * cmpxchg() that says whether it wrote; if not, `old` is what the field held.
 *
 * @example
 * const count = static_var('count', 0);
 * yield* xchg_relaxed(count, 'value', 0);
 * const old = { value: 7 };
 * yield* try_cmpxchg(count, 'value', old, 8); // => false
 * yield* try_cmpxchg(count, 'value', old, 8); // => true
 * @param old what is expected, and then what was found
 * @param value the new value
 * @returns true if it was written
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering full if it was written, none otherwise
 */
export function try_cmpxchg<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  old: out<H[K]>,
  value: H[K],
): Op<boolean> {
  return composite('try_cmpxchg', trying('full', object, field, old, value));
}

/**
 * try_cmpxchg() that orders only what comes after it.
 *
 * @example
 * const lock = static_var('lock', 0);
 * yield* xchg_relaxed(lock, 'value', 0);
 * const old = { value: 0 };
 * if (yield* try_cmpxchg_acquire(lock, 'value', old, 1)) {
 *   old.value = 1;
 *   yield* try_cmpxchg_release(lock, 'value', old, 2);
 * }
 * old.value = 7;
 * yield* try_cmpxchg_relaxed(lock, 'value', old, 3); // => false
 * @param old what is expected, and then what was found
 * @param value the new value
 * @returns true if it was written
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering acquire if it was written, none otherwise
 */
export function try_cmpxchg_acquire<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  old: out<H[K]>,
  value: H[K],
): Op<boolean> {
  return composite('try_cmpxchg', trying('acquire', object, field, old, value));
}

/**
 * try_cmpxchg() that orders only what came before it.
 *
 * @param old what is expected, and then what was found
 * @param value the new value
 * @returns true if it was written
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering release if it was written, none otherwise
 */
export function try_cmpxchg_release<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  old: out<H[K]>,
  value: H[K],
): Op<boolean> {
  return composite('try_cmpxchg', trying('release', object, field, old, value));
}

/**
 * try_cmpxchg() that orders nothing.
 *
 * @param old what is expected, and then what was found
 * @param value the new value
 * @returns true if it was written
 * @kernel include/linux/atomic.h
 * @context any; does not sleep
 * @ordering none
 */
export function try_cmpxchg_relaxed<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  old: out<H[K]>,
  value: H[K],
): Op<boolean> {
  return composite('try_cmpxchg', trying('relaxed', object, field, old, value));
}
