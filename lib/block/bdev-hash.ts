// SPDX-License-Identifier: GPL-2.0-only
/**
 * How 5.14 finds the disk of a device number: the hash of block device inodes. After bdget(), bdev_add() and remove_inode_hash()
 * of fs/block_dev.c and fs/inode.c. Each of them works under a spinlock and is one step here.
 */
import type { Refcount } from '../kernel/refcount';
import {
  type Handle,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  type Releasing,
  requestAt,
  SyncObject,
  writing,
} from '../machine';
import type { gendisk } from './gendisk';
import { type dev_t, MINOR, MINORBITS, MKDEV } from './kdev_t';

/** Each minor has one location. */
class BdevHash extends SyncObject {
  readonly typeName = 'inode_hashtable';
  readonly handle: Handle = makeHandle(this);
  /** The disks of a number, newest first. */
  readonly disks = new Map<dev_t, gendisk[]>();
  readonly points: Releasing[] = Array.from({ length: this.size }, () => ({ released: null }));

  override get size(): number {
    return 1 << MINORBITS;
  }

  protected override reset(): void {
    super.reset();
    this.disks.clear();
    for (const point of this.points) point.released = null;
  }

  override *references(): Generator {
    for (const disks of this.disks.values()) yield* disks;
  }

  find(dev: dev_t): gendisk | null {
    return this.disks.get(dev)?.[0] ?? null;
  }

  point(dev: dev_t): Releasing {
    return this.points[MINOR(dev)] ?? { released: null };
  }
}

const hash = new BdevHash().makeStatic('inode_hashtable');

const ADD: Kind<BdevHash, [disk: gendisk, dev: dev_t], void> = {
  name: 'bdev_add',
  access: 'write',
  perform(machine, task, { a: disk, b: dev }) {
    hash.disks.set(dev, [disk, ...(hash.disks.get(dev) ?? [])]);
    machine.release(task, hash.point(dev), true);
  },
};

const REMOVE: Kind<BdevHash, [disk: gendisk, dev: dev_t], void> = {
  name: 'remove_inode_hash',
  access: 'write',
  perform(_machine, _task, { a: disk, b: dev }) {
    const left = (hash.disks.get(dev) ?? []).filter((other) => other !== disk);
    hash.disks.set(dev, left);
  },
};

/** The reference count of the disk that a number currently leads to. */
function countOf(dev: dev_t): Refcount | null {
  const disk = hash.fresh().find(dev);
  return disk === null ? null : objectOf(disk.kobj);
}

const GET: Kind<BdevHash, [dev: dev_t], gendisk | null> = {
  name: 'bdget',
  access: 'read',
  extra({ a: dev }) {
    const count = countOf(dev);
    return count === null ? [] : [writing(count.base)];
  },
  perform(machine, task, { a: dev, site }) {
    const [disk, count] = [hash.find(dev), countOf(dev)];
    if (disk === null || count === null) return null;
    machine.acquire(task, hash.point(dev));
    machine.marked(count, 0, true, site);
    if (count.state === 0) return null;
    count.state++;
    return disk;
  },
};

function devOf(disk: gendisk): dev_t {
  return MKDEV(disk.major, disk.first_minor);
}

/** Makes the disk visible under its number. Releases everything before, to the tasks that find it. */
export function bdev_add(disk: gendisk): Op<void> {
  const dev = devOf(disk);
  return requestAt(ADD, hash, MINOR(dev), disk, dev);
}

/** Hides the disk again. */
export function remove_inode_hash(disk: gendisk): Op<void> {
  const dev = devOf(disk);
  return requestAt(REMOVE, hash, MINOR(dev), disk, dev);
}

/** Finds the disk of a number and takes a reference, unless its count is 0. Returns NULL then, or if there is no disk. */
export function bdget_disk(dev: dev_t): Op<gendisk | null> {
  return requestAt(GET, hash, MINOR(dev), dev);
}
