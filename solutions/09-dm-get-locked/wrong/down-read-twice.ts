// SPDX-License-Identifier: GPL-2.0-only
// Wrong: _hash_lock is taken for reading a second time; with a writer queued in between both wait for ever. Caught by found-in-all-ways.

import {
  add_disk,
  alloc_disk,
  atomic_dec_and_lock,
  atomic_inc,
  atomic_set,
  atomic_t,
  blk_alloc_queue,
  blk_cleanup_queue,
  BUG_ON,
  DECLARE_RWSEM,
  DEFINE_BLOCK_DEVICE_OPERATIONS,
  DEFINE_IDR,
  DEFINE_MODULE,
  DEFINE_POINTER,
  DEFINE_SPINLOCK,
  del_gendisk,
  type dev_t,
  down_read,
  down_write,
  EAGAIN,
  EBUSY,
  EINVAL,
  ENOMEM,
  ENOSPC,
  ENXIO,
  ERR_PTR,
  type errptr,
  format_dev_t,
  type gendisk,
  GFP_KERNEL,
  idr_find,
  idr_get_new,
  idr_get_new_above,
  idr_pre_get,
  idr_remove,
  idr_replace,
  INIT_LIST_HEAD,
  init_waitqueue_head,
  type inode,
  int,
  IS_ERR,
  kfree,
  kmalloc,
  list_add,
  list_del,
  list_for_each_entry,
  list_head,
  LIST_HEAD,
  MAJOR,
  mempool_create_slab_pool,
  mempool_destroy,
  type mempool_t,
  memset,
  MINOR,
  MINORBITS,
  MKDEV,
  type Op,
  type out,
  ptr,
  PTR_ERR,
  put_disk,
  type request_queue,
  set_bit,
  spin_lock,
  spin_unlock,
  struct,
  type StructOf,
  test_bit,
  text,
  up_read,
  up_write,
  wait_queue_head_t,
} from '#lib';

const THIS_MODULE = DEFINE_MODULE('dm_mod');

/* bits of md.flags */
const DMF_FREEING = 3;

const MIN_IOS = 1;
const _major = 253;

/** One request on its way through a mapped device. */
const dm_io = struct('dm_io', { error: int });

/** A mapping of a device: where its parts are. */
export const dm_table = struct('dm_table', { num_targets: int });
export interface dm_table extends StructOf<typeof dm_table> {}

/** A device as dm-ioctl knows it. It owns a reference to its device. */
export const hash_cell = struct('hash_cell', {
  name_list: list_head,
  uuid_list: list_head,
  name: text,
  uuid: text,
  md: ptr.unchecked<mapped_device>(),
  new_map: ptr<dm_table>(),
});
export interface hash_cell extends StructOf<typeof hash_cell> {}

/** What dmsetup asks, and the answer. A device is named by its uuid, its name ('' for none) or its number. */
export interface dm_ioctl {
  name: string;
  uuid: string;
  dev: dev_t;
  target_count: number;
}

/** One mapped device. */
export const mapped_device = struct('mapped_device', {
  holders: atomic_t,
  flags: int,

  queue: ptr.unchecked<request_queue>(),
  disk: ptr.unchecked<gendisk>(),
  name: text,

  /* requests under way, and who waits for there to be none */
  pending: atomic_t,
  wait: wait_queue_head_t,

  io_pool: ptr.unchecked<mempool_t>(),

  /* events, and who waits for the next one */
  event_nr: atomic_t,
  eventq: wait_queue_head_t,

  /* what dm-ioctl keeps of it: its hash_cell */
  interface_ptr: ptr<hash_cell>(),
});
export interface mapped_device extends StructOf<typeof mapped_device> {}

/* stands for a device that is being made or taken down */
const MINOR_ALLOCED = DEFINE_POINTER<mapped_device>('MINOR_ALLOCED');

