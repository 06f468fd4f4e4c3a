// SPDX-License-Identifier: GPL-2.0-only
// Wrong: the new pointer is counted, the old one stays counted: the layer is never empty again. Caught by full-tree and replace.
import {
  array,
  DEFINE_MUTEX,
  DEFINE_POINTER,
  DEFINE_STATIC,
  EAGAIN,
  EINVAL,
  ENOENT,
  ENOMEM,
  ENOSPC,
  ERR_PTR,
  type errptr,
  GFP_KERNEL,
  int,
  kfree,
  kzalloc,
  MINORBITS,
  mutex_lock,
  mutex_unlock,
  type Op,
  type out,
  ptr,
  PTR_ERR,
  spin_lock,
  spin_lock_init,
  spin_unlock,
  spinlock_t,
  struct,
  type StructOf,
  WARN,
} from '#lib';

/* kata: in the kernel a layer has 6 bits, and there are as many levels as an int needs */
const IDR_BITS = 2;
const IDR_SIZE = 1 << IDR_BITS;
const IDR_MASK = IDR_SIZE - 1;
const IDR_FULL = (1 << IDR_SIZE) - 1;
const MAX_LEVEL = 3;
const MAX_ID_BIT = 1 << (MAX_LEVEL * IDR_BITS);
const MAX_ID_MASK = 0x7fffffff;
const IDR_FREE_MAX = 2 * MAX_LEVEL;

/** What an id stands for: void * in C. */
export type entry = object | null;

export const idr_layer = struct('idr_layer', {
  bitmap: int /* a slot that is taken; above the lowest layer, one below which all are */,
  ary: array(ptr<object>(), IDR_SIZE) /* entries; above the lowest layer, layers */,
  count: int /* slots in use */,
});
export interface idr_layer extends StructOf<typeof idr_layer> {}

export const idr = struct('idr', {
  top: ptr<idr_layer>(),
  layers: int,
  id_free: ptr<idr_layer>() /* spare layers, linked by their first slots */,
  id_free_cnt: int,
  lock: spinlock_t /* protects the two above */,
});
export interface idr extends StructOf<typeof idr> {}

/** The layer in a slot of one above the lowest. */
function layer_at(p: idr_layer, n: number): idr_layer | null {
  return (p.ary[n] ?? null) as idr_layer | null; // void * in C
}

/** The first slot from n on that is not taken; IDR_SIZE if all are. */
function free_slot(p: idr_layer, n: number): number {
  let m = n;
  while (m < IDR_SIZE && p.bitmap & (1 << m)) m++;
  return m;
}

function* alloc_layer(idp: idr): Op<idr_layer | null> {
  yield* spin_lock(idp.lock);
  const p = idp.id_free;
  if (p !== null) {
    idp.id_free = layer_at(p, 0);
    idp.id_free_cnt--;
    p.ary[0] = null;
  }
  yield* spin_unlock(idp.lock);
  return p;
}

/** Makes an empty layer a spare one. */
function* free_layer(idp: idr, p: idr_layer): Op<void> {
  yield* spin_lock(idp.lock);
  p.ary[0] = idp.id_free;
  idp.id_free = p;
  idp.id_free_cnt++;
  yield* spin_unlock(idp.lock);
}

/* kata: in 2006 the count was read without the lock */
function* spare_layers(idp: idr): Op<number> {
  yield* spin_lock(idp.lock);
  const n = idp.id_free_cnt;
  yield* spin_unlock(idp.lock);
  return n;
}

/** Makes sure that there are spare layers: 1, or 0 without memory. To be called without the lock of the IDR's users. */
export function* idr_pre_get(idp: idr, gfp_mask: number): Op<number> {
  for (;;) {
    if ((yield* spare_layers(idp)) >= IDR_FREE_MAX) return 1;

    const p = yield* kzalloc(idr_layer, gfp_mask);
    if (p === null) return 0;
    yield* free_layer(idp, p);
  }
}

