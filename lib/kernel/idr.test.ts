// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { EAGAIN, EINVAL, ENOENT, ENOMEM, ENOSPC, ERR_PTR } from './err';
import { DEFINE_IDR, idr_alloc, idr_destroy, idr_find, idr_remove, idr_replace } from './idr';
import { idr_alloc_cyclic, idr_for_each, idr_get_next } from './idr-walk';
import { idr_get_new, idr_get_new_above, idr_pre_get } from './idr-old';
import { idrLayersReady } from './idr-layers';
import { rcu_read_lock, rcu_read_unlock } from './rcupdate';
import { GFP_ATOMIC, GFP_KERNEL, kzalloc } from './slab';
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from './spinlock';
import { DEFINE_STATIC } from './static-var';
import { int } from './types';

const item = struct('item', { value: int });
interface item extends StructOf<typeof item> {}
const ids = DEFINE_IDR<item>('ids');
const old = DEFINE_IDR<item>('old', { era: '2.6' });
const small = DEFINE_IDR<item>('small', { era: '2.6', layersMax: 1 });
const tiny = DEFINE_IDR<item>('tiny', { era: '2.6', layersMax: 2, bits: 2 });
const lock = DEFINE_SPINLOCK('lock');
const one = DEFINE_STATIC('one', item);
const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };

function* nothing(_value: number): Op<number> {
  return 0;
}

/** Runs a body alone and gives what it collected. */
function collect(body: (results: unknown[], a: item, b: item) => Op<unknown>) {
  let results: unknown[] = [];
  const seen = agree({
    *setup() {
      results = [];
      return [yield* kzalloc(item, GFP_KERNEL), yield* kzalloc(item, GFP_KERNEL)] as const;
    },
    tasks: {
      *a([a, b]) {
        if (a === null || b === null) return;
        const names = new Map<unknown, string>([
          [a, 'a'],
          [b, 'b'],
          [ERR_PTR(-ENOENT), '-ENOENT'],
          [ERR_PTR(-EINVAL), '-EINVAL'],
        ]);
        yield* body(results, a, b);
        results = results.map((each) => names.get(each) ?? each);
      },
    },
  });
  return { results, seen };
}

