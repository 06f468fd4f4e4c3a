// SPDX-License-Identifier: GPL-2.0-only
/** Memory pools: allocations that eventually succeed, from a reserve. After include/linux/mempool.h and mm/mempool.c. */
import {
  type AnyStruct,
  type Branded,
  composite,
  type Fields,
  type Handle,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  request,
  type StructHandle,
  type StructType,
  SyncObject,
  TaskKilled,
  writing,
  makeStruct,
} from '../machine';
import { failed, outcomesOf } from './may-fail';
import { gfpflags_allow_blocking } from './slab';

/** A pool of elements of one type. */
export interface mempool_t<T = unknown> extends Branded<'mempool_t', Mempool> {
  /** Type of an element, for the compiler only. */
  readonly element?: T;
}

/** State: the number of elements in the reserve. */
class Mempool extends SyncObject {
  readonly typeName = 'mempool_t';
  readonly handle: mempool_t = makeHandle(this);

  constructor(
    readonly reserve: number,
    readonly element: AnyStruct,
  ) {
    super();
    this.state = reserve;
    this.initialised = true;
  }
}

const CREATE: Kind<null, [min_nr: number, type: AnyStruct], mempool_t | null> = {
  name: 'mempool_create',
  access: 'none',
  outcomes: outcomesOf('mempool_create'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'mempool_create', site),
  perform(machine, task, { a: min_nr, b: type, site }) {
    if (failed('mempool_create', machine, task)) return null;
    const pool = new Mempool(min_nr, type);
    machine.allocate(pool, site);
    return pool.handle;
  },
};

/** The ordinary allocation, which is tried first. */
const ORDINARY: Kind<Mempool, [gfp: number], Handle | null> = {
  name: 'mempool_alloc',
  access: 'read',
  outcomes: outcomesOf('mempool_alloc'),
  announce(machine, task, { a: gfp, site }) {
    if (gfpflags_allow_blocking(gfp)) machine.mightSleep(task, 'mempool_alloc', site);
  },
  perform(machine, task, { object, site }) {
    if (failed('mempool_alloc', machine, task)) return null;
    const element = makeStruct(object.element);
    machine.allocate(element, site);
    return element.handle;
  },
};

function fromReserve(wait: boolean): Kind<Mempool, [], Handle | null> {
  const kind: Kind<Mempool, [], Handle | null> = {
    name: 'mempool_alloc',
    access: 'write',
    perform(machine, _task, { object: pool, site }) {
      if (pool.state === 0) return null;
      pool.state--;
      const element = makeStruct(pool.element);
      machine.allocate(element, site);
      return element.handle;
    },
  };
  return wait ? { ...kind, enabled: (left) => left > 0 } : kind;
}

const WAIT = fromReserve(true);
const TRY = fromReserve(false);

const FREE: Kind<Mempool, [element: Handle], void> = {
  name: 'mempool_free',
  access: 'write',
  extra({ a }) {
    const { base, size } = objectOf(a);
    return Array.from({ length: size }, (_, i) => writing(base + i));
  },
  perform(machine, _task, { object: pool, a, site }) {
    const element = objectOf(a);
    if (element.memory?.region !== 'slab' || element.memory.object !== element) {
      const message = `invalid-free of ${element.label}`;
      machine.complain({ check: 'slab', message, object: element, site });
      return;
    }
    machine.free(element.memory, site);
    if (pool.state < pool.reserve) pool.state++;
  },
};

const DESTROY: Kind<Mempool, [], void> = {
  name: 'mempool_destroy',
  access: 'write',
  perform(machine, _task, { object: pool, site }) {
    if (pool.state !== pool.reserve) {
      const message = 'BUG_ON(pool->curr_nr != pool->min_nr)';
      machine.complain({ check: 'bug', message, object: pool, site });
      throw new TaskKilled('BUG_ON');
    }
    if (pool.memory !== null) machine.free(pool.memory, site);
  },
};

/**
 * Makes a pool with a reserve of elements.
 *
 * @example
 * const io = struct('io', { sector: int });
 * const pool = yield* mempool_create_slab_pool(1, io);
 * if (pool === null) return;
 * const one = yield* mempool_alloc(pool, GFP_KERNEL);
 * if (one !== null) yield* mempool_free(one, pool);
 * yield* mempool_destroy(pool);
 * @param min_nr how many elements the reserve has
 * @returns the pool, or NULL if the scenario lets `mempool_create` fail
 * @kernel include/linux/mempool.h
 * @context process context only; may sleep
 * @ordering none
 * @divergence takes the type of the elements, not a slab cache
 */
export function mempool_create_slab_pool<F extends Fields>(
  min_nr: number,
  type: StructType<F>,
): Op<mempool_t<StructHandle<F>> | null> {
  const op = request(CREATE, null, min_nr, type);
  return op as Op<mempool_t<StructHandle<F>> | null>; // its elements have that type
}

function* allocating(pool: Mempool, gfp: number): Op<unknown> {
  const element = yield* request(ORDINARY, pool, gfp);
  if (element !== null) return element;
  return yield* request(gfpflags_allow_blocking(gfp) ? WAIT : TRY, pool);
}

/**
 * Allocates an element with undefined contents: ordinary memory, or else an element of the reserve. Waits for one if it may sleep.
 *
 * @param gfp GFP_KERNEL, which may sleep until an element is freed, or GFP_ATOMIC, which does not
 * @returns the element; NULL only if it must not sleep, the reserve is empty, and the scenario lets `mempool_alloc` fail
 * @kernel include/linux/mempool.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 */
export function mempool_alloc<T>(pool: mempool_t<T>, gfp: number): Op<T | null> {
  const steps = allocating(objectOf(pool), gfp) as Op<T | null>; // mempool_create_slab_pool() determined the type
  return composite('mempool_alloc', steps);
}

/**
 * Frees an element: into the reserve if that is not full.
 *
 * @kernel include/linux/mempool.h
 * @context any; does not sleep
 * @ordering none
 */
export function mempool_free<T>(element: T & Handle, pool: mempool_t<T>): Op<void> {
  objectOf(element); // a wild pointer faults here, at the call
  return request(FREE, objectOf(pool), element);
}

/**
 * Frees a pool. All elements of the reserve must have been freed before; otherwise it is a BUG, as in 2.6.
 *
 * @kernel include/linux/mempool.h
 * @context process context; does not sleep
 * @ordering none
 */
export function mempool_destroy(pool: mempool_t): Op<void> {
  return request(DESTROY, objectOf(pool));
}
