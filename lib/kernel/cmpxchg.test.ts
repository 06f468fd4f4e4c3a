// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import {
  cmpxchg,
  cmpxchg_acquire,
  cmpxchg_relaxed,
  cmpxchg_release,
  try_cmpxchg,
  xchg,
} from './cmpxchg';
import { static_var } from './static-var';

const x = static_var('x', 0);
const data = static_var('data', 0);
const log: unknown[] = [];

beforeEach(() => (log.length = 0));

it('lets one of two that expect the same value write it', () => {
  function* take(id: number): Op<void> {
    if ((yield* cmpxchg(x, 'value', 0, id)) === 0) log.push(id);
  }
  const seen = agree({ tasks: { a: () => take(1), b: () => take(2) } });
  expect(seen).toMatchObject({ executions: 2, surplus: 0, blocked: 0, hung: 0 });
  expect(new Set(log)).toEqual(new Set([1, 2]));
});

it('hands every value of xchg() to one task', () => {
  const taken: unknown[] = [];
  agree({
    *setup() {
      taken.length = 0;
      yield* xchg(x, 'value', 5);
    },
    tasks: {
      *a() {
        taken.push(yield* xchg(x, 'value', 0));
      },
      *b() {
        taken.push(yield* xchg(x, 'value', 0));
      },
    },
    *check() {
      log.push(taken.reduce<number>((sum, value) => sum + Number(value), 0));
      yield* cmpxchg(x, 'value', 0, 0);
    },
  });
  expect(new Set(log)).toEqual(new Set([5]));
});

it('tells by try_cmpxchg() what was found', () => {
  agree({
    tasks: {
      *a() {
        const old = { value: 0 };
        log.push(yield* try_cmpxchg(x, 'value', old, 1), old.value);
        log.push(yield* try_cmpxchg(x, 'value', old, 2), old.value);
      },
    },
  });
  expect(log.slice(0, 4)).toEqual([true, 0, false, 1]);
});

it.each([
  ['acquire and release', cmpxchg_acquire, cmpxchg_release, []],
  ['full', cmpxchg, cmpxchg, []],
  ['relaxed', cmpxchg_relaxed, cmpxchg_relaxed, ['data-race']],
] as const)('orders what its name says: %s', (_name, take, give, expected) => {
  const found = told(dpor, allMonitors(), (machine) => {
    machine.spawn('a', function* () {
      data.value = 1;
      yield* give(x, 'value', 0, 1);
    });
    machine.spawn('b', function* () {
      if ((yield* take(x, 'value', 1, 2)) === 1) data.value++;
    });
  });
  expect(found.kinds).toEqual(expected);
});
