// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import {
  DEFINE_MODULE,
  DEFINE_MUTEX,
  DEFINE_SPINLOCK,
  delete_module,
  EBUSY,
  ENOMEM,
  ENXIO,
  GFP_KERNEL,
  IS_ERR,
  kref_get,
  kzalloc,
  module_refcount,
  mutex_lock,
  mutex_unlock,
  PTR_ERR,
  spin_lock,
  spin_unlock,
} from '../kernel';
import { type Op, struct } from '../machine';
import { complaints, kasan, lockdep } from '../sanitize';
import { atomicSleep } from '../sanitize/atomic-sleep';
import { told, type Told } from '../sanitize/testing/told';
import {
  blk_mq_alloc_disk,
  blk_mq_alloc_tag_set,
  blk_mq_free_tag_set,
  blk_mq_tag_set,
} from './blk-mq';
import { bdget_disk, remove_inode_hash } from './bdev-hash';
import { blkdev_get_by_dev, FMODE_READ } from './block-dev-2021';
import type { block_device } from './block-device';
import { blk_cleanup_disk, putDisk2021 } from './disk-2021';
import { DEFINE_BLOCK_DEVICE_OPERATIONS, type gendisk } from './gendisk';
import { add_disk, blkdev_put, del_gendisk, device_add_disk, put_disk } from './genhd';
import { get_capacity, set_capacity } from './genhd-2021';
import { MKDEV } from './kdev_t';
import { register_blkdev, unregister_blkdev } from './major-names';
import { listenUevents } from './uevent';

const MAJOR = 43;
const THIS_MODULE = DEFINE_MODULE('test_nbd');
const driver_mutex = DEFINE_MUTEX('driver_mutex');
const driver_lock = DEFINE_SPINLOCK('driver_lock');
const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
let log: string[] = [];

beforeEach(() => (log = []));

const fops = DEFINE_BLOCK_DEVICE_OPERATIONS('fops_2021', {
  owner: THIS_MODULE,
  *open({ bd_disk, bd_openers }: block_device) {
    yield* mutex_lock(driver_mutex);
    log.push(`open ${bd_disk.disk_name} ${bd_openers}`);
    yield* mutex_unlock(driver_mutex);
    return 0;
  },
  *release(disk: gendisk) {
    log.push(`release ${disk.disk_name} ${disk.part0.bd_openers}`);
  },
});
const refusing = DEFINE_BLOCK_DEVICE_OPERATIONS('refusing_2021', {
  owner: THIS_MODULE,
  *open() {
    return -EBUSY;
  },
});

const device = struct('device', { tag_set: blk_mq_tag_set });

/** A disk that is not registered yet. */
function* unregistered(minor = 3, operations = fops): Op<gendisk> {
  const made = yield* kzalloc(device, GFP_KERNEL);
  if (made === null) throw new Error('no memory');
  yield* blk_mq_alloc_tag_set(made.tag_set);
  const disk = yield* blk_mq_alloc_disk(made.tag_set, null);
  if (IS_ERR(disk)) throw new Error('no disk');
  disk.major = MAJOR;
  disk.first_minor = minor;
  disk.minors = 1;
  disk.disk_name = `nbd${minor}`;
  disk.fops = operations;
  return disk;
}
function* registered(minor = 3, operations = fops): Op<gendisk> {
  const disk = yield* unregistered(minor, operations);
  yield* add_disk(disk);
  return disk;
}
function* gone(disk: gendisk): Op<void> {
  yield* del_gendisk(disk);
  yield* blk_cleanup_disk(disk);
}
function* openAndClose(minor = 3): Op<number> {
  const bdev = yield* blkdev_get_by_dev(MKDEV(MAJOR, minor), FMODE_READ, null);
  if (IS_ERR(bdev)) return PTR_ERR(bdev);
  yield* blkdev_put(bdev, FMODE_READ);
  return 0;
}
function alone<W>(setup: () => Op<W>, a: (world: W) => Op<unknown>): ReturnType<typeof agree> {
  return agree({ setup, tasks: { a } });
}
/** The reports of the detectors about one task. */
function said(task: () => Op<unknown>): Told {
  return told(dpor, [lockdep(), atomicSleep(), kasan(), complaints()], (machine) => {
    machine.spawn('nbd', task);
  });
}

