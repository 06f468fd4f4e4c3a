// SPDX-License-Identifier: GPL-2.0-only
/**
 * User namespaces, only as far as they own other namespaces, with a limit on how many of these a user may have. After
 * include/linux/user_namespace.h and kernel/ucount.c. There is one user, one counted kind, and no parent.
 */
import {
  composite,
  makeStruct,
  objectOf,
  type Op,
  request,
  struct,
  type StructOf,
} from '../machine';
import { atomic_dec_return, atomic_read, atomic_t } from './atomic';
import { WARN } from './bug';
import { rmw } from './counter';
import { refcount_dec_and_test, refcount_inc, refcount_read, refcount_t } from './refcount';
import { int, ptr } from './types';

/** The kind that inc_ucount() counts here: IPC namespaces. @kernel include/linux/user_namespace.h */
export const UCOUNT_IPC_NAMESPACES = 3;

/** How many IPC namespaces a user has in a user namespace. @kernel include/linux/user_namespace.h */
export const ucounts = struct('ucounts', {
  /** The user namespace it is counted in. */
  ns: ptr.unchecked<user_namespace>(),
  /** How many there are. */
  ucount: atomic_t,
});
export interface ucounts extends StructOf<typeof ucounts> {}

/** A user namespace, with its limits. @kernel include/linux/user_namespace.h */
export const user_namespace = struct('user_namespace', {
  /** References. */
  count: refcount_t,
  /** The limit for one user. */
  ucount_max: int,
  /** The counts of the only user. The kernel allocates them for each user and finds them by a hash. */
  ucounts: ucounts,
});
export interface user_namespace extends StructOf<typeof user_namespace> {}

/**
 * Defines a user namespace that always exists, with a limit on its IPC namespaces.
 *
 * @param ucount_max the limit
 * @kernel include/linux/user_namespace.h
 * @divergence Linux has init_user_ns, and the others are made and freed; the limit is a sysctl
 */
export function DEFINE_USER_NAMESPACE(name: string, ucount_max: number): user_namespace {
  const object = makeStruct(user_namespace);
  object.initial = ({ values }) => {
    const ns = object.handle;
    const count = objectOf(ns.count);
    count.state = 1;
    count.initialised = true;
    values[object.slot('ucount_max')] = ucount_max;
    const counts = objectOf(ns.ucounts);
    counts.values[counts.slot('ns')] = ns;
  };
  return object.makeStatic(name).handle;
}

/**
 * Takes a reference to a user namespace.
 *
 * @kernel include/linux/user_namespace.h
 * @context any, with a reference; does not sleep
 * @ordering none
 */
export function get_user_ns(ns: user_namespace): Op<void> {
  return refcount_inc(ns.count);
}

/**
 * Drops a reference to a user namespace.
 *
 * @kernel include/linux/user_namespace.h
 * @context any; does not sleep
 * @ordering release
 * @divergence dropping the last one is reported and frees nothing
 */
export function put_user_ns(ns: user_namespace): Op<void> {
  return composite('put_user_ns', putting(ns));
}

function* putting(ns: user_namespace): Op<void> {
  WARN(yield* refcount_dec_and_test(ns.count), 'put_user_ns: a reference too many was dropped');
}

/**
 * Counts one more of a kind, unless the limit is reached.
 *
 * @example
 * const user_ns = DEFINE_USER_NAMESPACE('user_ns', 1);
 * yield* get_user_ns(user_ns);
 * const counted = yield* inc_ucount(user_ns, 0, UCOUNT_IPC_NAMESPACES);
 * yield* inc_ucount(user_ns, 0, UCOUNT_IPC_NAMESPACES); // => null
 * if (counted !== null) yield* dec_ucount(counted, UCOUNT_IPC_NAMESPACES);
 * yield* put_user_ns(user_ns);
 * yield* countsOf(user_ns); // => { ipc: 0, references: 1 }
 * @returns the counts, for dec_ucount(); NULL at the limit
 * @kernel include/linux/user_namespace.h
 * @context process context; may sleep
 * @ordering full when it counts, none at the limit
 * @divergence at the limit it looks at the newest count, fully ordered; in the kernel that may be stale, if nothing else orders it
 */
export function inc_ucount(ns: user_namespace, _uid: number, _type: number): Op<ucounts | null> {
  return composite('inc_ucount', counting(ns));
}

function* counting(ns: user_namespace): Op<ucounts | null> {
  const { ucounts: counts, ucount_max } = ns;
  return (yield* request(BELOW, objectOf(counts.ucount), ucount_max)) ? counts : null;
}

const BELOW = rmw<[limit: number], boolean>(
  'atomic_long_inc_below',
  (count, { a: limit }) => {
    const below = count < limit;
    return { value: below ? count + 1 : count, result: below };
  },
  () => 'full',
);

/**
 * Counts one less.
 *
 * @kernel include/linux/user_namespace.h
 * @context any; does not sleep
 * @ordering full
 */
export function dec_ucount(counts: ucounts, _type: number): Op<void> {
  return composite('dec_ucount', discounting(counts));
}

function* discounting(counts: ucounts): Op<void> {
  const left = yield* atomic_dec_return(counts.ucount);
  WARN(left < 0, 'WARN_ON_ONCE(dec < 0) in dec_ucount');
}

/**
 * For checks: the user's number of IPC namespaces, and the number of references to the user namespace.
 *
 * @returns both counts
 */
export function* countsOf(ns: user_namespace): Op<{
  /** IPC namespaces the user has. */
  ipc: number;
  /** References to the user namespace. */
  references: number;
}> {
  const ipc = yield* atomic_read(ns.ucounts.ucount);
  return { ipc, references: yield* refcount_read(ns.count) };
}