/** Plants an entry at the first free id from the given one on: the id, -1 without a layer, -2 if the tree is too small. */
function* sub_alloc(idp: idr, ptr: entry, starting_id: out<number>): Op<number> {
  const pa: (idr_layer | null)[] = [];
  let id = starting_id.value;
  let p = idp.top;
  let l = idp.layers;
  pa[l--] = null;
  while (p !== null) {
    const n = (id >> (IDR_BITS * l)) & IDR_MASK;
    const m = free_slot(p, n);
    if (m === IDR_SIZE) {
      /* no space here: on to the next subtree, seen from the layer above */
      l++;
      id = (id | ((1 << (IDR_BITS * l)) - 1)) + 1;
      p = pa[l] ?? null;
      continue;
    }
    if (m !== n) id = ((id >> (IDR_BITS * l)) ^ n ^ m) << (IDR_BITS * l);
    if (l === 0) {
      p.ary[m] = ptr;
      p.bitmap |= 1 << m;
      p.count++;
      mark_full(pa, p, id);
      return id;
    }
    if (layer_at(p, m) === null) {
      const fresh = yield* alloc_layer(idp);
      if (fresh === null) return -1;
      p.ary[m] = fresh;
      p.count++;
    }
    pa[l--] = p;
    p = layer_at(p, m);
  }
  starting_id.value = id;
  return -2;
}

/** If a layer is full now, its bit in the one above is set, which may be full then. */
function mark_full(pa: readonly (idr_layer | null)[], leaf: idr_layer, id: number): void {
  let p: idr_layer | null = leaf;
  for (let l = 1; p !== null && p.bitmap === IDR_FULL; l++) {
    p = pa[l] ?? null;
    if (p !== null) p.bitmap |= 1 << ((id >> (IDR_BITS * l)) & IDR_MASK);
  }
}

function* idr_get_new_above_int(idp: idr, ptr: entry, starting_id: number): Op<number> {
  const id: out<number> = { value: starting_id };
  for (;;) {
    let p = idp.top ?? (yield* alloc_layer(idp));
    let layers = idp.layers || 1;
    if (p === null) return -1;
    if (id.value >= MAX_ID_BIT) return -3;

    /* add layers on top until the id fits */
    while (id.value >= 1 << (layers * IDR_BITS)) {
      layers++;
      if (p.count === 0) continue;
      const fresh: idr_layer | null = yield* alloc_layer(idp);
      if (fresh === null) break;
      fresh.ary[0] = p;
      fresh.count = 1;
      if (p.bitmap === IDR_FULL) fresh.bitmap = 1;
      p = fresh;
      idp.top = p;
      idp.layers = layers;
    }
    idp.top = p;
    if (p.count === 0) idp.layers = layers;
    if (id.value >= 1 << (idp.layers * IDR_BITS)) return -1;

    const v = yield* sub_alloc(idp, ptr, id);
    if (v !== -2) return v;
  }
}

/**
 * Allocates the first free id from starting_id on: 0, and the id in *id. -EAGAIN if idr_pre_get() has to be called again,
 * -ENOSPC if all are taken. Caller holds the users' lock.
 */
export function* idr_get_new_above(
  idp: idr,
  ptr: entry,
  starting_id: number,
  id: out<number>,
): Op<number> {
  const rv = yield* idr_get_new_above_int(idp, ptr, starting_id);
  if (rv === -1) return -EAGAIN;
  if (rv < 0) return -ENOSPC;
  id.value = rv;
  return 0;
}

/** idr_get_new_above() for any id. */
export function* idr_get_new(idp: idr, ptr: entry, id: out<number>): Op<number> {
  return yield* idr_get_new_above(idp, ptr, 0, id);
}

/** What an id stands for, or NULL. Caller holds the users' lock. */
export function* idr_find(idp: idr, id: number): Op<entry> {
  let n = idp.layers * IDR_BITS;
  let p: entry = idp.top;
  id &= MAX_ID_MASK;
  if (id >= 1 << n) return null;

  while (n > 0 && p !== null) {
    n -= IDR_BITS;
    p = layer_at(p as idr_layer, (id >> n) & IDR_MASK); // a layer, until n is 0
  }
  return p;
}

/**
 * Makes an allocated id stand for something else, and gives what it stood for. -EINVAL, as an error pointer, for an id that is
 * too large for the tree as it is; -ENOENT for one that is not allocated. Caller holds the users' lock.
 */
export function* idr_replace(idp: idr, ptr: entry, id: number): Op<entry | errptr> {
  let n = idp.layers * IDR_BITS;
  let p = idp.top;
  id &= MAX_ID_MASK;
  if (id >= 1 << n) return ERR_PTR(-EINVAL);

  for (n -= IDR_BITS; n > 0 && p !== null; n -= IDR_BITS) p = layer_at(p, (id >> n) & IDR_MASK);

  n = id & IDR_MASK;
  if (p === null || !(p.bitmap & (1 << n))) return ERR_PTR(-ENOENT);

  const old = p.ary[n] ?? null;
  p.ary[n] = ptr;
  p.count++;
  return old;
}

