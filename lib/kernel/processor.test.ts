// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import type { Op } from '../machine';
import { atomic_cmpxchg, atomic_read, atomic_set, DEFINE_ATOMIC } from './atomic';
import { READ_ONCE, WRITE_ONCE } from './once';
import { cpu_relax } from './processor';
import { DEFINE_RWLOCK, read_lock, read_unlock, write_trylock, write_unlock } from './rwlock';
import { DECLARE_RWSEM, down_read, down_write_trylock, up_read, up_write } from './rwsem';
import { DEFINE_SPINLOCK, spin_lock, spin_trylock, spin_unlock } from './spinlock';
import { static_var } from './static-var';

const flag = DEFINE_ATOMIC('flag', 0);
const other = DEFINE_ATOMIC('other', 0);
const lock = DEFINE_SPINLOCK('lock');
const rwlock = DEFINE_RWLOCK('rwlock');
const rwsem = DECLARE_RWSEM('rwsem');
const ready = static_var('ready', 0);

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [] };

function* spin(): Op<void> {
  while ((yield* atomic_read(flag)) === 0) yield* cpu_relax();
}

function* spinEither(): Op<void> {
  while ((yield* atomic_read(flag)) === 0 && (yield* atomic_read(other)) === 0) yield* cpu_relax();
}

describe('cpu_relax()', () => {
  it.each([
    // read 1; read 0, set, relax, read 1
    ['a flag', { a: spin, b: () => atomic_set(flag, 1) }, 2],
    [
      'a flag in a structure',
      {
        *a() {
          while ((yield* READ_ONCE(ready, 'value')) === 0) yield* cpu_relax();
        },
        b: () => WRITE_ONCE(ready, 'value', 1),
      },
      2,
    ],
    ['two that spin on one flag', { a: spin, b: () => atomic_set(flag, 1), c: spin }, 4],
  ])('waits for %s', (_title, tasks, executions) => {
    expect(agree({ tasks })).toMatchObject({ ...fine, executions });
  });

  it('waits for either of two flags, whichever was read last', () => {
    const seen = agree({ tasks: { a: spinEither, b: () => atomic_set(flag, 1) } });
    expect(seen).toMatchObject({ ...fine, executions: 2 });
    const both = agree({
      tasks: { a: spinEither, b: () => atomic_set(flag, 1), c: () => atomic_set(other, 1) },
    });
    expect(both).toMatchObject(fine);
  });

  it('goes on for a change that does not help, and hangs when none does', () => {
    const seen = agree({
      tasks: {
        a: spin,
        *b() {
          yield* atomic_set(flag, 0);
          yield* atomic_set(flag, 0);
        },
      },
    });
    expect(seen).toMatchObject({ surplus: 0, blocked: 0 });
    expect(seen.hung).toBe(seen.executions);
  });

  it('two that try to take what is taken do not keep each other awake', () => {
    const take = function* (): Op<void> {
      while ((yield* atomic_cmpxchg(flag, 0, 1)) !== 0) yield* cpu_relax();
    };
    const seen = agree({
      *setup() {
        yield* atomic_set(flag, 1);
      },
      tasks: { a: take, b: take, c: () => atomic_set(flag, 0) },
    });
    expect(seen).toMatchObject({ surplus: 0, blocked: 0 });
    expect(seen.hung).toBe(seen.executions);
  });

  it('two that look again under a lock do not keep each other awake by taking it', () => {
    const look = function* (): Op<void> {
      for (;;) {
        yield* spin_lock(lock);
        const found = yield* atomic_read(flag);
        yield* spin_unlock(lock);
        if (found !== 0) return;
        yield* cpu_relax();
      }
    };
    const seen = agree({ tasks: { a: look, b: look, c: () => atomic_set(flag, 1) } });
    expect(seen).toMatchObject(fine);
  });

  it('spins on a trylock', () => {
    const inAndOut = function* (): Op<void> {
      while ((yield* spin_trylock(lock)) === 0) yield* cpu_relax();
      yield* spin_unlock(lock);
    };
    expect(agree({ tasks: { a: inAndOut, b: inAndOut } })).toMatchObject(fine);
  });

  it('spins until the last reader has left a lock', () => {
    const spinning = function* (attempt: () => Op<number>, leave: () => Op<void>): Op<void> {
      while ((yield* attempt()) === 0) yield* cpu_relax();
      yield* leave();
    };
    const reading = function* (enter: () => Op<void>, leave: () => Op<void>): Op<void> {
      yield* enter();
      yield* leave();
    };
    for (const [writer, reader] of [
      [
        () =>
          spinning(
            () => write_trylock(rwlock),
            () => write_unlock(rwlock),
          ),
        () =>
          reading(
            () => read_lock(rwlock),
            () => read_unlock(rwlock),
          ),
      ],
      [
        () =>
          spinning(
            () => down_write_trylock(rwsem),
            () => up_write(rwsem),
          ),
        () =>
          reading(
            () => down_read(rwsem),
            () => up_read(rwsem),
          ),
      ],
    ] as const) {
      expect(agree({ tasks: { a: writer, b: reader } })).toMatchObject(fine);
      expect(agree({ tasks: { a: writer, b: reader, c: reader } })).toMatchObject(fine);
    }
  });

  it('two that hand a turn to each other', () => {
    const turn = (mine: number): (() => Op<void>) =>
      function* () {
        while ((yield* atomic_read(flag)) !== mine) yield* cpu_relax();
        yield* atomic_set(flag, mine + 1);
      };
    const seen = agree({ tasks: { a: turn(0), b: turn(1), c: turn(2) } });
    expect(seen).toMatchObject(fine);
  });
});
