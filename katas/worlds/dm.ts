// SPDX-License-Identifier: GPL-2.0-only
/**
 * The users of device mapper: they make devices, find them by their number, open and close their disks, and drop their
 * references. At the end they have dropped everything, nothing is left, and the minors can be used again.
 */
import {
  alive,
  allocated,
  atomic_read,
  type atomic_t,
  type block_device,
  blkdev_put,
  blkQueuesAllocating,
  blkWatchQueues,
  current_task,
  DEFINE_SEMAPHORE,
  type dev_t,
  down,
  EBUSY,
  EINVAL,
  ENOMEM,
  ENOSPC,
  ENXIO,
  expect_eq,
  expect_no_locks,
  expect_true,
  format_dev_t,
  gendisk,
  type Handle,
  interrupted,
  IS_ERR,
  listenUevents,
  MINOR,
  MINORBITS,
  MKDEV,
  open_by_devnum,
  type Op,
  type out,
  PTR_ERR,
  reached,
  request_queue,
  type Scenario,
  scenario,
  up,
  type wait_queue_head_t,
  waitqueue_active,
  wake_up_all,
} from '#lib';

/** What it needs of a device. */
type MappedDevice = Handle & {
  readonly name: string;
  readonly pending: atomic_t;
  readonly wait: wait_queue_head_t;
  readonly eventq: wait_queue_head_t;
};

/** What the world needs of a driver. */
export interface Dm<Device> {
  readonly mapped_device: { readonly typeName: string };
  dm_create(result: out<Device | null>): Op<number>;
  dm_create_with_minor(minor: number, result: out<Device | null>): Op<number>;
  dm_get_md(dev: dev_t): Op<Device | null>;
  dm_put(md: Device): Op<void>;
  dm_disk(md: Device): gendisk;
}

/** Who has what. */
export interface World<Device> {
  /** References that a task will drop: devices that were made or found. */
  readonly devices: Device[];
  /** Open disks that a task will close. */
  readonly disks: block_device[];
}

/** A request for a device: its minor, if it matters, and the errors that are allowed. */
export interface Ask {
  readonly minor?: number;
  readonly errors?: readonly number[];
}

export const DM_MAJOR = 253;
export const MINORS = 1 << MINORBITS;
export const EVERY_MINOR = Array.from({ length: MINORS }, (_, minor) => minor);
/** The minors of devices that need a layer each, and those between them. */
const FIVE = [0, 1, 2, 3, 4];
const WHILE_CREATING = 'a device is made while another is in the middle of being made';

/** Held by a task in atOnce(), and by a task in inSteps() during each of its steps. */
const turn = DEFINE_SEMAPHORE('turn', 1);

/** Runs something as a whole: no task in inSteps() runs meanwhile. */
export function* atOnce<T>(call: () => Op<T>): Op<T> {
  yield* down(turn);
  const result = yield* call();
  yield* up(turn);
  return result;
}

/**
 * Runs something that may be held up after any of its steps, while something else runs atOnce(); not with a lock held that others
 * may want: a block device's own is not.
 */
export function* inSteps<T>(call: () => Op<T>): Op<T> {
  const steps = call()[Symbol.iterator]();
  yield* down(turn);
  let step = steps.next();
  while (step.done !== true) {
    const result: unknown = yield step.value;
    if (current_task().held.every(({ object }) => object.label.endsWith('.bd_mutex'))) {
      yield* up(turn);
      yield* down(turn);
    }
    step = steps.next(result);
  }
  yield* up(turn);
  return step.value;
}

/** The text for a device's minor in the title of a scenario. */
function named({ minor }: Ask): string {
  return minor === undefined ? '' : ` with minor ${minor}`;
}

