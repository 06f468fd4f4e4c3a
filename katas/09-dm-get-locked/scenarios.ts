// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of device mapper's devices when lookups meet puts. A task that finds a device has it until the put. How the
 * driver counts that is up to the driver, so the scenarios only check the end of a device.
 */
import {
  alive,
  allocated,
  blkQueuesAllocating,
  blkWatchQueues,
  type dev_t,
  EBUSY,
  ENOMEM,
  ENXIO,
  expect_eq,
  expect_no_locks,
  expect_true,
  interrupted,
  IS_ERR,
  listenUevents,
  MINOR,
  MKDEV,
  open_by_devnum,
  type Op,
  reached,
  type Scenario,
  scenario,
  suite,
} from '#lib';
import { DM_MAJOR, dmWorld, MINORS, type World } from '../worlds/dm';

type Dm = typeof import('./dm');
type W = World<import('./dm').mapped_device>;

const NAMES = ['root', 'swap', 'home'];
const WHILE_CREATING = 'dmsetup asks about a device while another is being made';
const WHILE_GOING = 'a device is looked up while another is being taken down';

const race = { task: 1, kind: 'race' } as const;
const works = { task: 1, kind: 'function' } as const;
const balanceRace = { task: 2, kind: 'race' } as const;
const balance = { task: 2, kind: 'function' } as const;

/** What a request has for a number before it is given one. */
const NO_NUMBER = MKDEV(0, 0);
/** The type of a table that is loaded. */
const TABLE = { typeName: 'dm_table' };

/** How dmsetup names a device. */
interface Which {
  readonly name?: string;
  readonly uuid?: string;
  readonly minor?: number;
}

