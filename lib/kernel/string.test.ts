// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { DEFINE_POINTER, nameOfPointer } from './poison';
import { GFP_KERNEL, kmalloc } from './slab';
import { DEFINE_SPINLOCK, spin_lock, spin_lock_init, spin_unlock, spinlock_t } from './spinlock';
import { DEFINE_STATIC } from './static-var';
import { memset } from './string';
import { array, int, ptr } from './types';

const PLACE = DEFINE_POINTER<thing>('PLACE');
const thing = struct('thing', {
  count: int,
  other: ptr.unchecked<thing>(),
  slots: array(int, 3),
  lock: spinlock_t,
});
interface thing extends StructOf<typeof thing> {}
const here = DEFINE_STATIC('here', thing);
const lock = DEFINE_SPINLOCK('lock');
const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };

/** Runs a body alone; what it gives is looked at in every execution. */
function alone(body: (seen: unknown[]) => Op<unknown>) {
  let values: unknown[] = [];
  const seen = agree({
    tasks: {
      *a() {
        values = [];
        yield* body(values);
      },
    },
  });
  return { values, seen };
}

describe('memset', () => {
  it('zeroes fields and arrays, and locks need their init function again', () => {
    const { values, seen } = alone(function* (out) {
      const made = yield* kmalloc(thing, GFP_KERNEL);
      if (made === null) return;
      yield* spin_lock_init(made.lock);
      made.slots[2] = 7;
      yield* memset(made, 0);
      out.push(made.count, made.other, ...[0, 1, 2].map((n) => made.slots[n]));
      yield* spin_lock(made.lock);
      yield* spin_unlock(made.lock);
    });
    expect(values).toEqual([0, null, 0, 0, 0]);
    expect(seen.complaints).toEqual(['spinlock: bad magic on CPU#1, a/101']);
  });

  it('may be seen half-done by nobody, and not yet done by everybody', () => {
    const counts = new Set<unknown>();
    const seen = agree({
      *setup() {
        const made = yield* kmalloc(thing, GFP_KERNEL);
        if (made !== null) made.count = made.slots[0] = 1;
        return made;
      },
      tasks: {
        *a(made) {
          if (made !== null) yield* memset(made, 0);
        },
        *b(made) {
          yield* spin_lock(lock);
          if (made !== null) counts.add(`${made.count} ${made.slots[0] ?? ''}`);
          yield* spin_unlock(lock);
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 2 });
    expect(counts).toEqual(new Set(['0 0', '1 1']));
  });
});

describe('DEFINE_STATIC', () => {
  it('is zeroed at the start of every execution', () => {
    const { values } = alone(function* (out) {
      out.push(here.count);
      here.count = 5;
      out.push(here.count);
    });
    expect(values).toEqual([0, 5]);
  });
});

describe('DEFINE_POINTER', () => {
  it('can be stored and compared, and faults when it is followed', () => {
    const { values, seen } = alone(function* (out) {
      here.other = PLACE;
      out.push(here.other === PLACE, nameOfPointer(here.other), nameOfPointer(here));
      out.push(here.other.count);
    });
    expect(values).toEqual([true, 'PLACE', null]);
    expect(seen.findings).toEqual([
      'Oops: general protection fault, probably for non-canonical address 0xffffffffffffffff: PLACE in ?',
    ]);
  });
});
