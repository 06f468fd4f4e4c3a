// SPDX-License-Identifier: GPL-2.0-only
/**
 * Caches of objects of one type. After include/linux/slab.h and mm/slab_common.c. An object of a cache with SLAB_TYPESAFE_BY_RCU may
 * be allocated again at once after it was freed, while readers still look at it: they see an object of the same type, and must find
 * out whether it is still theirs.
 */
import {
  type AnyStruct,
  type Branded,
  composite,
  type Fields,
  type Handle,
  type Kind,
  makeHandle,
  makeStruct,
  objectOf,
  type Op,
  request,
  type StructHandle,
  StructObject,
  type StructType,
  SyncObject,
  writing,
} from '../machine';
import { failed, outcomesOf } from './may-fail';
import { might_sleep } from './might-sleep';
import { gfpflags_allow_blocking } from './slab';

/** Objects line up with the lines of the processor's cache. Changes nothing here. @kernel include/linux/slab.h */
export const SLAB_HWCACHE_ALIGN = 0x2000;
/** A freed object stays an object of its type for readers. @kernel include/linux/slab.h */
export const SLAB_TYPESAFE_BY_RCU = 0x80000;

/** A cache of objects of one type. */
export interface kmem_cache<T = unknown> extends Branded<'kmem_cache', Cache> {
  /** Type of an object, for the compiler only. */
  readonly object?: T;
}

/** Runs once on each object, when its memory is new. */
type Constructor = (object: Handle) => Op<unknown>;

class Cache extends SyncObject {
  readonly typeName = 'kmem_cache';
  readonly handle: kmem_cache = makeHandle(this);
  /** Objects that were freed and may be allocated again. */
  readonly freed: StructObject[] = [];

  constructor(
    readonly name: string,
    readonly type: AnyStruct,
    readonly flags: number,
    readonly ctor: Constructor | null,
  ) {
    super();
    this.initialised = true;
  }

  get typesafe(): boolean {
    return (this.flags & SLAB_TYPESAFE_BY_RCU) !== 0;
  }

  override *references(): Generator {
    for (const object of this.freed) yield object.handle;
  }
}

const caches = new WeakMap<StructObject, Cache>();

const CREATE: Kind<null, [cache: Cache], kmem_cache | null> = {
  name: 'kmem_cache_create',
  access: 'none',
  outcomes: outcomesOf('kmem_cache_create'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'kmem_cache_create', site),
  perform(machine, task, { a: cache, site }) {
    if (failed('kmem_cache_create', machine, task)) return null;
    machine.allocate(cache, site);
    return cache.handle;
  },
};

/** What an allocation gives: a new object, or one that was freed. */
interface Given {
  readonly object: StructObject;
  readonly isNew: boolean;
}

const FAILS = outcomesOf('kmem_cache_alloc');

function allocator(name: string, typesafe: boolean): Kind<Cache, [flags: number], Given | null> {
  return {
    name,
    access: typesafe ? 'write' : 'read',
    outcomes: (machine, task, asked) => (typesafe ? 2 : FAILS(machine, task, asked)),
    announce(machine, task, { a: flags, site }) {
      if (gfpflags_allow_blocking(flags)) machine.mightSleep(task, name, site);
    },
    perform(machine, task, { object: cache, site }) {
      if (!typesafe && failed('kmem_cache_alloc', machine, task)) return null;
      const old = machine.outcome === 1 ? cache.freed.pop() : undefined;
      if (old !== undefined && old.memory !== null) {
        machine.acquire(task, cache);
        old.memory.freed = true; // the new object takes its place
      }
      const object = old ?? makeStruct(cache.type);
      if (old === undefined) object.clear(false);
      machine.allocate(object, site);
      caches.set(object, cache);
      return { object, isNew: old === undefined };
    },
  };
}

const ALLOC = allocator('kmem_cache_alloc', false);
const ALLOC_TYPESAFE = allocator('kmem_cache_alloc', true);

const ZERO: Kind<StructObject, [], void> = {
  name: 'kmem_cache_zalloc',
  access: 'none',
  extra: ({ object }) => whole(object),
  perform: (_machine, _task, { object }) => object.clear(true),
};

function whole({ base, size }: StructObject): readonly number[] {
  return Array.from({ length: size }, (_, i) => writing(base + i));
}

const FREE: Kind<Cache, [object: StructObject], void> = {
  name: 'kmem_cache_free',
  access: 'write',
  extra: ({ object: cache, a: object }) => (cache.typesafe ? [] : whole(object)),
  perform(machine, task, { object: cache, a: object, site }) {
    const { memory } = object;
    const from = caches.get(object);
    if (memory === null || from !== cache) {
      const message = `cache_from_obj: Wrong slab cache. ${cache.name} but object is from ${from?.name ?? object.typeName}`;
      machine.complain({ check: 'warn', message, object, site });
    } else if (!cache.typesafe) machine.free(memory, site);
    else if (cache.freed.includes(object)) {
      const message = `BUG ${cache.name}: Object already free`;
      machine.complain({ check: 'slab', message, object, site });
    } else {
      machine.release(task, cache, true);
      cache.freed.push(object);
    }
  },
};

