// SPDX-License-Identifier: GPL-2.0-only
import { Task } from '../machine';
import { LockOrder, type Order } from './lock-order';

const task = new Task(1, 'A', 'a', 'process', () => []);

function adder(): (from: string, to: string, shared?: boolean, recursive?: boolean) => Order {
  const order = new LockOrder();
  return (from, to, shared = false, recursive = false) =>
    order.add({
      from: order.idOf(from, 0),
      to: order.idOf(to, 0),
      shared,
      recursive,
      type: 'spin',
      read: recursive,
      task,
      site: '',
    });
}

describe('lock order', () => {
  it('finds the shortest cycle', () => {
    const add = adder();
    add('a', 'b');
    add('b', 'c');
    add('c', 'd');
    const short = add('b', 'd');
    expect(add('d', 'a').cycle).toEqual([add('a', 'b'), short]);
  });

  it('blames the order that closed the cycle, however often the others are seen again', () => {
    const add = adder();
    expect(add('a', 'b').cycle).toBeNull();
    expect(add('b', 'a').cycle).not.toBeNull();
    expect(add('a', 'b').cycle).toBeNull();
  });

  it('knows that recursive readers of one lock do not wait for each other', () => {
    const atTheEnd = adder();
    atTheEnd('a', 'b', true, false);
    expect(atTheEnd('b', 'a', false, true).cycle).toBeNull();
    const atTheStart = adder();
    atTheStart('a', 'b', false, true);
    expect(atTheStart('b', 'a', true, false).cycle).toBeNull();
    const writer = adder();
    writer('a', 'b', false, true);
    expect(writer('b', 'a', false, true).cycle).not.toBeNull();
  });

  it('keeps subclasses apart', () => {
    const order = new LockOrder();
    expect(order.idOf('a', 1)).not.toBe(order.idOf('a', 0));
    expect(order.nameOf(order.idOf('a', 1))).toBe('a/1');
  });
});
