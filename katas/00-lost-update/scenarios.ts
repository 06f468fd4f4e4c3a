// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of a counter that several CPUs increment. */
import {
  complete,
  DECLARE_COMPLETION,
  expect_eq,
  expect_no_locks,
  expect_true,
  GFP_KERNEL,
  kzalloc,
  type Op,
  scenario,
  type StructOf,
  suite,
  wait_for_completion,
} from '#lib';

type Tally = typeof import('./tally');
type File = StructOf<Tally['tally_file']>;
interface World {
  readonly a: File;
  readonly b: File;
}

/** A write has returned. */
const written = DECLARE_COMPLETION('written');

export default suite<Tally>((tally) => {
  function* open(): Op<File> {
    const file = yield* kzalloc(tally.tally_file, GFP_KERNEL);
    if (file === null) throw new Error('set-up code has no memory');
    return file;
  }
  function* world(): Op<World> {
    return { a: yield* open(), b: yield* open() };
  }
  function* write(file: File, times: number): Op<void> {
    for (let i = 0; i < times; i++) {
      yield* tally.tally_write(file);
      expect_no_locks('tally_write()');
    }
  }
  function* read(): Op<number> {
    const writes = yield* tally.tally_read();
    expect_no_locks('tally_read()');
    return writes;
  }

  return [
    scenario({
      id: 'two-writes',
      title: 'two writes on two CPUs count as two',
      task: 1,
      kind: 'race',
      setup: world,
      tasks: { 'write/a': ({ a }) => write(a, 1), 'write/b': ({ b }) => write(b, 1) },
      *check() {
        expect_eq(yield* read(), 2, 'two writes were counted');
      },
    }),
    scenario({
      id: 'three-writes',
      title: 'a CPU that writes twice and one that writes once make three',
      task: 1,
      kind: 'race',
      setup: world,
      tasks: { 'write/a': ({ a }) => write(a, 2), 'write/b': ({ b }) => write(b, 1) },
      *check({ a, b }) {
        expect_eq(yield* read(), 3, 'three writes were counted');
        expect_eq(a.pos, 2, 'position of the file that was written to twice');
        expect_eq(b.pos, 1, 'position of the file that was written to once');
      },
    }),
    scenario({
      id: 'one-by-one',
      title: 'one CPU after the other: every write counts, every file keeps its own position',
      task: 1,
      kind: 'function',
      setup: world,
      tasks: {
        *write({ a, b }) {
          expect_eq(yield* read(), 0, 'no write was counted');
          yield* write(a, 2);
          expect_eq(yield* read(), 2, 'two writes were counted');
          yield* write(b, 1);
          expect_eq(yield* read(), 3, 'three writes were counted');
          expect_eq(a.pos, 2, 'position of the file that was written to twice');
          expect_eq(b.pos, 1, 'position of the file that was written to once');
        },
      },
    }),
    scenario({
      id: 'read-while-writing',
      title:
        'a concurrent reader gets counts that were true at some moment, and they never decrease',
      task: 2,
      kind: 'race',
      setup: world,
      tasks: {
        write: ({ a }) => write(a, 2),
        *read() {
          const first = yield* read();
          const second = yield* read();
          expect_true(first >= 0 && second <= 2, `two writes were counted as ${second}`);
          expect_true(first <= second, `the count went back from ${first} to ${second}`);
        },
      },
      *check() {
        expect_eq(yield* read(), 2, 'two writes were counted');
      },
    }),
    scenario({
      id: 'two-readers',
      title: 'two read at once: each gets a count that was true, and nothing is lost by it',
      task: 2,
      kind: 'race',
      setup: world,
      tasks: {
        write: ({ a }) => write(a, 1),
        *'read/a'() {
          const count = yield* read();
          expect_true(count === 0 || count === 1, `one write was counted as ${count}`);
        },
        *'read/b'() {
          const first = yield* read();
          const second = yield* read();
          expect_true(first >= 0 && second <= 1, `one write was counted as ${second}`);
          expect_true(first <= second, `the count went back from ${first} to ${second}`);
        },
      },
      *check() {
        expect_eq(yield* read(), 1, 'one write was counted');
      },
    }),
    scenario({
      id: 'read-own-write',
      title: 'a CPU that reads after its own write gets a count with that write in it',
      task: 2,
      kind: 'race',
      setup: world,
      tasks: {
        *'write/a'({ a }) {
          yield* write(a, 1);
          const count = yield* read();
          expect_true(count === 1 || count === 2, `one or two writes were counted as ${count}`);
        },
        *'write/b'({ b }) {
          yield* write(b, 1);
          const count = yield* read();
          expect_true(count === 1 || count === 2, `one or two writes were counted as ${count}`);
        },
      },
    }),
    scenario({
      id: 'read-after-write',
      title: 'so does a CPU that knows that a write has returned, even if others read meanwhile',
      task: 2,
      kind: 'race',
      setup: world,
      tasks: {
        *write({ a }) {
          yield* write(a, 1);
          yield* complete(written);
        },
        *'read/a'() {
          yield* wait_for_completion(written);
          expect_eq(yield* read(), 1, 'one write was counted');
        },
        'read/b': read,
      },
    }),
  ];
});