/** Frees an id. Caller holds the users' lock. */
export function* idr_remove(idp: idr, id: number): Op<void> {
  id &= MAX_ID_MASK;
  const path: idr_layer[] = [];
  let p = id < 1 << (idp.layers * IDR_BITS) ? idp.top : null;
  for (let l = idp.layers - 1; p !== null; l--) {
    path.push(p);
    if (l === 0) break;
    p = layer_at(p, (id >> (IDR_BITS * l)) & IDR_MASK);
  }
  if (p === null || !(p.bitmap & (1 << (id & IDR_MASK)))) {
    WARN(true, `idr_remove called for id=${id} which is not allocated.`);
    return;
  }
  yield* sub_remove(idp, path, id);

  /* a top layer with nothing but its first subtree is not needed */
  const top = idp.top;
  const only = top !== null && idp.layers > 1 && top.count === 1 ? layer_at(top, 0) : null;
  if (top !== null && only !== null) {
    idp.top = only;
    idp.layers--;
    top.bitmap = top.count = 0;
    yield* free_layer(idp, top);
  }
  while ((yield* spare_layers(idp)) > IDR_FREE_MAX) yield* kfree(yield* alloc_layer(idp));
}

/** Clears the slot of an id, and gives back the layers that are empty then. */
function* sub_remove(idp: idr, path: readonly idr_layer[], id: number): Op<void> {
  let empty = false;
  for (let l = 0; l < path.length; l++) {
    const p = path[path.length - 1 - l];
    if (p === undefined) return;
    const n = (id >> (IDR_BITS * l)) & IDR_MASK;
    p.bitmap &= ~(1 << n);
    if (l > 0 && !empty) continue;
    p.ary[n] = null;
    p.count--;
    empty = p.count === 0;
    if (empty) yield* free_layer(idp, p);
  }
  if (empty) {
    idp.top = null;
    idp.layers = 0;
  }
}

/** Makes an IDR usable, empty. */
export function* idr_init(idp: idr): Op<void> {
  idp.top = idp.id_free = null;
  idp.layers = idp.id_free_cnt = 0;
  yield* spin_lock_init(idp.lock);
}

/* What follows is from drivers/md/dm.c: minors, and what has them. */

/* stands for a device that is being made */
export const MINOR_ALLOCED = DEFINE_POINTER<object>('MINOR_ALLOCED');

const _minor_lock = DEFINE_MUTEX('_minor_lock');
const _minor_idr = DEFINE_STATIC('_minor_idr', idr);

export function* local_init(): Op<void> {
  yield* idr_init(_minor_idr);
}

/** Takes the lowest minor that nobody has, for a device that is being made. */
export function* next_free_minor(minor: out<number>): Op<number> {
  let r: number;
  do {
    if ((yield* idr_pre_get(_minor_idr, GFP_KERNEL)) === 0) return -ENOMEM;

    yield* mutex_lock(_minor_lock);
    r = yield* idr_get_new(_minor_idr, MINOR_ALLOCED, minor);
    if (r === 0 && minor.value >= 1 << MINORBITS) {
      yield* idr_remove(_minor_idr, minor.value);
      r = -ENOSPC;
    }
    yield* mutex_unlock(_minor_lock);
  } while (r === -EAGAIN);
  return r;
}

/** The device is made: from now on it has the minor. */
export function* setMinor(minor: number, md: object): Op<number> {
  yield* mutex_lock(_minor_lock);
  const old = yield* idr_replace(_minor_idr, md, minor);
  yield* mutex_unlock(_minor_lock);
  return PTR_ERR(old);
}

/** What has a minor: a device, MINOR_ALLOCED, or nothing. */
export function* findMinor(minor: number): Op<entry> {
  yield* mutex_lock(_minor_lock);
  const md = yield* idr_find(_minor_idr, minor);
  yield* mutex_unlock(_minor_lock);
  return md;
}

export function* free_minor(minor: number): Op<void> {
  yield* mutex_lock(_minor_lock);
  yield* idr_remove(_minor_idr, minor);
  yield* mutex_unlock(_minor_lock);
}
