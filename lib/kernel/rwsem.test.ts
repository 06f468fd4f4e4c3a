// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import type { Op } from '../machine';
import {
  DECLARE_RWSEM,
  down_read,
  down_read_trylock,
  down_write,
  down_write_trylock,
  downgrade_write,
  up_read,
  up_write,
} from './rwsem';
import {
  DEFINE_RWLOCK,
  read_lock,
  read_unlock,
  write_lock,
  write_trylock,
  write_unlock,
} from './rwlock';
import { DEFINE_SEMAPHORE, down, down_trylock, up } from './semaphore';
import { static_var } from './static-var';

const sem = DECLARE_RWSEM('sem');
const lock = DEFINE_RWLOCK('lock');
const count = DEFINE_SEMAPHORE('count', 2);
const one = DEFINE_SEMAPHORE('one', 1);
const value = static_var('value', 0);

function* reader(): Op<void> {
  yield* down_read(sem);
  yield* up_read(sem);
}

function* writer(): Op<void> {
  yield* down_write(sem);
  yield* up_write(sem);
}

function* spinReader(): Op<void> {
  yield* read_lock(lock);
  yield* read_unlock(lock);
}

function* spinWriter(): Op<void> {
  yield* write_lock(lock);
  yield* write_unlock(lock);
}

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };

