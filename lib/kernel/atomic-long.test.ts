// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct } from '../machine';
import {
  atomic_long_dec_and_test,
  atomic_long_inc_not_zero,
  atomic_long_read,
  atomic_long_set,
  atomic_long_t,
} from './atomic-long';
import { try_cmpxchg_acquire } from './cmpxchg';
import { DEFINE_STATIC, static_var } from './static-var';

const holder = struct('holder', { users: atomic_long_t });
const one = DEFINE_STATIC('one', holder);
const lock = static_var('lock', 0);

it('a long counter is changed indivisibly', () => {
  const seen = new Set<string>();
  const result = agree({
    *setup() {
      yield* atomic_long_set(one.users, 1);
      return { got: false, last: false };
    },
    tasks: {
      *a(world) {
        world.got = yield* atomic_long_inc_not_zero(one.users);
      },
      *b(world) {
        world.last = yield* atomic_long_dec_and_test(one.users);
      },
    },
    *check({ got, last }) {
      seen.add(`${got} ${last} ${yield* atomic_long_read(one.users)}`);
    },
  });
  expect(result).toMatchObject({ executions: 2, surplus: 0, blocked: 0 });
  expect([...seen].sort()).toEqual(['false true 0', 'true false 1']);
});

it('one task of two wins a try_cmpxchg_acquire(), and the other learns what it found', () => {
  const seen = new Set<string>();
  const take = function* (): Op<void> {
    const old = { value: 0 };
    const won = yield* try_cmpxchg_acquire(lock, 'value', old, 1);
    seen.add(`${won} ${old.value}`);
  };
  expect(agree({ tasks: { a: take, b: take } })).toMatchObject({ executions: 2, surplus: 0 });
  expect([...seen].sort()).toEqual(['false 1', 'true 0']);
});
