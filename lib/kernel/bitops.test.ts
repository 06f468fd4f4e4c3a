// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import {
  change_bit,
  clear_bit,
  clear_bit_unlock,
  set_bit,
  test_and_clear_bit,
  test_and_set_bit,
  test_and_set_bit_lock,
  test_bit,
} from './bitops';
import {
  LLIST_HEAD,
  llist_add,
  llist_del_all,
  llist_empty,
  llist_for_each_entry,
  llist_for_each_entry_safe,
  llist_node,
  llist_reverse_order,
} from './llist';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { static_var } from './static-var';
import { int } from './types';

const flags = static_var('flags', 0);
const item = struct('item', { node: llist_node, value: int });
interface item extends StructOf<typeof item> {}
const list = LLIST_HEAD('list');
const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };

describe('bitops', () => {
  it('keep the other bits', () => {
    const results: unknown[] = [];
    agree({
      *setup() {
        yield* set_bit(3, flags, 'value');
        yield* set_bit(31, flags, 'value');
        results.push(yield* test_and_set_bit(3, flags, 'value'));
        results.push(yield* test_and_set_bit(0, flags, 'value'));
        yield* change_bit(3, flags, 'value');
        results.push(yield* test_bit(3, flags, 'value'), yield* test_bit(31, flags, 'value'));
        results.push(yield* test_and_clear_bit(31, flags, 'value'));
        results.push(yield* test_and_clear_bit(31, flags, 'value'), flags.value);
        yield* clear_bit(0, flags, 'value');
        results.push(flags.value);
      },
      tasks: { a: () => test_bit(0, flags, 'value') },
    });
    expect(results.slice(0, 8)).toEqual([true, false, false, true, true, false, 1, 0]);
  });

  it('one of two that test and set wins', () => {
    const winners: string[] = [];
    const attempt = (name: string) =>
      function* (): Op<void> {
        if (!(yield* test_and_set_bit(0, flags, 'value'))) winners.push(name);
      };
    expect(agree({ tasks: { a: attempt('a'), b: attempt('b') } })).toMatchObject({
      ...fine,
      executions: 2,
    });
    expect(new Set(winners)).toEqual(new Set(['a', 'b']));
  });

  it('serve as a lock', () => {
    const body = function* (): Op<void> {
      if (yield* test_and_set_bit_lock(0, flags, 'value')) return;
      yield* clear_bit_unlock(0, flags, 'value');
    };
    // One after the other, or the second comes while the first is in.
    expect(agree({ tasks: { a: body, b: body } })).toMatchObject({ ...fine, executions: 4 });
  });

  it('know 32 bits', () => {
    expect(() => set_bit(32, flags, 'value')).toThrow('set_bit: no bit 32 in 32');
  });
});

describe('llist', () => {
  function* add(value: number): Op<void> {
    const made = yield* kzalloc(item, GFP_KERNEL);
    if (made === null) return;
    made.value = value;
    firsts.push(yield* llist_add(made.node, list));
  }
  const firsts: boolean[] = [];
  const orders: string[] = [];

  beforeEach(() => (firsts.length = orders.length = 0));

  it('gives everything at once, newest first', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* add(1);
          yield* add(2);
          const taken = yield* llist_del_all(list);
          orders.push(
            [...llist_for_each_entry(taken, item, 'node')].map(({ value }) => value).join(''),
          );
          const order = llist_reverse_order(taken);
          orders.push(
            [...llist_for_each_entry(order, item, 'node')].map(({ value }) => value).join(''),
          );
          orders.push(String(yield* llist_empty(list)));
          orders.push((yield* llist_del_all(list)) === null ? 'none' : 'some');
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
    expect(orders.slice(0, 4)).toEqual(['21', '12', 'true', 'none']);
    expect(firsts.slice(0, 2)).toEqual([true, false]);
  });

  it('every node is taken once, whatever the order', () => {
    const sums = new Set<number>();
    let sum = 0;
    const take = function* (): Op<void> {
      for (const each of llist_for_each_entry_safe(yield* llist_del_all(list), item, 'node')) {
        sum += each.value;
        yield* kfree(each);
      }
    };
    const seen = agree({
      *setup() {
        sum = 0;
      },
      tasks: { a: () => add(1), b: () => add(2), c: take },
      *check() {
        yield* take();
        sums.add(sum);
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 6 });
    expect([...sums]).toEqual([3]);
  });
});