export default suite<Dm>((dm) => {
  const { keep, world, useDevice, put, putOne, lookup, status, finds, findsNothing, ...rest } =
    dmWorld(dm);
  const {
    mustOpen,
    closeOne,
    nothingLeft,
    drained,
    getsMeetPuts,
    othersMeet,
    whileOthers,
    common,
  } = rest;

  /* Devices as dmsetup has them. */

  function ioctl({ name = '', uuid = '', minor = 0 }: Which) {
    return { name, uuid, dev: MKDEV(DM_MAJOR, minor), target_count: 1 };
  }
  function outcome(what: string, ret: number, wanted: readonly number[]): number {
    expect_no_locks(what);
    if (!wanted.includes(ret)) expect_eq(ret, wanted[0], what);
    return ret;
  }
  /** Checks that a request that has succeeded says which number the device has. */
  function isNumbered({ dev }: { dev: dev_t }, { minor = MINOR(dev) }: Which): void {
    expect_eq(dev, MKDEV(DM_MAJOR, minor), 'the number that dmsetup is given');
  }
  function* dev_create(which: Which, ...wanted: number[]): Op<number> {
    const param = { ...ioctl(which), dev: NO_NUMBER };
    const ret = yield* dm.dev_create(param, which.minor ?? null);
    if (ret === 0) isNumbered(param, which);
    return outcome('dev_create()', ret, wanted.length > 0 ? wanted : [0]);
  }
  function* dev_remove(which: Which, ...wanted: number[]): Op<number> {
    const ret = yield* dm.dev_remove(ioctl(which));
    return outcome('dev_remove()', ret, wanted.length > 0 ? wanted : [0]);
  }
  function* dev_rename(which: Which, name: string, ...wanted: number[]): Op<number> {
    const ret = yield* dm.dev_rename(ioctl(which), name);
    return outcome('dev_rename()', ret, wanted.length > 0 ? wanted : [0]);
  }
  function* table_load(which: Which, ...wanted: number[]): Op<number> {
    const ret = yield* dm.table_load(ioctl(which));
    return outcome('table_load()', ret, wanted.length > 0 ? wanted : [0]);
  }
  function* table_clear(which: Which, ...wanted: number[]): Op<number> {
    const param = which.minor === undefined ? { ...ioctl(which), dev: NO_NUMBER } : ioctl(which);
    const ret = yield* dm.table_clear(param);
    if (ret === 0) isNumbered(param, which);
    return outcome('table_clear()', ret, wanted.length > 0 ? wanted : [0]);
  }
  function* dev_status(which: Which, ...wanted: number[]): Op<number> {
    const ret = yield* dm.dev_status(ioctl(which));
    return outcome('dev_status()', ret, wanted.length > 0 ? wanted : [0]);
  }
  /** Asks for a device in one way, and gets all there is to know of it. */
  function* dev_is(asked: Which, { name = '', uuid = '', minor = 0 }: Which): Op<void> {
    const param = ioctl(asked);
    outcome('dev_status()', yield* dm.dev_status(param), [0]);
    expect_eq(param.dev, MKDEV(DM_MAJOR, minor), 'the number of the device that was found');
    if (asked.uuid !== undefined || asked.name === undefined)
      expect_eq(param.name, name, 'its name');
    if (asked.uuid === undefined) expect_eq(param.uuid, uuid, 'its uuid');
  }

  /** Everybody lets go of everything, and then there is nothing; a minor and a name can be had again. */
  function* allGone(w: W): Op<void> {
    expect_true(
      w.devices.every((md) => alive(md)),
      'a device was freed under its owner',
    );
    for (const name of NAMES) yield* dev_remove({ name }, 0, -ENXIO);
    while (w.disks.length > 0) yield* closeOne(w);
    while (w.devices.length > 0) yield* putOne(w);
    nothingLeft();
    for (let minor = 0; minor < 2; minor++) {
      yield* findsNothing(minor);
      yield* dev_create({ name: 'root', uuid: 'LVM-1', minor });
      yield* finds(minor);
      yield* dev_remove({ name: 'root' });
    }
    nothingLeft();
  }

  /* What there is before the tasks begin. */

  /** A device without a name: nobody but its maker has it. */
  function* oneMade(): Op<W> {
    return yield* world(0);
  }
  /** A device with a name. */
  function* oneNamed(): Op<W> {
    yield* dev_create({ name: 'root', uuid: 'LVM-1' });
    return yield* world();
  }
  /** A device that has been removed while its disk was open. */
  function* oneOpen(): Op<W> {
    const w = yield* oneNamed();
    yield* mustOpen(w, 0);
    yield* dev_remove({ name: 'root' });
    return w;
  }

  /* Both ways round, so that no lock is left out for the arguments of one side alone. */

  const getWhileGoing = (id: string, going: number, other: number): Scenario =>
    scenario({
      id,
      title: `minor ${other} can be found while the device with minor ${going} is being taken down`,
      task: 1,
      kind: 'reachable',
      reaches: WHILE_GOING,
      *setup() {
        const w = yield* world(going, other);
        const [first] = w.devices;
        listenUevents('udev', function* () {
          yield* finds(other);
          if (first !== undefined && alive(first)) reached(WHILE_GOING);
        });
        return w;
      },
      tasks: { 'dm-put': putOne },
    });
  const infoWhileCreating = (
    id: string,
    { there, asked, made }: { there: Which; asked: readonly Which[]; made: Which },
  ): Scenario =>
    scenario({
      id,
      title: `dmsetup can ask about ${there.name ?? ''} while ${made.name ?? ''} waits for memory in the middle of being made`,
      task: 2,
      kind: 'reachable',
      reaches: WHILE_CREATING,
      check: allGone,
      *setup() {
        blkWatchQueues();
        yield* dev_create(there);
        return yield* world();
      },
      tasks: {
        'dmsetup/create': () => dev_create(made),
        *'dmsetup/info'() {
          const before = yield* blkQueuesAllocating();
          for (const which of asked) yield* dev_status(which);
          const after = yield* blkQueuesAllocating();
          if (before > 0 && after > 0) reached(WHILE_CREATING);
        },
      },
    });

  return [
    ...getsMeetPuts(),
    ...othersMeet(),
    whileOthers(true).made,
    whileOthers(true).goes,
    scenario({
      id: 'get-vs-close',
      title: 'so it does when the last user closes its disk',
      ...race,
      setup: oneOpen,
      tasks: { umount: closeOne, 'dm-get': () => status(0) },
      check: allGone,
    }),
    scenario({
      id: 'create-vs-put-minor',
      title: 'a minor is free again only when its disk is gone',
      ...works,
      setup: oneMade,
      tasks: {
        'dm-put': putOne,
        'dm-create': (w) => keep(w, { minor: 0, errors: [-EBUSY] }),
      },
      check: allGone,
    }),
    scenario({
      id: 'two-gets-vs-put',
      title: 'two find a device that is being let go, and the last of the three takes it down',
      ...race,
      setup: oneMade,
      tasks: {
        'dm-put': putOne,
        'dm-get/a': () => status(0),
        'dm-get/b': () => status(0),
      },
      alike: [['dm-get/a', 'dm-get/b']],
      check: allGone,
    }),
    scenario({
      id: 'open-vs-get-put',
      title: 'a device that is found and let go while its disk is opened is taken down once',
      ...race,
      setup: oneMade,
      tasks: {
        'dm-put': putOne,
        *mount(w) {
          const bdev = yield* open_by_devnum(MKDEV(DM_MAJOR, 0));
          if (IS_ERR(bdev)) return;
          yield* finds(0);
          w.disks.push(bdev);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'two-gets',
      title: 'two who find one device and let go of it again leave it as it was',
      ...works,
      setup: oneMade,
      tasks: { 'dm-get/a': () => finds(0), 'dm-get/b': () => finds(0) },
      alike: [['dm-get/a', 'dm-get/b']],
      check: allGone,
    }),
    scenario({
      id: 'get-put',
      title: 'a device outlives its maker for as long as somebody has found it, and no longer',
      ...works,
      setup: world,
      tasks: {
        *dmsetup(w) {
          yield* keep(w, { minor: 4 });
          const md = w.devices[0];
          const same = yield* lookup(4);
          expect_true(md !== undefined && same === md, 'the device that was made is not found');
          if (md === undefined) return;
          yield* putOne(w);
          yield* finds(4);
          useDevice(md, 4);
          yield* put(md);
          nothingLeft();
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'not-there',
      title: 'a number without a device is not found',
      ...works,
      setup: oneMade,
      tasks: {
        *dmsetup(w) {
          for (const minor of [1, MINORS - 1]) yield* findsNothing(minor);
          expect_true(!(yield* status(0, DM_MAJOR + 1)), 'a device of another major is found');
          yield* putOne(w);
          yield* findsNothing(0);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'open-close',
      title: 'an open disk keeps its device, which can be found meanwhile',
      ...works,
      setup: oneOpen,
      tasks: {
        *umount(w) {
          yield* finds(0);
          yield* closeOne(w);
          nothingLeft();
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'remove-event',
      title: 'who hears that a disk is going and looks its device up does not find it any more',
      ...works,
      *setup() {
        listenUevents('udev', ({ dev }) => findsNothing(MINOR(dev)));
        return yield* oneMade();
      },
      tasks: { 'dm-put': putOne },
      check: allGone,
    }),
    common['minor-taken'],
    common['full-for-long'],
    common['no-memory-at-all'],
    common['tight-memory'],
    ...drained(1),
    getWhileGoing('get-while-going', 0, 1),
    getWhileGoing('get-other-while-going', 1, 0),
    scenario({
      id: 'no-name-yet',
      title: 'to dmsetup a device without a name is not there, and asking does not keep it',
      ...balance,
      setup: oneMade,
      tasks: {
        *dmsetup(w) {
          yield* dev_status({ minor: 0 }, -ENXIO);
          yield* dev_remove({ minor: 0 }, -ENXIO);
          yield* table_load({ minor: 0 }, -ENXIO);
          yield* table_clear({ minor: 0 }, -ENXIO);
          yield* putOne(w);
          nothingLeft();
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'no-name-any-more',
      title: 'so is one that was removed while its disk is open; it goes when that is closed',
      ...balance,
      setup: oneOpen,
      tasks: {
        *dmsetup(w) {
          yield* dev_status({ minor: 0 }, -ENXIO);
          yield* dev_remove({ minor: 0 }, -ENXIO);
          yield* dev_create({ name: 'root', uuid: 'LVM-1' });
          yield* dev_is({ name: 'root' }, { name: 'root', uuid: 'LVM-1', minor: 1 });
          yield* closeOne(w);
          nothingLeft(1);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'status-vs-create',
      title: 'dmsetup asks for a number whose device is being made: it is there or not, and can go',
      ...balanceRace,
      setup: world,
      tasks: {
        'dmsetup/create': () => dev_create({ name: 'root' }),
        'dmsetup/info': () => dev_status({ minor: 0 }, 0, -ENXIO),
      },
      check: allGone,
    }),
    scenario({
      id: 'remove-vs-create',
      title: 'dmsetup removes a number whose device is being made: it is gone or it is there',
      ...balanceRace,
      setup: world,
      tasks: {
        'dmsetup/create': () => dev_create({ name: 'root' }),
        *'dmsetup/remove'() {
          const ret = yield* dev_remove({ minor: 0 }, 0, -ENXIO);
          if (ret === 0) yield* dev_remove({ name: 'root' }, -ENXIO);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'remove-name-vs-create',
      title:
        'dmsetup removes a device by the name it is just getting: then nothing leads to it any more',
      ...balanceRace,
      setup: world,
      tasks: {
        'dmsetup/create': () => dev_create({ name: 'root', uuid: 'LVM-1' }),
        *'dmsetup/remove'() {
          const ret = yield* dev_remove({ name: 'root' }, 0, -ENXIO);
          if (ret !== 0) return;
          yield* dev_status({ minor: 0 }, -ENXIO);
          yield* dev_status({ uuid: 'LVM-1' }, -ENXIO);
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'clear-vs-create',
      title: 'dmsetup clears the table of a number whose device is being made',
      ...balanceRace,
      setup: world,
      tasks: {
        'dmsetup/create': () => dev_create({ name: 'swap' }),
        'dmsetup/clear': () => table_clear({ minor: 0 }, 0, -ENXIO),
      },
      check: allGone,
    }),
    scenario({
      id: 'add-event',
      title: 'who hears of a new disk and asks for its number does not keep the device',
      ...balanceRace,
      *setup() {
        listenUevents('udev', ({ dev, action, disk_name }) => {
          expect_eq(disk_name, `dm-${MINOR(dev)}`, 'the name in the announcement of a disk');
          return dev_status({ minor: MINOR(dev) }, ...(action === 'add' ? [0, -ENXIO] : [-ENXIO]));
        });
        return yield* world();
      },
      tasks: { 'dmsetup/create': () => dev_create({ name: 'root' }) },
      check: allGone,
    }),
    scenario({
      id: 'status-vs-failed-create',
      title: 'a device that gets no name is never there for dmsetup, and goes',
      ...balanceRace,
      setup: oneNamed,
      tasks: {
        'dmsetup/create': () => dev_create({ name: 'root', minor: 1 }, -EBUSY),
        'dmsetup/info': () => dev_status({ minor: 1 }, -ENXIO),
      },
      check: allGone,
    }),
    scenario({
      id: 'status-vs-close',
      title: 'dmsetup asks for a removed device by its number while its disk is closed',
      ...balanceRace,
      setup: oneOpen,
      tasks: {
        umount: closeOne,
        'dmsetup/info': () => dev_status({ minor: 0 }, -ENXIO),
      },
      check: allGone,
    }),
    scenario({
      id: 'remove-vs-close',
      title: 'dmsetup removes a removed device by its number while its disk is closed',
      ...balanceRace,
      setup: oneOpen,
      tasks: {
        umount: closeOne,
        'dmsetup/remove': () => dev_remove({ minor: 0 }, -ENXIO),
      },
      check: allGone,
    }),
    scenario({
      id: 'status-vs-remove',
      title: 'a device that is removed while dmsetup asks for it in all three ways goes',
      ...balanceRace,
      setup: oneNamed,
      tasks: {
        *'dmsetup/info'() {
          yield* dev_status({ name: 'root' }, 0, -ENXIO);
          yield* dev_status({ uuid: 'LVM-1' }, 0, -ENXIO);
          yield* dev_status({ minor: 0 }, 0, -ENXIO);
        },
        'dmsetup/remove': () => dev_remove({ name: 'root' }),
      },
      *check(w) {
        nothingLeft();
        yield* allGone(w);
      },
    }),
    scenario({
      id: 'other-vs-remove',
      title: 'dmsetup asks about a device, and clears its table, while another one is removed',
      ...balance,
      *setup() {
        yield* dev_create({ name: 'root', uuid: 'LVM-1' });
        yield* dev_create({ name: 'swap' });
        return yield* world();
      },
      tasks: {
        'dmsetup/remove': () => dev_remove({ name: 'root' }),
        *'dmsetup/clear'() {
          yield* dev_status({ name: 'swap' });
          yield* table_clear({ minor: 1 });
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'two-removes',
      title: 'of two who remove a device, by name and by number, one does',
      ...balanceRace,
      *setup() {
        const w = yield* oneNamed();
        return { ...w, results: [] as number[] };
      },
      tasks: {
        *'dmsetup/a'({ results }) {
          results.push(yield* dev_remove({ name: 'root' }, 0, -ENXIO));
        },
        *'dmsetup/b'({ results }) {
          results.push(yield* dev_remove({ minor: 0 }, 0, -ENXIO));
        },
      },
      *check(w) {
        expect_eq(w.results.filter((ret) => ret === 0).length, 1, 'removals that succeeded');
        nothingLeft();
        yield* allGone(w);
      },
    }),
    scenario({
      id: 'load-vs-remove',
      title: 'a table that is loaded while its device is removed goes with it',
      ...balanceRace,
      setup: oneNamed,
      tasks: {
        'dmsetup/load': () => table_load({ minor: 0 }, 0, -ENXIO),
        'dmsetup/remove': () => dev_remove({ uuid: 'LVM-1' }),
      },
      *check(w) {
        nothingLeft();
        yield* allGone(w);
      },
    }),
    scenario({
      id: 'removed-while-loading',
      title: 'a table that comes too late for its device is not kept: -ENXIO',
      ...balance,
      setup: oneNamed,
      tasks: {
        *dmsetup() {
          let wanted = 0;
          const ret = yield* interrupted(
            () => table_load({ name: 'root' }, 0, -ENXIO),
            function* () {
              if (allocated(TABLE) === 0) return true;
              yield* dev_remove({ name: 'root' });
              if (allocated(TABLE) > 0) wanted = -ENXIO;
              return false;
            },
          );
          expect_eq(ret, wanted, 'table_load() while the device was removed');
          nothingLeft();
          expect_eq(allocated(TABLE), 0, 'tables without a device');
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'clear-vs-remove',
      title: 'a device that is removed while its table is cleared goes, and its table once',
      ...balanceRace,
      *setup() {
        const w = yield* oneNamed();
        yield* table_load({ name: 'root' });
        return w;
      },
      tasks: {
        'dmsetup/clear': () => table_clear({ name: 'root' }, 0, -ENXIO),
        'dmsetup/remove': () => dev_remove({ uuid: 'LVM-1' }),
      },
      *check(w) {
        nothingLeft();
        yield* allGone(w);
      },
    }),
    scenario({
      id: 'create-vs-remove',
      title: 'the device that has the wanted name is removed: the name is taken or free',
      ...balanceRace,
      setup: oneNamed,
      tasks: {
        'dmsetup/create': () => dev_create({ name: 'root', minor: 1 }, 0, -EBUSY),
        'dmsetup/remove': () => dev_remove({ uuid: 'LVM-1' }),
      },
      check: allGone,
    }),
    scenario({
      id: 'rename-vs-remove-other',
      title: 'the same for a device that is renamed to that name',
      ...balanceRace,
      *setup() {
        yield* dev_create({ name: 'swap', minor: 1 });
        return yield* oneNamed();
      },
      tasks: {
        'dmsetup/rename': () => dev_rename({ name: 'swap' }, 'root', 0, -EBUSY),
        'dmsetup/remove': () => dev_remove({ uuid: 'LVM-1' }),
      },
      *check(w) {
        nothingLeft(1);
        yield* allGone(w);
      },
    }),
    scenario({
      id: 'rename-vs-rename',
      title: 'of two devices that want one name one gets it, and both can go',
      ...balanceRace,
      *setup() {
        yield* dev_create({ name: 'swap' });
        return yield* oneNamed();
      },
      tasks: {
        'dmsetup/a': () => dev_rename({ name: 'root' }, 'home', 0, -EBUSY),
        'dmsetup/b': () => dev_rename({ name: 'swap' }, 'home', 0, -EBUSY),
      },
      *check(w) {
        yield* dev_status({ name: 'home' });
        yield* allGone(w);
      },
    }),
    scenario({
      id: 'rename-vs-remove',
      title: 'a device that is renamed while it is removed goes',
      ...balanceRace,
      setup: oneNamed,
      tasks: {
        'dmsetup/rename': () => dev_rename({ name: 'root' }, 'home', 0, -ENXIO),
        'dmsetup/remove': () => dev_remove({ uuid: 'LVM-1' }),
      },
      *check(w) {
        nothingLeft();
        yield* allGone(w);
      },
    }),
    scenario({
      id: 'two-creates',
      title: 'of two devices made with one name one gets it, and the other goes at once',
      ...balanceRace,
      setup: world,
      tasks: {
        'dmsetup/a': () => dev_create({ name: 'root' }, 0, -EBUSY),
        'dmsetup/b': () => dev_create({ name: 'root', minor: 1 }, 0, -EBUSY),
      },
      *check(w) {
        nothingLeft(1);
        yield* allGone(w);
      },
    }),
    infoWhileCreating('info-while-creating', {
      there: { name: 'root', uuid: 'LVM-1' },
      asked: [{ name: 'root' }, { uuid: 'LVM-1' }, { minor: 0 }],
      made: { name: 'swap', minor: 1 },
    }),
    infoWhileCreating('info-while-creating-root', {
      there: { name: 'swap', minor: 1 },
      asked: [{ minor: 1 }],
      made: { name: 'root', uuid: 'LVM-1' },
    }),
    scenario({
      id: 'found-in-all-ways',
      title: 'a device is found by name, uuid and number, and asking does not keep it',
      ...balance,
      setup: world,
      tasks: {
        *dmsetup() {
          const root = { name: 'root', uuid: 'LVM-1', minor: 0 };
          yield* dev_create({ name: 'root', uuid: 'LVM-1' });
          yield* dev_create({ name: 'swap' });
          for (const which of [{ name: 'root' }, { uuid: 'LVM-1' }, { minor: 0 }])
            yield* dev_is(which, root);
          yield* dev_is({ minor: 1 }, { name: 'swap', minor: 1 });
          yield* dev_is({ name: 'swap', uuid: 'LVM-1' }, root);
          for (const which of [{ name: 'home' }, { uuid: 'LVM-2' }, { minor: 2 }])
            yield* dev_status(which, -ENXIO);
          yield* dev_remove({ name: 'root' });
          yield* dev_remove({ name: 'swap' });
          nothingLeft();
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'removed-in-all-ways',
      title: 'a device is removed by name, uuid and number, once, and is gone',
      ...balance,
      setup: world,
      tasks: {
        *dmsetup() {
          for (const which of [{ name: 'root' }, { uuid: 'LVM-1' }, { minor: 0 }]) {
            yield* dev_create({ name: 'root', uuid: 'LVM-1' });
            yield* dev_remove(which);
            nothingLeft();
            yield* dev_remove(which, -ENXIO);
          }
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'rename',
      title: 'a device can be renamed, though not to a name that is taken, and is not kept by it',
      ...balance,
      setup: oneNamed,
      tasks: {
        *dmsetup() {
          yield* dev_create({ name: 'swap' });
          yield* dev_rename({ name: 'root' }, 'swap', -EBUSY);
          yield* dev_rename({ name: 'root' }, 'root', -EBUSY);
          yield* dev_rename({ name: 'home' }, 'boot', -ENXIO);
          yield* dev_rename({ name: 'root' }, 'home');
          yield* dev_status({ name: 'root' }, -ENXIO);
          yield* dev_is({ name: 'home' }, { name: 'home', uuid: 'LVM-1', minor: 0 });
          yield* dev_remove({ name: 'swap' });
          nothingLeft(1);
          yield* dev_remove({ uuid: 'LVM-1' });
          nothingLeft();
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'name-taken',
      title: 'a name or a uuid that is taken gives -EBUSY, and keeps neither device',
      ...balance,
      setup: oneNamed,
      tasks: {
        *dmsetup() {
          yield* dev_create({ name: 'root', uuid: 'LVM-2' }, -EBUSY);
          yield* dev_create({ name: 'swap', uuid: 'LVM-1' }, -EBUSY);
          nothingLeft(1);
          yield* dev_create({ name: 'swap', minor: 0 }, -EBUSY);
          yield* dev_is({ minor: 0 }, { name: 'root', uuid: 'LVM-1', minor: 0 });
          yield* dev_remove({ minor: 0 });
          nothingLeft();
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'load-clear',
      title: 'a table can be loaded, loaded again and cleared, and keeps no device',
      ...balance,
      setup: oneNamed,
      tasks: {
        *dmsetup() {
          yield* table_load({ name: 'root' });
          yield* table_load({ uuid: 'LVM-1' });
          yield* table_clear({ minor: 0 });
          yield* table_clear({ name: 'root' });
          yield* table_clear({ name: 'home' }, -ENXIO);
          yield* table_load({ name: 'home' }, -ENXIO);
          yield* table_load({ minor: 0 });
          yield* dev_remove({ name: 'root' });
          nothingLeft();
        },
      },
      check: allGone,
    }),
    scenario({
      id: 'no-memory',
      title: 'without memory there is -ENOMEM, and nothing is kept',
      ...balance,
      setup: oneNamed,
      failures: {
        kmalloc: 1,
        idr_pre_get: 1,
        blk_alloc_queue: 1,
        mempool_create: 1,
        alloc_disk: 1,
      },
      tasks: {
        *dmsetup() {
          yield* table_load({ minor: 0 }, 0, -ENOMEM);
          const ret = yield* dev_create({ name: 'swap', uuid: 'LVM-2' }, 0, -ENOMEM);
          yield* dev_status({ name: 'swap' }, ret === 0 ? 0 : -ENXIO);
          nothingLeft(ret === 0 ? 2 : 1);
        },
      },
      check: allGone,
    }),
  ];
});
