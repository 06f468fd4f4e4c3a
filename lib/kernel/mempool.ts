// SPDX-License-Identifier: GPL-2.0-only
/** Pools that always have an element in the end. After include/linux/mempool.h and mm/mempool.c, with the check of 2.6. */
import {
  type Branded,
  composite,
  type Embeddable,
  type Handle,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  request,
  struct,
  type StructHandle,
  type StructOf,
  type StructType,
  SyncObject,
  TaskKilled,
  type Fields,
  writing,
} from '../machine';
import { failed, mayFail, outcomesOf } from './may-fail';
import { gfpflags_allow_blocking } from './slab';

/** Elements kept for bad times. State: how many there are. */
class Reserve extends SyncObject {
  readonly typeName = 'mempool_reserve';
  readonly handle: Branded<'mempool_reserve'> = makeHandle(this);
  min = 0;
  element: StructType | null = null;
}

const reserve: Embeddable<Branded<'mempool_reserve'>> = {
  typeName: 'mempool_reserve',
  make: () => new Reserve(),
};

const pool_type = struct('mempool_t', { curr_nr: reserve });

/** A pool. */
export interface mempool_t extends StructOf<typeof pool_type> {}

const CREATE: Kind = {
  name: 'mempool_create',
  access: 'none',
  outcomes: outcomesOf('mempool_create'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'mempool_create', site),
  perform(machine, task, { a, b, site }) {
    if (failed('mempool_create', machine, task)) return null;
    const object = pool_type.make();
    object.clear(true);
    machine.allocate(object, site);
    const pool = object.handle as mempool_t; // made by its type
    const kept = objectOf(pool.curr_nr) as Reserve;
    kept.state = kept.min = a as number;
    kept.element = b as StructType;
    return pool;
  },
};

const ALLOC: Kind = {
  name: 'mempool_alloc',
  access: 'read',
  announce(machine, task, { a, site }) {
    if (gfpflags_allow_blocking(a as number)) machine.mightSleep(task, 'mempool_alloc', site);
  },
  perform: (machine, _task, { object, site }) => element(machine, object as Reserve, site),
};

const ALLOC_RESERVED: Kind = {
  name: 'mempool_alloc',
  access: 'write',
  enabled: (left) => left > 0,
  announce(machine, task, { a, site }) {
    if (gfpflags_allow_blocking(a as number)) machine.mightSleep(task, 'mempool_alloc', site);
  },
  perform(machine, task, { object, site }) {
    const kept = object as Reserve;
    kept.state--;
    machine.acquire(task, kept);
    return element(machine, kept, site);
  },
};

function element(machine: Parameters<Kind['perform']>[0], kept: Reserve, site: string): Handle {
  const object = (kept.element ?? pool_type).make();
  object.clear(false);
  machine.allocate(object, site);
  return object.handle;
}

const FREE: Kind = {
  name: 'mempool_free',
  access: 'write',
  perform(machine, task, { object, a, site }) {
    const kept = object as Reserve;
    if (kept.state < kept.min) kept.state++;
    machine.release(task, kept, true);
    const { memory } = objectOf(a as Handle);
    if (memory !== null) machine.free(memory, site);
  },
};

const DESTROY: Kind = {
  name: 'mempool_destroy',
  access: 'write',
  extra({ object }) {
    const memory = object?.memory?.object ?? null;
    if (memory === null) return [];
    return Array.from({ length: memory.size }, (_, i) => writing(memory.base + i));
  },
  perform(machine, _task, { object, site }) {
    const kept = object as Reserve;
    if (kept.state !== kept.min && kept.memory?.freed === false) {
      const message = `kernel BUG at mm/mempool.c! ${kept.outermost.label} has ${kept.state} of ${kept.min} elements back`;
      machine.complain({ check: 'mempool', message, object: kept, site });
      throw new TaskKilled('mempool_destroy');
    }
    if (kept.memory !== null) machine.free(kept.memory, site);
  },
};

/**
 * Makes a pool that keeps `min_nr` elements of a type in reserve.
 *
 * @returns the pool, or NULL where `mempool_create` may fail
 * @kernel include/linux/mempool.h
 * @context process context; may sleep
 * @ordering none
 * @divergence takes the type of the elements, not a cache
 */
export function mempool_create_slab_pool<F extends Fields>(
  min_nr: number,
  type: StructType<F>,
): Op<mempool_t | null> {
  return request(CREATE, null, 0, min_nr, type);
}

function* allocate(pool: mempool_t, flags: number): Op<Handle | null> {
  const kept = objectOf(pool.curr_nr);
  if (!(yield* mayFail('mempool_alloc'))) return yield* request<Handle>(ALLOC, kept, 0, flags);
  if (!gfpflags_allow_blocking(flags)) return null;
  return yield* request<Handle>(ALLOC_RESERVED, kept, 0, flags);
}

/**
 * Allocates an element with undefined contents. Where `mempool_alloc` may fail it comes out of the reserve, and waits for one if
 * that is empty.
 *
 * @returns the element; NULL only with GFP_ATOMIC
 * @kernel include/linux/mempool.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 * @divergence GFP_ATOMIC does not get at the reserve
 */
export function mempool_alloc<F extends Fields = Fields>(
  pool: mempool_t,
  gfp_mask: number,
): Op<StructHandle<F> | null> {
  return composite('mempool_alloc', allocate(pool, gfp_mask)) as Op<StructHandle<F> | null>; // the pool's type
}

/**
 * Gives an element back: to the reserve if that is not full.
 *
 * @kernel include/linux/mempool.h
 * @context any; does not sleep
 * @ordering release, to whoever waits for it
 */
export function mempool_free(element: Handle, pool: mempool_t): Op<void> {
  return request(FREE, objectOf(pool.curr_nr), 0, element);
}

/**
 * Frees a pool. All that came out of its reserve must be back in: otherwise it is a bug, and the task dies.
 *
 * @kernel include/linux/mempool.h
 * @context process context; may sleep
 * @ordering none
 */
export function mempool_destroy(pool: mempool_t): Op<void> {
  return request(DESTROY, objectOf(pool.curr_nr));
}
