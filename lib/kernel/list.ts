// SPDX-License-Identifier: GPL-2.0-only
/**
 * Doubly linked lists of embedded nodes. After include/linux/list.h, with the checks of lib/list_debug.c. List operations are
 * plain memory accesses: tasks that share a list need a lock.
 */
import {
  containerOf,
  current,
  here,
  type Fields,
  type Handle,
  objectOf,
  type StructHandle,
  type StructOf,
  type StructType,
  struct,
  makeStruct,
} from '../machine';
import { poisonOf } from './poison';
import { ptr } from './types';

/** A list, or a place in one. Embed it as `node: list_head`. */
export const list_head = struct('list_head', {
  /** The next node, or the head. */
  next: ptr<list_head>(),
  /** The previous node, or the head. */
  prev: ptr<list_head>(),
});
export interface list_head extends StructOf<typeof list_head> {}

/** The pointers of a node that was deleted. */
const LIST_POISON1 = poisonOf(list_head, 'LIST_POISON1', '0xdead000000000100');
export const LIST_POISON2 = poisonOf(list_head, 'LIST_POISON2', '0xdead000000000122');

/**
 * Defines a static list, empty.
 *
 * @kernel include/linux/list.h
 */
export function LIST_HEAD(name: string): list_head {
  const object = makeStruct(list_head);
  object.initial = (list) => {
    list.values[0] = list.values[1] = list.handle;
  };
  return object.makeStatic(name).handle;
}

/**
 * Makes a node an empty list.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function INIT_LIST_HEAD(list: list_head): void {
  list.next = list;
  list.prev = list;
}

function label(node: list_head | null | undefined): string {
  return node === null ? 'NULL' : node === undefined ? 'garbage' : objectOf(node).label;
}

function corrupt(message: string, node: list_head): void {
  current.machine.complain({ check: 'list', message, object: objectOf(node), site: here() });
}

export function follow(node: list_head | null): list_head {
  if (node === null) throw new TypeError("Cannot read properties of null (reading 'next')");
  return node;
}

/** __list_add_valid_or_report(): false if linking would corrupt the list further. */
export function validToAdd(node: list_head, prev: list_head, next: list_head): boolean {
  if (next.prev !== prev) {
    corrupt(
      `list_add corruption. next->prev should be prev (${label(prev)}), but was ${label(next.prev)}. (next=${label(next)}).`,
      node,
    );
    return false;
  }
  if (prev.next !== next) {
    corrupt(
      `list_add corruption. prev->next should be next (${label(next)}), but was ${label(prev.next)}. (prev=${label(prev)}).`,
      node,
    );
    return false;
  }
  if (node === prev || node === next) {
    corrupt(
      `list_add double add: new=${label(node)}, prev=${label(prev)}, next=${label(next)}.`,
      node,
    );
    return false;
  }
  return true;
}

function link(node: list_head, prev: list_head, next: list_head): void {
  if (!validToAdd(node, prev, next)) return;
  next.prev = node;
  node.next = next;
  node.prev = prev;
  prev.next = node;
}

/**
 * Adds a node at the front.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_add(node: list_head, head: list_head): void {
  link(node, head, follow(head.next));
}

/**
 * Adds a node at the end.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_add_tail(node: list_head, head: list_head): void {
  link(node, follow(head.prev), head);
}

/** __list_del_entry_valid_or_report() */
export function validToDelete(node: list_head): boolean {
  const { next, prev } = node;
  if (next === LIST_POISON1)
    corrupt(`list_del corruption, ${label(node)}->next is LIST_POISON1 (dead000000000100)`, node);
  else if (prev === LIST_POISON2)
    corrupt(`list_del corruption, ${label(node)}->prev is LIST_POISON2 (dead000000000122)`, node);
  else if (follow(prev).next !== node)
    corrupt(
      `list_del corruption. prev->next should be ${label(node)}, but was ${label(follow(prev).next)}`,
      node,
    );
  else if (follow(next).prev !== node)
    corrupt(
      `list_del corruption. next->prev should be ${label(node)}, but was ${label(follow(next).prev)}`,
      node,
    );
  else return true;
  return false;
}

/** __list_del_entry() */
export function unlink(node: list_head): boolean {
  if (!validToDelete(node)) return false;
  const { next, prev } = node;
  follow(next).prev = prev;
  follow(prev).next = next;
  return true;
}

