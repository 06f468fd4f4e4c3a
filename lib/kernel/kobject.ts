// SPDX-License-Identifier: GPL-2.0-only
/** Objects with a reference count and a function that frees them. After include/linux/kobject.h and lib/kobject.c, without sysfs. */
import {
  composite,
  current,
  here,
  type MachineObject,
  objectOf,
  type Op,
  struct,
  type StructOf,
} from '../machine';
import { kref, kref_get, kref_get_unless_zero, kref_init, kref_put } from './kref';
import { container_of } from './list';
import { bool, fn } from './types';

/** Counts references; is freed with the last. Embed it as `kobj: kobject`. */
export const kobject = struct('kobject', {
  /** The references. */
  kref: kref,
  /** Called when the last reference is gone. */
  release: fn<(kobj: kobject) => Op<unknown>>(),
  /** kobject_init() has run on it. */
  state_initialized: bool,
});
export interface kobject extends StructOf<typeof kobject> {}

/** WARN() of an object. */
export function warnOf(message: string, object: MachineObject): void {
  current.machine.complain({ check: 'warn', message, object, site: here() });
}

function* initialising(kobj: kobject, release: (kobj: kobject) => Op<unknown>): Op<void> {
  if (kobj.state_initialized) {
    const { label } = objectOf(kobj);
    const message = `kobject (${label}): tried to init an initialized object, something is seriously wrong.`;
    warnOf(message, objectOf(kobj));
  }
  yield* kref_init(kobj.kref);
  kobj.release = release;
  kobj.state_initialized = true;
}

function check(kobj: kobject, name: string): void {
  if (kobj.state_initialized) return;
  const { label } = objectOf(kobj);
  const message = `kobject: '(null)' (${label}): is not initialized, yet ${name}() is being called.`;
  warnOf(message, objectOf(kobj));
}

function* getting(kobj: kobject): Op<kobject> {
  check(kobj, 'kobject_get');
  yield* kref_get(kobj.kref);
  return kobj;
}

function* gettingUnlessZero(kobj: kobject): Op<kobject | null> {
  return (yield* kref_get_unless_zero(kobj.kref)) ? kobj : null;
}

function* released(ref: kref): Op<void> {
  const kobj = container_of(ref, kobject, 'kref');
  if (kobj.release !== null) yield* kobj.release(kobj);
}

function* putting(kobj: kobject): Op<void> {
  check(kobj, 'kobject_put');
  yield* kref_put(kobj.kref, released);
}

function* nothing<T>(value: T): Op<T> {
  return value;
}

/**
 * Makes an object usable, with one reference.
 *
 * @example
 * const client = struct('client', { kobj: kobject, id: int });
 * function* client_release(kobj: kobject) {
 *   yield* kfree(container_of(kobj, client, 'kobj'));
 * }
 * const one = yield* kzalloc(client, GFP_KERNEL);
 * if (one === null) return;
 * yield* kobject_init(one.kobj, client_release);
 * yield* kobject_get(one.kobj);
 * (yield* kobject_get_unless_zero(one.kobj)) === one.kobj; // => true
 * yield* kobject_put(one.kobj);
 * yield* kobject_put(one.kobj);
 * yield* kobject_put(one.kobj);
 * alive(one); // => false
 * @param release called when the last reference is gone; it frees the structure around the object
 * @kernel include/linux/kobject.h
 * @context any; does not sleep
 * @ordering none
 * @divergence takes the function, not a kobj_type that has it
 */
export function kobject_init(kobj: kobject, release: (kobj: kobject) => Op<unknown>): Op<void> {
  return composite('kobject_init', initialising(kobj, release));
}

/**
 * Takes a reference. The caller must have one already. NULL is allowed.
 *
 * @param kobj the object, or NULL
 * @returns the object
 * @kernel include/linux/kobject.h
 * @context any; does not sleep
 * @ordering none
 */
export function kobject_get(kobj: kobject | null): Op<kobject | null> {
  return composite('kobject_get', kobj === null ? nothing(null) : getting(kobj));
}

/**
 * Takes a reference unless the last is gone already.
 *
 * @returns the object, or NULL if the last reference is gone
 * @kernel include/linux/kobject.h
 * @context any, while the memory is still there; does not sleep
 * @ordering none
 */
export function kobject_get_unless_zero(kobj: kobject): Op<kobject | null> {
  return composite('kobject_get_unless_zero', gettingUnlessZero(kobj));
}

/**
 * Drops a reference. With the last the function of kobject_init() is called. NULL is allowed.
 *
 * @param kobj the object, or NULL
 * @kernel include/linux/kobject.h
 * @context any in which that function may run; sleeps if it does
 * @ordering release, and acquire for the last one
 */
export function kobject_put(kobj: kobject | null): Op<void> {
  return composite('kobject_put', kobj === null ? nothing(undefined) : putting(kobj));
}
