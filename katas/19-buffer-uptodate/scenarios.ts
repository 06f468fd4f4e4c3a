// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of buffers of a disk: what is up to date has the data, and a block is read once. */
import {
  DEFINE_SPINLOCK,
  expect_eq,
  expect_no_locks,
  expect_true,
  kfree,
  type Op,
  READ_ONCE,
  scenario,
  spin_lock,
  spin_unlock,
  type StructOf,
  suite,
  try_wait_for_completion,
  wait_for_completion,
  WRITE_ONCE,
} from '#lib';

type Buffer = typeof import('./buffer');
type Bh = StructOf<Buffer['buffer_head']>;

/** What is on the disk. */
const DATA = 42;
/** The interrupt handler of the disk holds it. */
const queue_lock = DEFINE_SPINLOCK('queue_lock');

export default suite<Buffer>((fs) => {
  function* buffer(): Op<Bh> {
    const bh = yield* fs.alloc_buffer_head();
    if (bh === null) throw new Error('set-up code has no memory');
    return bh;
  }
  function* readAhead(): Op<Bh> {
    const bh = yield* buffer();
    yield* fs.sb_breadahead(bh);
    expect_no_locks('sb_breadahead()');
    return bh;
  }
  /** The disk answers a request; the interrupt comes with the lock of the queue held. */
  function* answer(bh: Bh, works = true): Op<void> {
    if (works) yield* WRITE_ONCE(bh, 'b_data', DATA);
    yield* spin_lock(queue_lock);
    yield* fs.end_buffer_read_sync(bh, works);
    yield* spin_unlock(queue_lock);
    expect_no_locks('end_buffer_read_sync()');
  }
  /** The disk waits for a request, and answers it. */
  function* serve(bh: Bh, works = true): Op<void> {
    yield* wait_for_completion(bh.b_submitted);
    yield* answer(bh, works);
  }
  function* find(bh: Bh): Op<Bh | null> {
    const found = yield* fs.sb_bread(bh);
    expect_no_locks('sb_bread()');
    expect_true(found === bh, 'sb_bread() gave no buffer of a disk that works');
    return found;
  }
  function* read(bh: Bh): Op<void> {
    const found = yield* find(bh);
    if (found === null) return;
    expect_eq(yield* READ_ONCE(found, 'b_data'), DATA, 'the data of a buffer that is up to date');
  }
  function* fails(bh: Bh): Op<void> {
    expect_eq(yield* fs.sb_bread(bh), null, 'sb_bread() of a disk that fails');
    expect_no_locks('sb_bread()');
  }
  function* free(bh: Bh): Op<void> {
    const asked = yield* try_wait_for_completion(bh.b_submitted);
    expect_true(!asked, 'the disk was asked once more than it has answered');
    yield* kfree(bh);
  }

  return [
    scenario({
      id: 'read-and-wait',
      title: 'a reader that waits for the disk gets what the disk has written',
      task: 1,
      kind: 'race',
      setup: buffer,
      tasks: { reader: read, disk: (bh) => serve(bh) },
      check: free,
    }),
    scenario({
      id: 'read-begun-before',
      title: 'so does a reader that finds the block read already, or about to be',
      task: 1,
      kind: 'race',
      setup: readAhead,
      tasks: { reader: read, disk: (bh) => serve(bh) },
      check: free,
    }),
    scenario({
      id: 'two-begin',
      title: 'two begin to read the same block, and it is fetched once',
      task: 1,
      kind: 'race',
      setup: buffer,
      tasks: {
        reader: read,
        *disk(bh) {
          yield* fs.sb_breadahead(bh);
          yield* serve(bh);
          yield* read(bh);
        },
      },
      check: free,
    }),
    scenario({
      id: 'read-again-vs-read',
      title: 'who has a buffer has its data, also when the read that he waited for has failed',
      task: 1,
      kind: 'race',
      setup: buffer,
      tasks: {
        *reader(bh) {
          const found = yield* fs.sb_bread(bh);
          expect_no_locks('sb_bread()');
          if (found === null) return;
          expect_eq(
            yield* READ_ONCE(found, 'b_data'),
            DATA,
            'the data of a buffer that is up to date',
          );
        },
        *disk(bh) {
          yield* serve(bh, false);
          yield* fs.sb_breadahead(bh);
          if (yield* try_wait_for_completion(bh.b_submitted)) yield* answer(bh);
        },
      },
      check: free,
    }),
    scenario({
      id: 'ahead-vs-read',
      title: 'who reads ahead of a block that has come in holds up nobody who waits for it',
      task: 2,
      kind: 'race',
      setup: readAhead,
      tasks: {
        reader: find,
        *disk(bh) {
          yield* serve(bh);
          yield* fs.sb_breadahead(bh);
          expect_no_locks('sb_breadahead()');
        },
      },
      check: free,
    }),
    scenario({
      id: 'waited-in-vain',
      title:
        'who has waited for a read that failed may read again, and the disk is asked once for it',
      task: 2,
      kind: 'function',
      setup: readAhead,
      tasks: {
        *reader(bh) {
          const found = yield* fs.sb_bread(bh);
          expect_no_locks('sb_bread()');
          if (found === null) yield* find(bh);
        },
        *disk(bh) {
          yield* serve(bh, false);
          yield* serve(bh);
        },
      },
      check: free,
    }),
    scenario({
      id: 'no-memory',
      title: 'without memory there is no buffer',
      task: 2,
      kind: 'function',
      stepsMax: 400,
      failures: { kzalloc: 1000 },
      tasks: {
        *reader() {
          const bh = yield* fs.alloc_buffer_head();
          if (bh !== null) yield* kfree(bh);
        },
      },
    }),
    scenario({
      id: 'disk-fails',
      title: 'a block that cannot be read gives NULL, and is tried again',
      task: 2,
      kind: 'function',
      setup: buffer,
      tasks: {
        *reader(bh) {
          yield* fails(bh);
          yield* find(bh);
        },
        *disk(bh) {
          yield* serve(bh, false);
          yield* serve(bh);
        },
      },
      check: free,
    }),
    scenario({
      id: 'in-memory',
      title: 'a block that is in memory is not read again',
      task: 2,
      kind: 'function',
      setup: readAhead,
      tasks: {
        *reader(bh) {
          yield* serve(bh);
          yield* read(bh);
          yield* fs.sb_breadahead(bh);
          yield* read(bh);
        },
      },
      check: free,
    }),
    scenario({
      id: 'read-ahead-goes-on',
      title: 'reading ahead does not wait, whatever the buffer is busy with',
      task: 2,
      kind: 'overfix',
      setup: readAhead,
      tasks: {
        *reader(bh) {
          yield* fs.sb_breadahead(bh);
          yield* serve(bh, false);
          yield* fs.sb_breadahead(bh);
          yield* fs.sb_breadahead(bh);
          yield* serve(bh);
          yield* read(bh);
        },
      },
      check: free,
    }),
  ];
});
