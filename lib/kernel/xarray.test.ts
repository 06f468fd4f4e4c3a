// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { EBUSY, EINVAL } from './err';
import { kfree_rcu } from './kfree-rcu';
import { rcu_head } from './rcu-callback';
import { rcu_read_lock, rcu_read_unlock } from './rcupdate';
import { GFP_ATOMIC, GFP_KERNEL, kfree, kzalloc } from './slab';
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from './spinlock';
import { DEFINE_STATIC } from './static-var';
import { int } from './types';
import { __xa_store, xa_cmpxchg, xa_erase, xa_insert, xa_load, xa_store } from './xarray';
import {
  XA_LIMIT,
  XA_PRESENT,
  xa_alloc,
  xa_find,
  xa_find_after,
  xa_limit_32b,
} from './xarray-alloc';
import {
  DEFINE_XARRAY,
  DEFINE_XARRAY_ALLOC,
  XA_FLAGS_ALLOC1,
  xa_init,
  xa_init_flags,
} from './xarray-init';
import { xa_lock, xa_unlock } from './xarray-lock';
import { xarray } from './xarray-object';

const device = struct('device', { id: int, rcu: rcu_head });
interface device extends StructOf<typeof device> {}
const devices = DEFINE_XARRAY<device>('devices');
const ids = DEFINE_XARRAY_ALLOC<device>('ids');
const table = DEFINE_STATIC('table', struct('table', { devices: xarray }));
const [one, two] = [DEFINE_STATIC('one', device), DEFINE_STATIC('two', device)];
const lock = DEFINE_SPINLOCK('lock');

/** What a task gives that runs alone, and what is said. */
function alone(body: () => Op<unknown>): { given: unknown; said: readonly string[] } {
  let given: unknown;
  const { complaints, findings } = agree({
    tasks: {
      *a() {
        given = yield* body();
      },
    },
  });
  return { given, said: [...complaints, ...findings] };
}

it('stores, replaces, inserts and erases at an index', () => {
  const body = function* (): Op<unknown> {
    return [
      yield* xa_store(devices, 3, one, GFP_KERNEL),
      (yield* xa_store(devices, 3, two, GFP_KERNEL)) === one,
      yield* xa_insert(devices, 3, one, GFP_KERNEL),
      (yield* xa_cmpxchg(devices, 3, one, null, GFP_KERNEL)) === two,
      (yield* xa_cmpxchg(devices, 3, two, one, GFP_KERNEL)) === two,
      (yield* xa_erase(devices, 3)) === one,
      yield* xa_load(devices, 3),
      yield* xa_insert(devices, 3, one, GFP_KERNEL),
    ];
  };
  const given = [null, true, -EBUSY, true, true, true, null, 0];
  expect(alone(body)).toEqual({ given, said: [] });
});

it('reserves an index where NULL is inserted, which xa_load() does not see', () => {
  const body = function* (): Op<unknown> {
    yield* xa_insert(devices, 3, null, GFP_KERNEL);
    return [yield* xa_load(devices, 3), yield* xa_insert(devices, 3, one, GFP_KERNEL)];
  };
  expect(alone(body).given).toEqual([null, -EBUSY]);
});

it('gives the lowest free index, up to a limit, and walks over them in order', () => {
  const body = function* (): Op<unknown> {
    const id = { value: -1 };
    const found: number[] = [];
    for (let i = 0; i < 2; i++) {
      found.push(yield* xa_alloc(ids, id, one, XA_LIMIT(4, 5), GFP_KERNEL), id.value);
    }
    found.push(yield* xa_alloc(ids, id, one, XA_LIMIT(4, 5), GFP_KERNEL), id.value);
    yield* xa_alloc(ids, id, two, xa_limit_32b, GFP_KERNEL);
    const at = { value: 0 };
    let entry = yield* xa_find(ids, at, 9, XA_PRESENT);
    while (entry !== null) {
      found.push(at.value);
      entry = yield* xa_find_after(ids, at, 9, XA_PRESENT);
    }
    return found;
  };
  expect(alone(body)).toEqual({ given: [0, 4, 0, 5, -EBUSY, 5, 0, 4, 5], said: [] });
});

