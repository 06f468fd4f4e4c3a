// SPDX-License-Identifier: GPL-2.0-only
/** Opening and closing block devices. After fs/block_dev.c of 2.6.17: no partitions, no exclusive claims, no page cache. */
import { ENXIO, ERR_PTR, type errptr, mutex_lock, mutex_unlock } from '../kernel';
import { inModuleText } from '../kernel/module';
import { ptr } from '../kernel/types';
import { makeStruct, objectOf, type Op, struct, type StructOf } from '../machine';
import { block_device } from './block-device';
import { type gendisk, type Operations2006, operationsOf } from './gendisk';
import { get_gendisk, putDiskAndModule } from './genhd-2006';
import { type dev_t, MAJOR, MINOR, MINORBITS } from './kdev_t';

/** A node of /dev. @kernel include/linux/fs.h */
export const inode = struct('inode', {
  /** The block device it stands for. */
  i_bdev: ptr.unchecked<block_device>(),
});
export interface inode extends StructOf<typeof inode> {}

function makeInode(minor: number): inode {
  const object = makeStruct(block_device);
  const bdev = object.makeStatic(`bdev(${minor})`).handle;
  object.initial = () => {
    objectOf(bdev.bd_mutex).initialised = true;
  };
  const node = makeStruct(inode);
  node.initial = ({ values }) => {
    values[0] = bdev;
  };
  return node.makeStatic(`inode(${minor})`).handle;
}

/** The cache decides how long inodes live; here they live for ever. One array serves all majors: there is one driver. */
const inodes = Array.from({ length: 1 << MINORBITS }, (_, minor) => makeInode(minor));

/** Calls the driver's open() or release(), in the text of its module. */
function* callDriver(disk: gendisk, name: 'open' | 'release', node: inode): Op<number> {
  const { fops } = disk;
  if (fops === null) return 0;
  const { owner, [name]: call } = operationsOf<Operations2006>(fops);
  return call === undefined ? 0 : yield* inModuleText(owner, () => call(node));
}

function* do_open(node: inode, dev: dev_t): Op<number> {
  const disk = yield* get_gendisk(dev);
  if (disk === null) return -ENXIO;
  const bdev = node.i_bdev;
  yield* mutex_lock(bdev.bd_mutex);
  const first = bdev.bd_openers === 0;
  if (first) {
    bdev.bd_dev = dev;
    bdev.bd_disk = disk;
  } else {
    yield* putDiskAndModule(disk);
  }
  const ret = yield* callDriver(bdev.bd_disk, 'open', node);
  if (ret === 0) {
    bdev.bd_openers++;
  } else if (first) {
    yield* putDiskAndModule(disk);
  }
  yield* mutex_unlock(bdev.bd_mutex);
  return ret;
}

/**
 * Opens a block device by its number: finds the disk, takes its references, and calls its driver's open().
 *
 * @param dev device number, as MKDEV() makes it
 * @returns the device, or an error pointer: -ENXIO if there is no such disk, else the error of open()
 * @kernel include/linux/fs.h
 * @context process context; may sleep
 * @ordering none
 * @divergence takes no mode
 */
export function* open_by_devnum(dev: dev_t): Op<block_device | errptr> {
  const node = inodes[MINOR(dev)];
  if (node === undefined || MAJOR(dev) === 0) return ERR_PTR(-ENXIO);
  const ret = yield* do_open(node, dev);
  return ret === 0 ? node.i_bdev : ERR_PTR(ret);
}

/** blkdev_put(). */
export function* blkdevPut2006(bdev: block_device): Op<void> {
  yield* mutex_lock(bdev.bd_mutex);
  const node = inodes[MINOR(bdev.bd_dev)];
  const disk = bdev.bd_disk;
  bdev.bd_openers--;
  if (node !== undefined) yield* callDriver(disk, 'release', node);
  if (bdev.bd_openers === 0) yield* putDiskAndModule(disk);
  yield* mutex_unlock(bdev.bd_mutex);
}