/**
 * Removes a node from its list. Its pointers are poisoned, so deleting it twice is reported.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_del(node: list_head): void {
  if (!unlink(node)) return;
  node.next = LIST_POISON1;
  node.prev = LIST_POISON2;
}

/**
 * Removes a node from its list and makes it an empty list, so deleting it again is harmless.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_del_init(node: list_head): void {
  if (unlink(node)) INIT_LIST_HEAD(node);
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
export function list_empty(head: list_head): boolean {
  return head.next === head;
}

/**
 * The structure around a list node: container_of() under its list name.
 *
 * @param type the type of the structure
 * @param member name of the list_head in that structure
 * @returns the structure
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_entry<F extends Fields>(
  node: list_head,
  type: StructType<F>,
  member: keyof F & string,
): StructHandle<F> {
  return container_of(node, type, member);
}

/**
 * The structure around the first node; the list must not be empty.
 *
 * @param type the type of the structure
 * @param member name of the list_head in that structure
 * @returns the structure
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_first_entry<F extends Fields>(
  head: list_head,
  type: StructType<F>,
  member: keyof F & string,
): StructHandle<F> {
  return container_of(follow(head.next), type, member);
}

/**
 * Iterates over the structures on a list. Reads each next pointer only when the loop gets there, so the body must not free the
 * current structure: use list_for_each_entry_safe() for that.
 *
 * @example
 * const client = struct('client', { id: int, node: list_head });
 * const clients = LIST_HEAD('clients');
 * const a = DEFINE_STATIC('a', client);
 * const b = DEFINE_STATIC('b', client);
 * function* all() {
 *   list_add_tail(a.node, clients);
 *   list_add(b.node, clients);
 *   a.id = 1;
 *   b.id = 2;
 *   let ids = '';
 *   for (const one of list_for_each_entry(clients, client, 'node')) ids += one.id;
 *   return ids;
 * }
 * yield* all(); // => '21'
 * list_first_entry(clients, client, 'node') === b; // => true
 * list_entry(a.node, client, 'node') === a; // => true
 * container_of(a.node, client, 'node') === a; // => true
 * @param type the type of the structures on it
 * @param member name of the list_head in that structure
 * @returns an iterable for a `for` loop; use no `yield*` before it
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function* list_for_each_entry<F extends Fields>(
  head: list_head,
  type: StructType<F>,
  member: keyof F & string,
): Generator<StructHandle<F>, void, undefined> {
  for (let node = follow(head.next); node !== head; node = follow(node.next)) {
    yield container_of(node, type, member);
  }
}

/**
 * list_for_each_entry() that reads the next pointer before the body runs, so the body may delete the current structure. This does
 * not protect against other tasks.
 *
 * @example
 * const client = struct('client', { node: list_head });
 * const clients = LIST_HEAD('clients');
 * const one = yield* kzalloc(client, GFP_KERNEL);
 * if (one === null) return;
 * list_add(one.node, clients);
 * for (const each of list_for_each_entry_safe(clients, client, 'node')) {
 *   list_del(each.node);
 *   yield* kfree(each);
 * }
 * list_empty(clients); // => true
 * @param type the type of the structures on it
 * @param member name of the list_head in that structure
 * @returns an iterable for a `for` loop; use no `yield*` before it
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function* list_for_each_entry_safe<F extends Fields>(
  head: list_head,
  type: StructType<F>,
  member: keyof F & string,
): Generator<StructHandle<F>, void, undefined> {
  let node = follow(head.next);
  while (node !== head) {
    const next = follow(node.next);
    yield container_of(node, type, member);
    node = next;
  }
}

/**
 * Finds the structure in which a member is embedded.
 *
 * @param member the member: a list_head, a kref, a work_struct ...
 * @param type the type of the structure
 * @param name of the member in that structure
 * @returns the structure
 * @kernel include/linux/container_of.h
 * @context any; does not sleep
 * @ordering none
 * @divergence a member of another structure faults here; in C it silently returns a wrong pointer
 */
export function container_of<F extends Fields>(
  member: Handle,
  type: StructType<F>,
  name: keyof F & string,
): StructHandle<F> {
  return containerOf(member, type, name);
}
