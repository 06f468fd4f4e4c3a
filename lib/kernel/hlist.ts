// SPDX-License-Identifier: GPL-2.0-only
/**
 * Lists with a head of one pointer, for the buckets of hash tables. After include/linux/list.h. A node knows the pointer that leads to
 * it, so that it can be removed without its head. As in Linux, lib/list_debug.c has no checks for them. Operations are plain memory
 * accesses: tasks that share a list need a lock.
 */
import {
  type Fields,
  makeStruct,
  objectOf,
  struct,
  type StructHandle,
  type StructOf,
  type StructType,
} from '../machine';
import { container_of } from './list';
import { poisonOf } from './poison';
import { ptr } from './types';

/** The head of a list, one pointer. Zeroed memory is an empty list. Embed it as `bucket: hlist_head`. */
export const hlist_head = struct('hlist_head', {
  /** The first node, or NULL. */
  first: ptr<hlist_node>(),
});
export interface hlist_head extends StructOf<typeof hlist_head> {}

/** A node of such a list. Zeroed memory is a node on no list. Embed it as `node: hlist_node`. */
export const hlist_node = struct('hlist_node', {
  /** The next node, or NULL. */
  next: ptr<hlist_node>(),
  /** What contains the pointer that leads here: the node before it, or the head; NULL on no list. */
  pprev: ptr<hlist_head | hlist_node>(),
});
export interface hlist_node extends StructOf<typeof hlist_node> {}

const LIST_POISON1 = poisonOf(hlist_node, 'LIST_POISON1', '0xdead000000000100');
export const HLIST_POISON2 = poisonOf(hlist_node, 'LIST_POISON2', '0xdead000000000122');

/**
 * Defines a static list, empty.
 *
 * @kernel include/linux/list.h
 */
export function HLIST_HEAD(name: string): hlist_head {
  return makeStruct(hlist_head).makeStatic(name).handle;
}

/**
 * Makes a list empty.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function INIT_HLIST_HEAD(head: hlist_head): void {
  head.first = null;
}

/**
 * Makes a node one that is on no list.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function INIT_HLIST_NODE(node: hlist_node): void {
  node.next = null;
  node.pprev = null;
}

/** Whether a pointer to a node is in a head; otherwise it is in a node. */
export function isHead(pprev: hlist_head | hlist_node): pprev is hlist_head {
  return objectOf(pprev).typeName === hlist_head.typeName;
}

export function mustLead(pprev: hlist_head | hlist_node | null): hlist_head | hlist_node {
  if (pprev === null) throw new TypeError("Cannot set properties of null (setting 'next')");
  return pprev;
}

/** `*pprev = node` */
function lead(pprev: hlist_head | hlist_node | null, node: hlist_node | null): void {
  const from = mustLead(pprev);
  if (isHead(from)) from.first = node;
  else from.next = node;
}

/**
 * Whether a node is on no list: it was initialised, or removed by hlist_del_init().
 *
 * @returns whether it is on none; after hlist_del() it is false
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function hlist_unhashed(node: hlist_node): boolean {
  return node.pprev === null;
}

/**
 * Whether the list has no nodes.
 *
 * @returns whether it has none; without the lock it may already be stale
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 * @divergence a plain read; Linux marks it, and the writes that it can meet, so that there it is not a data race without the lock
 */
export function hlist_empty(head: hlist_head): boolean {
  return head.first === null;
}

/**
 * Adds a node at the front.
 *
 * @example
 * const client = struct('client', { id: int, node: hlist_node });
 * const bucket = HLIST_HEAD('bucket');
 * const [a, b, c] = [
 *   DEFINE_STATIC('a', client),
 *   DEFINE_STATIC('b', client),
 *   DEFINE_STATIC('c', client),
 * ];
 * function* fill() {
 *   INIT_HLIST_HEAD(bucket);
 *   for (const one of [a, b, c]) INIT_HLIST_NODE(one.node);
 *   a.id = 1;
 *   b.id = 2;
 *   c.id = 3;
 *   hlist_add_head(b.node, bucket);
 *   hlist_add_before(a.node, b.node);
 *   hlist_add_behind(c.node, b.node);
 *   let ids = '';
 *   for (const one of hlist_for_each_entry(bucket, client, 'node')) ids += one.id;
 *   for (const one of hlist_for_each_entry_safe(bucket, client, 'node')) hlist_del_init(one.node);
 *   return ids;
 * }
 * yield* fill(); // => '123'
 * hlist_unhashed(b.node); // => true
 * hlist_empty(bucket); // => true
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function hlist_add_head(node: hlist_node, head: hlist_head): void {
  const { first } = head;
  node.next = first;
  if (first !== null) first.pprev = node;
  head.first = node;
  node.pprev = head;
}

/**
 * Adds a node before another one.
 *
 * @param next the node that it is added before; it must be on a list
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function hlist_add_before(node: hlist_node, next: hlist_node): void {
  node.pprev = next.pprev;
  node.next = next;
  next.pprev = node;
  lead(node.pprev, node);
}

/**
 * Adds a node behind another one.
 *
 * @param prev the node that it is added behind; it must be on a list
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function hlist_add_behind(node: hlist_node, prev: hlist_node): void {
  node.next = prev.next;
  prev.next = node;
  node.pprev = prev;
  if (node.next !== null) node.next.pprev = node;
}

/** __hlist_del() */
function unlink(node: hlist_node): void {
  const { next, pprev } = node;
  lead(pprev, next);
  if (next !== null) next.pprev = pprev;
}