/* which minors are taken, and by whom; kata: layers of four, and two spare ones at most */
const _minor_lock = DEFINE_SPINLOCK('_minor_lock');
const _minor_idr = DEFINE_IDR<mapped_device>('_minor_idr', { era: '2.6', bits: 2, layersMax: 2 });

const dm_blk_dops = DEFINE_BLOCK_DEVICE_OPERATIONS('dm_blk_dops', {
  open: dm_blk_open,
  release: dm_blk_close,
  owner: THIS_MODULE,
});

function* dm_blk_open(inode: inode): Op<number> {
  yield* spin_lock(_minor_lock);
  let md = inode.i_bdev.bd_disk.private_data as mapped_device | null; // void * in C
  if (md !== null && (yield* test_bit(DMF_FREEING, md, 'flags'))) md = null;
  if (md !== null) yield* dm_get(md);
  yield* spin_unlock(_minor_lock);
  return md === null ? -ENXIO : 0;
}

function* dm_blk_close(inode: inode): Op<number> {
  const md = inode.i_bdev.bd_disk.private_data as mapped_device; // void * in C
  yield* dm_put(md);
  return 0;
}

/** The disk of a mapped device. */
export function dm_disk(md: mapped_device): gendisk {
  return md.disk;
}

function* free_minor(minor: number): Op<void> {
  yield* spin_lock(_minor_lock);
  yield* idr_remove(_minor_idr, minor);
  yield* spin_unlock(_minor_lock);
}

/** Takes the minor that was asked for, if nobody has it. */
function* specific_minor(minor: number): Op<number> {
  if (minor >= 1 << MINORBITS) return -EINVAL;

  let r: number;
  do {
    if ((yield* idr_pre_get(_minor_idr, GFP_KERNEL)) === 0) return -ENOMEM;

    yield* spin_lock(_minor_lock);
    if ((yield* idr_find(_minor_idr, minor)) !== null) {
      r = -EBUSY;
    } else {
      const m: out<number> = { value: 0 };
      r = yield* idr_get_new_above(_minor_idr, MINOR_ALLOCED, minor, m);
      if (r === 0 && m.value !== minor) {
        yield* idr_remove(_minor_idr, m.value);
        r = -EBUSY;
      }
    }
    yield* spin_unlock(_minor_lock);
  } while (r === -EAGAIN); /* others have used up what was prepared */
  return r;
}

/** Takes the lowest minor that nobody has. */
function* next_free_minor(minor: out<number>): Op<number> {
  let r: number;
  do {
    if ((yield* idr_pre_get(_minor_idr, GFP_KERNEL)) === 0) return -ENOMEM;

    yield* spin_lock(_minor_lock);
    const m: out<number> = { value: 0 };
    r = yield* idr_get_new(_minor_idr, MINOR_ALLOCED, m);
    if (r === 0 && m.value >= 1 << MINORBITS) {
      yield* idr_remove(_minor_idr, m.value);
      r = -ENOSPC;
    }
    minor.value = m.value;
    yield* spin_unlock(_minor_lock);
  } while (r === -EAGAIN); /* others have used up what was prepared */
  return r;
}

