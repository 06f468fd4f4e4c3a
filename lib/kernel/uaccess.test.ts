// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { EFAULT, EINVAL, ENOMEM } from './err';
import { DECLARE_STRUCT_ONSTACK } from './on-stack';
import { rcu_read_lock, rcu_read_unlock } from './rcupdate';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from './spinlock';
import { array, int, type out } from './types';
import { copy_from_user, copy_to_user, get_user, put_user } from './uaccess';
import { type user, user_alloc, user_read, user_write, vm_mmap, vm_munmap } from './user-memory';

const ring = struct('ring', { id: int, events: array(int, 2) });
interface ring extends StructOf<typeof ring> {}
const pair = struct('pair', { a: int, b: int });
interface pair extends StructOf<typeof pair> {}
const lock = DEFINE_SPINLOCK('lock');
const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
const NOWHERE = 0x1000;

/** Runs a body alone: what it gave, and what was seen. */
function alone(
  body: (results: unknown[]) => Op<unknown>,
  failures: Readonly<Record<string, number>> = {},
) {
  const all = new Set<string>();
  const seen = agree({
    failures,
    tasks: {
      *a() {
        const results: unknown[] = [];
        yield* body(results);
        all.add(results.join(' '));
      },
    },
  });
  return { all: [...all].sort(), seen };
}

const variable = (): out<number> => ({ value: -1 });

/** Reads the number at an address: what get_user() gave, and the variable. */
function* got(results: unknown[], from: user<ring>): Op<void> {
  const id = variable();
  results.push(yield* get_user(id, from, 'id'), id.value);
}

describe('get_user and put_user', () => {
  it('read and write memory of a user thread, which sees what was written', () => {
    const { all, seen } = alone(function* (results) {
      const mine = yield* user_alloc(ring);
      yield* user_write(mine, 'id', 7);
      yield* got(results, mine);
      results.push(yield* put_user(8, mine, 'id'), yield* user_read(mine, 'id'));
    });
    expect(all).toEqual(['0 7 0 8']);
    expect(seen).toMatchObject({ ...fine, executions: 1 });
  });

  it('reach elements of arrays by index', () => {
    const { all } = alone(function* (results) {
      const events = yield* user_alloc(array(int, 2));
      results.push(yield* put_user(5, events, 1));
      results.push(yield* user_read(events, 0), yield* user_read(events, 1));
    });
    expect(all).toEqual(['0 0 5']);
  });

  it.each([
    ['NULL', 0],
    ['an address where nothing is', NOWHERE],
  ])('fault at %s, and the variable is 0', (_what, address) => {
    const { all, seen } = alone(function* (results) {
      yield* got(results, address);
      results.push(yield* put_user(1, address as user<ring>, 'id'));
    });
    expect(all).toEqual([`${-EFAULT} 0 ${-EFAULT}`]);
    expect(seen).toMatchObject(fine);
  });

  it('fault where the scenario lets them, and not where it does not', () => {
    const one = (failures: Readonly<Record<string, number>>): string[] =>
      alone(function* (results) {
        const mine = yield* user_alloc(ring);
        yield* user_write(mine, 'id', 7);
        yield* got(results, mine);
        results.push(yield* put_user(8, mine, 'id'), yield* user_read(mine, 'id'));
      }, failures).all;
    expect(one({})).toEqual(['0 7 0 8']);
    expect(one({ get_user: 1 })).toEqual([`${-EFAULT} 0 0 8`, '0 7 0 8']);
    expect(one({ put_user: 1 })).toEqual([`0 7 ${-EFAULT} 7`, '0 7 0 8']);
  });

  it.each([
    ['under a spinlock', () => spin_lock(lock), () => spin_unlock(lock)],
    ['in a read section', rcu_read_lock, rcu_read_unlock],
  ])('may sleep, which is reported %s and not outside', (_where, enter, leave) => {
    const use = (inside: boolean): readonly string[] =>
      alone(function* (results) {
        const mine = yield* user_alloc(ring);
        if (inside) yield* enter();
        yield* got(results, mine);
        yield* put_user(1, mine, 'id');
        if (inside) yield* leave();
      }).seen.complaints;
    const sleeps = (name: string): string => `${name}: sleeps in atomic context`;
    expect(use(true)).toEqual([sleeps('get_user'), sleeps('put_user')]);
    expect(use(false)).toEqual([]);
  });
});

