// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { GFP_KERNEL, kfree } from './slab';
import { elementAt, kcalloc, kmalloc_array } from './slab-array';
import {
  type kmem_cache,
  kmem_cache_alloc,
  kmem_cache_create,
  kmem_cache_destroy,
  kmem_cache_free,
  kmem_cache_zalloc,
  SLAB_TYPESAFE_BY_RCU,
} from './slab-cache';

import { int } from './types';

const box = struct('box', { x: int });

/** What one task does with a cache, and all that it complains of and gives. */
function using(
  flags: number,
  body: (cache: kmem_cache<StructOf<typeof box>>) => Op<unknown>,
): { complaints: readonly string[]; given: unknown[] } {
  const given = new Set<unknown>();
  const { complaints } = agree({
    tasks: {
      *a() {
        const cache = yield* made(flags);
        if (cache !== null) given.add(yield* body(cache));
      },
    },
  });
  return { complaints, given: [...given] };
}

const made = (flags: number) => kmem_cache_create('boxes', box, flags, null);

describe('a cache', () => {
  it('gives objects of its own, and is destroyed when they are back', () => {
    const seen = using(0, function* (cache) {
      const one = yield* kmem_cache_zalloc(cache, GFP_KERNEL);
      if (one === null) return -1;
      const { x } = one;
      yield* kmem_cache_free(cache, one);
      yield* kmem_cache_destroy(cache);
      return x;
    });
    expect(seen).toEqual({ complaints: [], given: [0] });
  });

  it('complains when it is destroyed with objects left', () => {
    const { complaints } = using(0, function* (cache) {
      yield* kmem_cache_alloc(cache, GFP_KERNEL);
      yield* kmem_cache_destroy(cache);
    });
    expect(complaints).toEqual([
      'slab: kmem_cache_destroy boxes: Slab cache still has objects when called from kmem_cache_destroy',
    ]);
  });

  it('complains of an object of another one', () => {
    const { complaints } = using(0, function* (cache) {
      const other = yield* kmem_cache_create('others', box, 0, null);
      const one = other === null ? null : yield* kmem_cache_alloc(other, GFP_KERNEL);
      if (one !== null) yield* kmem_cache_free(cache, one);
    });
    expect(complaints).toEqual([
      'warn: cache_from_obj: Wrong slab cache. boxes but object is from others',
    ]);
  });

  it('that is typesafe by RCU gives a freed object again, as it was, or a new one', () => {
    const { complaints, given } = using(SLAB_TYPESAFE_BY_RCU, function* (cache) {
      const one = yield* kmem_cache_zalloc(cache, GFP_KERNEL);
      if (one === null) return 'none';
      one.x = 7;
      yield* kmem_cache_free(cache, one);
      const two = yield* kmem_cache_alloc(cache, GFP_KERNEL);
      return two === one ? `again, ${two.x}` : 'new';
    });
    expect(complaints).toEqual([]);
    expect(given.sort()).toEqual(['again, 7', 'new']);
  });

  it('that is typesafe by RCU notices an object that is freed twice', () => {
    const { complaints } = using(SLAB_TYPESAFE_BY_RCU, function* (cache) {
      const one = yield* kmem_cache_alloc(cache, GFP_KERNEL);
      if (one === null) return;
      yield* kmem_cache_free(cache, one);
      yield* kmem_cache_free(cache, one);
    });
    expect(complaints).toEqual(['slab: BUG boxes: Object already free']);
  });
});

it('an array of structures has its elements, and no others', () => {
  const { findings, complaints } = agree({
    tasks: {
      *a() {
        const boxes = yield* kcalloc(2, box, GFP_KERNEL);
        const more = yield* kmalloc_array(2, box, GFP_KERNEL);
        if (boxes === null || more === null) return;
        const [first, second] = [elementAt(boxes, 0), elementAt(boxes, 1)];
        second.x = first.x + 1;
        if (first.x !== 0 || second.x !== 1) throw new TypeError('wrong elements');
        yield* kfree(boxes);
        elementAt(more, 2).x = 1;
      },
    },
  });
  expect(complaints).toEqual([]);
  expect(findings).toHaveLength(1);
});