describe('rwsem', () => {
  it.each([
    ['two readers commute', { a: reader, b: reader }, 1],
    ['a reader and a writer go one after the other', { a: reader, b: writer }, 2],
    ['a writer goes before or after each of two readers', { a: reader, b: reader, c: writer }, 4],
    ['and of three', { a: reader, b: reader, c: reader, d: writer }, 8],
    ['three writers have 6 orders', { a: writer, b: writer, c: writer }, 6],
    // W1 W2 or W2 W1, the reader in one of three places
    ['two writers and a reader', { a: writer, b: reader, c: writer }, 6],
    // 2 orders of the writers, each reader in one of three places
    ['two writers and two readers', { a: writer, b: reader, c: reader, d: writer }, 18],
  ])('%s', (_title, tasks, executions) => {
    expect(agree({ tasks })).toMatchObject({ ...fine, executions });
  });

  it.each([
    ['two readers commute', { a: spinReader, b: spinReader }, 1],
    [
      'two writers and two readers',
      { a: spinWriter, b: spinReader, c: spinReader, d: spinWriter },
      18,
    ],
  ])('rwlock: %s', (_title, tasks, executions) => {
    expect(agree({ tasks })).toMatchObject({ ...fine, executions });
  });

  it('a task that takes both ways in turn meets others in every order', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* reader();
          yield* writer();
        },
        *b() {
          yield* writer();
          yield* reader();
        },
      },
    });
    expect(seen).toMatchObject({ ...fine });
  });

  it.each([
    [
      'a reader and a writer: the writer comes before, while the reader reads, or after',
      { a: reader, b: writer },
      3,
    ],
    ['two readers commute', { a: reader, b: reader }, 1],
    ['two writers, the second of which may find the first', { a: writer, b: writer }, 4],
  ])('fair: %s', (_title, tasks, executions) => {
    expect(agree({ tasks, fair: true })).toMatchObject({ ...fine, executions });
  });

  it.each([
    ['two readers and a writer', { a: reader, b: reader, c: writer }],
    ['two writers and two readers', { a: writer, b: reader, c: reader, d: writer }],
    ['rwlock: two writers and a reader', { a: spinWriter, b: spinReader, c: spinWriter }],
  ])('fair: %s end in every execution', (_title, tasks) => {
    expect(agree({ tasks, fair: true })).toMatchObject({ ...fine });
  });

  function* twice(): Op<void> {
    yield* down_read(sem);
    yield* reader();
    yield* up_read(sem);
  }

  it('fair: a reader that takes it again hangs behind a writer that waits', () => {
    expect(agree({ tasks: { a: twice, b: writer }, fair: true }).hung).toBe(1);
    expect(agree({ tasks: { a: twice, b: writer } }).hung).toBe(0);
    expect(agree({ tasks: { a: twice, b: reader }, fair: true }).hung).toBe(0);
  });

  it('fair: downgrading and trylocks keep the tasks that wait', () => {
    const results = new Set<string>();
    const seen = agree({
      fair: true,
      tasks: {
        *a() {
          yield* down_write(sem);
          yield* downgrade_write(sem);
          yield* up_read(sem);
        },
        b: writer,
        *c() {
          const read = yield* down_read_trylock(sem);
          if (read === 1) yield* up_read(sem);
          const write = yield* down_write_trylock(sem);
          if (write === 1) yield* up_write(sem);
          results.add(`${read} ${write}`);
        },
      },
    });
    expect(seen).toMatchObject({ ...fine });
    expect([...results].sort()).toEqual(['0 0', '0 1', '1 0', '1 1']);
  });

  it('trylocks fail exactly when somebody is in the way', () => {
    const results = new Set<string>();
    const seen = agree({
      tasks: {
        a: writer,
        *b() {
          const read = yield* down_read_trylock(sem);
          if (read === 1) yield* up_read(sem);
          const write = yield* down_write_trylock(sem);
          if (write === 1) yield* up_write(sem);
          results.add(`${read} ${write}`);
        },
        c: reader,
      },
    });
    expect(seen).toMatchObject({ ...fine });
    expect([...results].sort()).toEqual(['0 0', '0 1', '1 0', '1 1']);
  });

  it('a downgraded writer lets readers in and keeps writers out', () => {
    const values = new Set<number>();
    const seen = agree({
      tasks: {
        *a() {
          yield* down_write(sem);
          value.value = 1;
          yield* downgrade_write(sem);
          values.add(value.value);
          yield* up_read(sem);
        },
        *b() {
          yield* down_write(sem);
          value.value = 2;
          yield* up_write(sem);
        },
        c: reader,
      },
    });
    expect(seen).toMatchObject({ ...fine });
    expect([...values]).toEqual([1]);
  });

  it('complains when somebody gives back what he does not hold', () => {
    expect(agree({ tasks: { a: () => up_write(sem) } }).complaints).toEqual([
      'warn: DEBUG_RWSEMS_WARN_ON(!is_rwsem_owned_by_current)',
    ]);
    expect(agree({ tasks: { a: () => write_unlock(lock) } }).complaints).toEqual([
      'spinlock: already unlocked on CPU#1, a/101',
    ]);
  });

  it('only the sleeping lock may sleep', () => {
    const under = (inner: () => Op<void>) => () =>
      agree({
        tasks: {
          *a() {
            yield* read_lock(lock);
            yield* inner();
            yield* read_unlock(lock);
          },
        },
      }).complaints;
    expect(under(reader)()).toEqual(['down_read: sleeps in atomic context']);
    expect(under(() => down(count))()).toEqual(['down: sleeps in atomic context']);
    expect(under(spinReader)()).toEqual([]);
  });

  it('write_trylock() fails while a reader is in', () => {
    const results = new Set<number>();
    agree({
      tasks: {
        a: spinReader,
        *b() {
          const got = yield* write_trylock(lock);
          results.add(got);
          if (got === 1) yield* write_unlock(lock);
        },
      },
    });
    expect([...results].sort()).toEqual([0, 1]);
  });
});

describe('semaphore', () => {
  it('lets in as many as it counts', () => {
    const inAndOut = function* (): Op<void> {
      yield* down(one);
      yield* up(one);
    };
    expect(agree({ tasks: { a: inAndOut, b: inAndOut, c: inAndOut } })).toMatchObject({
      ...fine,
      executions: 6,
    });
    const two = function* (): Op<void> {
      yield* down(count);
      yield* up(count);
    };
    expect(agree({ tasks: { a: two, b: two, c: two } })).toMatchObject(fine);
  });

  it('anybody may give it back', () => {
    const seen = agree({
      *setup() {
        yield* down(one);
      },
      tasks: { a: () => down(one), b: () => up(one) },
    });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
  });

  it('down_trylock() gives 0 when it got in', () => {
    const results: number[] = [];
    agree({
      *setup() {
        results.push(yield* down_trylock(one), yield* down_trylock(one));
      },
      tasks: { a: () => up(one) },
    });
    expect(results.slice(0, 2)).toEqual([0, 1]);
  });
});
