// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { dpor } from '../explore';
import { Machine, type Op, struct, type StructOf } from '../machine';
import { kasan } from '../sanitize';
import { spinlock_t, spin_lock, spin_lock_init } from './spinlock';
import { GFP_ATOMIC, GFP_KERNEL, kfree, kmalloc, kzalloc } from './slab';
import { slabReuses } from './slab-reuse';
import { int } from './types';

const item = struct('item', { x: int, lock: spinlock_t });
type Item = StructOf<typeof item>;
const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
let log = new Set<string>();

beforeEach(() => (log = new Set()));

function* one(): Op<Item> {
  const made = yield* kzalloc(item, GFP_KERNEL);
  if (made === null) throw new Error('no memory');
  made.x = 7;
  return made;
}

/** Frees and allocates again, and says what it got. */
const again = (alloc: typeof kzalloc, watched: boolean) => ({
  *setup() {
    if (watched) slabReuses(item);
    return yield* one();
  },
  tasks: {
    *a(old: Item): Op<void> {
      yield* kfree(old);
      const made = yield* alloc(item, GFP_KERNEL);
      if (made === null) log.add('NULL');
      else log.add(made === old ? 'the old one' : 'another');
      if (made !== null && made.x !== 0) log.add(`x is ${made.x}`);
    },
  },
});

describe('slabReuses()', () => {
  it('lets the next allocation have what was freed: the same pointer, or new memory', () => {
    expect(agree(again(kzalloc, true))).toMatchObject({ ...fine, executions: 2 });
    expect(log).toEqual(new Set(['the old one', 'another']));
  });

  it('does nothing unless it is asked for', () => {
    expect(agree(again(kzalloc, false))).toMatchObject({ ...fine, executions: 1 });
    expect(log).toEqual(new Set(['another']));
  });

  it('gives undefined contents from kmalloc(), and locks that need their init function', () => {
    agree(again(kmalloc, true));
    expect(log).toContain('x is undefined');
    const seen = agree({
      *setup() {
        slabReuses(item);
        const old = yield* one();
        yield* spin_lock_init(old.lock);
        return old;
      },
      tasks: {
        *a(old) {
          yield* kfree(old);
          const made = yield* kzalloc(item, GFP_ATOMIC);
          if (made === old) yield* spin_lock(made.lock);
        },
      },
    });
    expect(seen.complaints).toEqual(['spinlock: bad magic on CPU#1, a/101']);
  });

  it('only has what has been freed before the allocation, and each piece once', () => {
    const seen = agree({
      *setup() {
        slabReuses(item);
        return yield* one();
      },
      tasks: {
        a: (old) => kfree(old),
        *b(old) {
          const first = yield* kzalloc(item, GFP_KERNEL);
          const second = yield* kzalloc(item, GFP_KERNEL);
          log.add(first === old ? 'first' : second === old ? 'second' : 'neither');
          if (first === second) log.add('both');
        },
      },
    });
    expect(seen).toMatchObject(fine);
    expect(log).toEqual(new Set(['first', 'second', 'neither']));
  });

  it('still fails where the scenario says so', () => {
    agree({ ...again(kzalloc, true), failures: { kzalloc: 1 } });
    expect(log).toEqual(new Set(['the old one', 'another', 'NULL']));
  });

  it('says that the allocation may sleep, whichever memory it gets', () => {
    const seen = agree({
      *setup() {
        slabReuses(item);
        const old = yield* one();
        yield* spin_lock_init(old.lock);
        return old;
      },
      tasks: {
        *a(old) {
          yield* spin_lock(old.lock);
          yield* kzalloc(item, GFP_KERNEL);
        },
      },
    });
    expect(seen.complaints).toEqual(['kzalloc: sleeps in atomic context']);
  });
});

describe('KASAN', () => {
  /** What is found where the memory was got again, and where it was not. */
  function found(reusing: boolean): Set<string> {
    let old: Item;
    let owned = false;
    const told = new Set<string>();
    const program = {
      boot(machine: Machine) {
        if (reusing) slabReuses(item);
        old = machine.runNow(one());
        machine.spawn('a', function* () {
          yield* kfree(old);
          owned = (yield* kzalloc(item, GFP_KERNEL)) === old;
          log.add(String(old.x));
        });
      },
    };
    const machine = new Machine(program, { monitors: [kasan()] });
    dpor(machine, () => {
      const kinds = machine.findings.map(({ kind }) => kind).join();
      told.add(`${owned ? 'in use again' : 'stale'}: ${kinds}`);
      return false;
    });
    return told;
  }

  it('reports a stale pointer, but not one to memory that is in use again', () => {
    expect(found(false)).toEqual(new Set(['stale: slab-use-after-free']));
    expect(found(true)).toEqual(new Set(['stale: slab-use-after-free', 'in use again: ']));
  });
});
