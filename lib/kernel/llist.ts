// SPDX-License-Identifier: GPL-2.0-only
/**
 * Lock-less singly linked lists. Any task may add a node, and any task may remove all of them, at any time. After
 * include/linux/llist.h and lib/llist.c. Left out: llist_del_first(), which only one task at a time may call.
 */
import {
  type Branded,
  type Embeddable,
  embeddable,
  type Fields,
  fullyOrdered,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  request,
  type StructHandle,
  type StructObject,
  type StructOf,
  type StructType,
  struct,
  SyncObject,
  writing,
} from '../machine';
import { container_of } from './list';
import { ptr } from './types';

/** A node of a list. Embed it as `mnt_llist: llist_node`. */
export const llist_node = struct('llist_node', {
  /** The next node, or NULL at the end. */
  next: ptr<llist_node>(),
});
export interface llist_node extends StructOf<typeof llist_node> {}

/** A list that nodes are added to, and emptied as a whole, without a lock. Embed it as `list: llist_head`. */
export interface llist_head extends Branded<'llist_head', Head> {}

/** State: 1 if the list is not empty. */
class Head extends SyncObject {
  readonly typeName = 'llist_head';
  readonly handle: llist_head = makeHandle(this);
  first: llist_node | null = null;

  protected override reset(): void {
    super.reset();
    this.first = null;
  }

  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.first = null;
    this.initialised = zeroed;
  }

  override *references(): Generator {
    yield this.first;
  }
}

/** Type of a list member of a structure. Zeroed memory is an empty list. */
export const llist_head: Embeddable<llist_head> = embeddable('llist_head', () => new Head());

/**
 * Defines a static list, empty: `static LLIST_HEAD(name)`.
 *
 * @kernel include/linux/llist.h
 */
export function LLIST_HEAD(name: string): llist_head {
  return new Head().makeStatic(name).handle;
}

const INIT: Kind<Head, [], void> = {
  name: 'init_llist_head',
  access: 'write',
  perform(_machine, _task, { object: list }) {
    list.first = null;
    list.state = 0;
    list.initialised = true;
    list.released = null;
  },
};

function next(node: llist_node): { object: StructObject; location: number } {
  const object = objectOf(node);
  return { object, location: writing(object.base + object.offset(0)) };
}

const ADD: Kind<Head, [node: llist_node], boolean> = {
  name: 'llist_add',
  access: 'write',
  extra: ({ a: node }) => [next(node).location],
  perform(machine, task, { object: list, a: node, site }) {
    const memory = next(node).object.fresh();
    machine.marked(memory, memory.offset(0), true, site);
    memory.values[0] = list.first;
    list.first = node;
    const empty = list.state === 0;
    list.state = 1;
    fullyOrdered(machine, task, list);
    return empty;
  },
};

const DEL_ALL: Kind<Head, [], llist_node | null> = {
  name: 'llist_del_all',
  access: 'write',
  perform(machine, task, { object: list }) {
    const { first } = list;
    list.first = null;
    list.state = 0;
    fullyOrdered(machine, task, list);
    return first;
  },
};

const EMPTY: Kind<Head, [], boolean> = {
  name: 'llist_empty',
  access: 'read',
  perform: (_machine, _task, { object }) => object.state === 0,
};

/**
 * Makes a list empty.
 *
 * @kernel include/linux/llist.h
 * @context any; does not sleep
 * @ordering none
 */
export function init_llist_head(list: llist_head): Op<void> {
  return request(INIT, objectOf(list));
}

/**
 * Adds a node at the front.
 *
 * @example
 * const item = struct('item', { node: llist_node });
 * const items = LLIST_HEAD('items');
 * const one = DEFINE_STATIC('one', item);
 * yield* llist_add(one.node, items); // => true
 * yield* llist_empty(items); // => false
 * @returns true if the list was empty before: then the caller may start the task that empties it
 * @kernel include/linux/llist.h
 * @context any; does not sleep
 * @ordering full
 */
export function llist_add(node: llist_node, head: llist_head): Op<boolean> {
  return request(ADD, objectOf(head), node);
}

