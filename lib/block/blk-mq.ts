// SPDX-License-Identifier: GPL-2.0-only
/** Tag sets: what the queues of a driver's disks share. After include/linux/blk-mq.h and block/blk-mq.c of 5.14. */
import { ENOMEM, ERR_PTR, type errptr, kfree, kref_init, mutex_init } from '../kernel';
import { failed, outcomesOf } from '../kernel/may-fail';
import { int, ptr } from '../kernel/types';
import {
  composite,
  type Embeddable,
  type Handle,
  type Kind,
  makeObject,
  objectOf,
  type Op,
  request,
  struct,
  type StructOf,
} from '../machine';
import { request_queue } from './blkdev';
import { block_device } from './block-device';
import { gendisk, makeModern } from './gendisk';

/** The requests of a tag set. */
const blk_mq_tags = struct('blk_mq_tags', { nr_tags: int });
interface blk_mq_tags extends StructOf<typeof blk_mq_tags> {}

/** A driver's description of its queues. Embed it as `tag_set: blk_mq_tag_set`. @kernel include/linux/blk-mq.h */
export const blk_mq_tag_set = struct('blk_mq_tag_set', {
  /** How many queues the device has. */
  nr_hw_queues: int,
  /** How many requests may be in progress in one queue. */
  queue_depth: int,
  /** For the driver. */
  driver_data: ptr<Handle>(),
  /** The requests, once blk_mq_alloc_tag_set() has succeeded. */
  tags: ptr<blk_mq_tags>(),
});
export interface blk_mq_tag_set extends StructOf<typeof blk_mq_tag_set> {}

/** An allocation of several structures that succeeds or fails as a whole. */
function allocating<T extends readonly Handle[]>(
  name: string,
  ...types: { readonly [I in keyof T]: Embeddable<T[I]> }
): Kind<null, [], T | null> {
  return {
    name,
    access: 'none',
    outcomes: outcomesOf(name),
    announce: (machine, task, { site }) => machine.mightSleep(task, name, site),
    perform(machine, task, { site }) {
      if (failed(name, machine, task)) return null;
      const handles = types.map((type) => {
        const object = makeObject(type);
        object.clear(true);
        machine.allocate(object, site);
        return object.handle;
      });
      return handles as readonly Handle[] as T; // map() loses that there is one of each type
    },
  };
}

const ALLOC_TAGS = allocating<readonly [blk_mq_tags]>('blk_mq_alloc_tag_set', blk_mq_tags);
const ALLOC_DISK = allocating<readonly [gendisk, block_device, request_queue]>(
  'blk_mq_alloc_disk',
  gendisk,
  block_device,
  request_queue,
);

function* allocTags(set: blk_mq_tag_set): Op<number> {
  const made = yield* request(ALLOC_TAGS, null);
  if (made === null) return -ENOMEM;
  set.tags = made[0];
  return 0;
}

/**
 * Allocates the memory that the queues of a tag set share.
 *
 * @returns 0, or -ENOMEM if `blk_mq_alloc_tag_set` fails
 * @kernel include/linux/blk-mq.h
 * @context process context; may sleep
 * @ordering none
 */
export function blk_mq_alloc_tag_set(set: blk_mq_tag_set): Op<number> {
  objectOf(set); // without a set it faults here, at the call
  return composite('blk_mq_alloc_tag_set', allocTags(set));
}

/** Marks a place where the tags of a set are used: it faults without them. */
export function needTags(set: blk_mq_tag_set): void {
  objectOf(set.tags as blk_mq_tags); // nobody checks whether they exist
}

function* freeTags(set: blk_mq_tag_set): Op<void> {
  yield* kfree(set.tags);
  set.tags = null;
}

/**
 * Frees the memory of blk_mq_alloc_tag_set(). The disks of the set must be cleaned up before.
 *
 * @kernel include/linux/blk-mq.h
 * @context process context; may sleep
 * @ordering none
 */
export function blk_mq_free_tag_set(set: blk_mq_tag_set): Op<void> {
  objectOf(set);
  return composite('blk_mq_free_tag_set', freeTags(set));
}

function* allocDisk(set: blk_mq_tag_set, queuedata: Handle | null): Op<gendisk | errptr> {
  needTags(set);
  const made = yield* request(ALLOC_DISK, null);
  if (made === null) return ERR_PTR(-ENOMEM);
  const [disk, part0, queue] = made;
  makeModern(objectOf(disk));
  makeModern(objectOf(part0));
  yield* kref_init(disk.kobj);
  yield* mutex_init(disk.open_mutex);
  disk.part0 = part0;
  part0.bd_disk = disk;
  disk.queue = queue;
  queue.queuedata = queuedata;
  queue.tag_set = set;
  return disk;
}

/**
 * Makes a disk with one reference and a queue of a tag set. No other task knows it yet. It behaves as disks do in 5.14.
 *
 * @example
 * const device = struct('device', { tag_set: blk_mq_tag_set });
 * const nbd_fops = DEFINE_BLOCK_DEVICE_OPERATIONS('nbd_fops', { owner: null });
 * const nbd = DEFINE_STATIC('nbd', device);
 * yield* register_blkdev(NBD_MAJOR, 'nbd'); // => 0
 * yield* blk_mq_alloc_tag_set(nbd.tag_set); // => 0
 * const disk = yield* blk_mq_alloc_disk(nbd.tag_set, nbd);
 * if (IS_ERR(disk)) return;
 * disk.major = NBD_MAJOR;
 * disk.first_minor = 0;
 * disk.minors = 1;
 * disk.disk_name = 'nbd0';
 * disk.fops = nbd_fops;
 * yield* device_add_disk(null, disk, null);
 * set_capacity(disk, 8);
 * get_capacity(disk); // => 8
 * const bdev = yield* blkdev_get_by_dev(MKDEV(NBD_MAJOR, 0), FMODE_READ, null);
 * if (!IS_ERR(bdev)) yield* blkdev_put(bdev, FMODE_READ);
 * yield* del_gendisk(disk);
 * yield* blk_cleanup_disk(disk);
 * yield* blk_mq_free_tag_set(nbd.tag_set);
 * yield* unregister_blkdev(NBD_MAJOR, 'nbd');
 * @param queuedata the driver's own data of the queue, or NULL
 * @returns the disk, or ERR_PTR(-ENOMEM) if `blk_mq_alloc_disk` fails
 * @kernel include/linux/blk-mq.h
 * @context process context; may sleep
 * @ordering none
 */
export function blk_mq_alloc_disk(
  set: blk_mq_tag_set,
  queuedata: Handle | null,
): Op<gendisk | errptr> {
  objectOf(set);
  return composite('blk_mq_alloc_disk', allocDisk(set, queuedata));
}
