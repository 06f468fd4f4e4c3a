// SPDX-License-Identifier: GPL-2.0-only
/**
 * Lists that are read without their lock. After include/linux/rculist.h, with the checks of lib/list_debug.c. Writers still need a
 * lock of their own; a node that was removed may be freed after a grace period.
 */
import { composite, type Fields, type Op, type StructHandle, type StructType } from '../machine';
import {
  container_of,
  follow,
  LIST_POISON2,
  type list_head,
  validToAdd,
  validToDelete,
} from './list';
import { WRITE_ONCE } from './once';
import { rcu_assign_pointer, rcu_dereference } from './rcu-pointer';

/** __list_add_rcu() */
function* linking(node: list_head, prev: list_head, next: list_head): Op<void> {
  if (!validToAdd(node, prev, next)) return;
  node.next = next;
  node.prev = prev;
  yield* rcu_assign_pointer(prev, 'next', node);
  next.prev = node;
}

function* atFront(node: list_head, head: list_head): Op<void> {
  yield* linking(node, head, follow(head.next));
}

function* atEnd(node: list_head, head: list_head): Op<void> {
  yield* linking(node, follow(head.prev), head);
}

function* unlinking(node: list_head): Op<void> {
  if (!validToDelete(node)) return;
  const [next, prev] = [follow(node.next), follow(node.prev)];
  next.prev = prev;
  yield* WRITE_ONCE(prev, 'next', next);
  node.prev = LIST_POISON2;
}

/** list_replace_rcu() */
function* replacing(old: list_head, node: list_head): Op<void> {
  const [next, prev] = [follow(old.next), follow(old.prev)];
  node.next = next;
  node.prev = prev;
  yield* rcu_assign_pointer(prev, 'next', node);
  next.prev = node;
  old.prev = LIST_POISON2;
}

/**
 * Adds a node at the front of a list that others may be reading. Earlier writes to its structure are visible to the task that
 * finds it.
 *
 * @kernel include/linux/rculist.h
 * @context under the lock for changes of the list; does not sleep
 * @ordering release, to tasks that find the node
 */
export function list_add_rcu(node: list_head, head: list_head): Op<void> {
  return composite('list_add_rcu', atFront(node, head));
}

/**
 * Adds a node at the end of a list that others may be reading.
 *
 * @kernel include/linux/rculist.h
 * @context under the lock for changes of the list; does not sleep
 * @ordering release, to tasks that find the node
 */
export function list_add_tail_rcu(node: list_head, head: list_head): Op<void> {
  return composite('list_add_tail_rcu', atEnd(node, head));
}

/**
 * Removes a node from a list that others may be reading. A task that is at it can still continue from there, so it may only be freed or
 * added again after a grace period.
 *
 * @example
 * const client = struct('client', { id: int, node: list_head, rcu: rcu_head });
 * const clients = LIST_HEAD('clients');
 * const lock = DEFINE_SPINLOCK('lock');
 * function* sum() {
 *   let ids = 0;
 *   yield* rcu_read_lock();
 *   for (
 *     let one = yield* list_first_or_null_rcu(clients, client, 'node');
 *     one !== null;
 *     one = yield* list_next_or_null_rcu(clients, one.node, client, 'node')
 *   )
 *     ids += one.id;
 *   yield* rcu_read_unlock();
 *   return ids;
 * }
 * const one = yield* kzalloc(client, GFP_KERNEL);
 * const two = yield* kzalloc(client, GFP_KERNEL);
 * if (one === null || two === null) return;
 * one.id = 1;
 * two.id = 2;
 * yield* spin_lock(lock);
 * yield* list_add_rcu(one.node, clients);
 * yield* list_replace_rcu(one.node, two.node);
 * yield* spin_unlock(lock);
 * yield* sum(); // => 2
 * yield* kfree_rcu(one, 'rcu');
 * yield* spin_lock(lock);
 * yield* list_del_rcu(two.node);
 * yield* spin_unlock(lock);
 * yield* kfree_rcu(two, 'rcu');
 * @kernel include/linux/rculist.h
 * @context under the lock for changes of the list; does not sleep
 * @ordering none
 */
export function list_del_rcu(node: list_head): Op<void> {
  return composite('list_del_rcu', unlinking(node));
}

/**
 * Puts a node in another one's place in a list that others may be reading.
 *
 * @kernel include/linux/rculist.h
 * @context under the lock for changes of the list; does not sleep
 * @ordering release, to tasks that find the node
 */
export function list_replace_rcu(old: list_head, node: list_head): Op<void> {
  return composite('list_replace_rcu', replacing(old, node));
}

function* after<F extends Fields>(
  head: list_head,
  node: list_head,
  type: StructType<F>,
  member: keyof F & string,
): Op<StructHandle<F> | null> {
  const next = follow(yield* rcu_dereference(node, 'next'));
  return next === head ? null : container_of(next, type, member);
}

/**
 * The first structure on a list that others may be changing: where a walk begins.
 *
 * @example
 * const client = struct('client', { id: int, node: list_head });
 * const clients = LIST_HEAD('clients');
 * const one = DEFINE_STATIC('one', client);
 * yield* list_add_tail_rcu(one.node, clients);
 * yield* rcu_read_lock();
 * (yield* list_first_or_null_rcu(clients, client, 'node')) === one; // => true
 * yield* rcu_read_unlock();
 * @param type the structures that are on it
 * @param member name of the list_head in them
 * @returns the structure, or NULL if the list is empty
 * @kernel include/linux/rculist.h
 * @context inside rcu_read_lock(); does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 */
export function list_first_or_null_rcu<F extends Fields>(
  head: list_head,
  type: StructType<F>,
  member: keyof F & string,
): Op<StructHandle<F> | null> {
  return composite('list_first_or_null_rcu', after(head, head, type, member));
}

/**
 * The structure after a node, on a list that others may be changing: the next step of a walk.
 *
 * @param type the structures that are on it
 * @param member name of the list_head in them
 * @returns the structure, or NULL at the end of the list
 * @kernel include/linux/rculist.h
 * @context inside rcu_read_lock(); does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 * @divergence in C mostly a part of list_for_each_entry_rcu()
 */
export function list_next_or_null_rcu<F extends Fields>(
  head: list_head,
  node: list_head,
  type: StructType<F>,
  member: keyof F & string,
): Op<StructHandle<F> | null> {
  return composite('list_next_or_null_rcu', after(head, node, type, member));
}
