// SPDX-License-Identifier: GPL-2.0-only
/** Single places of a list, and walks that begin elsewhere than at its front. After include/linux/list.h. Accesses are plain. */
import type { Fields, StructHandle, StructType } from '../machine';
import { container_of, follow, list_empty, type list_head } from './list';

/**
 * Whether a node is the first of a list.
 *
 * @returns whether it is
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_is_first(node: list_head, head: list_head): boolean {
  return node.prev === head;
}

/**
 * Whether a node is the last of a list.
 *
 * @returns whether it is
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_is_last(node: list_head, head: list_head): boolean {
  return node.next === head;
}

/**
 * Whether a list has exactly one node.
 *
 * @returns whether it has
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_is_singular(head: list_head): boolean {
  return !list_empty(head) && head.next === head.prev;
}

/**
 * Counts the nodes of a list.
 *
 * @returns how many there are
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_count_nodes(head: list_head): number {
  let count = 0;
  for (let node = head.next; node !== head; node = follow(node).next) count++;
  return count;
}

/** The member of a structure that is a node, by its name. */
function nodeOf<F extends Fields>(entry: StructHandle<F>, member: keyof F & string): list_head {
  return (entry as Readonly<Record<string, list_head>>)[member] as list_head; // container_of() refuses what is not one
}

/**
 * The structure around the first node.
 *
 * @example
 * const client = struct('client', { id: int, node: list_head });
 * const clients = LIST_HEAD('clients');
 * const a = DEFINE_STATIC('a', client);
 * const b = DEFINE_STATIC('b', client);
 * function* backwards() {
 *   let ids = '';
 *   for (const one of list_for_each_entry_reverse(clients, client, 'node')) ids += one.id;
 *   return ids;
 * }
 * yield* might_sleep();
 * list_first_entry_or_null(clients, client, 'node'); // => null
 * list_is_singular(clients); // => false
 * list_add_tail(a.node, clients);
 * list_add_tail(b.node, clients);
 * a.id = 1;
 * b.id = 2;
 * yield* backwards(); // => '21'
 * list_first_entry_or_null(clients, client, 'node') === a; // => true
 * list_last_entry(clients, client, 'node') === b; // => true
 * list_next_entry(a, client, 'node') === b; // => true
 * list_prev_entry(b, client, 'node') === a; // => true
 * list_is_first(b.node, clients); // => false
 * list_is_last(b.node, clients); // => true
 * list_count_nodes(clients); // => 2
 * Array.from(list_for_each_entry_continue(a, clients, client, 'node')).indexOf(b); // => 0
 * Array.from(list_for_each_entry_from(a, clients, client, 'node')).length; // => 2
 * @param type the type of the structure
 * @param member name of the list_head in that structure
 * @returns the structure, or NULL if the list is empty
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 * @divergence a plain read; Linux marks it, and the writes that it can meet, so that there it is not a data race without the lock
 */
export function list_first_entry_or_null<F extends Fields>(
  head: list_head,
  type: StructType<F>,
  member: keyof F & string,
): StructHandle<F> | null {
  const first = follow(head.next);
  return first === head ? null : container_of(first, type, member);
}

/**
 * The structure around the last node; the list must not be empty.
 *
 * @param type the type of the structure
 * @param member name of the list_head in that structure
 * @returns the structure
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_last_entry<F extends Fields>(
  head: list_head,
  type: StructType<F>,
  member: keyof F & string,
): StructHandle<F> {
  return container_of(follow(head.prev), type, member);
}

/**
 * The structure after another one on its list; there must be one.
 *
 * @param entry a structure that is on a list
 * @param type the type of both
 * @param member name of the list_head in them
 * @returns the next structure
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_next_entry<F extends Fields>(
  entry: StructHandle<F>,
  type: StructType<F>,
  member: keyof F & string,
): StructHandle<F> {
  return container_of(follow(nodeOf(entry, member).next), type, member);
}

/**
 * The structure before another one on its list; there must be one.
 *
 * @param entry a structure that is on a list
 * @param type the type of both
 * @param member name of the list_head in them
 * @returns the previous structure
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 * @divergence before the first one it faults; in C it gives a wrong pointer
 */
export function list_prev_entry<F extends Fields>(
  entry: StructHandle<F>,
  type: StructType<F>,
  member: keyof F & string,
): StructHandle<F> {
  return container_of(follow(nodeOf(entry, member).prev), type, member);
}

/**
 * Iterates over the structures on a list from the last to the first. The body must not free the current one.
 *
 * @param type the type of the structures on it
 * @param member name of the list_head in that structure
 * @returns an iterable for a `for` loop; use no `yield*` before it
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function* list_for_each_entry_reverse<F extends Fields>(
  head: list_head,
  type: StructType<F>,
  member: keyof F & string,
): Generator<StructHandle<F>, void, undefined> {
  for (let node = follow(head.prev); node !== head; node = follow(node.prev)) {
    yield container_of(node, type, member);
  }
}

/**
 * Iterates over the structures after one on its list. The body must not free the current one.
 *
 * @param entry the structure before the first of the walk
 * @param type the type of the structures on it
 * @param member name of the list_head in that structure
 * @returns an iterable for a `for` loop; use no `yield*` before it
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function* list_for_each_entry_continue<F extends Fields>(
  entry: StructHandle<F>,
  head: list_head,
  type: StructType<F>,
  member: keyof F & string,
): Generator<StructHandle<F>, void, undefined> {
  let node = follow(nodeOf(entry, member).next);
  for (; node !== head; node = follow(node.next)) yield container_of(node, type, member);
}

/**
 * Iterates over the structures from one on its list on. The body must not free the current one.
 *
 * @param entry the first structure of the walk
 * @param type the type of the structures on it
 * @param member name of the list_head in that structure
 * @returns an iterable for a `for` loop; use no `yield*` before it
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function* list_for_each_entry_from<F extends Fields>(
  entry: StructHandle<F>,
  head: list_head,
  type: StructType<F>,
  member: keyof F & string,
): Generator<StructHandle<F>, void, undefined> {
  for (let node = nodeOf(entry, member); node !== head; node = follow(node.next)) {
    yield container_of(node, type, member);
  }
}
