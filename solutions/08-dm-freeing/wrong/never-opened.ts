// SPDX-License-Identifier: GPL-2.0-only
// Wrong: who cannot open a disk cannot open one that is going. Caught by open-keeps.
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
  DEFINE_BLOCK_DEVICE_OPERATIONS,
  DEFINE_IDR,
  DEFINE_MODULE,
  DEFINE_POINTER,
  DEFINE_SPINLOCK,
  del_gendisk,
  type dev_t,
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
  init_waitqueue_head,
  type inode,
  int,
  IS_ERR,
  kfree,
  kmalloc,
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
  wait_queue_head_t,
} from '#lib';

const THIS_MODULE = DEFINE_MODULE('dm_mod');

/* bits of md.flags */
const DMF_FREEING = 3;

const MIN_IOS = 1;
const _major = 253;

/** One request on its way through a mapped device. */
const dm_io = struct('dm_io', { error: int });

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
  const md = inode.i_bdev.bd_disk.private_data as mapped_device | null; // void * in C
  const open = md === null;
  yield* spin_unlock(_minor_lock);
  return open ? 0 : -ENXIO;
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

/** Finds a device by its number; takes no reference. */
function* dm_find_md(dev: dev_t): Op<mapped_device | null> {
  const minor = MINOR(dev);
  if (MAJOR(dev) !== _major) return null;

  yield* spin_lock(_minor_lock);
  let md = yield* idr_find(_minor_idr, minor);
  if (md !== null && (md === MINOR_ALLOCED || dm_disk(md).first_minor !== minor)) md = null;
  if (md !== null && (yield* test_bit(DMF_FREEING, md, 'flags'))) md = null;
  yield* spin_unlock(_minor_lock);
  return md;
}

/** Finds a device by its number. The caller gets a reference and puts it in the end. */
export function* dm_get_md(dev: dev_t): Op<mapped_device | null> {
  const md = yield* dm_find_md(dev);
  if (md !== null) yield* dm_get(md);
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
