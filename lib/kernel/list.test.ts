// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import {
  container_of,
  GFP_KERNEL,
  INIT_LIST_HEAD,
  int,
  kfree,
  kmalloc,
  list_add,
  list_add_tail,
  list_del,
  list_del_init,
  list_empty,
  list_entry,
  list_first_entry,
  list_for_each_entry,
  list_for_each_entry_safe,
  LIST_HEAD,
  list_head,
  list_move_tail,
  list_splice_init,
  WRITE_ONCE,
} from '.';

const item = struct('item', { id: int, node: list_head });
interface item extends StructOf<typeof item> {}
const other = struct('other', { node: list_head });
const head = LIST_HEAD('head');
const second = LIST_HEAD('second');

function* make(id: number): Op<item> {
  const made = yield* kmalloc(item, GFP_KERNEL);
  if (made === null) throw new Error('kmalloc failed');
  made.id = id;
  INIT_LIST_HEAD(made.node);
  return made;
}

function* make3(): Op<item[]> {
  return [yield* make(1), yield* make(2), yield* make(3)];
}

const ids = (list: list_head): number[] =>
  [...list_for_each_entry(list, item, 'node')].map(({ id }) => id);

/** What the body returns, and everything that was said. */
function run(body: (items: item[]) => unknown): { result: unknown; said: readonly string[] } {
  let result: unknown;
  const seen = agree({
    setup: make3,
    tasks: {
      *a(items) {
        yield* kfree(null);
        result = body(items);
      },
    },
  });
  return { result, said: [...seen.complaints, ...seen.findings] };
}

const [A, B, C] = [0, 1, 2] as const;

function at(items: item[], i: number): item {
  const found = items[i];
  if (found === undefined) throw new Error('no such item');
  return found;
}

it('keeps order at both ends, and is pristine in every execution', () => {
  const body = (items: item[]): unknown => {
    const empty = list_empty(head);
    list_add_tail(at(items, A).node, head);
    list_add_tail(at(items, B).node, head);
    list_add(at(items, C).node, head);
    return [empty, ids(head), list_first_entry(head, item, 'node').id];
  };
  expect(run(body)).toEqual({ result: [true, [3, 1, 2], 3], said: [] });
  expect(run(body)).toEqual({ result: [true, [3, 1, 2], 3], said: [] });
});

it('moves and splices', () => {
  const { result, said } = run((items) => {
    for (const each of items) list_add_tail(each.node, head);
    list_move_tail(at(items, A).node, head);
    list_splice_init(head, second);
    return [ids(second), list_empty(head)];
  });
  expect(result).toEqual([[2, 3, 1], true]);
  expect(said).toEqual([]);
});

it('lets the safe walk delete what it stands on', () => {
  const { result, said } = run((items) => {
    for (const each of items) list_add_tail(each.node, head);
    for (const each of list_for_each_entry_safe(head, item, 'node')) list_del(each.node);
    return list_empty(head);
  });
  expect(result).toBe(true);
  expect(said).toEqual([]);
});

it('reports a second list_del(), a walk over a deleted node, a double add; not a second list_del_init()', () => {
  const twice = run((items) => {
    list_add(at(items, A).node, head);
    list_del(at(items, A).node);
    list_del(at(items, A).node);
  });
  expect(twice.said).toEqual([
    'list: list_del corruption, item#1.node->next is LIST_POISON1 (dead000000000100)',
  ]);
  const walk = run((items) => {
    for (const each of items) list_add_tail(each.node, head);
    for (const each of list_for_each_entry(head, item, 'node')) list_del(each.node);
  });
  expect(walk.said.join()).toContain('non-canonical address 0xdead000000000100');
  const added = run((items) => {
    list_add(at(items, A).node, head);
    list_add(at(items, A).node, head);
  });
  expect(added.said.join()).toContain('list_add double add: new=item#1.node');
  const harmless = run((items) => {
    list_add(at(items, A).node, head);
    list_del_init(at(items, A).node);
    list_del_init(at(items, A).node);
  });
  expect(harmless.said).toEqual([]);
});

it('faults where an operation is about the poison of a deleted node', () => {
  const seen = agree({
    setup: () => make(1),
    tasks: {
      *a({ node }): Op<void> {
        list_add(node, head);
        list_del(node);
        if (node.next !== null) yield* WRITE_ONCE(node.next, 'next', null);
      },
    },
  });
  expect(seen.findings.join()).toContain('non-canonical address 0xdead000000000100');
});

it('finds the structure around a node, and faults for that of another type', () => {
  expect(run((items) => list_entry(at(items, B).node, item, 'node') === at(items, B)).result).toBe(
    true,
  );
  expect(run((items) => container_of(at(items, B).node, item, 'node').id).result).toBe(2);
  expect(run((items) => container_of(at(items, A).node, other, 'node')).said.join()).toContain(
    'container_of',
  );
});