/**
 * Removes all nodes from the list.
 *
 * @example
 * const item = struct('item', { id: int, node: llist_node });
 * const queue = struct('queue', { items: llist_head });
 * const q = DEFINE_STATIC('q', queue);
 * const a = DEFINE_STATIC('a', item);
 * const b = DEFINE_STATIC('b', item);
 * yield* init_llist_head(q.items);
 * yield* llist_add(a.node, q.items); // => true
 * yield* llist_add(b.node, q.items); // => false
 * const first = yield* llist_del_all(q.items);
 * yield* llist_empty(q.items); // => true
 * first !== null && llist_entry(first, item, 'node') === b; // => true
 * const oldest = llist_reverse_order(first);
 * Array.from(llist_for_each_entry(oldest, item, 'node')).indexOf(a); // => 0
 * Array.from(llist_for_each_entry_safe(oldest, item, 'node')).length; // => 2
 * @returns the first node, which was added last; NULL if the list was empty
 * @kernel include/linux/llist.h
 * @context any; does not sleep
 * @ordering full
 */
export function llist_del_all(head: llist_head): Op<llist_node | null> {
  return request(DEL_ALL, objectOf(head));
}

/**
 * Whether the list is empty.
 *
 * @returns whether it has none; it may already be stale
 * @kernel include/linux/llist.h
 * @context any; does not sleep
 * @ordering none
 */
export function llist_empty(head: llist_head): Op<boolean> {
  return request(EMPTY, objectOf(head));
}

/**
 * Reverses a chain of removed nodes, so that the node added first comes first.
 *
 * @param head the result of llist_del_all(); may be NULL
 * @returns the new first node, or NULL
 * @kernel include/linux/llist.h
 * @context any; does not sleep
 * @ordering none
 */
export function llist_reverse_order(head: llist_node | null): llist_node | null {
  let reversed: llist_node | null = null;
  for (let node = head; node !== null;) {
    const following: llist_node | null = node.next;
    node.next = reversed;
    reversed = node;
    node = following;
  }
  return reversed;
}

/**
 * The structure around a node: container_of() under its list name.
 *
 * @param type the type of the structure
 * @param member name of the llist_node in that structure
 * @returns the structure
 * @kernel include/linux/llist.h
 * @context any; does not sleep
 * @ordering none
 */
export function llist_entry<F extends Fields>(
  node: llist_node,
  type: StructType<F>,
  member: keyof F & string,
): StructHandle<F> {
  return container_of(node, type, member);
}

/**
 * Iterates over the structures of a list that llist_del_all() returned. Reads the next pointer only when the loop gets there, so
 * the body must not free the current structure.
 *
 * @param first the result of llist_del_all(); may be NULL
 * @param type the type of the structures on it
 * @param member name of the llist_node in that structure
 * @returns an iterable for a `for` loop; use no `yield*` before it
 * @kernel include/linux/llist.h
 * @context any; does not sleep
 * @ordering none
 */
export function* llist_for_each_entry<F extends Fields>(
  first: llist_node | null,
  type: StructType<F>,
  member: keyof F & string,
): Generator<StructHandle<F>, void, undefined> {
  for (let node = first; node !== null; node = node.next) yield container_of(node, type, member);
}

/**
 * llist_for_each_entry() that reads the next pointer before the body runs, so the body may free the current structure.
 *
 * @param first the result of llist_del_all(); may be NULL
 * @param type the type of the structures on it
 * @param member name of the llist_node in that structure
 * @returns an iterable for a `for` loop; use no `yield*` before it
 * @kernel include/linux/llist.h
 * @context any; does not sleep
 * @ordering none
 */
export function* llist_for_each_entry_safe<F extends Fields>(
  first: llist_node | null,
  type: StructType<F>,
  member: keyof F & string,
): Generator<StructHandle<F>, void, undefined> {
  for (let node = first; node !== null;) {
    const following: llist_node | null = node.next;
    yield container_of(node, type, member);
    node = following;
  }
}
