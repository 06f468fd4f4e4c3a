// SPDX-License-Identifier: GPL-2.0-only
/**
 * Two list operations that may meet without a lock: a node that others remove under the lock, and its owner, who asks whether they
 * have. After include/linux/list.h.
 */
import { composite, type Op } from '../machine';
import { type list_head, unlink } from './list';
import { READ_ONCE, smp_load_acquire, smp_store_release, WRITE_ONCE } from './once';

function* removing(node: list_head): Op<void> {
  if (!unlink(node)) return;
  yield* WRITE_ONCE(node, 'prev', node);
  yield* smp_store_release(node, 'next', node);
}

function* asking(head: list_head): Op<boolean> {
  const next = yield* smp_load_acquire(head, 'next');
  return next === head && (yield* READ_ONCE(head, 'prev')) === next;
}

/**
 * list_del_init() for a node whose owner asks list_empty_careful() without the lock. The owner then sees what the caller did before.
 *
 * @example
 * const waiter = struct('waiter', { granted: bool, node: list_head });
 * const waiters = LIST_HEAD('waiters');
 * const lock = DEFINE_SPINLOCK('lock');
 * const one = DEFINE_STATIC('one', waiter);
 * yield* spin_lock(lock);
 * list_add_tail(one.node, waiters);
 * yield* spin_unlock(lock);
 * const b = yield* spawn_task('b', function* () {
 *   yield* spin_lock(lock);
 *   one.granted = true;
 *   yield* list_del_init_careful(one.node);
 *   yield* spin_unlock(lock);
 * });
 * if (yield* list_empty_careful(one.node)) expect_true(one.granted, 'granted before removed');
 * yield* join(b);
 * yield* list_empty_careful(one.node); // => true
 * @kernel include/linux/list.h
 * @context under the lock of the list; does not sleep
 * @ordering release, to list_empty_careful() of the node
 */
export function list_del_init_careful(node: list_head): Op<void> {
  return composite('list_del_init_careful', removing(node));
}

/**
 * Whether a node was removed by list_del_init_careful(), asked without the lock. Nobody may add it again at the same time.
 *
 * @returns true if it was, or if the list is empty
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering acquire, from list_del_init_careful() of the node, when it returns true
 */
export function list_empty_careful(head: list_head): Op<boolean> {
  return composite('list_empty_careful', asking(head));
}