/** Makes a device and registers its disk, under the minor that was asked for or under a free one. */
function* alloc_dev(wanted: number | null): Op<mapped_device | errptr> {
  const md = yield* kmalloc(mapped_device, GFP_KERNEL);
  if (md === null) return ERR_PTR(-ENOMEM);

  /* get a minor number for the device */
  const m: out<number> = { value: wanted ?? 0 };
  const r = wanted === null ? yield* next_free_minor(m) : yield* specific_minor(wanted);
  if (r < 0) return yield* bad1(md, r);
  const minor = m.value;

  yield* memset(md, 0);
  yield* atomic_set(md.holders, 1);
  yield* atomic_set(md.event_nr, 0);

  const queue = yield* blk_alloc_queue(GFP_KERNEL);
  if (queue === null) return yield* bad1_free_minor(md, minor, -ENOMEM);
  md.queue = queue;
  queue.queuedata = md;

  const io_pool = yield* mempool_create_slab_pool(MIN_IOS, dm_io);
  if (io_pool === null) return yield* bad2(md, minor, -ENOMEM);
  md.io_pool = io_pool;

  const disk = yield* alloc_disk(1);
  if (disk === null) return yield* bad3(md, minor, -ENOMEM);
  md.disk = disk;
  disk.major = _major;
  disk.first_minor = minor;
  disk.fops = dm_blk_dops;
  disk.queue = queue;
  disk.private_data = md;
  disk.disk_name = `dm-${minor}`;
  yield* add_disk(disk);
  md.name = format_dev_t(MKDEV(_major, minor));

  yield* atomic_set(md.pending, 0);
  yield* init_waitqueue_head(md.wait);
  yield* init_waitqueue_head(md.eventq);

  /* it is complete: from now on it can be found */
  yield* spin_lock(_minor_lock);
  const old_md = yield* idr_replace(_minor_idr, md, minor);
  yield* spin_unlock(_minor_lock);
  BUG_ON(old_md !== MINOR_ALLOCED);
  return md;
}

/* The error exits of alloc_dev(), each of which falls through to the next. */

function* bad3(md: mapped_device, minor: number, r: number): Op<errptr> {
  yield* mempool_destroy(md.io_pool);
  return yield* bad2(md, minor, r);
}

function* bad2(md: mapped_device, minor: number, r: number): Op<errptr> {
  yield* blk_cleanup_queue(md.queue);
  return yield* bad1_free_minor(md, minor, r);
}

function* bad1_free_minor(md: mapped_device, minor: number, r: number): Op<errptr> {
  yield* free_minor(minor);
  return yield* bad1(md, r);
}

function* bad1(md: mapped_device, r: number): Op<errptr> {
  yield* kfree(md);
  return ERR_PTR(r);
}

/** Unregisters a device's disk and frees everything. */
function* free_dev(md: mapped_device): Op<void> {
  const { disk, queue } = md;
  const minor = disk.first_minor;

  yield* mempool_destroy(md.io_pool);
  yield* del_gendisk(disk);
  yield* free_minor(minor);

  yield* spin_lock(_minor_lock);
  disk.private_data = null;
  yield* spin_unlock(_minor_lock);

  yield* put_disk(disk);
  yield* blk_cleanup_queue(queue);
  yield* kfree(md);
}

/** Makes a device with any free minor; it is the caller's, who puts it in the end. */
export function* dm_create(result: out<mapped_device | null>): Op<number> {
  return yield* create_aux(null, result);
}

/** Makes a device with the given minor. */
export function* dm_create_with_minor(
  minor: number,
  result: out<mapped_device | null>,
): Op<number> {
  return yield* create_aux(minor, result);
}

function* create_aux(minor: number | null, result: out<mapped_device | null>): Op<number> {
  const md = yield* alloc_dev(minor);
  if (IS_ERR(md)) return PTR_ERR(md);

  result.value = md;
  return 0;
}

/** Finds a device by its number. The caller gets a reference and puts it in the end. */
export function* dm_get_md(dev: dev_t): Op<mapped_device | null> {
  const minor = MINOR(dev);
  if (MAJOR(dev) !== _major) return null;

  yield* spin_lock(_minor_lock);
  let md = yield* idr_find(_minor_idr, minor);
  if (md !== null && (md === MINOR_ALLOCED || dm_disk(md).first_minor !== minor)) md = null;
  if (md !== null && (yield* test_bit(DMF_FREEING, md, 'flags'))) md = null;
  if (md !== null) yield* dm_get(md);
  yield* spin_unlock(_minor_lock);
  return md;
}

/** Takes a reference; the caller knows that the device lives. */
export function* dm_get(md: mapped_device): Op<void> {
  yield* atomic_inc(md.holders);
}

