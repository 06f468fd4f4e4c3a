// SPDX-License-Identifier: GPL-2.0-only
/**
 * IDR: small numbers for pointers. After include/linux/idr.h and lib/idr.c of 5.14. idr-old.ts has the differences of 2.6. The
 * definition of an IDR says which of the two it follows.
 *
 * It has two locations: the tree, plain memory under the caller's lock, and the entries, which RCU readers of 5.14 look up.
 */
import {
  type Arguments,
  type Branded,
  type Embeddable,
  embeddable,
  type Kind,
  type Machine,
  makeHandle,
  objectOf,
  type Op,
  reading,
  type Releasing,
  request,
  type Request,
  storable,
  SyncObject,
  writing,
} from '../machine';
import { EINVAL, ENOENT, ENOMEM, ENOSPC, ERR_PTR, type errptr } from './err';
import { Tree } from './idr-tree';
import { failed, outcomesOf } from './may-fail';
import { gfpflags_allow_blocking } from './slab';

/** A set of numbers with a pointer each. Embed it as `ids: idr`. */
export interface idr<T = unknown> extends Branded<'idr', Idr> {
  /** Type of the objects that the pointers lead to, for the compiler only. */
  readonly entry?: T;
}

/** Which kernel an IDR follows. */
export interface IdrOptions {
  /** '2.6' for idr_pre_get() and idr_get_new(), '5.14' for idr_alloc(). */
  readonly era: '2.6' | '5.14';
  /** How many layers idr_pre_get() keeps ready; Linux has 12. */
  readonly layersMax?: number;
  /** A layer holds 1 << bits pointers; Linux has 6. */
  readonly bits?: number;
}

/** The first location is the entries, the second the tree. Shared with idr-old.ts. */
export class Idr extends SyncObject {
  readonly typeName = 'idr';
  readonly handle: idr = makeHandle(this);
  readonly tree = new Tree();
  readonly #points = new Map<number, Releasing>();

  /** Where idr_alloc_cyclic() continues. */
  cursor = 0;
  /** The options of the last initialisation. */
  options: IdrOptions;

  constructor(readonly first: IdrOptions) {
    super();
    this.options = first;
  }

  override get size(): number {
    return 2;
  }

  get old(): boolean {
    return this.options.era === '2.6';
  }

  /** The releases on the entry of a number. */
  point(id: number): Releasing {
    let point = this.#points.get(id);
    if (point === undefined) this.#points.set(id, (point = { released: null }));
    return point;
  }

  /** Makes it empty, with no prepared layers. */
  init(): void {
    this.state = this.cursor = 0;
    this.initialised = true;
    this.tree.clear(this.options.bits);
    this.#points.clear();
  }

  protected override reset(): void {
    this.options = this.first;
    this.init();
  }

  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.reset();
    this.initialised = zeroed;
  }

  override fieldName(index: number): string {
    return index === 0 ? 'entries' : 'top';
  }

  override *references(): Generator {
    yield* this.tree.entries.values();
  }
}

const NOW: IdrOptions = { era: '5.14' };

/** A copy of the options: an object of a driver's own could return other values later. */
function optionsOf({ era, layersMax, bits }: IdrOptions): IdrOptions {
  const numbers = [layersMax, bits].every((one) => one === undefined || Number.isInteger(one));
  if (!['2.6', '5.14'].includes(era) || !numbers)
    throw new TypeError('the options of an IDR are an era and numbers');
  return {
    era,
    ...(layersMax === undefined ? {} : { layersMax }),
    ...(bits === undefined ? {} : { bits }),
  };
}

/** Type of an IDR member of a structure. Unusable until idr_init() has run on it. */
export const idr: Embeddable<idr> = embeddable('idr', () => new Idr(NOW));

/**
 * Defines a static IDR, empty.
 *
 * @example
 * const mapped_device = struct('mapped_device', { minor: int });
 * const _minor_idr = DEFINE_IDR<StructOf<typeof mapped_device>>('_minor_idr', { era: '2.6' });
 * @kernel include/linux/idr.h
 */
export function DEFINE_IDR<T>(name: string, options: IdrOptions = NOW): idr<T> {
  return makeHandle<idr<T>>(new Idr(optionsOf(options)).makeStatic(name));
}