/** The users of one driver, and the scenarios that several of its katas share. */
export function dmWorld<Device extends MappedDevice>(dm: Dm<Device>) {
  type W = World<Device>;

  /** Makes a device: the device, or null if that failed in a way the scenario allows. */
  function* make({ minor, errors = [] }: Ask = {}): Op<Device | null> {
    const result: out<Device | null> = { value: null };
    const ret =
      minor === undefined
        ? yield* dm.dm_create(result)
        : yield* dm.dm_create_with_minor(minor, result);
    expect_no_locks('dm_create()');
    if (!errors.includes(ret)) expect_eq(ret, 0, 'dm_create()');
    if (ret !== 0) expect_eq(result.value, null, '*result after dm_create() has failed');
    return result.value;
  }
  /** Makes a device that stays. */
  function* keep(w: W, ask: Ask = {}): Op<Device | null> {
    const md = yield* make(ask);
    if (md !== null) w.devices.push(md);
    return md;
  }
  /** A world of devices with these minors. */
  function* world(...minors: readonly number[]): Op<W> {
    const w: W = { devices: [], disks: [] };
    for (const minor of minors) yield* keep(w, { minor });
    return w;
  }
  /** A world of one device, which did not ask for its minor. */
  function* oneMade(): Op<W> {
    const w = yield* world();
    yield* keep(w);
    return w;
  }
  /** Uses a device, and checks what a user sees of it. */
  function useDevice(md: Device, minor = dm.dm_disk(md).first_minor): void {
    const disk = dm.dm_disk(md);
    expect_eq(disk.first_minor, minor, 'the minor of a device in use');
    expect_eq(disk.disk_name, `dm-${minor}`, 'the name of its disk');
    expect_eq(md.name, format_dev_t(MKDEV(DM_MAJOR, minor)), 'its own name');
    expect_eq(disk.queue?.queuedata ?? null, md, "the device of its disk's queue");
  }
  function* put(md: Device): Op<void> {
    yield* dm.dm_put(md);
    expect_no_locks('dm_put()');
  }
  /** Drops one of the world's references. */
  function* putOne(w: W): Op<void> {
    const md = w.devices.shift();
    if (md !== undefined) yield* put(md);
  }
  /** Finds a device by its number, and keeps it. */
  function* lookup(minor: number, major = DM_MAJOR): Op<Device | null> {
    const md = yield* dm.dm_get_md(MKDEV(major, minor));
    expect_no_locks('dm_get_md()');
    if (md !== null) useDevice(md, minor);
    return md;
  }
  /** Finds a device by its number, uses it if there is one, and puts it. */
  function* status(minor: number, major = DM_MAJOR): Op<boolean> {
    const md = yield* lookup(minor, major);
    if (md !== null) yield* put(md);
    return md !== null;
  }
  /** Checks that a device can be waited for, and that nobody has asked it for anything. */
  function* isIdle(md: Device): Op<void> {
    expect_eq(yield* atomic_read(md.pending), 0, 'requests of a device nobody has used');
    for (const queue of [md.wait, md.eventq]) {
      expect_true(!(yield* waitqueue_active(queue)), 'somebody waits for a device nobody has used');
      yield* wake_up_all(queue);
    }
  }
  /** Finds a device that is there, and that nobody has used. */
  function* finds(minor: number): Op<void> {
    const md = yield* lookup(minor);
    expect_true(md !== null, `minor ${minor} has a device and is not found`);
    if (md === null) return;
    yield* isIdle(md);
    yield* put(md);
  }
  function* findsNothing(minor: number, major = DM_MAJOR): Op<void> {
    expect_true(!(yield* status(minor, major)), `minor ${minor} has no device and one is found`);
  }
  /** Opens the disk with a minor: null if there is none, or no longer. */
  function* open(minor: number): Op<block_device | null> {
    const bdev = yield* open_by_devnum(MKDEV(DM_MAJOR, minor));
    expect_no_locks('dm_blk_open()');
    if (!IS_ERR(bdev)) return bdev;
    expect_eq(PTR_ERR(bdev), -ENXIO, 'opening a disk that is not there');
    return null;
  }
  /** Opens the disk with a minor, which stays open. */
  function* keepOpen(w: W, minor: number): Op<block_device | null> {
    const bdev = yield* open(minor);
    if (bdev !== null) w.disks.push(bdev);
    return bdev;
  }
  /** The same for a disk that must be there. */
  function* mustOpen(w: W, minor: number): Op<void> {
    expect_true((yield* keepOpen(w, minor)) !== null, 'the disk of a device can be opened');
  }
  function* close(bdev: block_device): Op<void> {
    yield* blkdev_put(bdev);
    expect_no_locks('dm_blk_close()');
  }
  /** Closes one of the world's disks. */
  function* closeOne(w: W): Op<void> {
    const bdev = w.disks.shift();
    if (bdev !== undefined) yield* close(bdev);
  }
  function nothingLeft(devices = 0): void {
    expect_eq(allocated(dm.mapped_device), devices, 'mapped_devices that are left');
    expect_eq(allocated(gendisk), devices, 'gendisks that are left');
    expect_eq(allocated(request_queue), devices, 'request_queues that are left');
  }
  /** Checks that all devices work and can be found; after the last put nothing is left, and the minors are free. */
  function* allGone(w: W, minors: readonly number[] = EVERY_MINOR): Op<void> {
    expect_true(w.devices.every(alive), 'a device was freed under its owner');
    const devices = new Set(w.devices);
    const taken = new Set([...devices].map((md) => dm.dm_disk(md).first_minor));
    expect_eq(taken.size, devices.size, 'minors of the devices there are');
    for (const { bd_disk } of w.disks) {
      taken.add(bd_disk.first_minor);
      const md = yield* lookup(bd_disk.first_minor);
      expect_true(md !== null && dm.dm_disk(md) === bd_disk, 'a disk is open that no device has');
      if (md !== null) yield* put(md);
    }
    for (const minor of taken) yield* finds(minor);
    while (w.disks.length > 0) yield* closeOne(w);
    while (w.devices.length > 0) {
      expect_true(w.devices.every(alive), 'a device was freed before its last reference went');
      yield* putOne(w);
    }
    nothingLeft();
    for (const minor of minors) {
      yield* findsNothing(minor);
      const md = yield* make({ minor });
      if (md !== null) yield* put(md);
    }
  }

  const works = {
    task: 1,
    kind: 'function',
    setup: () => world(),
    check: (w: W) => allGone(w),
  } as const;

  /** Without memory, at every step that takes some and at these. */
  const noMemory = (failures: Readonly<Record<string, number>> = {}): Scenario =>
    scenario({
      id: 'no-memory',
      title:
        'without memory a creation says -ENOMEM and leaves nothing behind, its minor least of all',
      ...works,
      failures: { kmalloc: 1, idr_pre_get: 1, mempool_create: 1, alloc_disk: 1, ...failures },
      tasks: {
        *'dm-create'(w) {
          yield* keep(w, { errors: [-ENOMEM] });
          yield* keep(w, { minor: 4, errors: [-ENOMEM] });
        },
      },
      check: (w) => allGone(w, [0, 4]),
    });

  /** Two devices made at once, each as it is asked for: with the minors that the kata's races use, too. */
  const creationsOverlap = (id = 'creations-overlap', a: Ask = {}, b: Ask = {}): Scenario =>
    scenario({
      id,
      title: `a device${named(b)} can be made while another${named(a)} waits for memory`,
      task: 1,
      kind: 'reachable',
      reaches: WHILE_CREATING,
      *setup() {
        blkWatchQueues();
        return yield* world();
      },
      tasks: {
        'dm-create/a': (w) => keep(w, a),
        *'dm-create/b'(w) {
          const before = yield* blkQueuesAllocating();
          yield* keep(w, b);
          const after = yield* blkQueuesAllocating();
          if (before > 0 && after > 0) reached(WHILE_CREATING);
        },
      },
      check: (w) => allGone(w, [a.minor ?? 0, b.minor ?? 1]),
    });

  /** Two devices are made at once, and the layers that were prepared are not enough for both. */
  const drained = (task: number): readonly Scenario[] => {
    const about = {
      ...works,
      task,
      kind: 'race',
      failures: { 'idr_pre_get(GFP_ATOMIC)': 2 },
    } as const;
    return [
      scenario({
        id: 'drained',
        title: 'others may use up what one has prepared: there is memory, so nobody is refused',
        ...about,
        tasks: {
          'dm-create/a': (w) => keep(w, { minor: 0 }),
          'dm-create/b': (w) => keep(w, { minor: 4 }),
        },
        check: (w) => allGone(w, FIVE),
      }),
      scenario({
        id: 'drained-any',
        title: 'the same for one to whom any minor is welcome',
        ...about,
        tasks: { 'dm-create/a': (w) => keep(w), 'dm-create/b': (w) => keep(w, { minor: 4 }) },
        check: (w) => allGone(w, FIVE),
      }),
      scenario({
        id: 'drained-no-memory',
        title: 'without memory it is -ENOMEM, the first time and the second',
        ...about,
        failures: { idr_pre_get: 1, 'idr_pre_get(GFP_ATOMIC)': 1 },
        tasks: {
          'dm-create/a': (w) => keep(w, { minor: 0, errors: [-ENOMEM] }),
          'dm-create/b': (w) => keep(w, { minor: 4, errors: [-ENOMEM] }),
        },
        check: (w) => allGone(w, FIVE),
      }),
    ];
  };

  /** The last put of a device, and then perhaps another with its minor. */
  const going = { kind: 'race', setup: () => world(0), check: (w: W) => allGone(w, [0]) } as const;
  function* remake(w: W): Op<void> {
    yield* putOne(w);
    yield* keep(w, { minor: 0, errors: [-EBUSY] });
  }

  /** Opens and puts meet in every order there is. */
  const opensMeetPuts = (task = 1): readonly Scenario[] => [
    scenario({
      id: 'open-vs-put',
      title: 'an open and the last put, in every order there is',
      ...going,
      task,
      tasks: {
        'dm-remove': putOne,
        *mount({ devices: [md] }) {
          const bdev = yield* open(0);
          if (bdev === null) return;
          if (md !== undefined) useDevice(md, 0);
          yield* close(bdev);
        },
      },
    }),
    scenario({
      id: 'open-vs-remake',
      title: 'the device goes and another gets its minor: an open gets one of the two, or -ENXIO',
      ...going,
      task,
      tasks: { dmsetup: remake, mount: (w) => keepOpen(w, 0) },
    }),
  ];

  /** A device is used while another one comes or goes. */
  function* useOther(w: W): Op<void> {
    yield* finds(1);
    yield* mustOpen(w, 1);
  }
  const othersMeet = (task = 1): readonly Scenario[] => {
    const about = {
      ...going,
      task,
      kind: 'function',
      check: (w: W) => allGone(w, [0, 1]),
    } as const;
    return [
      scenario({
        id: 'other-vs-put',
        title: 'a device is found, and its disk is opened, while another device goes',
        ...about,
        setup: () => world(0, 1),
        tasks: { 'dm-remove': putOne, mount: useOther },
      }),
      scenario({
        id: 'other-vs-create',
        title: 'a device is found, and its disk is opened, while another device is made',
        ...about,
        setup: () => world(1),
        tasks: { 'dm-create': (w) => keep(w, { minor: 0 }), mount: useOther },
      }),
      scenario({
        id: 'create-vs-put',
        title: 'a device is made while another device goes',
        ...about,
        tasks: { 'dm-remove': putOne, 'dm-create': (w) => keep(w, { minor: 1 }) },
      }),
    ];
  };

  /** Another device comes and goes, and then somebody looks for the device with minor 0, and perhaps opens its disk. */
  function* meanwhile(opens: boolean): Op<boolean> {
    const other = yield* make({ minor: 1 });
    if (other !== null) yield* put(other);
    yield* status(0);
    const bdev = opens ? yield* open(0) : null;
    if (bdev !== null) yield* close(bdev);
    return true;
  }
  /** A device comes or goes, and another one comes and goes after each of its steps: a driver cannot remember only one of the two. */
  const whileOthers = (opens: boolean): Readonly<Record<'made' | 'goes', Scenario>> => {
    const about = {
      ...going,
      task: 1,
      kind: 'function',
      stepsMax: 30_000,
      check: (w: W) => allGone(w, [0, 1]),
    } as const;
    return {
      made: scenario({
        id: 'made-meanwhile',
        title: 'a device that is being made is not found, although others come and go meanwhile',
        ...about,
        setup: () => world(),
        tasks: {
          *'dm-create'(w) {
            yield* interrupted(
              () => keep(w, { minor: 0 }),
              () => meanwhile(false) /* an open may wait for the maker, which is this task */,
            );
          },
        },
      }),
      goes: scenario({
        id: 'goes-meanwhile',
        title: 'a device that is going is not found, although others come and go meanwhile',
        ...about,
        tasks: {
          *'dm-remove'(w) {
            yield* interrupted(
              () => putOne(w),
              () => meanwhile(opens),
            );
          },
        },
      }),
    };
  };

  /** Lookups and puts meet in every order there is. */
  const getsMeetPuts = (): readonly Scenario[] => [
    scenario({
      id: 'get-vs-put',
      title: 'a device that is found lives until its finder puts it',
      ...going,
      task: 1,
      tasks: { 'dm-put': putOne, 'dm-get': () => status(0) },
    }),
    scenario({
      id: 'get-vs-reuse',
      title: 'a lookup of a minor that changes hands finds the old device, the new one or none',
      ...going,
      task: 1,
      tasks: {
        *'dm-put'(w) {
          yield* putOne(w);
          yield* keep(w, { minor: 1 });
        },
        *'dm-get'() {
          yield* status(0);
          yield* status(1);
        },
      },
      check: (w) => allGone(w, [0, 1]),
    }),
  ];

  const common = {
    'create-remove': scenario({
      id: 'create-remove',
      title: 'devices come, are found, and go; the lowest free minor is used again',
      ...works,
      tasks: {
        *dmsetup(w) {
          for (const minor of [0, 1, 2]) {
            yield* keep(w);
            yield* finds(minor);
          }
          for (const minor of [0, 1]) {
            yield* putOne(w);
            yield* findsNothing(minor);
          }
          yield* finds(2);
          yield* keep(w);
          yield* finds(0);
          yield* findsNothing(7);
        },
      },
    }),
    'get-put': scenario({
      id: 'get-put',
      title: 'a device outlives its maker for as long as somebody has it',
      ...works,
      tasks: {
        *dmsetup() {
          const md = yield* make({ minor: 4 });
          const same = yield* lookup(4);
          expect_true(md !== null && same === md, 'the device that was made is the one found');
          if (md === null) return;
          yield* put(md);
          yield* finds(4);
          useDevice(md, 4);
          yield* findsNothing(4, DM_MAJOR + 1);
          yield* put(md);
          expect_true(!alive(md), 'the last reference is gone and the device is not');
        },
      },
    }),
    'open-close': scenario({
      id: 'open-close',
      title: 'the disk of a device can be opened, and keeps the device',
      ...works,
      tasks: {
        *dmsetup(w) {
          const md = yield* make();
          yield* mustOpen(w, 0);
          if (md === null) return;
          yield* put(md);
          useDevice(md, 0);
          yield* finds(0);
          yield* closeOne(w);
          expect_true(!alive(md), 'the last reference is gone and the device is not');
        },
      },
    }),
    'no-memory-at-all': scenario({
      id: 'no-memory-at-all',
      title: 'where no memory ever comes a creation says -ENOMEM, and soon',
      ...works,
      stepsMax: 400,
      failures: {
        kmalloc: 1000,
        idr_pre_get: 1000,
        blk_alloc_queue: 1000,
        mempool_create: 1000,
        alloc_disk: 1000,
      },
      tasks: {
        *'dm-create'(w) {
          yield* keep(w, { errors: [-ENOMEM] });
          yield* keep(w, { minor: 4, errors: [-ENOMEM] });
        },
      },
      check: (w) => allGone(w, []),
    }),
    'tight-memory': scenario({
      id: 'tight-memory',
      title:
        'memory that has to be waited for is waited for: a creation does not fail for want of patience',
      ...works,
      failures: { 'idr_pre_get(GFP_ATOMIC)': 3 },
      tasks: {
        *'dm-create'(w) {
          yield* keep(w);
          yield* keep(w, { minor: 5 });
        },
      },
    }),
    'add-event': scenario({
      id: 'add-event',
      title:
        'a disk is announced by its name, and who looks its device up then finds it whole, or not yet',
      ...works,
      kind: 'race',
      *setup() {
        listenUevents('udev', function* ({ dev, disk_name }) {
          expect_eq(disk_name, `dm-${MINOR(dev)}`, 'the name in the announcement of a disk');
          yield* status(MINOR(dev));
        });
        return yield* world();
      },
      tasks: { 'dm-create': (w) => keep(w) },
    }),
    'minor-busy': scenario({
      id: 'minor-busy',
      title: 'a minor that is taken gives -EBUSY, one that does not exist -EINVAL',
      ...works,
      tasks: {
        *dmsetup(w) {
          for (const minor of [6, 0]) {
            yield* keep(w, { minor });
            const second = yield* make({ minor, errors: [-EBUSY] });
            expect_eq(second, null, 'a second device with the same minor');
          }
          const beyond = yield* make({ minor: MINORS, errors: [-EINVAL] });
          expect_eq(beyond, null, 'a device beyond the last minor');
          yield* keep(w);
          yield* finds(1);
        },
      },
    }),
    'all-taken': scenario({
      id: 'all-taken',
      title: 'when all minors are taken there is -ENOSPC, until one is free',
      ...works,
      stepsMax: 3000,
      tasks: {
        *dmsetup(w) {
          for (let minor = 0; minor < MINORS; minor++) yield* keep(w);
          const last = yield* make({ errors: [-ENOSPC] });
          expect_eq(last, null, 'a device without a minor');
          const fifth = w.devices.splice(5, 1)[0];
          if (fifth !== undefined) yield* put(fifth);
          yield* keep(w);
          yield* finds(5);
        },
      },
    }),
    'full-for-long': scenario({
      id: 'full-for-long',
      title: 'as long as all minors are taken there is -ENOSPC, however often somebody asks',
      ...works,
      stepsMax: 3000,
      setup: () => world(...EVERY_MINOR),
      tasks: {
        *dmsetup() {
          for (let n = 0; n < 2 * MINORS; n++) yield* make({ errors: [-ENOSPC] });
        },
      },
      check: (w) => allGone(w, [0]),
    }),
    'minor-taken': scenario({
      id: 'minor-taken',
      title:
        'a minor that is taken gives -EBUSY, one that does not exist -EINVAL, and if none is free -ENOSPC',
      ...works,
      stepsMax: 3000,
      setup: () => world(6),
      tasks: {
        *dmsetup(w) {
          yield* make({ minor: 6, errors: [-EBUSY] });
          yield* make({ minor: MINORS, errors: [-EINVAL] });
          expect_eq(allocated(gendisk), 1, 'devices after two that could not be made');
          for (const minor of [0, 1, 4]) yield* keep(w, { minor });
          while (w.devices.length < MINORS) yield* keep(w);
          expect_eq(yield* make({ errors: [-ENOSPC] }), null, 'a device without a minor');
          yield* putOne(w);
          yield* keep(w);
          yield* finds(6);
        },
      },
    }),
    'both-want-it': scenario({
      id: 'both-want-it',
      title: 'of two tasks that want the same minor one gets it, however far the other has come',
      ...works,
      tasks: {
        'dm-create/a': (w) => keep(w, { minor: 0, errors: [-EBUSY] }),
        'dm-create/b': (w) => keep(w, { minor: 0, errors: [-EBUSY] }),
      },
      *check(w) {
        expect_eq(w.devices.length, 1, 'devices made with one minor');
        yield* allGone(w, [0]);
      },
    }),
    'two-creates': scenario({
      id: 'two-creates',
      title: 'two devices made at once get two minors, the lowest',
      ...works,
      tasks: { 'dm-create/a': (w) => keep(w), 'dm-create/b': (w) => keep(w) },
      *check(w) {
        const minors = w.devices.map((md) => dm.dm_disk(md).first_minor).sort();
        expect_eq(minors.join(), '0,1', 'the minors of the first two devices');
        yield* allGone(w, [0, 1]);
      },
    }),
    'remove-vs-create': scenario({
      id: 'remove-vs-create',
      title: 'a minor is free again only when its disk is gone',
      ...works,
      setup: oneMade,
      tasks: {
        'dm-remove': putOne,
        'dm-create': (w) => keep(w, { minor: 0, errors: [-EBUSY] }),
      },
      check: (w) => allGone(w, [0]),
    }),
  };

  return {
    ...{
      make,
      keep,
      world,
      oneMade,
      useDevice,
      put,
      putOne,
      lookup,
      status,
      isIdle,
      finds,
      findsNothing,
    },
    ...{ open, keepOpen, mustOpen, close, closeOne, nothingLeft, allGone, noMemory },
    ...{ creationsOverlap, drained, opensMeetPuts, othersMeet, whileOthers, getsMeetPuts, common },
  };
}