describe('disks of 2021', () => {
  it('are opened by number; each opener counts, holds the module, and is released', () => {
    const seen = alone(registered, function* (disk) {
      const first = yield* blkdev_get_by_dev(MKDEV(MAJOR, 3), FMODE_READ, null);
      const second = yield* blkdev_get_by_dev(MKDEV(MAJOR, 3), FMODE_READ, null);
      log.push(`same ${first === second}`, `refs ${yield* module_refcount(THIS_MODULE)}`);
      if (!IS_ERR(first)) yield* blkdev_put(first, FMODE_READ);
      if (!IS_ERR(second)) yield* blkdev_put(second, FMODE_READ);
      log.push(`refs ${yield* module_refcount(THIS_MODULE)}`);
      yield* gone(disk);
      log.push(`open ${yield* openAndClose()}`);
    });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
    expect(log.slice(-8)).toEqual([
      'open nbd3 0',
      'open nbd3 1',
      'same true',
      'refs 2',
      'release nbd3 1',
      'release nbd3 0',
      'refs 0',
      `open ${-ENXIO}`,
    ]);
  });

  it('give the error of their driver, and keep no reference then', () => {
    alone(
      () => registered(3, refusing),
      function* () {
        log.push(String(yield* openAndClose()), String(yield* module_refcount(THIS_MODULE)));
      },
    );
    expect(log.slice(-2)).toEqual([String(-EBUSY), '0']);
  });

  it('can be opened only before they are removed', () => {
    const seen = agree({
      setup: () => registered(),
      tasks: {
        remove: gone,
        *open() {
          log.push(`result ${yield* openAndClose()}`);
        },
      },
    });
    expect(seen).toMatchObject(fine);
    expect(new Set(log.filter((line) => line.startsWith('result')))).toEqual(
      new Set(['result 0', `result ${-ENXIO}`]),
    );
  });

  it('stay for their openers, even if all others let go of them', () => {
    const found = said(function* () {
      const disk = yield* registered();
      const bdev = yield* blkdev_get_by_dev(MKDEV(MAJOR, 3), FMODE_READ, null);
      yield* gone(disk);
      if (!IS_ERR(bdev)) yield* blkdev_put(bdev, FMODE_READ);
    });
    expect(found.kinds).toEqual([]);
    const freed = said(function* () {
      const disk = yield* registered();
      yield* gone(disk);
      yield* del_gendisk(disk);
    });
    expect(freed.kinds).toEqual(['slab-use-after-free']);
  });

  it('cannot be opened once the module of their driver is being unloaded', () => {
    alone(registered, function* () {
      const left = delete_module(THIS_MODULE, function* () {
        log.push(`open ${yield* openAndClose()}`);
      });
      log.push(`rmmod ${yield* left}`);
    });
    expect(log.slice(-2)).toEqual([`open ${-ENXIO}`, 'rmmod 0']);
  });

  it('may fail to be allocated, as may their tags', () => {
    const results = new Set<number>();
    const seen = agree({
      failures: { blk_mq_alloc_disk: 1, blk_mq_alloc_tag_set: 1 },
      tasks: {
        *a() {
          const made = yield* kzalloc(device, GFP_KERNEL);
          if (made === null) return;
          const tags = yield* blk_mq_alloc_tag_set(made.tag_set);
          results.add(tags);
          if (tags !== 0) return;
          const disk = yield* blk_mq_alloc_disk(made.tag_set, null);
          results.add(IS_ERR(disk) ? PTR_ERR(disk) : 1);
          if (!IS_ERR(disk)) yield* blk_cleanup_disk(disk);
          yield* blk_mq_free_tag_set(made.tag_set);
        },
      },
    });
    expect(seen).toMatchObject(fine);
    expect(results).toEqual(new Set([0, 1, -ENOMEM]));
  });
});

describe('the lookup of a disk by its number', () => {
  const DEV = MKDEV(MAJOR, 3);

  it('commutes with other lookups, except for the count', () => {
    const find = (): Op<gendisk | null> => bdget_disk(DEV);
    const seen = agree({ setup: registered, tasks: { a: find, b: find } });
    expect(seen).toMatchObject({ ...fine, executions: 2 });
    const nothing = agree({ tasks: { a: find, b: find } });
    expect(nothing).toMatchObject({ ...fine, executions: 1 });
    const others = agree({ setup: registered, tasks: { a: find, b: () => bdget_disk(DEV + 1) } });
    expect(others).toMatchObject({ ...fine, executions: 1 });
  });

  it('ends before the disk is removed, or finds nothing', () => {
    const found = new Set<boolean>();
    const seen = agree({
      setup: registered,
      tasks: {
        *a() {
          found.add((yield* bdget_disk(DEV)) !== null);
        },
        *b(disk) {
          yield* remove_inode_hash(disk);
          yield* putDisk2021(disk);
        },
        *c() {
          found.add((yield* bdget_disk(DEV)) !== null);
        },
      },
    });
    // Both before the end, in two orders; one of them before it; none.
    expect(seen).toMatchObject({ ...fine, executions: 5 });
    expect(found).toEqual(new Set([true, false]));
  });
});