/** A change of the entries under the caller's lock: plain for the tree, marked for lookups. */
export function changing<A extends Arguments, R>(
  name: string,
  perform: (idr: Idr, machine: Machine, request: Request<Idr, A>) => R,
  /** Whether layers are allocated or freed: in 2.6 the first location is their store. */
  layers = true,
): Kind<Idr, A, R> {
  return {
    name,
    access: 'none',
    extra: ({ object: idr }) => (layers || !idr.old ? [writing(idr.base)] : []),
    perform(machine, _task, request) {
      const { object: idr, site } = request;
      machine.plain(idr, 1, true, site);
      if (!idr.old) machine.marked(idr, 0, true, site);
      return perform(idr, machine, request);
    },
  };
}

/** A lookup: a plain access in 2.6, later one that RCU allows. */
export function looking<R>(
  name: string,
  perform: (idr: Idr, id: number) => R,
): Kind<Idr, [id: number], R> {
  return {
    name,
    access: 'none',
    extra: ({ object: idr }) => (idr.old ? [] : [reading(idr.base)]),
    perform(machine, _task, { object: idr, a: id, site }) {
      if (idr.old) machine.plain(idr, 1, false, site);
      else machine.marked(idr, 0, false, site);
      return perform(idr, id);
    },
  };
}

const INIT = changing<[options: IdrOptions], undefined>(
  'idr_init',
  (idr, _machine, { a: options }) => {
    idr.options = options;
    idr.init();
  },
);

interface Range {
  readonly start: number;
  readonly end: number;
  readonly gfp: number;
}

const ALLOC: Kind<Idr, [pointer: unknown, range: Range], number> = {
  ...changing('idr_alloc', (idr, machine, { a: pointer, b: { start, end }, site }) => {
    if (start < 0) {
      machine.complain({ check: 'warn', message: 'WARN_ON_ONCE(start < 0)', object: idr, site });
      return -EINVAL;
    }
    if (failed('idr_alloc', machine, machine.task)) return -ENOMEM;
    const id = idr.tree.lowestFree(start);
    if (id >= (end > 0 ? end : 0x80000000)) return -ENOSPC;
    idr.tree.set(id, pointer);
    machine.release(machine.task, idr.point(id));
    return id;
  }),
  outcomes: outcomesOf('idr_alloc'),
  announce(machine, task, { b: { gfp }, site }) {
    if (gfpflags_allow_blocking(gfp)) machine.mightSleep(task, 'idr_alloc', site);
  },
};

const LOOK = looking('idr_find', (idr, id) => idr.tree.find(masked(idr, id)));
const FIND: typeof LOOK = {
  ...LOOK,
  perform(machine, task, request) {
    const { object: idr, a: id } = request;
    if (!idr.old) machine.acquire(task, idr.point(id));
    return LOOK.perform(machine, task, request);
  },
};

/** The old IDR drops the sign bit. */
function masked(idr: Idr, id: number): number {
  return idr.old ? id & 0x7fffffff : id;
}

const REMOVE = changing<[id: number], unknown>('idr_remove', (idr, machine, { a, site }) => {
  const id = masked(idr, a);
  if (idr.tree.entries.has(id)) {
    const entry = idr.tree.find(id);
    idr.tree.remove(id, idr.options.layersMax);
    return idr.old ? null : entry;
  }
  if (idr.old) {
    const message = `idr_remove called for id=${id} which is not allocated.`;
    machine.complain({ check: 'idr', message, object: idr, site });
  }
  return null;
});

const REPLACE = changing<[pointer: unknown, id: number], unknown>(
  'idr_replace',
  (idr, machine, { a: pointer, b }) => {
    const id = masked(idr, b);
    if (idr.old && id >= idr.tree.capacity) return ERR_PTR(-EINVAL);
    if (!idr.tree.entries.has(id)) return ERR_PTR(-ENOENT);
    const entry = idr.tree.find(id);
    idr.tree.entries.set(id, pointer);
    machine.release(machine.task, idr.point(id));
    return entry;
  },
  false,
);

const DESTROY = changing<[], undefined>('idr_destroy', (idr) => {
  if (idr.old) idr.tree.free = 0;
  else idr.tree.clear();
});

/**
 * Makes an IDR usable, empty.
 *
 * @kernel include/linux/idr.h
 * @context any; does not sleep
 * @ordering none
 */
