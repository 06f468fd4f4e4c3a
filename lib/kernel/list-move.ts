// SPDX-License-Identifier: GPL-2.0-only
/** Moving nodes and whole lists. After include/linux/list.h. Operations are plain memory accesses, as those of list.ts. */
import {
  follow,
  INIT_LIST_HEAD,
  list_add,
  list_add_tail,
  list_empty,
  type list_head,
  unlink,
} from './list';

/**
 * Moves a node to the front of another list.
 *
 * @example
 * const client = struct('client', { node: list_head });
 * const idle = LIST_HEAD('idle');
 * const busy = LIST_HEAD('busy');
 * const one = DEFINE_STATIC('one', client);
 * const two = DEFINE_STATIC('two', client);
 * yield* might_sleep();
 * INIT_LIST_HEAD(one.node);
 * list_add(one.node, idle);
 * list_move(one.node, busy);
 * list_move_tail(one.node, idle);
 * list_splice_init(idle, busy);
 * list_empty(idle); // => true
 * list_empty(busy); // => false
 * list_replace_init(one.node, two.node);
 * list_empty(one.node); // => true
 * list_rotate_left(busy);
 * list_is_singular(busy); // => true
 * list_splice_tail_init(busy, idle);
 * list_splice(idle, busy);
 * list_empty(idle); // => false
 * INIT_LIST_HEAD(idle);
 * list_splice_tail(busy, idle);
 * INIT_LIST_HEAD(busy);
 * list_replace(two.node, one.node);
 * list_del_init(one.node);
 * list_empty(idle); // => true
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_move(node: list_head, head: list_head): void {
  if (unlink(node)) list_add(node, head);
}

/**
 * Moves a node to the end of another list.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_move_tail(node: list_head, head: list_head): void {
  if (unlink(node)) list_add_tail(node, head);
}

/** __list_splice() */
function splice(list: list_head, prev: list_head, next: list_head): void {
  if (list_empty(list)) return;
  const [first, last] = [follow(list.next), follow(list.prev)];
  first.prev = prev;
  prev.next = first;
  last.next = next;
  next.prev = last;
}

/**
 * Moves everything from one list to the front of another. The first must be initialised before it is used again.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_splice(list: list_head, head: list_head): void {
  splice(list, head, follow(head.next));
}

/**
 * list_splice() to the end of the other list.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_splice_tail(list: list_head, head: list_head): void {
  splice(list, follow(head.prev), head);
}

/**
 * Moves everything from one list to the front of another and leaves the first empty.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_splice_init(list: list_head, head: list_head): void {
  if (list_empty(list)) return;
  list_splice(list, head);
  INIT_LIST_HEAD(list);
}

/**
 * list_splice_init() to the end of the other list.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_splice_tail_init(list: list_head, head: list_head): void {
  if (list_empty(list)) return;
  list_splice_tail(list, head);
  INIT_LIST_HEAD(list);
}

/**
 * Puts a node in another one's place. The old one is not changed.
 *
 * @param old a node that is on a list; if it is a head, the list must not be empty
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_replace(old: list_head, node: list_head): void {
  const [next, prev] = [follow(old.next), follow(old.prev)];
  node.next = next;
  next.prev = node;
  node.prev = prev;
  prev.next = node;
}

/**
 * list_replace() that makes the old node an empty list. With two heads it moves a whole list, which may be empty.
 *
 * @param old a node that is on a list, or a head
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_replace_init(old: list_head, node: list_head): void {
  list_replace(old, node);
  INIT_LIST_HEAD(old);
}

/**
 * Moves the first node to the end.
 *
 * @kernel include/linux/list.h
 * @context any; does not sleep
 * @ordering none
 */
export function list_rotate_left(head: list_head): void {
  if (!list_empty(head)) list_move_tail(follow(head.next), head);
}