/** Drops a reference; the last one takes the device down. */
export function* dm_put(md: mapped_device): Op<void> {
  BUG_ON(yield* test_bit(DMF_FREEING, md, 'flags'));

  if (yield* atomic_dec_and_lock(md.holders, _minor_lock)) {
    yield* idr_replace(_minor_idr, MINOR_ALLOCED, dm_disk(md).first_minor);
    yield* set_bit(DMF_FREEING, md, 'flags');
    yield* spin_unlock(_minor_lock);
    yield* free_dev(md);
  }
}

function dm_get_mdptr(md: mapped_device): hash_cell | null {
  return md.interface_ptr;
}

function dm_set_mdptr(md: mapped_device, hc: hash_cell | null): void {
  md.interface_ptr = hc;
}

/* dm-ioctl.c */

/* guards the cells: those in the lists, and what devices know of theirs */
const _hash_lock = DECLARE_RWSEM('_hash_lock');
const _name_buckets = LIST_HEAD('_name_buckets');
const _uuid_buckets = LIST_HEAD('_uuid_buckets');

/** Finds a cell by its name; the caller gets a reference to its device. */
function* __get_name_cell(name: string): Op<hash_cell | null> {
  for (const hc of list_for_each_entry(_name_buckets, hash_cell, 'name_list')) {
    if (hc.name !== name) continue;
    yield* dm_get(hc.md);
    return hc;
  }
  return null;
}

/** Finds a cell by its uuid; the caller gets a reference to its device. */
function* __get_uuid_cell(uuid: string): Op<hash_cell | null> {
  for (const hc of list_for_each_entry(_uuid_buckets, hash_cell, 'uuid_list')) {
    if (hc.uuid !== uuid) continue;
    yield* dm_get(hc.md);
    return hc;
  }
  return null;
}

/** Gives a device a name and perhaps a uuid. */
function* dm_hash_insert(name: string, uuid: string, md: mapped_device): Op<number> {
  const cell = yield* kmalloc(hash_cell, GFP_KERNEL);
  if (cell === null) return -ENOMEM;
  INIT_LIST_HEAD(cell.name_list);
  INIT_LIST_HEAD(cell.uuid_list);
  cell.name = name;
  cell.uuid = uuid;
  cell.md = md;
  cell.new_map = null;

  yield* down_write(_hash_lock);
  let hc = yield* __get_name_cell(name);
  if (hc === null && uuid !== '') hc = yield* __get_uuid_cell(uuid);
  if (hc !== null) {
    yield* dm_put(hc.md);
    yield* up_write(_hash_lock);
    yield* kfree(cell);
    return -EBUSY;
  }
  list_add(cell.name_list, _name_buckets);
  if (uuid !== '') list_add(cell.uuid_list, _uuid_buckets);
  yield* dm_get(md);
  dm_set_mdptr(md, cell);
  yield* up_write(_hash_lock);
  return 0;
}

/** Takes a device's name from it. Caller holds _hash_lock for writing. */
function* __hash_remove(hc: hash_cell): Op<void> {
  list_del(hc.uuid_list);
  list_del(hc.name_list);
  dm_set_mdptr(hc.md, null);
  yield* dm_put(hc.md);
  yield* kfree(hc.new_map);
  yield* kfree(hc);
}

/** Gives the device with one name another. */
function* dm_hash_rename(old: string, name: string): Op<number> {
  yield* down_write(_hash_lock);
  let hc = yield* __get_name_cell(name);
  if (hc !== null) {
    yield* dm_put(hc.md);
    yield* up_write(_hash_lock);
    return -EBUSY; /* the new name is taken */
  }
  hc = yield* __get_name_cell(old);
  if (hc === null) {
    yield* up_write(_hash_lock);
    return -ENXIO;
  }
  hc.name = name;
  yield* dm_put(hc.md);
  yield* up_write(_hash_lock);
  return 0;
}

