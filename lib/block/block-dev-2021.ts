// SPDX-License-Identifier: GPL-2.0-only
/**
 * Opening and closing block devices in 2021. After fs/block_dev.c of 5.14: the disk's open_mutex is held during the driver's open
 * and release. Left out: partitions, exclusive claims, and the first check of GENHD_FL_UP without the lock, which only saves time.
 */
import { ENXIO, ERR_PTR, type errptr, mutex_lock, mutex_unlock } from '../kernel';
import { inModuleText, module_put, try_module_get, type module } from '../kernel/module';
import { composite, type Op } from '../machine';
import { bdget_disk } from './bdev-hash';
import type { block_device } from './block-device';
import { putDisk2021 } from './disk-2021';
import { type gendisk, type Operations2021, operationsOf } from './gendisk';
import { type dev_t, MAJOR } from './kdev_t';

/** Open for reading. @kernel include/linux/fs.h */
export const FMODE_READ = 1;
/** Open for writing. @kernel include/linux/fs.h */
export const FMODE_WRITE = 2;

/** The disk may be opened. Set by add_disk(), cleared by del_gendisk() under open_mutex. */
export const GENHD_FL_UP = 0x10;

const NO_OPERATIONS: Operations2021 = { owner: null };

function operations({ fops }: gendisk): Operations2021 {
  return fops === null ? NO_OPERATIONS : operationsOf(fops);
}

function* blkdev_put_no_open(disk: gendisk, owner: module | null): Op<void> {
  yield* putDisk2021(disk);
  if (owner !== null) yield* module_put(owner);
}

function* blkdev_get_whole(bdev: block_device, mode: number): Op<number> {
  const { owner, open } = operations(bdev.bd_disk);
  if (open !== undefined) {
    const ret = yield* inModuleText(owner, () => open(bdev, mode));
    if (ret !== 0) return ret;
  }
  bdev.bd_openers++;
  return 0;
}

function* getByDev(dev: dev_t, mode: number): Op<block_device | errptr> {
  const disk = MAJOR(dev) === 0 ? null : yield* bdget_disk(dev);
  if (disk === null) return ERR_PTR(-ENXIO);
  const { owner } = operations(disk);
  if (owner !== null && !(yield* try_module_get(owner))) {
    yield* putDisk2021(disk);
    return ERR_PTR(-ENXIO);
  }
  const bdev = disk.part0;
  let ret = -ENXIO;
  yield* mutex_lock(disk.open_mutex);
  if ((disk.flags & GENHD_FL_UP) !== 0) ret = yield* blkdev_get_whole(bdev, mode);
  yield* mutex_unlock(disk.open_mutex);
  if (ret === 0) return bdev;
  yield* blkdev_put_no_open(disk, owner);
  return ERR_PTR(ret);
}

/**
 * Opens a block device by its number: finds the disk, takes references to it and to its driver's module, and calls the driver's
 * open() with the disk's open_mutex held. For disks of 5.14; open_by_devnum() opens those of 2006.
 *
 * @param dev device number, as MKDEV() makes it
 * @param mode FMODE_READ, FMODE_WRITE or both; passed to open()
 * @returns the device, or an error pointer: -ENXIO if there is no such disk or it is being removed, else the error of open()
 * @kernel include/linux/blkdev.h
 * @context process context; may sleep
 * @ordering acquire, from add_disk()
 * @divergence no exclusive claims: the holder is NULL
 */
export function blkdev_get_by_dev(
  dev: dev_t,
  mode: number,
  _holder: null,
): Op<block_device | errptr> {
  return composite('blkdev_get_by_dev', getByDev(dev, mode));
}

/** blkdev_put(). */
export function* blkdevPut2021(bdev: block_device, mode: number): Op<void> {
  const disk = bdev.bd_disk;
  const { owner, release } = operations(disk);
  yield* mutex_lock(disk.open_mutex);
  bdev.bd_openers--;
  if (release !== undefined) yield* inModuleText(owner, () => release(disk, mode));
  yield* mutex_unlock(disk.open_mutex);
  yield* blkdev_put_no_open(disk, owner);
}
