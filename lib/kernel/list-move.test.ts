// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import {
  INIT_LIST_HEAD,
  list_add_tail,
  list_del_init,
  list_for_each_entry,
  list_head,
} from './list';
import { LIST_HEAD } from './list';
import { list_del_init_careful, list_empty_careful } from './list-careful';
import {
  list_for_each_entry_continue,
  list_for_each_entry_from,
  list_for_each_entry_reverse,
  list_next_entry,
} from './list-entry';
import {
  list_move,
  list_move_tail,
  list_replace,
  list_replace_init,
  list_rotate_left,
  list_splice,
  list_splice_init,
  list_splice_tail,
  list_splice_tail_init,
} from './list-move';
import { kfree } from './slab';
import { spin_lock, spin_unlock, DEFINE_SPINLOCK } from './spinlock';
import { DEFINE_STATIC } from './static-var';
import { int } from './types';

const item = struct('item', { id: int, node: list_head });
interface item extends StructOf<typeof item> {}
const [list, other] = [LIST_HEAD('list'), LIST_HEAD('other')];
const items = [1, 2, 3, 4].map((id) => DEFINE_STATIC(`item${id}`, item));
const [first, second, , fourth] = items as [item, item, item, item];

const text = (walk: Iterable<item>): string => [...walk].map(({ id }) => id).join('');
const on = (head: list_head): string => text(list_for_each_entry(head, item, 'node'));

/** What is on both lists after a change of 1, 2 on one and 3, 4 on the other. */
function after(change: () => void): string {
  let found = '';
  const { complaints, findings } = agree({
    tasks: {
      *a() {
        yield* kfree(null);
        items.forEach((each, i) => {
          each.id = i + 1;
          list_add_tail(each.node, i < 2 ? list : other);
        });
        change();
        found = `${on(list)} ${on(other)}`;
      },
    },
  });
  expect([...complaints, ...findings]).toEqual([]);
  return found;
}

it.each<[string, () => void, string]>([
  ['list_move', () => list_move(first.node, other), '2 134'],
  ['list_move_tail', () => list_move_tail(first.node, other), '2 341'],
  [
    'list_splice',
    () => {
      list_splice(list, other);
      INIT_LIST_HEAD(list);
    },
    ' 1234',
  ],
  [
    'list_splice_tail',
    () => {
      list_splice_tail(list, other);
      INIT_LIST_HEAD(list);
    },
    ' 3412',
  ],
  ['list_splice_init', () => list_splice_init(list, other), ' 1234'],
  ['list_splice_tail_init', () => list_splice_tail_init(list, other), ' 3412'],
  ['list_rotate_left', () => list_rotate_left(list), '21 34'],
  [
    'list_replace',
    () => {
      list_del_init(fourth.node);
      list_replace(first.node, fourth.node);
    },
    '42 3',
  ],
  [
    'list_replace_init',
    () => {
      list_splice_tail_init(other, list);
      list_replace_init(list, other);
    },
    ' 1234',
  ],
])('%s() gives what its header says', (_name, change, expected) => {
  expect(after(change)).toBe(expected);
});

it('walks from any place in both directions', () => {
  let walks: unknown;
  after(() => {
    list_splice_tail_init(other, list);
    walks = [
      text(list_for_each_entry_reverse(list, item, 'node')),
      text(list_for_each_entry_continue(second, list, item, 'node')),
      text(list_for_each_entry_from(second, list, item, 'node')),
      list_next_entry(first, item, 'node').id,
    ];
  });
  expect(walks).toEqual(['4321', '34', '234', 2]);
});

const lock = DEFINE_SPINLOCK('lock');

/** What the detectors say of a waiter that asks without the lock whether it was removed. */
function kinds(remove: (node: list_head) => Op<void> | void): readonly string[] {
  return told(dpor, allMonitors(), (machine) => {
    machine.runNow(
      (function* () {
        yield* kfree(null);
        list_add_tail(first.node, list);
      })(),
    );
    machine.spawn('waker', function* () {
      yield* spin_lock(lock);
      first.id = 1;
      const removing = remove(first.node);
      if (removing !== undefined) yield* removing;
      yield* spin_unlock(lock);
    });
    machine.spawn('waiter', function* () {
      if (yield* list_empty_careful(first.node)) first.id = 2;
    });
  }).kinds;
}

it('orders what the waker did before its careful removal, and reports a plain one', () => {
  expect(kinds(list_del_init_careful)).toEqual([]);
  expect(kinds(list_del_init)).toContain('data-race');
});
