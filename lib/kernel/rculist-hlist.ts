// SPDX-License-Identifier: GPL-2.0-only
/**
 * Lists with a head of one pointer that are read without their lock. After include/linux/rculist.h. Writers still need a lock of their
 * own; a node that was removed may be freed after a grace period.
 */
import { composite, type Fields, type Op, type StructHandle, type StructType } from '../machine';
import {
  hlist_entry_safe,
  type hlist_head,
  type hlist_node,
  hlist_unhashed,
  HLIST_POISON2,
  isHead,
  mustLead,
} from './hlist';
import { WRITE_ONCE } from './once';
import { rcu_assign_pointer, rcu_dereference } from './rcu-pointer';

/** rcu_assign_pointer(*pprev, node) */
function publish(pprev: hlist_head | hlist_node | null, node: hlist_node): Op<void> {
  const from = mustLead(pprev);
  return isHead(from)
    ? rcu_assign_pointer(from, 'first', node)
    : rcu_assign_pointer(from, 'next', node);
}

function* linking(
  node: hlist_node,
  pprev: hlist_head | hlist_node | null,
  next: hlist_node | null,
): Op<void> {
  node.next = next;
  yield* WRITE_ONCE(node, 'pprev', pprev);
  yield* publish(pprev, node);
  if (next !== null) yield* WRITE_ONCE(next, 'pprev', node);
}

function* atFront(node: hlist_node, head: hlist_head): Op<void> {
  yield* linking(node, head, head.first);
}

function* before(node: hlist_node, next: hlist_node): Op<void> {
  yield* linking(node, next.pprev, next);
}

function* behind(node: hlist_node, prev: hlist_node): Op<void> {
  yield* linking(node, prev, prev.next);
}

/** __hlist_del(), and what is left in the node. */
function* unlinking(node: hlist_node, left: typeof HLIST_POISON2 | null): Op<void> {
  const { next, pprev } = node;
  const from = mustLead(pprev);
  if (isHead(from)) yield* WRITE_ONCE(from, 'first', next);
  else yield* WRITE_ONCE(from, 'next', next);
  if (next !== null) yield* WRITE_ONCE(next, 'pprev', pprev);
  yield* WRITE_ONCE(node, 'pprev', left);
}

function* unlinkingIfLinked(node: hlist_node): Op<void> {
  if (!hlist_unhashed(node)) yield* unlinking(node, null);
}

/**
 * Adds a node at the front of a list that others may be reading. Earlier writes to its structure are visible to the task that finds
 * it.
 *
 * @kernel include/linux/rculist.h
 * @context under the lock for changes of the list; does not sleep
 * @ordering release, to tasks that find the node
 */
export function hlist_add_head_rcu(node: hlist_node, head: hlist_head): Op<void> {
  return composite('hlist_add_head_rcu', atFront(node, head));
}

/**
 * Adds a node before another one in a list that others may be reading.
 *
 * @param next the node that it is added before; it must be on a list
 * @kernel include/linux/rculist.h
 * @context under the lock for changes of the list; does not sleep
 * @ordering release, to tasks that find the node
 */
export function hlist_add_before_rcu(node: hlist_node, next: hlist_node): Op<void> {
  return composite('hlist_add_before_rcu', before(node, next));
}

/**
 * Adds a node behind another one in a list that others may be reading.
 *
 * @param prev the node that it is added behind; it must be on a list
 * @kernel include/linux/rculist.h
 * @context under the lock for changes of the list; does not sleep
 * @ordering release, to tasks that find the node
 */
export function hlist_add_behind_rcu(node: hlist_node, prev: hlist_node): Op<void> {
  return composite('hlist_add_behind_rcu', behind(node, prev));
}

