// SPDX-License-Identifier: GPL-2.0-only
/**
 * Disks, and the functions of their drivers. After include/linux/genhd.h of 2.6.17 and of 5.14. The structure has the members of
 * both. A disk behaves as in the kernel whose function made it: alloc_disk() or blk_mq_alloc_disk().
 */
import { kref, list_head, mutex } from '../kernel';
import type { module } from '../kernel/module';
import { int, ptr, text } from '../kernel/types';
import {
  type Branded,
  embeddable,
  type Handle,
  makeHandle,
  makeObject,
  type MachineObject,
  objectOf,
  type Op,
  struct,
  type StructOf,
  SyncObject,
} from '../machine';
import type { block_device } from './block-device';
import type { inode } from './block-dev-2006';
import type { request_queue } from './blkdev';

/** The functions of a driver of 2006 for opening and closing its disk. */
export interface Operations2006 {
  /** The module that stays loaded while the disk is open. */
  readonly owner: module | null;
  /** Runs at every open, not only at the first, with the bd_mutex of the block device held. */
  readonly open?: (inode: inode) => Op<number>;
  /** Runs at every close. */
  readonly release?: (inode: inode) => Op<number>;
}

/** The functions of a driver of 5.14 for opening and closing its disk. */
export interface Operations2021 {
  /** The module that stays loaded while the disk is open. */
  readonly owner: module | null;
  /** Runs at every open, not only at the first, with the open_mutex of the disk held. */
  readonly open?: (bdev: block_device, mode: number) => Op<number>;
  /** Runs at every close, with the open_mutex held, after the opener is no longer counted. */
  readonly release?: (disk: gendisk, mode: number) => Op<void>;
}

/** The functions of a disk's driver. @kernel include/linux/blkdev.h */
export interface block_device_operations extends Branded<'block_device_operations', Fops> {}

class Fops extends SyncObject {
  readonly typeName = 'block_device_operations';
  readonly handle: block_device_operations = makeHandle(this);

  constructor(readonly operations: Operations2006 | Operations2021) {
    super();
  }
}

/**
 * Defines the operations of a disk: `static struct block_device_operations name = { ... }`.
 *
 * @kernel include/linux/blkdev.h
 * @divergence constant; in the form of 2006 open() and release() get no file
 */
export function DEFINE_BLOCK_DEVICE_OPERATIONS(
  name: string,
  operations: Operations2006 | Operations2021,
): block_device_operations {
  return new Fops({ ...operations }).makeStatic(name).handle;
}

/** The functions of a handle. */
export function operationsOf<T extends Operations2006 | Operations2021>(
  fops: block_device_operations,
): T {
  return objectOf(fops).operations as T; // the caller knows the disk's kernel
}

/** Lockdep names a class after the argument of mutex_init(), where the disk is called disk. */
const open_mutex = embeddable<mutex>('mutex', () =>
  Object.assign(makeObject(mutex), { lockClass: '&disk->open_mutex' }),
);

/** A whole disk as the block layer knows it: its numbers, its name, its driver and its queue. @kernel include/linux/genhd.h */
export const gendisk = struct('gendisk', {
  /** Major number. */
  major: int,
  /** The first of its minor numbers. */
  first_minor: int,
  /** How many minor numbers it has: one, and one for each partition. */
  minors: int,
  /** Its name in /dev and in uevents. */
  disk_name: text,
  /** The functions of the disk's driver. */
  fops: ptr<block_device_operations>(),
  /** Where its requests go. */
  queue: ptr<request_queue>(),
  /** For the driver: the block layer neither reads it nor holds its target. */
  private_data: ptr<Handle>(),
  /** Its references; the last one frees it. */
  kobj: kref,
  /** 2006: its node in the map from device numbers to disks. */
  node: list_head,
  /** 5.14: GENHD_FL_UP from add_disk() to del_gendisk(). Changes under open_mutex once the disk can be found. */
  flags: int,
  /** 5.14: held during the driver's open() and release(), and during the first part of del_gendisk(). */
  open_mutex,
  /** 5.14: the device of the whole disk. */
  part0: ptr.unchecked<block_device>(),
});
export interface gendisk extends StructOf<typeof gendisk> {}

/** Disks and block devices made by the functions of 5.14. */
const modern = new WeakSet<MachineObject>();

/** Marks a disk or a block device as one of 5.14. */
export function makeModern(object: MachineObject): void {
  modern.add(object);
}

/** Whether a disk or a block device is one of 5.14. */
export function isModern(handle: gendisk | block_device): boolean {
  return modern.has(objectOf(handle));
}