it('begins at 1 with XA_FLAGS_ALLOC1, and refuses xa_alloc() without a flag', () => {
  const id = { value: 0 };
  const allocates = (init: () => Op<void>) =>
    alone(function* () {
      yield* init();
      return [yield* xa_alloc(table.devices, id, one, xa_limit_32b, GFP_KERNEL), id.value];
    });
  expect(allocates(() => xa_init_flags(table.devices, XA_FLAGS_ALLOC1))).toEqual({
    given: [0, 1],
    said: [],
  });
  id.value = 9;
  expect(allocates(() => xa_init(table.devices))).toEqual({
    given: [-EINVAL, 9],
    said: ['warn: '],
  });
});

it('gives two tasks different indices', () => {
  const seen = new Set<string>();
  const taken: number[] = [];
  const take = function* (): Op<void> {
    const id = { value: -1 };
    yield* xa_alloc(ids, id, one, xa_limit_32b, GFP_ATOMIC);
    taken.push(id.value);
  };
  const result = agree({
    *setup() {
      taken.length = 0;
    },
    tasks: { a: take, b: take },
    *check() {
      seen.add(taken.slice().sort().join());
    },
  });
  expect(result).toMatchObject({ surplus: 0, blocked: 0, complaints: [], findings: [] });
  expect([...seen]).toEqual(['0,1']);
});

/** What the detectors say of a lookup beside a task that stores a device and removes it again. */
function kinds(free: (old: device) => Op<void>, look: () => Op<unknown>): readonly string[] {
  return told(dpor, allMonitors(), (machine) => {
    machine.spawn('writer', function* () {
      const made = yield* kzalloc(device, GFP_KERNEL);
      if (made === null) return;
      made.id = 1;
      yield* xa_store(devices, 0, made, GFP_KERNEL);
      yield* xa_erase(devices, 0);
      yield* free(made);
    });
    machine.spawn('reader', look);
  }).kinds;
}

function* inSection(): Op<number> {
  yield* rcu_read_lock();
  const id = (yield* xa_load(devices, 0))?.id ?? 0;
  yield* rcu_read_unlock();
  return id;
}

function* underLock(): Op<number> {
  yield* xa_lock(devices);
  const id = (yield* xa_load(devices, 0))?.id ?? 0;
  yield* xa_unlock(devices);
  return id;
}

function* unprotected(): Op<number> {
  return (yield* xa_load(devices, 0))?.id ?? 0;
}

it('finds what outlives the lookup in a section, or under the lock, and a use after free otherwise', () => {
  const later = (old: device): Op<void> => kfree_rcu(old, 'rcu');
  expect(kinds(later, inSection)).toEqual([]);
  expect(kinds(kfree, underLock)).toEqual([]);
  expect(kinds(kfree, inSection).join()).toContain('slab-use-after-free');
  expect(kinds(later, unprotected).join()).toContain('slab-use-after-free');
});

it('reports a change without the lock, and an allocation that may sleep where none may', () => {
  expect(alone(() => __xa_store(devices, 0, one, GFP_ATOMIC)).said).toEqual([
    'rcu: suspicious rcu_dereference_check() usage!',
  ]);
  const stores = (gfp: number) => (): Op<void> =>
    (function* () {
      yield* spin_lock(lock);
      yield* xa_store(devices, 0, one, gfp);
      yield* spin_unlock(lock);
    })();
  const says = (gfp: number): readonly string[] =>
    told(dpor, allMonitors(), (machine) => void machine.spawn('a', stores(gfp))).kinds;
  expect(says(GFP_KERNEL)).toEqual(['sleeping-in-atomic']);
  expect(says(GFP_ATOMIC)).toEqual([]);
});