const DESTROY: Kind<Cache, [], void> = {
  name: 'kmem_cache_destroy',
  access: 'write',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'kmem_cache_destroy', site),
  perform(machine, _task, { object: cache, site }) {
    for (const { memory } of cache.freed.splice(0)) if (memory !== null) machine.free(memory, site);
    const left = machine.allocations.some(
      ({ object, freed }) =>
        !freed && object instanceof StructObject && caches.get(object) === cache,
    );
    if (left) {
      const message = `kmem_cache_destroy ${cache.name}: Slab cache still has objects when called from kmem_cache_destroy`;
      machine.complain({ check: 'slab', message, object: cache, site });
    } else if (cache.memory !== null) machine.free(cache.memory, site);
  },
};

function* allocating(cache: Cache, flags: number, zeroed: boolean): Op<Handle | null> {
  const given = yield* request(cache.typesafe ? ALLOC_TYPESAFE : ALLOC, cache, flags);
  if (given === null) return null;
  const { object, isNew } = given;
  if (zeroed) yield* request(ZERO, object);
  else if (isNew && cache.ctor !== null) yield* cache.ctor(object.handle);
  return object.handle;
}

/**
 * Makes a cache of objects of one type.
 *
 * @example
 * const session = struct('session', { lock: spinlock_t, id: int });
 * function* session_ctor(one: StructOf<typeof session>) {
 *   yield* spin_lock_init(one.lock);
 * }
 * const cache = yield* kmem_cache_create('session', session, SLAB_TYPESAFE_BY_RCU, session_ctor);
 * if (cache === null) return;
 * const one = yield* kmem_cache_alloc(cache, GFP_KERNEL);
 * if (one === null) return;
 * yield* spin_lock(one.lock);
 * yield* spin_unlock(one.lock);
 * yield* kmem_cache_free(cache, one);
 * yield* kmem_cache_destroy(cache);
 * @param name its name in reports
 * @param type the type of its objects
 * @param flags SLAB_TYPESAFE_BY_RCU, or 0
 * @param ctor is given each object whose memory is new, and not one that was freed before; or NULL
 * @returns the cache, or NULL if the scenario lets `kmem_cache_create` fail
 * @kernel include/linux/slab.h
 * @context process context; may sleep
 * @ordering none
 * @divergence takes the type, not a size and an alignment
 */
export function kmem_cache_create<F extends Fields>(
  name: string,
  type: StructType<F>,
  flags: number,
  ctor: ((object: StructHandle<F>) => Op<unknown>) | null,
): Op<kmem_cache<StructHandle<F>> | null> {
  const cache = new Cache(name, type, flags, ctor as Constructor | null); // given objects of this type
  return request(CREATE, null, cache) as Op<kmem_cache<StructHandle<F>> | null>; // likewise
}

/**
 * Allocates an object: its contents are undefined, or what the constructor or its last user left.
 *
 * @param flags GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the object, or NULL if the scenario lets `kmem_cache_alloc` fail
 * @kernel include/linux/slab.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 * @divergence with SLAB_TYPESAFE_BY_RCU it never fails, and gives an object that was freed or a new one: both are explored
 */
export function kmem_cache_alloc<T extends Handle>(
  cache: kmem_cache<T>,
  flags: number,
): Op<T | null> {
  return composite('kmem_cache_alloc', allocating(objectOf(cache), flags, false) as Op<T | null>); // the cache has no others
}

/**
 * Allocates an object and zeroes it. The constructor does not run.
 *
 * @example
 * const session = struct('session', { id: int });
 * const cache = yield* kmem_cache_create('session', session, 0, null);
 * if (cache === null) return;
 * const one = yield* kmem_cache_zalloc(cache, GFP_KERNEL);
 * if (one === null) return;
 * one.id; // => 0
 * yield* kmem_cache_free(cache, one);
 * yield* kmem_cache_destroy(cache);
 * @param flags GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the object, or NULL if the scenario lets `kmem_cache_alloc` fail
 * @kernel include/linux/slab.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 * @divergence as kmem_cache_alloc()
 */
export function kmem_cache_zalloc<T extends Handle>(
  cache: kmem_cache<T>,
  flags: number,
): Op<T | null> {
  return composite('kmem_cache_zalloc', allocating(objectOf(cache), flags, true) as Op<T | null>); // the cache has no others
}

/**
 * Frees an object of the cache. With SLAB_TYPESAFE_BY_RCU it stays readable, and may be somebody else's at once.
 *
 * @param object of this cache
 * @kernel include/linux/slab.h
 * @context any; does not sleep
 * @ordering none
 * @divergence with SLAB_TYPESAFE_BY_RCU it stays readable until the cache is destroyed, not only until the readers are gone
 */
export function kmem_cache_free<T extends Handle>(cache: kmem_cache<T>, object: T): Op<void> {
  return request(FREE, objectOf(cache), objectOf<Handle>(object) as StructObject); // a cache has structures
}

/**
 * Destroys a cache, which must have no objects left. NULL is allowed.
 *
 * @param cache the cache, or NULL
 * @kernel include/linux/slab.h
 * @context process context; may sleep
 * @ordering none
 */
export function kmem_cache_destroy(cache: kmem_cache | null): Op<void> {
  return cache === null ? might_sleep() : request(DESTROY, objectOf(cache));
}