describe('open_mutex', () => {
  it('is reported by lockdep if a driver removes a disk under the lock of its open', () => {
    const found = said(function* () {
      const disk = yield* registered();
      yield* openAndClose();
      yield* mutex_lock(driver_mutex);
      yield* gone(disk);
      yield* mutex_unlock(driver_mutex);
    });
    expect(found.kinds).toEqual(['circular-locking']);
    expect(found.report('circular-locking')).toContain(
      [
        '  lock(driver_mutex);',
        '                               lock(&disk->open_mutex);',
        '                               lock(driver_mutex);',
        '  lock(&disk->open_mutex);',
      ].join('\n'),
    );
  });

  it('is not reported if the driver removes it without that lock', () => {
    const found = said(function* () {
      const disk = yield* registered();
      yield* openAndClose();
      yield* gone(disk);
      yield* mutex_lock(driver_mutex);
      yield* mutex_unlock(driver_mutex);
    });
    expect(found.kinds).toEqual([]);
  });
});

describe('put_disk()', () => {
  function* putUnderLock(disk: gendisk): Op<void> {
    yield* spin_lock(driver_lock);
    yield* put_disk(disk);
    yield* spin_unlock(driver_lock);
  }

  it('is reported if it drops the last reference under a spinlock', () => {
    const found = said(function* () {
      yield* putUnderLock(yield* unregistered());
    });
    expect(found.kinds).toEqual(['sleeping-in-atomic']);
    expect(found.report('sleeping-in-atomic')).toContain('disk_release');
  });

  it('may drop another one there', () => {
    const found = said(function* () {
      const disk = yield* unregistered();
      yield* kref_get(disk.kobj);
      yield* putUnderLock(disk);
      yield* put_disk(disk);
    });
    expect(found.kinds).toEqual([]);
  });
});

describe('add_disk()', () => {
  it('complains of a name that is in use, as sysfs does', () => {
    const found = said(function* twice() {
      yield* registered();
      yield* registered();
    });
    expect(found.report('sysfs')).toMatchInlineSnapshot(`
      "sysfs: cannot create duplicate filename '/devices/virtual/block/nbd3'
      CPU: 1 PID: 101 Comm: nbd
      Call Trace:
       registered driver.ts
       twice driver.ts
      kobject_add_internal failed for nbd3 with -EEXIST, don't try to register things with the same name in the same directory."
    `);
  });

  it('is silent when the other disk of that name is gone', () => {
    const found = said(function* () {
      yield* gone(yield* registered());
      yield* gone(yield* registered());
    });
    expect(found.kinds).toEqual([]);
  });

  it('opens a disk that has a capacity, to look for partitions, and no other', () => {
    alone(unregistered, function* (disk) {
      set_capacity(disk, 8);
      yield* device_add_disk(null, disk, null);
      log.push(String(get_capacity(disk)));
      yield* gone(yield* registered(4));
    });
    expect(log.slice(-3)).toEqual(['open nbd3 0', 'release nbd3 0', '8']);
  });

  it('tells user space, and del_gendisk() does', () => {
    agree({
      *setup() {
        listenUevents('udev', function* ({ action, disk_name }) {
          log.push(`${action} ${disk_name}`);
        });
      },
      tasks: {
        *a() {
          yield* gone(yield* registered());
        },
      },
    });
    expect(new Set(log)).toEqual(new Set(['add nbd3', 'remove nbd3']));
  });
});

describe('major numbers', () => {
  it('are one driver each', () => {
    const seen = alone(
      function* () {},
      function* () {
        log.push(String(yield* register_blkdev(MAJOR, 'nbd')));
        log.push(String(yield* register_blkdev(MAJOR, 'other')));
        yield* unregister_blkdev(MAJOR, 'nbd');
        log.push(String(yield* register_blkdev(MAJOR, 'other')));
      },
    );
    expect(seen).toMatchObject(fine);
    expect(log.slice(-3)).toEqual(['0', String(-EBUSY), '0']);
  });

  it('are unregistered by their owner', () => {
    const seen = alone(
      function* () {},
      function* () {
        yield* register_blkdev(MAJOR, 'nbd');
        yield* unregister_blkdev(MAJOR, 'other');
      },
    );
    expect(seen.complaints).toEqual(['warn: ']);
  });
});
