// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold when minors are given out under a spinlock: nobody sleeps with it, nobody is refused for want of layers that
 * memory could be had for, and minors and devices are what they were.
 */
import {
  alive,
  allocated,
  blkQueuesAllocating,
  blkWatchQueues,
  DEFINE_SPINLOCK,
  EBUSY,
  EINVAL,
  ENOMEM,
  ENOSPC,
  expect_eq,
  expect_no_locks,
  expect_true,
  format_dev_t,
  gendisk,
  MINORBITS,
  MKDEV,
  type Op,
  type out,
  reached,
  request_queue,
  scenario,
  spin_lock,
  spin_unlock,
  type StructOf,
  suite,
} from '#lib';

type Dm = typeof import('./dm');
type Device = StructOf<Dm['mapped_device']>;
/** The devices that tasks have made and not removed. */
type World = Device[];

/** A lock of somebody who looks for devices. */
const others_lock = DEFINE_SPINLOCK('others_lock');

const DM_MAJOR = 253;
const MINORS = 1 << MINORBITS;
const WHILE_CREATING = 'a device is made while another is in the middle of being made';

const works = { task: 1, kind: 'function' } as const;
const drains = { task: 2, kind: 'race' } as const;

/** How a device is to be made: its minor, if it matters, and the errors that may come of it. */
interface Ask {
  readonly minor?: number;
  readonly errors?: readonly number[];
}

