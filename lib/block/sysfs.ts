// SPDX-License-Identifier: GPL-2.0-only
/** The names of disks in sysfs, which are unique. After fs/sysfs/dir.c and lib/kobject.c of 5.14. */
import { EEXIST } from '../kernel';
import {
  type Handle,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  requestAt,
  SyncObject,
} from '../machine';
import type { gendisk } from './gendisk';
import { MINORBITS } from './kdev_t';

/** The message when a second disk wants a name. */
export function sysfsDuplicate(name: string): string {
  return `sysfs: cannot create duplicate filename '/devices/virtual/block/${name}'`;
}

/** The directory. Names of different minors have different locations, so adding one does not conflict with adding another. */
class BlockDirectory extends SyncObject {
  readonly typeName = 'kernfs_node';
  readonly handle: Handle = makeHandle(this);
  readonly disks = new Map<string, gendisk>();

  override get size(): number {
    return 1 << MINORBITS;
  }

  protected override reset(): void {
    super.reset();
    this.disks.clear();
  }

  override references(): Iterable<unknown> {
    return this.disks.values();
  }

  /** Location of a name. */
  placeOf(name: string): number {
    return Number(/\d*$/.exec(name)?.[0] ?? 0) % this.size;
  }
}

const directory = new BlockDirectory().makeStatic('/sys/devices/virtual/block');

const ADD: Kind<BlockDirectory, [disk: gendisk, disk_name: string], number> = {
  name: 'device_add',
  access: 'write',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'device_add', site),
  perform(machine, _task, { a: disk, b: name, site }) {
    if (!directory.disks.has(name)) {
      directory.disks.set(name, disk);
      return 0;
    }
    machine.complain({
      check: 'sysfs',
      message: sysfsDuplicate(name),
      object: objectOf(disk),
      site,
    });
    return -EEXIST;
  },
};

const DEL: Kind<BlockDirectory, [disk: gendisk, disk_name: string], void> = {
  name: 'device_del',
  access: 'write',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'device_del', site),
  perform(_machine, _task, { a: disk, b: name }) {
    if (directory.disks.get(name) === disk) directory.disks.delete(name);
  },
};

/**
 * Adds a disk to sysfs. The kernel complains if the name is in use.
 *
 * @returns 0, or -EEXIST if the name is in use
 */
export function device_add(disk: gendisk): Op<number> {
  const { disk_name } = disk;
  return requestAt(ADD, directory, directory.placeOf(disk_name), disk, disk_name);
}

/** Removes a disk's name from sysfs, if the name belongs to that disk. */
export function device_del(disk: gendisk): Op<void> {
  const { disk_name } = disk;
  return requestAt(DEL, directory, directory.placeOf(disk_name), disk, disk_name);
}
