// SPDX-License-Identifier: GPL-2.0-only
/** Freeing after a grace period. After include/linux/rcupdate.h. */
import { type Handle, type Kind, objectOf, type Op, request, StructObject } from '../machine';
import { caller, Head, queueCallback, type rcu_callback_t, type rcu_head } from './rcu-callback';
import { beginning, type Domain, rcu } from './rcu-state';
import { kfree } from './slab';

const KFREE_RCU = caller('kfree_rcu', rcu.log);

const NOTHING: Kind<null, [], void> = {
  name: 'kfree_rcu',
  access: 'none',
  perform: () => undefined,
};

/** The memory has no rcu_head: one is made for it. */
const MIGHT_SLEEP: Kind<Domain, [free: rcu_callback_t], void> = {
  name: 'kfree_rcu_mightsleep',
  access: 'write',
  extra: () => beginning(rcu.log),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'kfree_rcu_mightsleep', site),
  perform(machine, task, { a: free }) {
    const head = new Head();
    machine.settle(head, task);
    queueCallback(machine, task, rcu, rcu.log, { head, func: free });
  },
};

function freeing(object: Handle): rcu_callback_t {
  return function* kfree_rcu_callback(): Op<void> {
    yield* kfree(object);
  };
}

/**
 * Frees an object after a grace period; `member` names its rcu_head. NULL is fine.
 *
 * @param object the object to free, or NULL
 * @param member name of the rcu_head in it
 * @kernel include/linux/rcupdate.h
 * @context any; does not sleep
 * @ordering as call_rcu()
 */
export function kfree_rcu<H extends Handle, K extends string>(
  object: (H & Readonly<Record<K, rcu_head>>) | null,
  member: K,
): Op<void> {
  if (object === null) return request(NOTHING, null);
  if (!(objectOf(object) instanceof StructObject)) throw new TypeError('kfree_rcu: no structure');
  return request(KFREE_RCU, rcu, object[member], freeing(object));
}

/**
 * kfree_rcu() for memory that may come from kvmalloc_array().
 *
 * @param object the object to free, or NULL
 * @param member name of the rcu_head in it
 * @kernel include/linux/rcupdate.h
 * @context any; does not sleep
 * @ordering as call_rcu()
 */
export function kvfree_rcu<H extends Handle, K extends string>(
  object: (H & Readonly<Record<K, rcu_head>>) | null,
  member: K,
): Op<void> {
  return kfree_rcu(object, member);
}

/**
 * Frees an object without an rcu_head after a grace period. Until 6.4 kfree_rcu() with one argument did this, too.
 *
 * @example
 * const client = struct('client', { id: int, rcu: rcu_head });
 * const one = yield* kzalloc(client, GFP_KERNEL);
 * const two = yield* kzalloc(client, GFP_KERNEL);
 * yield* kfree_rcu_mightsleep(one);
 * yield* kvfree_rcu_mightsleep(two);
 * const three = yield* kzalloc(client, GFP_KERNEL);
 * yield* kvfree_rcu(three, 'rcu');
 * @param object the object to free, or NULL
 * @kernel include/linux/rcupdate.h
 * @context process context; may sleep
 * @ordering as call_rcu()
 * @divergence never waits itself, which Linux does where it has no memory for what it queues
 */
export function kfree_rcu_mightsleep(object: Handle | null): Op<void> {
  if (object === null) return request(NOTHING, null);
  objectOf(object); // a wild pointer faults here, at the call
  return request(MIGHT_SLEEP, rcu, freeing(object));
}

/**
 * kfree_rcu_mightsleep() for memory that may come from kvmalloc_array().
 *
 * @param object the object to free, or NULL
 * @kernel include/linux/rcupdate.h
 * @context process context; may sleep
 * @ordering as call_rcu()
 * @divergence as kfree_rcu_mightsleep()
 */
export function kvfree_rcu_mightsleep(object: Handle | null): Op<void> {
  return kfree_rcu_mightsleep(object);
}
