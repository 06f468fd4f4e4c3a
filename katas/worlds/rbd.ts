// SPDX-License-Identifier: GPL-2.0-only
/**
 * The users of an rbd driver: they map devices, send requests through the client of a device, and unmap devices. A teardown may
 * be deferred: leftovers are counted after every task has ended.
 */
import {
  alive,
  allocated,
  ceph_client,
  ceph_options,
  ceph_osdc_start_request,
  cephDestroySleeps,
  cephSessionsOpening,
  cephWatchSessions,
  EINVAL,
  EIO,
  ENOMEM,
  expect_eq,
  expect_no_locks,
  expect_true,
  GFP_KERNEL,
  type Handle,
  kzalloc,
  type Op,
  reached,
  type Scalar,
  type Scenario,
  scenario,
  settle,
  type StructHandle,
  type StructType,
} from '#lib';

/** What the world needs of a driver. */
export interface Rbd {
  readonly rbd_device: StructType<DeviceFields>;
  readonly rbd_client: { readonly typeName: string };
  rbd_get_client(rbd_dev: Device, mon_addr: string, options: string): Op<number>;
  rbd_put_client(rbd_dev: Device): Op<void>;
}
interface Client extends Handle {
  readonly client: ceph_client | null;
  readonly rbd_opts: { readonly notify_timeout: number } | null;
}
/** An alias, not an interface: only an alias stands for a record of fields. */
type DeviceFields = {
  readonly client: Scalar<ceph_client | null>;
  readonly rbd_client: Scalar<Client | null>;
};
type Device = StructHandle<DeviceFields>;

/** Three devices, which are mapped or not. */
interface World {
  readonly a: Device;
  readonly b: Device;
  readonly c: Device;
}

/** A request to map a device, and the error that is allowed. */
interface Ask {
  readonly options?: string;
  readonly monitor?: string;
  readonly error?: number;
}

const MONITOR = '10.0.0.1:6789';
const OTHER_MONITOR = '10.0.0.2:6789';
/** The arguments of a device that has neither in common with others. */
const OTHER = { monitor: OTHER_MONITOR, options: 'nocrc' };
/** Devices in the way of a lookup. */
const OTHERS = 2;
const WHILE_OPENING = 'a device is unmapped while the session of another is still being opened';

/** Sends block I/O of a mapped device through its client. */
function* useClient(dev: Device): Op<void> {
  const { client, rbd_client: rbdc } = dev;
  if (client === null || rbdc === null) {
    expect_true(false, 'a mapped device has no client');
    return;
  }
  expect_eq(yield* ceph_osdc_start_request(client), 0, 'a request through the client');
  expect_true(rbdc.client === client, 'the device and its rbd_client name different ceph clients');
  expect_true((rbdc.rbd_opts?.notify_timeout ?? 0) > 0, 'the client has lost its rbd_options');
}

/** The scenarios of a driver's users. */
export interface RbdWorld {
  /** The last user of a client leaves while others come. */
  readonly race: (task: number) => readonly Scenario[];
  /** What a fix must not change: which devices share a client, when it ends, which errors there are. */
  readonly works: (task: number) => readonly Scenario[];
}