/**
 * Removes a node from its list. Its pointers are poisoned, so deleting it twice faults.
 *
 * @example
 * const client = struct('client', { node: hlist_node });
 * const idle = HLIST_HEAD('idle');
 * const busy = HLIST_HEAD('busy');
 * const one = DEFINE_STATIC('one', client);
 * yield* might_sleep();
 * hlist_add_head(one.node, idle);
 * hlist_move_list(idle, busy);
 * hlist_empty(idle); // => true
 * busy.first !== null && hlist_entry(busy.first, client, 'node') === one; // => true
 * hlist_entry_safe(idle.first, client, 'node'); // => null
 * hlist_del(one.node);
 * hlist_unhashed(one.node); // => false
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function hlist_del(node: hlist_node): void {
  unlink(node);
  node.next = LIST_POISON1;
  node.pprev = HLIST_POISON2;
}

/**
 * Removes a node from its list, if it is on one, and leaves it on none.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function hlist_del_init(node: hlist_node): void {
  if (hlist_unhashed(node)) return;
  unlink(node);
  INIT_HLIST_NODE(node);
}

/**
 * Moves everything from one list to another, which loses what it had, and leaves the first empty.
 *
 * @param from the list that gives its nodes away
 * @param to the list that gets them
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function hlist_move_list(from: hlist_head, to: hlist_head): void {
  to.first = from.first;
  if (to.first !== null) to.first.pprev = to;
  from.first = null;
}

/**
 * The structure around a node: container_of() under its list name.
 *
 * @param type the type of the structure
 * @param member name of the hlist_node in that structure
 * @returns the structure
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function hlist_entry<F extends Fields>(
  node: hlist_node,
  type: StructType<F>,
  member: keyof F & string,
): StructHandle<F> {
  return container_of(node, type, member);
}

/**
 * hlist_entry() of a node that may be NULL.
 *
 * @param node the node, or NULL
 * @param type the type of the structure
 * @param member name of the hlist_node in that structure
 * @returns the structure, or NULL for NULL
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function hlist_entry_safe<F extends Fields>(
  node: hlist_node | null,
  type: StructType<F>,
  member: keyof F & string,
): StructHandle<F> | null {
  return node === null ? null : container_of(node, type, member);
}

/**
 * Iterates over the structures on a list. Reads each next pointer only when the loop gets there, so the body must not free the
 * current structure: use hlist_for_each_entry_safe() for that.
 *
 * @param type the type of the structures on it
 * @param member name of the hlist_node in that structure
 * @returns an iterable for a `for` loop; use no `yield*` before it
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function* hlist_for_each_entry<F extends Fields>(
  head: hlist_head,
  type: StructType<F>,
  member: keyof F & string,
): Generator<StructHandle<F>, void, undefined> {
  for (let node = head.first; node !== null; node = node.next)
    yield container_of(node, type, member);
}

/**
 * hlist_for_each_entry() that reads the next pointer before the body runs, so the body may delete the current structure. This does
 * not protect against other tasks.
 *
 * @param type the type of the structures on it
 * @param member name of the hlist_node in that structure
 * @returns an iterable for a `for` loop; use no `yield*` before it
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function* hlist_for_each_entry_safe<F extends Fields>(
  head: hlist_head,
  type: StructType<F>,
  member: keyof F & string,
): Generator<StructHandle<F>, void, undefined> {
  for (let node = head.first; node !== null;) {
    const { next } = node;
    yield container_of(node, type, member);
    node = next;
  }
}
