// SPDX-License-Identifier: GPL-2.0-only
/** Opt-in reductions below one execution per trace: they must not lose any outcome. */
import * as fc from 'fast-check';
import {
  alloc_percpu,
  atomic_inc,
  atomic_read,
  DEFINE_ATOMIC,
  free_percpu,
  int,
  per_cpu,
  READ_ONCE,
  static_var,
  this_cpu_add,
  WRITE_ONCE,
} from '../kernel';
import { user_alloc } from '../kernel/user-memory';
import { Machine, type Op, struct } from '../machine';
import { dpor } from '.';
import { agree, outcomesOf } from './testing/agree';
import { sources } from './testing/random-program';

const count = DEFINE_ATOMIC('count', 0);

function* increment(): Op<void> {
  yield* atomic_inc(count);
}

function executions(tasks: number, commuting: boolean, alike: boolean): number {
  const boot = (machine: Machine): void => {
    let like = null;
    for (let i = 0; i < tasks; i++) {
      const task = machine.spawn(`t${i}`, increment, 'process', alike ? like : null);
      like = task;
    }
  };
  return dpor(new Machine({ boot }, { commuting }), () => false).executions;
}

it('counts one trace for n increments that nobody reads, n! for those of n tasks otherwise', () => {
  expect([2, 3, 4].map((n) => executions(n, false, false))).toEqual([2, 6, 24]);
  expect([2, 3, 4].map((n) => executions(n, true, false))).toEqual([1, 1, 1]);
  expect([2, 3, 4].map((n) => executions(n, false, true))).toEqual([1, 1, 1]);
});

it('still orders an increment against a read', () => {
  const seen = new Set<number>();
  const boot = (machine: Machine): void => {
    machine.spawn('a', increment);
    machine.spawn('b', increment);
    machine.spawn('look', function* () {
      seen.add(yield* atomic_read(count));
    });
  };
  // look first; between the two, whichever is first; last: 1 + 2 + 1 traces
  expect(dpor(new Machine({ boot }, { commuting: true }), () => false).executions).toBe(4);
  expect(seen).toEqual(new Set([0, 1, 2]));
});

const runs = { numRuns: 150, seed: 1 };

it('commuting additions agree with the oracle, and lose no outcome of random programs', () => {
  fc.assert(
    fc.property(sources(4), (source) => {
      agree(source, { commuting: true, executionsMax: 800 });
      const [with_, without] = [outcomesOf(source, { commuting: true }), outcomesOf(source, {})];
      if (without !== null) expect(with_).toEqual(without);
    }),
    runs,
  );
});

it('tasks that are alike agree with the oracle, and lose no outcome but for the names', () => {
  fc.assert(
    fc.property(sources(3), (source) => {
      agree(source, { alike: true, executionsMax: 800 });
      const [with_, without] = [
        outcomesOf(source, { alike: true }),
        outcomesOf(source, { alike: false }),
      ];
      if (without !== null) expect(with_).toEqual(without);
    }),
    runs,
  );
});

describe('tasks that are alike, and learn which of them they are', () => {
  const first = static_var('first', 0);
  const page = struct('page', { field: int });

  function* byCounter(): Op<boolean> {
    const counts = yield* alloc_percpu();
    if (counts === null) return false;
    yield* this_cpu_add(counts, 1);
    const mine = yield* per_cpu(counts, 1);
    yield* free_percpu(counts);
    return mine === 1;
  }
  function* byAddress(): Op<boolean> {
    return (yield* user_alloc(page)) % 0x200000 === 0x100000;
  }

  it.each([
    ['by the counter of a CPU', byCounter],
    ['by an address', byAddress],
  ])('%s, may come in either order', (_how, isFirst) => {
    const ends = new Set<number>();
    function* task(): Op<void> {
      const name = (yield* isFirst()) ? 1 : 2;
      if ((yield* READ_ONCE(first, 'value')) === 0) yield* WRITE_ONCE(first, 'value', name);
    }
    const program = {
      boot(machine: Machine): void {
        const a = machine.spawn('a', task);
        machine.spawn('b', task, 'process', a);
      },
    };
    const result = dpor(new Machine(program), () => {
      ends.add(first.value);
      return false;
    });
    expect([result.complete, [...ends].sort()]).toEqual([true, [1, 2]]);
  });
});