/** The world of one driver; `destroySleeps` says whether ending a session sleeps. */
export function rbdWorld(rbd: Rbd, { destroySleeps = false } = {}): RbdWorld {
  function* device(): Op<Device> {
    const dev = yield* kzalloc(rbd.rbd_device, GFP_KERNEL);
    if (dev === null) throw new Error('set-up code has no memory');
    return dev;
  }
  function* world(): Op<World> {
    if (destroySleeps) cephDestroySleeps();
    return { a: yield* device(), b: yield* device(), c: yield* device() };
  }
  /** Checks that a device that could not be mapped has no client: neither a pointer to one nor an error. */
  function notMapped(dev: Device): void {
    expect_eq(dev.rbd_client, null, 'rbd_dev->rbd_client after rbd_get_client() has failed');
    expect_eq(dev.client, null, 'rbd_dev->client after rbd_get_client() has failed');
  }
  /** Maps a device; false if that failed in a way the scenario allows. */
  function* rbd_map(
    dev: Device,
    { options = '', monitor = MONITOR, error = 0 }: Ask = {},
  ): Op<boolean> {
    const ret = yield* rbd.rbd_get_client(dev, monitor, options);
    expect_no_locks('rbd_get_client()');
    if (ret !== error) expect_eq(ret, 0, 'rbd_get_client()');
    if (ret !== 0) notMapped(dev);
    return ret === 0;
  }
  function* rbd_unmap(dev: Device): Op<void> {
    yield* rbd.rbd_put_client(dev);
    expect_no_locks('rbd_put_client()');
    expect_eq(dev.rbd_client, null, 'rbd_dev->rbd_client after rbd_put_client()');
    expect_eq(dev.client, null, 'rbd_dev->client after rbd_put_client()');
  }
  function* mapAndUse(dev: Device, ask: Ask = {}): Op<boolean> {
    if (!(yield* rbd_map(dev, ask))) return false;
    yield* useClient(dev);
    return true;
  }
  function* mapUseUnmap(dev: Device, ask: Ask = {}): Op<void> {
    if (yield* mapAndUse(dev, ask)) yield* rbd_unmap(dev);
  }
  /** Device a is mapped, alone. */
  function* oneMapped(ask: Ask = {}): Op<World> {
    const w = yield* world();
    yield* rbd_map(w.a, ask);
    return w;
  }
  /** Devices a and b share a client. */
  function* twoMapped(): Op<World> {
    const w = yield* oneMapped();
    yield* rbd_map(w.b);
    return w;
  }
  function clientsLeft(count = 0): void {
    expect_eq(allocated(rbd.rbd_client), count, 'rbd_clients left at the end');
    expect_eq(allocated(ceph_client), count, 'ceph_clients left at the end');
    expect_eq(allocated(ceph_options), count, 'ceph_options left at the end');
  }
  function* nothingLeft(): Op<void> {
    clientsLeft();
  }

  /** Checks that these devices work, and that there are no other clients. */
  function* stillMapped(...devices: readonly Device[]): Op<void> {
    for (const dev of devices) {
      expect_true(
        dev.rbd_client === null || alive(dev.rbd_client),
        'a device in use lost its client',
      );
      yield* useClient(dev);
    }
    clientsLeft(new Set(devices.map((dev) => dev.rbd_client)).size);
  }

  /** The same; then they leave, one after another, and take their clients with them. */
  function* mappedAndLeave(...devices: readonly Device[]): Op<void> {
    for (const [i, dev] of devices.entries()) {
      yield* stillMapped(...devices.slice(i));
      yield* rbd_unmap(dev);
      yield* settle();
    }
    clientsLeft();
  }

  /** Three devices that must not share get a client each, and leave. */
  function* apart({ a, b, c }: World, first: Ask, second: Ask, third: Ask): Op<void> {
    if (!(yield* rbd_map(a, first)) || !(yield* rbd_map(b, second))) return;
    if (!(yield* rbd_map(c, third))) return;
    const differ = new Set([a, b, c].map((dev) => dev.rbd_client)).size === 3;
    expect_true(differ, 'a client was shared wrongly');
    for (const dev of [b, a, c]) {
      yield* useClient(dev);
      yield* rbd_unmap(dev);
    }
  }
  /** A device of one monitor is unmapped while the session with another is being opened: both ways round, so that no lock is left out for one of them alone. */
  const unmapWhileOpening = (
    task: number,
    id: string,
    { monitor, slow, options = '' }: { monitor: string; slow: string; options?: string },
  ): Scenario =>
    scenario({
      id,
      title: `while ${slow} is slow to answer, a device of ${monitor} can be unmapped`,
      task,
      kind: 'reachable',
      reaches: WHILE_OPENING,
      *setup() {
        cephWatchSessions();
        return yield* oneMapped({ monitor, options });
      },
      tasks: {
        'rbd-get': ({ b }) => rbd_map(b, { monitor: slow, options }),
        *'rbd-put'({ a }) {
          const before = yield* cephSessionsOpening();
          yield* rbd_unmap(a);
          const after = yield* cephSessionsOpening();
          if (before > 0 && after > 0) reached(WHILE_OPENING);
        },
      },
    });

  const race = (task: number): readonly Scenario[] => {
    const about = { task, kind: 'race', stepsMax: 1000 } as const;
    return [
      scenario({
        id: 'put-vs-get',
        title:
          'a device mapped while the last user of its client goes away gets a client that lives',
        ...about,
        setup: () => oneMapped(),
        tasks: {
          'rbd-put': ({ a }) => rbd_unmap(a),
          'rbd-get': ({ b }) => mapAndUse(b),
        },
        check: ({ b }) => mappedAndLeave(b),
      }),
      scenario({
        id: 'put-vs-get-put',
        title: 'a client is torn down once, however soon its new user leaves again',
        ...about,
        setup: () => oneMapped(OTHER),
        tasks: {
          'rbd-put': ({ a }) => rbd_unmap(a),
          'rbd-io': ({ b }) => mapUseUnmap(b, OTHER),
        },
        check: nothingLeft,
      }),
      scenario({
        id: 'two-puts-vs-get',
        title: 'the two users of a client leave while a third device is being mapped',
        ...about,
        setup: twoMapped,
        tasks: {
          'rbd-put/a': ({ a }) => rbd_unmap(a),
          'rbd-put/b': ({ b }) => rbd_unmap(b),
          'rbd-io': ({ c }) => mapUseUnmap(c),
        },
        check: nothingLeft,
      }),
      scenario({
        id: 'come-and-go',
        title: 'the first two devices are mapped at once, and leave again',
        ...about,
        setup: world,
        tasks: {
          'rbd-io/a': ({ a }) => mapUseUnmap(a),
          'rbd-io/b': ({ b }) => mapUseUnmap(b),
        },
        check: nothingLeft,
      }),
      scenario({
        id: 'remap-vs-put',
        title: 'a device leaves and comes back while the only other user of its client leaves',
        ...about,
        setup: twoMapped,
        tasks: {
          *'rbd-remap'({ a }) {
            yield* rbd_unmap(a);
            yield* mapUseUnmap(a);
          },
          'rbd-put': ({ b }) => rbd_unmap(b),
        },
        check: nothingLeft,
      }),
      scenario({
        id: 'put-vs-get-busy',
        title: 'however often a lookup meets a client on its way out, its caller gets a client',
        ...about,
        *setup() {
          const w = yield* world();
          const others: Device[] = [];
          for (let i = 0; i < OTHERS; i++) {
            const dev = yield* device();
            yield* rbd_map(dev, { options: 'noshare' });
            others.push(dev);
          }
          yield* rbd_map(w.a);
          return { ...w, others };
        },
        tasks: {
          'rbd-put': ({ a }) => rbd_unmap(a),
          'rbd-get': ({ b }) => rbd_map(b),
          // They stand in front of the client on the list: each that goes is a reason to look again.
          *'rbd-put/others'({ others }) {
            for (const dev of others) yield* rbd_unmap(dev);
          },
        },
        check: ({ b }) => mappedAndLeave(b),
      }),
      scenario({
        id: 'put-vs-two-gets',
        title: 'a client that is being torn down does not hide its successor',
        ...about,
        setup: () => oneMapped(),
        tasks: {
          'rbd-put': ({ a }) => rbd_unmap(a),
          *'rbd-get'({ b, c }) {
            yield* mapAndUse(b);
            yield* mapAndUse(c);
          },
        },
        *check({ b, c }) {
          expect_eq(c.rbd_client, b.rbd_client, 'the client of a device with equal options');
          yield* mappedAndLeave(b, c);
        },
      }),
    ];
  };
  const works = (task: number): readonly Scenario[] => {
    const about = { task, kind: 'function' } as const;
    return [
      scenario({
        id: 'create-destroy',
        title: 'the last user takes the client with it; the next one gets a new client',
        ...about,
        setup: world,
        tasks: {
          *'rbd-io'({ a }) {
            if (!(yield* rbd_map(a))) return;
            const first = a.rbd_client;
            yield* useClient(a);
            yield* rbd_unmap(a);
            if (!(yield* rbd_map(a))) return;
            expect_true(a.rbd_client !== first, 'a client that has lost its last user was found');
            yield* useClient(a);
            yield* rbd_unmap(a);
          },
        },
        check: nothingLeft,
      }),
      scenario({
        id: 'two-puts',
        title: 'two users leave at once: the client is torn down, once, and is not found any more',
        ...about,
        setup: twoMapped,
        tasks: {
          *'rbd-put/a'({ a, c }) {
            yield* rbd_unmap(a);
            yield* rbd_map(c, { monitor: OTHER_MONITOR });
          },
          'rbd-put/b': ({ b }) => rbd_unmap(b),
        },
        check: ({ c }) => mappedAndLeave(c),
      }),
      scenario({
        id: 'share-vs-put',
        title: 'a client that keeps a user can be found while another user leaves',
        ...about,
        setup: twoMapped,
        tasks: {
          'rbd-put': ({ b }) => rbd_unmap(b),
          *'rbd-get'({ a, c }) {
            if (!(yield* rbd_map(c))) return;
            expect_eq(c.rbd_client, a.rbd_client, 'the client of a device with equal options');
            yield* useClient(c);
          },
        },
        check: ({ a, c }) => mappedAndLeave(a, c),
      }),
      scenario({
        id: 'two-gets',
        title: 'devices mapped at once share the client of one that is mapped already',
        ...about,
        setup: () => oneMapped(),
        tasks: { 'rbd-get/b': ({ b }) => rbd_map(b), 'rbd-get/c': ({ c }) => rbd_map(c) },
        *check({ a, b, c }) {
          expect_eq(b.rbd_client, a.rbd_client, 'the client of a device with equal options');
          expect_eq(c.rbd_client, a.rbd_client, 'the client of a device with equal options');
          yield* mappedAndLeave(a, b, c);
        },
      }),
      scenario({
        id: 'first-gets',
        title: 'the first two devices are mapped at once, and both work',
        ...about,
        setup: world,
        tasks: { 'rbd-get/a': ({ a }) => mapAndUse(a), 'rbd-get/b': ({ b }) => mapAndUse(b) },
        check: ({ a, b }) => mappedAndLeave(a, b),
      }),
      scenario({
        id: 'sharing',
        title: 'equal options share one client, which outlives all users but the last',
        ...about,
        setup: world,
        tasks: {
          *'rbd-io'({ a, b, c }) {
            if (!(yield* rbd_map(a)) || !(yield* rbd_map(b))) return;
            const shared = a.rbd_client;
            expect_eq(b.rbd_client, shared, 'the client of a device with equal options');
            expect_eq(allocated(ceph_client), 1, 'ceph_clients of two devices with equal options');
            yield* rbd_unmap(a);
            yield* useClient(b);
            if (!(yield* rbd_map(c))) return;
            expect_eq(c.rbd_client, shared, 'the client of a device with equal options');
            yield* rbd_unmap(b);
            yield* useClient(c);
            yield* rbd_unmap(c);
          },
        },
        check: nothingLeft,
      }),
      scenario({
        id: 'no-sharing',
        title: 'another monitor or other options: a client of its own',
        ...about,
        setup: world,
        tasks: { 'rbd-io': (w) => apart(w, {}, { monitor: OTHER_MONITOR }, { options: 'nocrc' }) },
        check: nothingLeft,
      }),
      scenario({
        id: 'noshare',
        title: 'a device mapped with noshare has a client of its own, which nobody else gets',
        ...about,
        setup: world,
        tasks: { 'rbd-io': (w) => apart(w, { options: 'noshare' }, {}, { options: 'noshare' }) },
        check: nothingLeft,
      }),
      scenario({
        id: 'noshare-after',
        title: 'so does one mapped with noshare where a client with equal options is there already',
        ...about,
        setup: world,
        tasks: { 'rbd-io': (w) => apart(w, {}, { options: 'noshare' }, { options: 'nocrc' }) },
        check: nothingLeft,
      }),
      scenario({
        id: 'put-unmapped',
        title: 'unmapping a device that is not mapped, or not any more, does nothing',
        ...about,
        setup: () => oneMapped(),
        tasks: {
          *'rbd-put'({ a, b }) {
            yield* rbd_unmap(b);
            yield* useClient(a);
            for (let i = 0; i < 2; i++) yield* rbd_unmap(a);
          },
        },
        check: nothingLeft,
      }),
      scenario({
        id: 'put-vs-other-get',
        title:
          'a lookup that passes over a client that is being torn down does not touch it afterwards',
        ...about,
        setup: () => oneMapped(),
        tasks: {
          'rbd-put': ({ a }) => rbd_unmap(a),
          'rbd-io': ({ b }) => mapUseUnmap(b, { options: 'nocrc' }),
        },
        check: nothingLeft,
      }),
      scenario({
        id: 'two-clients',
        title: "two clients come and go at once without getting in each other's way",
        ...about,
        setup: world,
        tasks: {
          'rbd-io/a': ({ a }) => mapUseUnmap(a),
          'rbd-io/b': ({ b }) => mapUseUnmap(b, { monitor: OTHER_MONITOR }),
        },
        check: nothingLeft,
      }),
      scenario({
        id: 'no-memory',
        title: 'without memory rbd_get_client() says -ENOMEM and leaves nothing behind',
        ...about,
        setup: () => oneMapped(),
        tasks: {
          *'rbd-io'({ a, b, c }) {
            yield* mapUseUnmap(b, { error: -ENOMEM });
            yield* mapUseUnmap(b, { monitor: OTHER_MONITOR, error: -ENOMEM });
            yield* mapUseUnmap(c, { monitor: OTHER_MONITOR, error: -ENOMEM });
            yield* useClient(a);
            yield* rbd_unmap(a);
          },
        },
        failures: { kmalloc: 1, kzalloc: 1 },
        check: nothingLeft,
      }),
      scenario({
        id: 'no-session',
        title:
          'a session that cannot be opened gives -EIO, leaves nothing behind and is never found',
        ...about,
        setup: world,
        tasks: {
          'rbd-get/a': ({ a }) => mapAndUse(a, { error: -EIO }),
          'rbd-get/b': ({ b }) => mapAndUse(b, { error: -EIO }),
        },
        failures: { ceph_open_session: 1 },
        *check({ a, b, c }) {
          const mapped = [a, b].filter((dev) => dev.client !== null);
          yield* mappedAndLeave(...mapped);
          yield* mapAndUse(c);
        },
      }),
      scenario({
        id: 'nothing-to-be-had',
        title: 'where memory or sessions never come a get says -ENOMEM or -EIO, and soon',
        ...about,
        stepsMax: 400,
        setup: world,
        tasks: {
          *'rbd-get'({ a }) {
            const ret = yield* rbd.rbd_get_client(a, MONITOR, '');
            expect_no_locks('rbd_get_client()');
            if (ret === 0) yield* rbd_unmap(a);
            else if (ret !== -ENOMEM) expect_eq(ret, -EIO, 'rbd_get_client() that finds nothing');
          },
        },
        failures: { kmalloc: 1000, kzalloc: 1000, ceph_open_session: 1000 },
        check: nothingLeft,
      }),
      scenario({
        id: 'bad-options',
        title: 'options that cannot be read give -EINVAL and leave nothing behind',
        ...about,
        setup: world,
        tasks: {
          *'rbd-io'({ a }) {
            const ret = yield* rbd.rbd_get_client(a, MONITOR, 'nonsense');
            expect_no_locks('rbd_get_client()');
            expect_eq(ret, -EINVAL, 'rbd_get_client() with options that make no sense');
            notMapped(a);
            yield* mapUseUnmap(a);
          },
        },
        check: nothingLeft,
      }),
      unmapWhileOpening(task, 'unmap-while-opening', { monitor: MONITOR, slow: OTHER_MONITOR }),
      unmapWhileOpening(task, 'unmap-other-while-opening', { ...OTHER, slow: MONITOR }),
    ];
  };
  return { race, works };
}
