// SPDX-License-Identifier: GPL-2.0-only
import { agree, type TestProgram } from '../explore/testing/small-program';
import {
  DEFINE_MODULE,
  delete_module,
  ENXIO,
  GFP_ATOMIC,
  GFP_KERNEL,
  IS_ERR,
  module_refcount,
  PTR_ERR,
} from '../kernel';
import { type Op } from '../machine';
import { blk_alloc_queue, blk_cleanup_queue, blkQueuesAllocating, blkWatchQueues } from './blkdev';
import { type inode, open_by_devnum } from './block-dev-2006';
import { DEFINE_BLOCK_DEVICE_OPERATIONS, type gendisk } from './gendisk';
import { add_disk, blkdev_put, del_gendisk, put_disk } from './genhd';
import { alloc_disk } from './genhd-2006';
import { format_dev_t, MAJOR, MINOR, MKDEV } from './kdev_t';
import { listenUevents } from './uevent';

const DEV = MKDEV(253, 3);
const THIS_MODULE = DEFINE_MODULE('test_mod');
const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
let log: string[] = [];

beforeEach(() => (log = []));

const fops = DEFINE_BLOCK_DEVICE_OPERATIONS('fops', {
  owner: THIS_MODULE,
  *open(node: inode) {
    log.push(`open ${node.i_bdev.bd_disk.disk_name}`);
    return 0;
  },
  *release(node: inode) {
    log.push(`release ${node.i_bdev.bd_disk.disk_name}`);
    return 0;
  },
});
const refusing = DEFINE_BLOCK_DEVICE_OPERATIONS('refusing', {
  owner: THIS_MODULE,
  *open() {
    return -ENXIO;
  },
});

/** A registered disk. */
function* disk(operations = fops, minor = MINOR(DEV)): Op<gendisk> {
  const made = yield* alloc_disk(1);
  if (made === null) throw new Error('no disk');
  made.major = MAJOR(DEV);
  made.first_minor = minor;
  made.disk_name = `dm-${minor}`;
  made.fops = operations;
  yield* add_disk(made);
  return made;
}
function* gone(made: gendisk): Op<void> {
  yield* del_gendisk(made);
  yield* put_disk(made);
}
function* openAndClose(): Op<number> {
  const bdev = yield* open_by_devnum(DEV);
  if (IS_ERR(bdev)) return PTR_ERR(bdev);
  yield* blkdev_put(bdev);
  return 0;
}
function alone<W>(setup: () => Op<W>, a: (world: W) => Op<unknown>): ReturnType<typeof agree> {
  return agree({ setup, tasks: { a } } satisfies TestProgram<W>);
}

describe('device numbers', () => {
  it('have a major and a minor', () => {
    expect([MAJOR(DEV), MINOR(DEV), format_dev_t(DEV)]).toEqual([253, 3, '253:3']);
  });
});

describe('disks', () => {
  it('are opened by number while they are registered, and call their driver each time', () => {
    const seen = alone(disk, function* (made) {
      const first = yield* open_by_devnum(DEV);
      const second = yield* open_by_devnum(DEV);
      log.push(`same ${first === second}`, `refs ${yield* module_refcount(THIS_MODULE)}`);
      if (!IS_ERR(first)) yield* blkdev_put(first);
      if (!IS_ERR(second)) yield* blkdev_put(second);
      yield* gone(made);
      log.push(`refs ${yield* module_refcount(THIS_MODULE)}`, `open ${yield* openAndClose()}`);
    });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
    expect(log.slice(-8)).toEqual([
      'open dm-3',
      'open dm-3',
      'same true',
      'refs 1',
      'release dm-3',
      'release dm-3',
      'refs 0',
      `open ${-ENXIO}`,
    ]);
  });

  it('give the error of their driver, and keep no reference then', () => {
    alone(
      () => disk(refusing),
      function* (made) {
        log.push(String(yield* openAndClose()), String(yield* module_refcount(THIS_MODULE)));
        yield* gone(made);
      },
    );
    expect(log.slice(-2)).toEqual([String(-ENXIO), '0']);
  });

  it('can be opened only before they are removed', () => {
    const seen = agree({
      setup: () => disk(),
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

  it('have unique names: a second disk of one number is reported', () => {
    const seen = alone(disk, function* (made) {
      const other = yield* disk();
      yield* gone(other);
      yield* gone(made);
    });
    expect(seen.complaints).toEqual([
      "sysfs: sysfs: cannot create duplicate filename '/devices/virtual/block/dm-3'",
    ]);
  });

  it('cannot be opened once the module of their driver is being unloaded', () => {
    alone(disk, function* (made) {
      const left = delete_module(THIS_MODULE, function* () {
        log.push(`open ${yield* openAndClose()}`);
      });
      log.push(`rmmod ${yield* left}`);
      yield* gone(made);
    });
    expect(log.slice(-2)).toEqual([`open ${-ENXIO}`, 'rmmod 0']);
  });

  it('may fail to be allocated', () => {
    const results = new Set<boolean>();
    agree({
      failures: { alloc_disk: 1 },
      tasks: {
        *a() {
          const made = yield* alloc_disk(1);
          results.add(made === null);
          if (made !== null) yield* put_disk(made);
        },
      },
    });
    expect(results).toEqual(new Set([true, false]));
  });
});

describe('uevents', () => {
  it('start a task for each listener, but not those of set-up code', () => {
    const seen = agree({
      *setup() {
        listenUevents('udev', function* ({ action, dev, disk_name }) {
          log.push(`${action} ${dev} ${disk_name} ${yield* module_refcount(THIS_MODULE)}`);
        });
        return yield* disk(fops, 0);
      },
      tasks: {
        *a(other) {
          yield* disk();
          yield* gone(other);
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
    expect(new Set(log)).toEqual(new Set([`add ${DEV} dm-3 0`, `remove ${MKDEV(253, 0)} dm-0 0`]));
  });
});

describe('request queues', () => {
  it('are counted while they are being allocated, if a scenario asks for it', () => {
    const counts = new Set<number>();
    const seen = agree({
      *setup() {
        blkWatchQueues();
      },
      tasks: {
        *a() {
          const queue = yield* blk_alloc_queue(GFP_KERNEL);
          if (queue !== null) yield* blk_cleanup_queue(queue);
        },
        *b() {
          counts.add(yield* blkQueuesAllocating());
        },
      },
    });
    expect(seen).toMatchObject(fine);
    expect(counts).toEqual(new Set([0, 1]));
  });

  it('fail where the scenario lets them', () => {
    const results = new Set<boolean>();
    agree({
      failures: { blk_alloc_queue: 1 },
      tasks: {
        *a() {
          results.add((yield* blk_alloc_queue(GFP_ATOMIC)) === null);
        },
      },
    });
    expect(results).toEqual(new Set([true, false]));
  });
});