export function idr_init(idr: idr, options?: IdrOptions): Op<void> {
  return request(INIT, objectOf(idr), options === undefined ? NOW : optionsOf(options));
}

/**
 * Gives a pointer the lowest free number from `start` up to but excluding `end`; an `end` of 0 or less means no limit.
 *
 * @example
 * const device = struct('device', { id: int });
 * const devices = DEFINE_IDR('devices');
 * const lock = DEFINE_MUTEX('lock');
 * const one = DEFINE_STATIC('one', device);
 * const two = DEFINE_STATIC('two', device);
 * yield* mutex_lock(lock);
 * yield* idr_alloc(devices, one, 0, 0, GFP_KERNEL); // => 0
 * yield* idr_alloc(devices, two, 4, 5, GFP_KERNEL); // => 4
 * yield* idr_alloc(devices, two, 4, 5, GFP_KERNEL); // => -28
 * (yield* idr_find(devices, 4)) === two; // => true
 * (yield* idr_replace(devices, one, 4)) === two; // => true
 * (yield* idr_remove(devices, 4)) === one; // => true
 * yield* idr_find(devices, 4); // => null
 * yield* idr_destroy(devices);
 * yield* mutex_unlock(lock);
 * @param pointer the pointer for the number; may be NULL
 * @param start the lowest acceptable number
 * @param end an upper limit, which is excluded; 0 or less means no limit
 * @param gfp GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the number, -ENOSPC if there is none, -EINVAL for a negative start, -ENOMEM if the scenario lets `idr_alloc` fail
 * @kernel include/linux/idr.h
 * @context under the lock that protects the IDR; may sleep with GFP_KERNEL
 * @ordering release, to idr_find() of the number
 */
export function idr_alloc<T>(
  idr: idr<T>,
  pointer: T | null,
  start: number,
  end: number,
  gfp: number,
): Op<number> {
  storable(pointer);
  return request(ALLOC, objectOf(idr), pointer, { start, end, gfp });
}

/**
 * Looks up a number. The pointer may become invalid at any time unless the caller prevents it.
 *
 * @param id the number
 * @returns the pointer; NULL for a free number, and for one that has no pointer yet
 * @kernel include/linux/idr.h
 * @context under the lock that protects the IDR, or since 2.6.27 inside rcu_read_lock(); does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 * @divergence acquire, from the idr_alloc() or idr_replace() that stored it; nothing in the form of 2006
 */
export function idr_find<T>(idr: idr<T>, id: number): Op<T | null> {
  return request(FIND, objectOf(idr), id) as Op<T | null>; // an idr<T> contains nothing else
}

/**
 * Frees a number. In 2.6 it reports a number that is already free.
 *
 * @param id the number
 * @returns the pointer it had, or NULL; NULL always in 2.6
 * @kernel include/linux/idr.h
 * @context under the lock that protects the IDR; does not sleep
 * @ordering none
 */
export function idr_remove<T>(idr: idr<T>, id: number): Op<T | null> {
  return request(REMOVE, objectOf(idr), id) as Op<T | null>; // an idr<T> contains nothing else
}

/**
 * Replaces the pointer of a number, which stays in use, and returns the old pointer.
 *
 * @param pointer the new pointer for the number; may be NULL
 * @param id the number
 * @returns the old pointer, or ERR_PTR(-ENOENT) for a free number; in 2.6 ERR_PTR(-EINVAL) for a number beyond the tree's capacity
 * @kernel include/linux/idr.h
 * @context under the lock that protects the IDR; does not sleep
 * @ordering release, to idr_find() of the number
 */
export function idr_replace<T>(idr: idr<T>, pointer: T | null, id: number): Op<T | errptr | null> {
  storable(pointer);
  return request(REPLACE, objectOf(idr), pointer, id) as Op<T | errptr | null>; // an idr<T> contains nothing else
}

/**
 * Frees the memory of the IDR itself, not the objects of its pointers; in 2.6 only the layers from idr_pre_get().
 *
 * @kernel include/linux/idr.h
 * @context any, while no task uses the IDR; does not sleep
 * @ordering none
 */
export function idr_destroy(idr: idr): Op<void> {
  return request(DESTROY, objectOf(idr));
}