/** Finds a cell by what there is to go by; the caller gets a reference to its device. Caller holds _hash_lock. */
function* __find_device_hash_cell(param: dm_ioctl): Op<hash_cell | null> {
  if (param.uuid !== '') return yield* __get_uuid_cell(param.uuid);
  if (param.name !== '') return yield* __get_name_cell(param.name);

  const md = yield* dm_get_md(param.dev);
  if (md === null) return null;
  const hc = dm_get_mdptr(md);
  if (hc === null) yield* dm_put(md);
  return hc;
}

/** Finds a device and writes down what it is called; the caller gets a reference. */
function* find_device(param: dm_ioctl): Op<mapped_device | null> {
  let md: mapped_device | null = null;
  yield* down_read(_hash_lock);
  const hc = yield* __find_device_hash_cell(param);
  if (hc !== null) {
    md = hc.md;
    // wrong: the same rwsem is taken for reading a second time
    yield* down_read(_hash_lock);
    param.name = hc.name;
    param.uuid = hc.uuid;
    yield* up_read(_hash_lock);
  }
  yield* up_read(_hash_lock);
  return md;
}

/** Fills in what there is to say of a device. */
function __dev_status(md: mapped_device, param: dm_ioctl): void {
  const disk = dm_disk(md);
  param.dev = MKDEV(disk.major, disk.first_minor);
}

/** `dmsetup create`: a device with a name, and perhaps a uuid; with a minor of its own choice if there is one. */
export function* dev_create(param: dm_ioctl, minor: number | null = null): Op<number> {
  const result: out<mapped_device | null> = { value: null };
  let r = yield* create_aux(minor, result);
  const md = result.value;
  if (md === null) return r;

  r = yield* dm_hash_insert(param.name, param.uuid, md);
  if (r === 0) __dev_status(md, param);
  yield* dm_put(md);
  return r;
}

/** `dmsetup remove`: takes a device's name from it; it goes when nobody has it any more. */
export function* dev_remove(param: dm_ioctl): Op<number> {
  yield* down_write(_hash_lock);
  const hc = yield* __find_device_hash_cell(param);
  if (hc === null) {
    yield* up_write(_hash_lock);
    return -ENXIO;
  }
  const { md } = hc;
  yield* __hash_remove(hc);
  yield* up_write(_hash_lock);
  yield* dm_put(md);
  return 0;
}

/** `dmsetup rename`. */
export function* dev_rename(param: dm_ioctl, name: string): Op<number> {
  return yield* dm_hash_rename(param.name, name);
}

/** `dmsetup info`: what a device is called, and its number. */
export function* dev_status(param: dm_ioctl): Op<number> {
  const md = yield* find_device(param);
  if (md === null) return -ENXIO;
  __dev_status(md, param);
  yield* dm_put(md);
  return 0;
}

/** `dmsetup load`: a mapping for a device, to be used from its next resume on. */
export function* table_load(param: dm_ioctl): Op<number> {
  const md = yield* find_device(param);
  if (md === null) return -ENXIO;

  const t = yield* kmalloc(dm_table, GFP_KERNEL);
  if (t === null) {
    yield* dm_put(md);
    return -ENOMEM;
  }
  t.num_targets = param.target_count;

  let r = 0;
  yield* down_write(_hash_lock);
  const hc = dm_get_mdptr(md);
  if (hc === null) {
    yield* kfree(t); /* the device has been removed meanwhile */
    r = -ENXIO;
  } else {
    yield* kfree(hc.new_map);
    hc.new_map = t;
  }
  yield* up_write(_hash_lock);
  yield* dm_put(md);
  return r;
}

/** `dmsetup clear`: the loaded mapping is not wanted after all. */
export function* table_clear(param: dm_ioctl): Op<number> {
  yield* down_write(_hash_lock);
  const hc = yield* __find_device_hash_cell(param);
  if (hc === null) {
    yield* up_write(_hash_lock);
    return -ENXIO;
  }
  yield* kfree(hc.new_map);
  hc.new_map = null;
  const { md } = hc;
  __dev_status(md, param);
  yield* up_write(_hash_lock);
  yield* dm_put(md);
  return 0;
}
