// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of a Bluetooth adapter that is pulled out while it sends: nothing runs afterwards, and nothing stays. */
import {
  allocated,
  atomic_inc,
  atomic_read,
  DEFINE_ATOMIC,
  EALREADY,
  ENETDOWN,
  ENODEV,
  ENOMEM,
  expect_eq,
  expect_no_locks,
  expect_true,
  GFP_KERNEL,
  kfree,
  kzalloc,
  mutex_init,
  mutex_lock,
  mutex_unlock,
  type Op,
  reached,
  scenario,
  settle,
  static_var,
  sk_buff,
  type StructOf,
  suite,
} from '#lib';

type Bt = typeof import('./btsdio');
type Func = StructOf<Bt['sdio_func']>;
interface World {
  readonly func: Func;
  readonly hdev: StructOf<Bt['hci_dev']>;
}

/** What a user of the bus has seen of the card. */
const enabled = static_var('enabled', false);

/** Who uses the bus looks at these. */
const sends_begun = DEFINE_ATOMIC('sends_begun', 0);
const sends_ended = DEFINE_ATOMIC('sends_ended', 0);

export default suite<Bt>((bt) => {
  function* card(): Op<Func> {
    const func = yield* kzalloc(bt.sdio_func, GFP_KERNEL);
    if (func === null) throw new Error('set-up code has no memory');
    yield* mutex_init(func.host);
    return func;
  }
  /** A card whose adapter a user has a reference to. */
  function* plugged(): Op<World> {
    const func = yield* card();
    expect_eq(yield* bt.sdio_bus_probe(func), 0, 'sdio_bus_probe()');
    const hdev = func.drvdata?.hdev;
    if (hdev === undefined) throw new Error('the card has no adapter');
    yield* bt.hci_dev_hold(hdev);
    return { func, hdev };
  }
  function* open({ hdev }: World, result = 0): Op<void> {
    expect_eq(yield* bt.hci_dev_open(hdev), result, 'hci_dev_open()');
    expect_no_locks('hci_dev_open()');
  }
  function* close({ hdev }: World): Op<void> {
    yield* bt.hci_dev_close(hdev);
    expect_no_locks('hci_dev_close()');
  }
  function* up(): Op<World> {
    const w = yield* plugged();
    yield* open(w);
    return w;
  }
  function* send({ hdev }: World, result = 0): Op<void> {
    expect_eq(yield* bt.hci_send_frame(hdev, 10), result, 'hci_send_frame()');
    expect_no_locks('hci_send_frame()');
  }
  /** A frame may come too late. */
  function* maySend({ hdev }: World): Op<void> {
    const err = yield* bt.hci_send_frame(hdev, 10);
    expect_true(err === 0 || err === -ENETDOWN, `hci_send_frame() gives ${err}`);
    expect_no_locks('hci_send_frame()');
  }
  function* sending(): Op<World> {
    const w = yield* up();
    yield* send(w);
    return w;
  }
  function* remove({ func }: Pick<World, 'func'>): Op<void> {
    yield* bt.sdio_bus_remove(func);
    expect_no_locks('sdio_bus_remove()');
    expect_true(!func.enabled, 'the function of the card is enabled after sdio_bus_remove()');
  }
  /** The user goes, too. */
  function* gone(w: World): Op<void> {
    yield* bt.hci_dev_put(w.hdev);
    yield* nothingLeft(w);
  }
  function* nothingLeft({ func }: World): Op<void> {
    yield* settle();
    expect_eq(allocated(sk_buff), 0, 'frames that are left');
    expect_eq(allocated(bt.hci_dev), 0, 'adapters that are left');
    expect_eq(allocated(bt.btsdio_data), 0, 'data of the driver that are left');
    yield* kfree(func);
  }
  /** Everything that was sent has arrived. */
  function* arrived(w: World, bytes: number): Op<void> {
    yield* settle();
    expect_eq(w.func.written, bytes, 'bytes that have arrived at the card');
    expect_eq(w.hdev.byte_tx, bytes, 'bytes that the adapter counts as sent');
    yield* remove(w);
    yield* gone(w);
  }

  return [
    scenario({
      id: 'remove-while-sending',
      title: 'a card is pulled out, and nothing sends what was queued',
      task: 1,
      kind: 'race',
      *setup() {
        const w = yield* sending();
        yield* bt.hci_dev_put(w.hdev);
        return w;
      },
      tasks: { remove },
      check: nothingLeft,
    }),
    scenario({
      id: 'send-vs-remove',
      title: 'nor what is queued at this very moment',
      task: 1,
      kind: 'race',
      setup: up,
      tasks: { send: maySend, remove },
      check: gone,
    }),
    scenario({
      id: 'open-vs-remove',
      title: 'a card is pulled out while its adapter is taken up',
      task: 1,
      kind: 'race',
      setup: plugged,
      tasks: {
        *user(w) {
          const err = yield* bt.hci_dev_open(w.hdev);
          expect_true(err === 0 || err === -ENODEV, `hci_dev_open() gives ${err}`);
          yield* maySend(w);
        },
        remove,
      },
      check: gone,
    }),
    scenario({
      id: 'down-vs-remove',
      title: 'a card is pulled out while its adapter is taken down',
      task: 1,
      kind: 'race',
      setup: sending,
      tasks: { down: close, remove },
      check: gone,
    }),
    scenario({
      id: 'broken-remove',
      title: 'a frame that the card does not take goes with the card',
      task: 2,
      kind: 'race',
      *setup() {
        const w = yield* sending();
        w.func.broken = true;
        return w;
      },
      tasks: { remove },
      check: gone,
    }),
    scenario({
      id: 'broken-send',
      title: 'a frame that the card has not taken is sent before the next one',
      task: 3,
      kind: 'function',
      *setup() {
        const w = yield* sending();
        w.func.broken = true;
        yield* settle();
        expect_eq(w.hdev.err_tx, 1, 'errors that the adapter counts');
        w.func.broken = false;
        return w;
      },
      tasks: { send },
      check: (w) => arrived(w, 20),
    }),
    scenario({
      id: 'two-send',
      title: 'the frames of two users arrive',
      task: 3,
      kind: 'function',
      setup: up,
      tasks: { 'user/a': (w) => send(w), 'user/b': (w) => send(w) },
      alike: [['user/a', 'user/b']],
      check: (w) => arrived(w, 20),
    }),
    scenario({
      id: 'up-again',
      title: 'an adapter that was taken down and up again sends',
      task: 3,
      kind: 'overfix',
      *setup() {
        const w = yield* up();
        for (const _ of [1, 2]) {
          yield* close(w);
          yield* close(w);
          yield* send(w, -ENETDOWN);
          yield* open(w);
          yield* open(w, -EALREADY);
        }
        return w;
      },
      tasks: { send },
      check: (w) => arrived(w, 10),
    }),
    scenario({
      id: 'send-vs-down',
      title: 'an adapter is taken down while it sends, and up again',
      task: 3,
      kind: 'overfix',
      setup: up,
      tasks: { send: maySend, down: close },
      *check(w) {
        yield* open(w);
        yield* send(w);
        yield* settle();
        expect_true(w.func.written >= 10, 'the last frame has not arrived');
        yield* remove(w);
        yield* gone(w);
      },
    }),
    scenario({
      id: 'bus-in-use',
      title: 'a frame may be sent while somebody else uses the bus',
      task: 3,
      kind: 'reachable',
      reaches: 'a frame is sent while the bus is in use',
      setup: up,
      tasks: {
        *bus({ func }) {
          yield* mutex_lock(func.host);
          const begun = yield* atomic_read(sends_begun);
          const ended = yield* atomic_read(sends_ended);
          if (begun === 0 && ended === 1) reached('a frame is sent while the bus is in use');
          yield* mutex_unlock(func.host);
        },
        *send(w) {
          yield* atomic_inc(sends_begun);
          yield* send(w);
          yield* atomic_inc(sends_ended);
        },
      },
      check: (w) => arrived(w, 10),
    }),
    scenario({
      id: 'other-card',
      title: 'another card sends while one is pulled out',
      task: 3,
      kind: 'overfix',
      *setup() {
        return { one: yield* up(), other: yield* sending() };
      },
      tasks: { send: ({ one }) => send(one), remove: ({ other }) => remove(other) },
      *check({ one, other }) {
        yield* bt.hci_dev_put(other.hdev);
        yield* kfree(other.func);
        yield* arrived(one, 10);
      },
    }),
    scenario({
      id: 'down-drops',
      title: 'what an adapter has not sent when it is taken down is dropped',
      task: 3,
      kind: 'function',
      *setup() {
        const w = yield* sending();
        w.func.broken = true;
        yield* settle();
        return w;
      },
      tasks: {
        *down(w) {
          yield* close(w);
          expect_eq(allocated(sk_buff), 0, 'frames that are left');
        },
      },
      check: (w) => arrived(w, 0),
    }),
    scenario({
      id: 'up-vs-bus',
      title: 'an adapter is taken up and down while somebody else uses the bus',
      task: 3,
      kind: 'function',
      setup: plugged,
      tasks: {
        *bus({ func }) {
          yield* mutex_lock(func.host);
          enabled.value = func.enabled;
          yield* mutex_unlock(func.host);
        },
        *user(w) {
          yield* open(w);
          yield* close(w);
        },
      },
      check: (w) => arrived(w, 0),
    }),
    scenario({
      id: 'no-memory-to-send',
      title: 'without memory a frame is not sent, and the next one is',
      task: 3,
      kind: 'function',
      setup: up,
      failures: { kzalloc: 1 },
      tasks: {
        *user({ hdev }) {
          let err = yield* bt.hci_send_frame(hdev, 10);
          expect_no_locks('hci_send_frame()');
          if (err === -ENOMEM) err = yield* bt.hci_send_frame(hdev, 10);
          expect_eq(err, 0, 'hci_send_frame()');
        },
      },
      check: (w) => arrived(w, 10),
    }),
    scenario({
      id: 'after-remove',
      title: 'a user who still has the adapter may do with it what he likes',
      task: 3,
      kind: 'function',
      *setup() {
        const w = yield* up();
        yield* remove(w);
        return w;
      },
      tasks: {
        *user(w) {
          yield* send(w, -ENETDOWN);
          yield* open(w, -ENODEV);
          yield* close(w);
        },
      },
      check: gone,
    }),
    scenario({
      id: 'remove-twice',
      title: 'there may be nothing to remove',
      task: 3,
      kind: 'overfix',
      *setup() {
        const w = yield* sending();
        yield* settle();
        return w;
      },
      tasks: {
        *remove(w) {
          yield* remove(w);
          yield* remove(w);
        },
      },
      check: gone,
    }),
    scenario({
      id: 'never-up',
      title: 'an adapter that was never up is removed',
      task: 3,
      kind: 'function',
      setup: plugged,
      tasks: { remove },
      check: gone,
    }),
    scenario({
      id: 'no-memory',
      title: 'without memory there is no adapter, and nothing is left',
      task: 3,
      kind: 'function',
      setup: card,
      stepsMax: 400,
      failures: { kzalloc: 1000 },
      tasks: {
        *probe(func) {
          const err = yield* bt.sdio_bus_probe(func);
          expect_true(err === 0 || err === -ENOMEM, `sdio_bus_probe() gives ${err}`);
          expect_no_locks('sdio_bus_probe()');
          expect_eq(func.drvdata !== null, err === 0, 'there is an adapter');
          if (err === 0) yield* remove({ func });
          expect_eq(allocated(bt.hci_dev), 0, 'adapters that are left');
          expect_eq(allocated(bt.btsdio_data), 0, 'data of the driver that are left');
        },
      },
      check: (found) => kfree(found),
    }),
  ];
});
