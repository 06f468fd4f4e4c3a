// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import {
  rcu_access_pointer,
  rcu_assign_pointer,
  rcu_dereference,
  rcu_dereference_raw,
} from './rcu-pointer';
import { rcu_read_lock, rcu_read_unlock } from './rcupdate';
import { GFP_KERNEL, kzalloc } from './slab';
import { array, int, ptr } from './types';

const item = struct('item', { value: int });
interface item extends StructOf<typeof item> {}
const table = struct('table', { slots: array(ptr<item>(), 2) });
interface table extends StructOf<typeof table> {}

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
function* make(): Op<table | null> {
  return yield* kzalloc(table, GFP_KERNEL);
}

/** Looks into a slot in a read section. */
const reading = (index: number, seen: Set<unknown>) =>
  function* (world: table | null): Op<void> {
    if (world === null) return;
    yield* rcu_read_lock();
    const found = yield* rcu_dereference(world.slots, index);
    seen.add(found === null ? null : found.value);
    yield* rcu_read_unlock();
  };

describe('RCU pointers in arrays', () => {
  function* publish(world: table | null): Op<void> {
    const made = yield* kzalloc(item, GFP_KERNEL);
    if (made === null || world === null) return;
    made.value = 3;
    yield* rcu_assign_pointer(world.slots, 1, made);
  }

  it('a slot is seen empty, or with what it points to as that was made', () => {
    const seen = new Set<unknown>();
    const result = agree({ setup: make, tasks: { a: publish, b: reading(1, seen) } });
    expect(result).toMatchObject({ ...fine, executions: 2 });
    expect(seen).toEqual(new Set([null, 3]));
  });

  it('another slot is another location', () => {
    const seen = new Set<unknown>();
    const result = agree({ setup: make, tasks: { a: publish, b: reading(0, seen) } });
    expect(result).toMatchObject({ ...fine, executions: 1 });
  });

  it('a slot outside is reported', () => {
    const result = agree({ setup: make, tasks: { a: reading(2, new Set()) } });
    expect(result.findings).toEqual(['BUG: unable to handle page fault in ?']);
  });

  it('rcu_dereference_raw() and rcu_access_pointer() need no read section', () => {
    const result = agree({
      setup: make,
      tasks: {
        *a(world) {
          if (world === null) return;
          yield* rcu_dereference_raw(world.slots, 0);
          yield* rcu_access_pointer(world.slots, 0);
        },
      },
    });
    expect(result).toMatchObject(fine);
  });
});
