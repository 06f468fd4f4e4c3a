// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of a pool of cells that comes with the first write and may change its size: there is one, and it is whole. */
import {
  allocated,
  atomic_read,
  EAGAIN,
  EINVAL,
  ENOMEM,
  expect_eq,
  expect_no_locks,
  expect_true,
  type Op,
  scenario,
  type StructOf,
  suite,
} from '#lib';

type Seq = typeof import('./seq_memory');
type Client = StructOf<Seq['snd_seq_client']>;
type Cell = StructOf<Seq['snd_seq_event_cell']>;
interface World {
  readonly client: Client;
  /** A cell that is in use. */
  readonly cell: Cell;
}

export default suite<Seq>((seq) => {
  function* made(size = 1): Op<Client> {
    const client = yield* seq.seq_create_client1(size);
    if (client === null) throw new Error('set-up code has no memory');
    return client;
  }
  function* write(client: Client, result = 1): Op<void> {
    expect_eq(yield* seq.snd_seq_write(client, 7), result, 'snd_seq_write()');
    expect_no_locks('snd_seq_write()');
  }
  /** While the pool is changed there may be no cell. */
  function* mayWrite(client: Client): Op<void> {
    const err = yield* seq.snd_seq_write(client, 7);
    const errors = [1, -EAGAIN, -EINVAL, -ENOMEM];
    expect_true(errors.includes(err), `snd_seq_write() gives ${err}`);
    expect_no_locks('snd_seq_write()');
  }
  function* resize(client: Client, size = 2, result = 0): Op<void> {
    const err = yield* seq.snd_seq_ioctl_set_client_pool(client, size);
    expect_eq(err, result, 'snd_seq_ioctl_set_client_pool()');
    expect_no_locks('snd_seq_ioctl_set_client_pool()');
  }
  function* written(): Op<Client> {
    const client = yield* made();
    yield* write(client);
    return client;
  }
  function* take({ pool }: Client): Op<Cell> {
    const cell = yield* seq.snd_seq_event_dup(pool, 5);
    if (typeof cell === 'number') throw new Error(`set-up code gets no cell: ${cell}`);
    return cell;
  }
  function* inUse(): Op<World> {
    const client = yield* written();
    return { client, cell: yield* take(client) };
  }
  /** There are so many cells, all of them free and each of them another. */
  function* whole({ pool }: Client, size: number): Op<void> {
    expect_eq(yield* seq.snd_seq_unused_cells(pool), size, 'cells that are said to be free');
    const cells = new Set<Cell>();
    let cell = yield* seq.snd_seq_event_dup(pool, 5);
    for (
      ;
      typeof cell !== 'number' && !cells.has(cell);
      cell = yield* seq.snd_seq_event_dup(pool, 5)
    ) {
      cells.add(cell);
    }
    expect_eq(cells.size, size, 'cells that can be had');
    expect_eq(cell, -EAGAIN, 'snd_seq_event_dup() when all cells are in use');
    expect_eq(
      yield* seq.snd_seq_unused_cells(pool),
      0,
      'cells that are said to be free when all are in use',
    );
    for (const each of cells) {
      expect_eq(each.event, 5, 'the event in a cell');
      yield* seq.snd_seq_cell_free(each);
    }
  }
  /** Tries again when there was no memory. */
  function* insist(op: () => Op<number>, result: number): Op<void> {
    let err = yield* op();
    for (let i = 0; i < 2 && err === -ENOMEM; i++) err = yield* op();
    expect_eq(err, result, 'the third try, at the latest');
  }
  function* closed(client: Client, events: number): Op<void> {
    expect_eq(yield* atomic_read(client.delivered), events, 'events delivered');
    yield* end(client);
  }
  function* end(client: Client): Op<void> {
    yield* seq.seq_free_client(client);
    expect_eq(allocated(seq.snd_seq_client), 0, 'clients that are left');
    expect_eq(allocated(seq.snd_seq_pool), 0, 'pools that are left');
  }

  return [
    scenario({
      id: 'two-first-writes',
      title: 'two write first at once, and there is one pool',
      task: 1,
      kind: 'race',
      setup: () => made(2),
      tasks: {
        'writer/a': (client) => write(client),
        'writer/b': (client) => write(client),
      },
      alike: [['writer/a', 'writer/b']],
      *check(client) {
        yield* whole(client, 2);
        yield* closed(client, 2);
      },
    }),
    scenario({
      id: 'first-write-vs-resize',
      title: 'the first write meets a change of the size, and the pool has the new size',
      task: 1,
      kind: 'race',
      setup: () => made(),
      tasks: { writer: mayWrite, resize: (client) => resize(client) },
      *check(client) {
        yield* whole(client, 2);
        yield* end(client);
      },
    }),
    scenario({
      id: 'first-write-vs-smaller',
      title: 'so it does if the new size is smaller',
      task: 1,
      kind: 'race',
      setup: () => made(2),
      tasks: {
        writer: (client) => mayWrite(client),
        resize: (client) => resize(client, 1),
      },
      *check(client) {
        yield* whole(client, 1);
        yield* end(client);
      },
    }),
    scenario({
      id: 'write-vs-resize',
      title: 'a later write does, too, and its cell is there as long as it needs it',
      task: 1,
      kind: 'race',
      setup: written,
      tasks: { writer: mayWrite, resize: (client) => resize(client) },
      *check(client) {
        yield* whole(client, 2);
        yield* end(client);
      },
    }),
    scenario({
      id: 'two-resize',
      title: 'two change the size at once: one of them is second',
      task: 1,
      kind: 'race',
      setup: () => made(),
      tasks: {
        'resize/a': (client) => resize(client, 2),
        'resize/b': (client) => resize(client, 3),
      },
      *check(client) {
        const size = yield* seq.snd_seq_unused_cells(client.pool);
        expect_true(size === 2 || size === 3, `the pool has ${size} cells`);
        yield* whole(client, size);
        yield* end(client);
      },
    }),
    scenario({
      id: 'cell-in-use',
      title: 'the size is changed when the last cell has been given back',
      task: 2,
      kind: 'overfix',
      setup: inUse,
      tasks: {
        resize: ({ client }) => resize(client),
        *queue({ cell }) {
          expect_eq(cell.event, 5, 'the event in the cell');
          yield* seq.snd_seq_cell_free(cell);
        },
      },
      *check({ client }) {
        yield* whole(client, 2);
        yield* end(client);
      },
    }),
    scenario({
      id: 'other-client',
      title: 'another client writes while this one waits for its last cell',
      task: 2,
      kind: 'overfix',
      *setup() {
        return { ...(yield* inUse()), other: yield* made() };
      },
      tasks: {
        resize: ({ client }) => resize(client),
        *queue({ cell, other }) {
          yield* write(other);
          yield* resize(other);
          yield* seq.snd_seq_cell_free(cell);
        },
      },
      *check({ client, other }) {
        yield* seq.seq_free_client(other);
        yield* end(client);
      },
    }),
    scenario({
      id: 'one-by-one',
      title: 'the pool has as many cells as was last asked for',
      task: 2,
      kind: 'overfix',
      setup: () => made(),
      tasks: {
        *user(client) {
          yield* write(client);
          yield* whole(client, 1);
          const cell = yield* take(client);
          yield* write(client, -EAGAIN);
          yield* resize(client, 1);
          yield* seq.snd_seq_cell_free(cell);
          for (const size of [2, 2, 3, 1]) {
            yield* resize(client, size);
            yield* whole(client, size);
          }
          yield* write(client);
        },
      },
      check: (client) => closed(client, 2),
    }),
    scenario({
      id: 'out-of-range',
      title: 'a size that is out of range is ignored',
      task: 2,
      kind: 'function',
      setup: written,
      tasks: {
        *user(client) {
          yield* resize(client, 0);
          yield* resize(client, 4);
          yield* whole(client, 1);
        },
      },
      check: (client) => closed(client, 1),
    }),
    scenario({
      id: 'resize-first',
      title: 'the size may be set before anything is written',
      task: 2,
      kind: 'function',
      setup: () => made(),
      tasks: {
        *user(client) {
          const none = yield* seq.snd_seq_event_dup(client.pool, 5);
          expect_eq(none, -EINVAL, 'snd_seq_event_dup() before there are cells');
          yield* resize(client, 2);
          yield* write(client);
          yield* whole(client, 2);
        },
      },
      check: (client) => closed(client, 1),
    }),
    scenario({
      id: 'no-memory',
      title: 'a write or a change of the size for which there is no memory may be made again',
      task: 2,
      kind: 'function',
      setup: () => made(),
      failures: { kmalloc: 2 },
      tasks: {
        *user(client) {
          yield* insist(() => seq.snd_seq_write(client, 7), 1);
          yield* insist(() => seq.snd_seq_ioctl_set_client_pool(client, 3), 0);
          yield* insist(() => seq.snd_seq_ioctl_set_client_pool(client, 2), 0);
        },
      },
      *check(client) {
        yield* whole(client, 2);
        yield* end(client);
      },
    }),
    scenario({
      id: 'no-client',
      title: 'without memory there is no client, and nothing is left',
      task: 2,
      kind: 'function',
      stepsMax: 400,
      failures: { kzalloc: 1000 },
      tasks: {
        *user() {
          const client = yield* seq.seq_create_client1(1);
          if (client !== null) yield* end(client);
          expect_eq(allocated(seq.snd_seq_client), 0, 'clients that are left');
        },
      },
    }),
  ];
});