/**
 * Removes a node from a list that others may be reading. A task that is at it can still continue from there, so it may only be freed or
 * added again after a grace period.
 *
 * @example
 * const client = struct('client', { id: int, node: hlist_node, rcu: rcu_head });
 * const bucket = HLIST_HEAD('bucket');
 * const lock = DEFINE_SPINLOCK('lock');
 * function* find(id: number) {
 *   let known = false;
 *   yield* rcu_read_lock();
 *   for (
 *     let one = yield* hlist_first_or_null_rcu(bucket, client, 'node');
 *     one !== null;
 *     one = yield* hlist_next_or_null_rcu(one.node, client, 'node')
 *   )
 *     if (one.id === id) known = true;
 *   yield* rcu_read_unlock();
 *   return known;
 * }
 * const one = yield* kzalloc(client, GFP_KERNEL);
 * if (one === null) return;
 * one.id = 1;
 * yield* spin_lock(lock);
 * yield* hlist_add_head_rcu(one.node, bucket);
 * yield* spin_unlock(lock);
 * yield* find(1); // => true
 * yield* spin_lock(lock);
 * yield* hlist_del_rcu(one.node);
 * yield* spin_unlock(lock);
 * yield* kfree_rcu(one, 'rcu');
 * @kernel include/linux/rculist.h
 * @context under the lock for changes of the list; does not sleep
 * @ordering none
 */
export function hlist_del_rcu(node: hlist_node): Op<void> {
  return composite('hlist_del_rcu', unlinking(node, HLIST_POISON2));
}

/**
 * hlist_del_rcu() that leaves the node on no list, so that hlist_unhashed() is true and removing it again does nothing.
 *
 * @example
 * const client = struct('client', { node: hlist_node });
 * const bucket = HLIST_HEAD('bucket');
 * const lock = DEFINE_SPINLOCK('lock');
 * const a = DEFINE_STATIC('a', client);
 * const b = DEFINE_STATIC('b', client);
 * const c = DEFINE_STATIC('c', client);
 * yield* spin_lock(lock);
 * yield* hlist_add_head_rcu(b.node, bucket);
 * yield* hlist_add_before_rcu(a.node, b.node);
 * yield* hlist_add_behind_rcu(c.node, b.node);
 * for (const one of [a, b, c, c]) yield* hlist_del_init_rcu(one.node);
 * hlist_empty(bucket) && hlist_unhashed(c.node); // => true
 * yield* spin_unlock(lock);
 * @kernel include/linux/rculist.h
 * @context under the lock for changes of the list; does not sleep
 * @ordering none
 */
export function hlist_del_init_rcu(node: hlist_node): Op<void> {
  return composite('hlist_del_init_rcu', unlinkingIfLinked(node));
}

function* first<F extends Fields>(
  head: hlist_head,
  type: StructType<F>,
  member: keyof F & string,
): Op<StructHandle<F> | null> {
  return hlist_entry_safe(yield* rcu_dereference(head, 'first'), type, member);
}

function* next<F extends Fields>(
  node: hlist_node,
  type: StructType<F>,
  member: keyof F & string,
): Op<StructHandle<F> | null> {
  return hlist_entry_safe(yield* rcu_dereference(node, 'next'), type, member);
}

/**
 * The first structure on a list that others may be changing: where a walk begins.
 *
 * @param type the structures that are on it
 * @param member name of the hlist_node in them
 * @returns the structure, or NULL if the list is empty
 * @kernel include/linux/rculist.h
 * @context inside rcu_read_lock(); does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 * @divergence in C a part of hlist_for_each_entry_rcu()
 */
export function hlist_first_or_null_rcu<F extends Fields>(
  head: hlist_head,
  type: StructType<F>,
  member: keyof F & string,
): Op<StructHandle<F> | null> {
  return composite('hlist_first_or_null_rcu', first(head, type, member));
}

/**
 * The structure after a node, on a list that others may be changing: the next step of a walk.
 *
 * @param type the structures that are on it
 * @param member name of the hlist_node in them
 * @returns the structure, or NULL at the end of the list
 * @kernel include/linux/rculist.h
 * @context inside rcu_read_lock(); does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 * @divergence in C a part of hlist_for_each_entry_rcu()
 */
export function hlist_next_or_null_rcu<F extends Fields>(
  node: hlist_node,
  type: StructType<F>,
  member: keyof F & string,
): Op<StructHandle<F> | null> {
  return composite('hlist_next_or_null_rcu', next(node, type, member));
}