export default suite<Dm>((dm) => {
  /** Makes a device: the device, or null if that failed in a way the scenario allows. */
  function* dm_make({ minor, errors = [] }: Ask = {}): Op<Device | null> {
    const result: out<Device | null> = { value: null };
    const ret =
      minor === undefined
        ? yield* dm.dm_create(result)
        : yield* dm.dm_create_with_minor(minor, result);
    expect_no_locks('dm_create()');
    if (!errors.includes(ret)) expect_eq(ret, 0, 'dm_create()');
    return ret === 0 ? result.value : null;
  }
  /** Makes a device that stays. */
  function* dm_keep(w: World, ask: Ask = {}): Op<void> {
    const md = yield* dm_make(ask);
    if (md !== null) w.push(md);
  }
  function* world(): Op<World> {
    return [];
  }
  /** There is one device, with minor 0. */
  function* withOne(): Op<World> {
    const w = yield* world();
    yield* dm_keep(w);
    return w;
  }
  /** What a user of a device sees of it. */
  function dm_use(md: Device, minor = dm.dm_disk(md).first_minor): void {
    const disk = dm.dm_disk(md);
    expect_eq(disk.first_minor, minor, 'the minor of a device in use');
    expect_eq(disk.disk_name, `dm-${minor}`, 'the name of its disk');
    expect_eq(md.name, format_dev_t(MKDEV(DM_MAJOR, minor)), 'its own name');
  }
  function* dm_remove(md: Device): Op<void> {
    yield* dm.dm_put(md);
    expect_no_locks('dm_put()');
  }
  /** Finds a device by its number, uses it if there is one, and lets go of it. */
  function* dm_status(minor: number): Op<boolean> {
    const md = yield* dm.dm_get_md(MKDEV(DM_MAJOR, minor));
    expect_no_locks('dm_get_md()');
    if (md === null) return false;
    dm_use(md, minor);
    yield* dm_remove(md);
    return true;
  }
  function* dm_finds(minor: number): Op<void> {
    expect_true(yield* dm_status(minor), `minor ${minor} has a device and is not found`);
  }
  function* dm_findsNothing(minor: number): Op<void> {
    expect_true(!(yield* dm_status(minor)), `minor ${minor} has no device and one is found`);
  }
  /** These devices work and can be found, and once they are removed nothing is left. */
  function* allGone(devices: World, minorsSeen = MINORS): Op<void> {
    const minors = devices.map((md) => (alive(md) ? dm.dm_disk(md).first_minor : -1));
    expect_true(!minors.includes(-1), 'a device was freed under its owner');
    expect_eq(new Set(minors).size, devices.length, 'minors of the devices there are');
    for (const minor of minors) yield* dm_finds(minor);
    for (const md of devices) yield* dm_remove(md);
    expect_eq(allocated(dm.mapped_device), 0, 'mapped_devices left at the end');
    expect_eq(allocated(gendisk), 0, 'gendisks left at the end');
    expect_eq(allocated(request_queue), 0, 'request_queues left at the end');
    for (let minor = 0; minor < minorsSeen; minor++) {
      yield* dm_findsNothing(minor);
      const md = yield* dm_make({ minor });
      if (md !== null) yield* dm_remove(md);
    }
  }
  /** allGone() for those who only use the first minors. */
  const fiveGone = (devices: World): Op<void> => allGone(devices, 5);

  return [
    scenario({
      id: 'create-remove',
      title: 'devices come, are found, and go; the lowest free minor is used again',
      ...works,
      setup: world,
      tasks: {
        *dmsetup(w) {
          for (const minor of [0, 1, 2]) {
            yield* dm_keep(w);
            yield* dm_finds(minor);
          }
          const [first, second] = w.splice(0, 2);
          for (const md of [second, first]) if (md !== undefined) yield* dm_remove(md);
          yield* dm_findsNothing(0);
          yield* dm_findsNothing(1);
          yield* dm_finds(2);
          yield* dm_keep(w);
          yield* dm_finds(0);
          yield* dm_findsNothing(7);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'get-put',
      title: 'a device outlives its maker for as long as somebody has it',
      ...works,
      setup: world,
      tasks: {
        *dmsetup() {
          const md = yield* dm_make({ minor: 4 });
          const same = yield* dm.dm_get_md(MKDEV(DM_MAJOR, 4));
          expect_true(md !== null && same === md, 'the device that was made is the one found');
          if (md === null) return;
          yield* dm_remove(md);
          yield* dm_finds(4);
          dm_use(md, 4);
          yield* dm_remove(md);
          expect_true(!alive(md), 'the last reference is gone and the device is not');
          expect_eq(yield* dm.dm_get_md(MKDEV(DM_MAJOR + 1, 4)), null, 'a device of another major');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'minor-busy',
      title: 'a minor that is taken gives -EBUSY, one that does not exist -EINVAL',
      ...works,
      setup: world,
      tasks: {
        *dmsetup(w) {
          for (const minor of [6, 0]) {
            yield* dm_keep(w, { minor });
            const second = yield* dm_make({ minor, errors: [-EBUSY] });
            expect_eq(second, null, 'a second device with the same minor');
          }
          const beyond = yield* dm_make({ minor: MINORS, errors: [-EINVAL] });
          expect_eq(beyond, null, 'a device beyond the last minor');
          yield* dm_keep(w);
          yield* dm_finds(1);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'all-taken',
      title: 'when all minors are taken there is -ENOSPC, until one is free',
      ...works,
      stepsMax: 3000,
      setup: world,
      tasks: {
        *dmsetup(w) {
          for (let minor = 0; minor < MINORS; minor++) yield* dm_keep(w);
          const last = yield* dm_make({ errors: [-ENOSPC] });
          expect_eq(last, null, 'a device without a minor');
          const fifth = w.splice(5, 1)[0];
          if (fifth !== undefined) yield* dm_remove(fifth);
          yield* dm_keep(w);
          yield* dm_finds(5);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'both-want-it',
      title: 'of two who want the same minor one gets it, however far the other has come',
      ...works,
      setup: world,
      tasks: {
        'dm-create/a': (w) => dm_keep(w, { minor: 0, errors: [-EBUSY] }),
        'dm-create/b': (w) => dm_keep(w, { minor: 0, errors: [-EBUSY] }),
      },
      *check(w) {
        expect_eq(w.length, 1, 'devices made with one minor');
        yield* allGone(w);
      },
    }),
    scenario({
      id: 'two-creates',
      title: 'two devices made at once get two minors, the lowest',
      ...works,
      setup: world,
      tasks: {
        'dm-create/a': (w) => dm_keep(w),
        'dm-create/b': (w) => dm_keep(w),
      },
      *check(w) {
        const minors = w.map((md) => dm.dm_disk(md).first_minor).sort();
        expect_eq(minors.join(), '0,1', 'the minors of the first two devices');
        yield* allGone(w);
      },
    }),
    scenario({
      id: 'remove-vs-create',
      title: 'a minor is free again only when its disk is gone',
      ...works,
      setup: withOne,
      tasks: {
        *'dm-remove'(w) {
          const md = w.shift();
          if (md !== undefined) yield* dm_remove(md);
        },
        'dm-create': (w) => dm_keep(w, { minor: 0, errors: [-EBUSY] }),
      },
      check: allGone,
    }),
    scenario({
      id: 'no-memory',
      title:
        'without memory a creation says -ENOMEM and leaves nothing behind, its minor least of all',
      ...works,
      setup: world,
      failures: { kmalloc: 1, idr_pre_get: 1, mempool_create: 1, alloc_disk: 1 },
      tasks: {
        *'dm-create'(w) {
          yield* dm_keep(w, { errors: [-ENOMEM] });
          yield* dm_keep(w, { minor: 4, errors: [-ENOMEM] });
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'tight-memory',
      title:
        'memory that has to be waited for is waited for: a creation does not fail for want of patience',
      ...works,
      setup: world,
      failures: { 'idr_pre_get(GFP_ATOMIC)': 3 },
      tasks: {
        *'dm-create'(w) {
          yield* dm_keep(w);
          yield* dm_keep(w, { minor: 5 });
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'lookup-vs-create',
      title: 'devices are found as before, while others are made',
      ...works,
      setup: withOne,
      tasks: {
        'dm-create': (w) => dm_keep(w),
        *'dm-status'() {
          yield* dm_finds(0);
          yield* dm_status(1);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'lookup-in-atomic',
      title: 'a device can be found, and let go of by one of many, where nobody may sleep',
      task: 1,
      kind: 'overfix',
      setup: withOne,
      tasks: {
        'dm-create': (w) => dm_keep(w),
        *'dm-status'() {
          yield* spin_lock(others_lock);
          const md = yield* dm.dm_get_md(MKDEV(DM_MAJOR, 0));
          if (md !== null) yield* dm.dm_put(md);
          yield* spin_unlock(others_lock);
          expect_true(md !== null, 'minor 0 has a device and is not found');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'creations-overlap',
      title: 'a device can be made while another waits for memory in the middle of being made',
      task: 1,
      kind: 'reachable',
      reaches: WHILE_CREATING,
      *setup() {
        blkWatchQueues();
        return yield* world();
      },
      tasks: {
        'dm-create/a': (w) => dm_keep(w),
        *'dm-create/b'(w) {
          const before = yield* blkQueuesAllocating();
          yield* dm_keep(w);
          const after = yield* blkQueuesAllocating();
          if (before > 0 && after > 0) reached(WHILE_CREATING);
        },
      },
    }),
    scenario({
      id: 'drained',
      title: 'others may use up what one has prepared: there is memory, so nobody is refused',
      ...drains,
      setup: world,
      tasks: {
        'dm-create/a': (w) => dm_keep(w, { minor: 0 }),
        'dm-create/b': (w) => dm_keep(w, { minor: 4 }),
      },
      check: fiveGone,
    }),
    scenario({
      id: 'drained-any',
      title: 'the same for one to whom any minor is welcome',
      ...drains,
      setup: world,
      tasks: {
        'dm-create/a': (w) => dm_keep(w),
        'dm-create/b': (w) => dm_keep(w, { minor: 4 }),
      },
      check: fiveGone,
    }),
    scenario({
      id: 'drained-again',
      title: 'and it may happen more than once',
      ...drains,
      setup: world,
      tasks: {
        'dm-create/a': (w) => dm_keep(w, { minor: 0 }),
        *'dm-create/b'(w) {
          const md = yield* dm_make({ minor: 4 });
          if (md !== null) yield* dm_remove(md);
          yield* dm_keep(w, { minor: 4 });
        },
      },
      check: (w) => allGone(w, 0),
    }),
    scenario({
      id: 'drained-again-any',
      title: 'the same for one to whom any minor is welcome',
      ...drains,
      setup: world,
      tasks: {
        'dm-create/a': (w) => dm_keep(w),
        *'dm-create/b'(w) {
          const md = yield* dm_make({ minor: 4 });
          if (md !== null) yield* dm_remove(md);
          yield* dm_keep(w, { minor: 4 });
        },
      },
      check: (w) => allGone(w, 0),
    }),
    scenario({
      id: 'drained-no-memory',
      title: 'without memory it is -ENOMEM, the first time and the second',
      ...drains,
      setup: world,
      failures: { idr_pre_get: 1 },
      tasks: {
        'dm-create/a': (w) => dm_keep(w, { minor: 0, errors: [-ENOMEM] }),
        'dm-create/b': (w) => dm_keep(w, { minor: 4, errors: [-ENOMEM] }),
      },
      check: fiveGone,
    }),
  ];
});
