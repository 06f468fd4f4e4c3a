// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import {
  container_of,
  DEFINE_MUTEX,
  DEFINE_SPINLOCK,
  GFP_KERNEL,
  kfree,
  kmalloc,
  kref,
  kref_get,
  kref_get_unless_zero,
  kref_init,
  kref_put,
  kref_put_lock,
  kref_put_mutex,
  kref_read,
  mutex_unlock,
  spin_unlock,
} from '.';

const thing = struct('thing', { kref });
interface thing extends StructOf<typeof thing> {}
const lock = DEFINE_SPINLOCK('lock');
const big_lock = DEFINE_MUTEX('big_lock');

function* make(): Op<thing> {
  const made = yield* kmalloc(thing, GFP_KERNEL);
  if (made === null) throw new Error('kmalloc failed');
  yield* kref_init(made.kref);
  return made;
}

function* release(k: kref): Op<void> {
  yield* kfree(container_of(k, thing, 'kref'));
}

it('runs release once, for the last of two puts, in every interleaving', () => {
  const results: number[] = [];
  const seen = agree({
    *setup() {
      const made = yield* make();
      yield* kref_get(made.kref);
      return made;
    },
    tasks: {
      *a({ kref: k }) {
        results.push(yield* kref_put(k, release));
      },
      *b({ kref: k }) {
        results.push(yield* kref_put(k, release));
      },
    },
  });
  // The two puts in either order; each explorer runs both.
  expect(seen).toMatchObject({ executions: 2, surplus: 0, hung: 0, complaints: [] });
  expect(results.filter((result) => result === 1)).toHaveLength(results.length / 2);
});

it('kref_get_unless_zero() fails on an object on its way out', () => {
  let got: unknown;
  agree({
    setup: make,
    tasks: {
      *a({ kref: k }) {
        yield* kref_put(k, function* () {});
        got = [yield* kref_get_unless_zero(k), yield* kref_read(k)];
      },
    },
  });
  expect(got).toEqual([0, 0]);
});

it('kref_put_lock() and kref_put_mutex() call release with the lock held', () => {
  const seen = agree({
    *setup() {
      return [yield* make(), yield* make()] as const;
    },
    tasks: {
      *a([one]) {
        yield* kref_put_lock(
          one.kref,
          function* (k) {
            yield* spin_unlock(lock);
            yield* release(k);
          },
          lock,
        );
      },
      *b([, two]) {
        yield* kref_put_mutex(
          two.kref,
          function* (k) {
            yield* mutex_unlock(big_lock);
            yield* release(k);
          },
          big_lock,
        );
      },
    },
  });
  expect(seen).toMatchObject({ executions: 1, hung: 0, complaints: [] });
});