describe('IDR of 5.14', () => {
  it('continues after the last number, and comes back to the first free one', () => {
    const { results, seen } = collect(function* (out, a) {
      for (let i = 0; i < 2; i++) out.push(yield* idr_alloc_cyclic(ids, a, 1, 4, GFP_KERNEL));
      yield* idr_remove(ids, 1);
      for (let i = 0; i < 3; i++) out.push(yield* idr_alloc_cyclic(ids, a, 1, 4, GFP_KERNEL));
    });
    expect(results).toEqual([1, 2, 3, 1, -ENOSPC]);
    expect(seen).toMatchObject(fine);
  });

  it('walks from any number on, over those that have a pointer', () => {
    const { results } = collect(function* (out, a, b) {
      yield* idr_alloc(ids, a, 1, 0, GFP_KERNEL);
      yield* idr_alloc(ids, null, 2, 0, GFP_KERNEL);
      yield* idr_alloc(ids, b, 5, 0, GFP_KERNEL);
      const id = { value: 2 };
      out.push(yield* idr_get_next(ids, id), id.value);
      id.value++;
      out.push(yield* idr_get_next(ids, id), id.value);
    });
    expect(results).toEqual(['b', 5, null, 6]);
  });

  it('gives the lowest free number of a range', () => {
    const { results } = collect(function* (out, a, b) {
      out.push(yield* idr_alloc(ids, a, 0, 0, GFP_KERNEL));
      out.push(yield* idr_alloc(ids, b, 0, 0, GFP_KERNEL));
      out.push(yield* idr_alloc(ids, a, 5, 6, GFP_KERNEL));
      out.push(yield* idr_alloc(ids, a, 5, 6, GFP_KERNEL));
      out.push(yield* idr_alloc(ids, a, -1, 0, GFP_KERNEL));
      out.push(yield* idr_find(ids, 1), yield* idr_find(ids, 9));
      out.push(yield* idr_remove(ids, 0), yield* idr_remove(ids, 0));
      out.push(yield* idr_alloc(ids, b, 0, 0, GFP_KERNEL));
    });
    expect(results).toEqual([0, 1, 5, -ENOSPC, -EINVAL, 'b', null, 'a', null, 0]);
  });

  it('replaces, and walks in ascending order past NULL', () => {
    const { results, seen } = collect(function* (out, a, b) {
      yield* idr_alloc(ids, b, 3, 0, GFP_KERNEL);
      yield* idr_alloc(ids, a, 1, 0, GFP_KERNEL);
      yield* idr_alloc(ids, null, 2, 0, GFP_KERNEL);
      const visit = function* (id: number, pointer: item, stop: number): Op<number> {
        out.push(id, pointer);
        return id === stop ? 7 : 0;
      };
      out.push(yield* idr_for_each(ids, visit, 1), yield* idr_for_each(ids, visit, 9));
      out.push(yield* idr_replace(ids, a, 3), yield* idr_replace(ids, a, 4));
      out.push(yield* idr_replace(ids, a, 2), yield* idr_find(ids, 2));
      yield* idr_destroy(ids);
      out.push(yield* idr_find(ids, 1));
    });
    expect(results).toEqual([1, 'a', 1, 'a', 3, 'b', 7, 0, 'b', '-ENOENT', null, 'a', null]);
    expect(seen.complaints).toEqual([]);
  });

  it('may fail, and sleeps with GFP_KERNEL', () => {
    const results = new Set<number>();
    const seen = agree({
      failures: { idr_alloc: 1 },
      tasks: {
        *a() {
          yield* spin_lock(lock);
          results.add(yield* idr_alloc(ids, null, 0, 0, GFP_ATOMIC));
          results.add(yield* idr_alloc(ids, null, 0, 0, GFP_KERNEL));
          yield* spin_unlock(lock);
        },
      },
    });
    expect([...results].sort()).toEqual([-ENOMEM, 0, 1]);
    expect(seen.complaints).toEqual(['idr_alloc: sleeps in atomic context']);
  });

  it('a lookup comes before or after, and two lookups commute', () => {
    const find = (): Op<unknown> => idr_find(ids, 0);
    const seen = agree({
      tasks: { a: () => idr_alloc(ids, null, 0, 0, GFP_KERNEL), b: find, c: find },
    });
    expect(seen).toMatchObject({ ...fine, executions: 4 });
  });

  it.each<[name: string, reading: () => Op<unknown>]>([
    ['idr_find', () => idr_find(ids, 0)],
    ['idr_get_next', () => idr_get_next(ids, { value: 0 })],
    ['idr_for_each', () => idr_for_each(ids, (_id, { value }) => nothing(value), null)],
  ])('%s() orders what is read through the pointer', (_name, reading) => {
    const { kinds } = told(dpor, allMonitors(), (machine) => {
      machine.spawn('writer', function* () {
        one.value = 1;
        yield* spin_lock(lock);
        yield* idr_alloc(ids, one, 0, 0, GFP_ATOMIC);
        yield* spin_unlock(lock);
      });
      machine.spawn('reader', function* () {
        yield* rcu_read_lock();
        const found = yield* reading();
        if (found === one) yield* nothing(one.value);
        yield* rcu_read_unlock();
      });
    });
    expect(kinds).toEqual([]);
  });
});

