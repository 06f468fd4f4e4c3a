// SPDX-License-Identifier: GPL-2.0-only
/** Allocating, freeing and reusing memory; and integers of which every CPU has its own. */
import * as k from '../../../kernel';
import { slabReuses } from '../../../kernel/slab-reuse';
import { type Machine, type Op, struct, type StructOf } from '../../../machine';
import { doing, giving, type Make, pick, two } from './kit';

const box = struct('box', { x: k.int });
type Box = StructOf<typeof box>;

const boxes = two((name) => k.static_var<Box | null>(name, null), 'box');
const cache = k.static_var<k.kmem_cache<Box> | null>('cache', null);
const cached = two((name) => k.static_var<Box | null>(name, null), 'cached');

const counts = k.static_var<k.percpu_int | null>('counts', null);

/** For the start of a program: allows freed memory to be reused. */
export function prepareMemory(machine: Machine): void {
  slabReuses(box);
  const made = k.kmem_cache_create('boxes', box, k.SLAB_TYPESAFE_BY_RCU, null);
  cache.value = machine.runNow(made);
}

function* look(i: number): Op<number> {
  const found = yield* k.READ_ONCE(pick(boxes, i), 'value');
  return found === null ? 0 : yield* k.READ_ONCE(found, 'x');
}

function* sum(pcp: k.percpu_int | null): Op<number> {
  let all = 0;
  if (pcp === null) return all;
  for (const cpu of k.for_each_possible_cpu()) all += yield* k.per_cpu(pcp, cpu);
  return all;
}

export const allocating: Make[] = [
  (i) =>
    doing(`box${i} = kzalloc(box)`, function* () {
      yield* k.WRITE_ONCE(pick(boxes, i), 'value', yield* k.kzalloc(box, k.GFP_KERNEL));
    }),
  (i) =>
    doing(`kfree(box${i})`, function* () {
      const old = yield* k.READ_ONCE(pick(boxes, i), 'value');
      yield* k.WRITE_ONCE(pick(boxes, i), 'value', null);
      yield* k.kfree(old);
    }),
  (i) => giving(`box${i}->x`, () => look(i)),
  (i, value) =>
    doing(`box${i}->x = ${value}`, function* () {
      const found = yield* k.READ_ONCE(pick(boxes, i), 'value');
      if (found !== null) yield* k.WRITE_ONCE(found, 'x', value);
    }),
  () =>
    doing('counts = alloc_percpu()', function* () {
      counts.value = yield* k.alloc_percpu();
    }),
  (_, value) =>
    doing(`this_cpu_add(counts, ${value})`, function* () {
      if (counts.value !== null) yield* k.this_cpu_add(counts.value, value);
    }),
  () => giving('sum(counts)', () => sum(counts.value)),
  (i) =>
    doing(`cached${i} = kmem_cache_alloc()`, function* () {
      const from = cache.value;
      if (from !== null) pick(cached, i).value = yield* k.kmem_cache_alloc(from, k.GFP_ATOMIC);
    }),
  (i) =>
    doing(`kmem_cache_free(cached${i})`, function* () {
      const one = yield* k.xchg(pick(cached, i), 'value', null);
      if (one !== null && cache.value !== null) yield* k.kmem_cache_free(cache.value, one);
    }),
];
