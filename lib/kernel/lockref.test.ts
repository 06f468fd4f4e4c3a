// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import {
  __lockref_is_dead,
  lockref,
  lockref_get,
  lockref_get_not_dead,
  lockref_get_not_zero,
  lockref_init,
  lockref_mark_dead,
  lockref_put_or_lock,
  lockref_put_return,
} from './lockref';
import { READ_ONCE } from './once';
import { spin_lock, spin_unlock } from './spinlock';
import { DEFINE_STATIC } from './static-var';

const dentry = struct('dentry', { d_lockref: lockref });
const one = DEFINE_STATIC('one', dentry);
const ref = one.d_lockref;

/** What two tasks give and what is left, over all interleavings. */
function outcomes(a: () => Op<unknown>, b: () => Op<unknown>, count = 1): string[] {
  const seen = new Set<string>();
  const result = agree({
    *setup() {
      yield* lockref_init(ref);
      ref.count = count;
      const world: { a: unknown; b: unknown } = { a: null, b: null };
      return world;
    },
    tasks: {
      *a(world) {
        world.a = yield* a();
      },
      *b(world) {
        world.b = yield* b();
      },
    },
    *check(world) {
      yield* spin_lock(ref.lock);
      seen.add(`${String(world.a)} ${String(world.b)} ${ref.count}`);
      yield* spin_unlock(ref.lock);
    },
  });
  expect(result).toMatchObject({ surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] });
  return [...seen].sort();
}

/** dput(): the last one kills. */
function* put(): Op<boolean> {
  if (yield* lockref_put_or_lock(ref)) return false;
  lockref_mark_dead(ref);
  yield* spin_unlock(ref.lock);
  return true;
}

it('kills once, and nobody gets a reference after that', () => {
  expect(outcomes(put, put, 2)).toEqual(['false true -128', 'true false -128']);
  expect(outcomes(put, () => lockref_get_not_dead(ref))).toEqual([
    'false true 1',
    'true false -128',
  ]);
  expect(outcomes(put, () => lockref_get_not_zero(ref))).toEqual([
    'false true 1',
    'true false -128',
  ]);
  expect(
    outcomes(
      () => lockref_get_not_zero(ref),
      () => lockref_get(ref),
      0,
    ),
  ).toEqual(['false undefined 1', 'true undefined 2']);
});

it('waits for the holder of the lock, except where it gives up', () => {
  const holding = function* (): Op<void> {
    yield* spin_lock(ref.lock);
    ref.count += 10;
    yield* spin_unlock(ref.lock);
  };
  expect(outcomes(holding, () => lockref_get(ref))).toEqual(['undefined undefined 12']);
  expect(outcomes(holding, () => lockref_put_return(ref))).toEqual([
    'undefined -1 11',
    'undefined 0 10',
    'undefined 10 10',
  ]);
});

it('gives -1 for a count of 0, which stays', () => {
  expect(
    outcomes(
      () => lockref_put_return(ref),
      function* () {},
      0,
    ),
  ).toEqual(['-1 undefined 0']);
});

/** What the detectors say of a task beside another one that takes a reference. */
function kinds(beside: () => Op<unknown>): readonly string[] {
  return told(dpor, allMonitors(), (machine) => {
    machine.runNow(lockref_init(ref));
    machine.spawn('a', () => lockref_get(ref));
    machine.spawn('b', beside);
  }).kinds;
}

it('races with a plain look at the count without the lock, and with nothing else', () => {
  const look = function* (): Op<boolean> {
    yield* spin_lock(ref.lock);
    const dead = __lockref_is_dead(ref);
    yield* spin_unlock(ref.lock);
    return dead;
  };
  expect(kinds(look)).toEqual([]);
  expect(kinds(() => READ_ONCE(ref, 'count'))).toEqual([]);
  const lookAlone = function* (): Op<boolean> {
    yield* READ_ONCE(ref, 'count');
    return __lockref_is_dead(ref);
  };
  expect(kinds(lookAlone)).toContain('data-race');
});

it('is a bug to kill without the lock', () => {
  const kill = function* (): Op<void> {
    yield* READ_ONCE(ref, 'count');
    lockref_mark_dead(ref);
  };
  expect(kinds(kill)).toContain('bug');
});

it('hangs where the holder of the lock takes a reference', () => {
  const twice = function* (): Op<void> {
    yield* spin_lock(ref.lock);
    yield* lockref_get(ref);
  };
  expect(kinds(twice)).toContain('recursive-locking');
});