describe('IDR of 2.6', () => {
  it('needs prepared layers', () => {
    const { results } = collect(function* (out, a, b) {
      const id = { value: -1 };
      out.push(yield* idr_get_new(old, a, id), id.value);
      out.push(yield* idr_pre_get(old, GFP_KERNEL));
      out.push(yield* idr_get_new(old, a, id), id.value);
      out.push(yield* idr_get_new_above(old, b, 0, id), id.value);
      out.push(yield* idr_find(old, 0), yield* idr_find(old, 0x80000001 | 0));
      out.push(yield* idr_remove(old, 0), yield* idr_find(old, 0));
    });
    expect(results).toEqual([-EAGAIN, -1, 1, 0, 0, 0, 1, 'a', 'b', null, null]);
  });

  it('complains of removing what is free', () => {
    const { seen } = collect(() => idr_remove(old, 3));
    expect(seen.complaints).toEqual(['idr: idr_remove called for id=3 which is not allocated.']);
  });

  it('replaces by the bitmap, not the pointer', () => {
    const { results } = collect(function* (out, a, b) {
      const id = { value: -1 };
      out.push(yield* idr_replace(old, a, 0), yield* idr_replace(old, a, 1));
      yield* idr_pre_get(old, GFP_KERNEL);
      yield* idr_get_new(old, null, id);
      out.push(yield* idr_replace(old, a, 63), yield* idr_replace(old, a, 64));
      out.push(yield* idr_replace(old, b, 0), yield* idr_replace(old, null, 0));
      out.push(yield* idr_get_new(old, a, id), id.value);
    });
    expect(results).toEqual(['-ENOENT', '-EINVAL', '-ENOENT', '-EINVAL', null, 'b', 0, 1]);
  });

  it('another may use up the layers in between: -EAGAIN with memory available', () => {
    const results = new Set<number>();
    const seen = agree({
      tasks: Object.fromEntries(
        [0, 64].map((start) => [
          `above${start}`,
          function* () {
            yield* idr_pre_get(small, GFP_KERNEL);
            yield* spin_lock(lock);
            results.add(yield* idr_get_new_above(small, null, start, { value: -1 }));
            yield* spin_unlock(lock);
          },
        ]),
      ),
    });
    expect(seen).toMatchObject(fine);
    expect([...results].sort()).toEqual([-EAGAIN, 0]);
  });

  it('idr_pre_get() gives 0 when it fails, and sleeps', () => {
    const results = new Set<number>();
    const seen = agree({
      failures: { idr_pre_get: 1 },
      tasks: {
        *a() {
          yield* spin_lock(lock);
          results.add(yield* idr_pre_get(old, GFP_KERNEL));
          yield* spin_unlock(lock);
        },
      },
    });
    expect([...results].sort()).toEqual([0, 1]);
    expect(seen.complaints).toEqual(['idr_pre_get: sleeps in atomic context']);
  });

  it('may fail only where it must not sleep', () => {
    const results = new Set<string>();
    agree({
      failures: { 'idr_pre_get(GFP_ATOMIC)': 1 },
      tasks: {
        *a() {
          const patient = yield* idr_pre_get(old, GFP_KERNEL);
          results.add(`${patient} ${yield* idr_pre_get(old, GFP_ATOMIC)}`);
        },
      },
    });
    expect(results).toEqual(new Set(['1 0', '1 1']));
  });

  it('can be made of small layers, so that a second one is needed soon', () => {
    const { results } = collect(function* (out, a, b) {
      const id = { value: -1 };
      yield* idr_pre_get(tiny, GFP_KERNEL);
      for (let n = 0; n < 4; n++) out.push(yield* idr_get_new(tiny, a, id));
      out.push(yield* idr_replace(tiny, b, 4), yield* idr_get_new(tiny, a, id));
      yield* idr_pre_get(tiny, GFP_KERNEL);
      out.push(yield* idr_get_new(tiny, a, id), id.value, yield* idr_replace(tiny, b, 5));
    });
    expect(results).toEqual([0, 0, 0, 0, '-EINVAL', -EAGAIN, 0, 4, '-ENOENT']);
  });

  it('keeps layers ready until idr_destroy(), and both sides of that are explored', () => {
    const ready = new Set<number>();
    const seen = agree({
      *setup() {
        yield* idr_pre_get(tiny, GFP_KERNEL);
        yield* idr_get_new(tiny, null, { value: -1 });
      },
      tasks: {
        *a() {
          ready.add(idrLayersReady());
        },
        *b() {
          yield* idr_destroy(tiny);
        },
      },
    });
    expect(seen).toMatchObject(fine);
    expect([...ready].sort()).toEqual([0, 1]);
  });
});