describe('copy_from_user and copy_to_user', () => {
  /** Copies a pair there and back. */
  function* copied(results: unknown[], there: user<pair>): Op<void> {
    const tmp = yield* DECLARE_STRUCT_ONSTACK(pair, 'tmp');
    tmp.a = tmp.b = 1;
    results.push(yield* copy_from_user(tmp, there), tmp.a, tmp.b);
    tmp.a = 9;
    results.push(yield* copy_to_user(there, tmp));
  }

  it('copy all fields and give 0', () => {
    const { all, seen } = alone(function* (results) {
      const there = yield* user_alloc(pair);
      yield* user_write(there, 'b', 4);
      yield* copied(results, there);
      results.push(yield* user_read(there, 'a'), yield* user_read(there, 'b'));
    });
    expect(all).toEqual(['0 0 4 0 9 4']);
    expect(seen).toMatchObject({ ...fine, executions: 1 });
  });

  it('give the bytes that were not copied, which is all of them, and change nothing', () => {
    const { all } = alone(function* (results) {
      yield* copied(results, NOWHERE);
    });
    expect(all).toEqual(['16 1 1 16']);
  });

  it.each(['copy_from_user', 'copy_to_user'])('%s fails where the scenario lets it', (name) => {
    const { all } = alone(
      function* (results) {
        yield* copied(results, yield* user_alloc(pair));
      },
      { [name]: 1 },
    );
    expect(all).toEqual(
      name === 'copy_from_user' ? ['0 0 0 0', '16 1 1 0'] : ['0 0 0 0', '0 0 0 16'],
    );
  });

  it('may sleep', () => {
    const { seen } = alone(function* (results) {
      const there = yield* user_alloc(pair);
      yield* spin_lock(lock);
      yield* copied(results, there);
      yield* spin_unlock(lock);
    });
    expect(seen.complaints).toEqual([
      'copy_from_user: sleeps in atomic context',
      'copy_to_user: sleeps in atomic context',
    ]);
  });
});

describe('vm_mmap', () => {
  function* mapped(): Op<{ page: ring; address: number } | null> {
    const page = yield* kzalloc(ring, GFP_KERNEL);
    if (page === null) return null;
    return { page, address: yield* vm_mmap(page) };
  }

  it('shares a structure between the kernel and user space, also when the kernel lets go of it', () => {
    const { all, seen } = alone(function* (results) {
      const made = yield* mapped();
      if (made === null) return;
      made.page.id = 3;
      yield* got(results, made.address);
      yield* kfree(made.page);
      yield* got(results, made.address);
    });
    expect(all).toEqual(['0 3 0 3']);
    expect(seen).toMatchObject(fine);
  });

  it('may fail; unmapping takes any address at which a mapping could be', () => {
    const { all } = alone(
      function* (results) {
        const page = yield* kzalloc(ring, GFP_KERNEL);
        if (page === null) return;
        const address = yield* vm_mmap(page);
        results.push(address < 0 ? address : 'mapped');
        results.push(yield* vm_munmap(NOWHERE), yield* vm_munmap(1));
      },
      { vm_mmap: 1 },
    );
    expect(all).toEqual([`${-ENOMEM} 0 ${-EINVAL}`, `mapped 0 ${-EINVAL}`]);
  });

  it('an access comes before the unmapping or faults', () => {
    const results = new Set<number>();
    const seen = agree({
      setup: mapped,
      tasks: {
        *a(made) {
          if (made !== null) yield* vm_munmap(made.address);
        },
        *b(made) {
          if (made !== null)
            results.add(yield* get_user(variable(), made.address as user<ring>, 'id'));
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 2 });
    expect(results).toEqual(new Set([0, -EFAULT]));
  });

  it('an access to an address that may be guessed depends on the mapping of it', () => {
    const results = new Set<number>();
    const seen = agree({
      *setup(): Op<number> {
        return yield* user_alloc(ring);
      },
      tasks: {
        a: mapped,
        // The boot task's first mapping is at 0 of its pages, that of the first task 256 pages behind it.
        *b(first) {
          results.add(yield* get_user(variable(), (first + 256 * 0x1000) as user<ring>, 'id'));
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 2 });
    expect(results).toEqual(new Set([0, -EFAULT]));
  });

  it('reads and writes of user threads depend on each other, and are not data races', () => {
    const values = new Set<number>();
    const seen = agree({
      *setup(): Op<user<ring>> {
        return yield* user_alloc(ring);
      },
      tasks: {
        a: (there) => user_write(there, 'id', 1),
        *b(there) {
          const id = variable();
          yield* get_user(id, there, 'id');
          values.add(id.value);
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 2 });
    expect(values).toEqual(new Set([0, 1]));
  });

  it('a user thread that follows a bad pointer is reported', () => {
    const { seen } = alone(function* () {
      yield* user_read(NOWHERE as user<ring>, 'id');
    });
    expect(seen.complaints).toEqual([
      'expect: a[101]: segfault at a user address that is not mapped',
    ]);
  });
});
