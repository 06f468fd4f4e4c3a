// SPDX-License-Identifier: GPL-2.0-only
/**
 * What idr_replace() must do and leave alone, on trees of every height, and what must hold of a minor whose place is taken first
 * and given to a device later.
 */
import {
  DEFINE_POINTER,
  DEFINE_SPINLOCK,
  EAGAIN,
  EINVAL,
  ENOENT,
  ENOMEM,
  ENOSPC,
  ERR_PTR,
  expect_eq,
  expect_no_locks,
  expect_true,
  GFP_KERNEL,
  kmalloc,
  MINORBITS,
  type Op,
  type out,
  scenario,
  spin_lock,
  spin_unlock,
  type StructOf,
  suite,
} from '#lib';

type Idr = typeof import('./idr');
type Tree = StructOf<Idr['idr']>;
type Entry = object | null;

/** Devices, as far as an IDR is concerned. */
const A = DEFINE_POINTER<object>('device A');
const B = DEFINE_POINTER<object>('device B');
const C = DEFINE_POINTER<object>('device C');
/** A lock of an IDR's users. */
const users_lock = DEFINE_SPINLOCK('users_lock');

/** Ids that make trees of one, two and three layers, sparse and full. */
const SHAPES = ['0', '1 3', '0 1 2 3', '0 6', '5 12 15', '2 17 40 63', '0 1 2 3 20'].map((ids) =>
  ids.split(' ').map(Number),
);
const IDS = 64;
const MINORS = 1 << MINORBITS;
const HIGH_BIT = 0x80000000;

const contract = { task: 1, kind: 'function' } as const;
/** The tree of the minors is there for as long as dm is, and so are its layers, spare ones among them. */
const mayKeep = { idr_layer: 12 };
const race = { task: 2, kind: 'race', mayKeep } as const;
const works = { task: 2, kind: 'function', mayKeep } as const;

export default suite<Idr>((idr) => {
  function* noTrees(): Op<Tree[]> {
    return [];
  }
  function* empty(trees: Tree[]): Op<Tree> {
    const idp = yield* kmalloc(idr.idr, GFP_KERNEL);
    if (idp === null) throw new Error('set-up code has no memory');
    yield* idr.idr_init(idp);
    trees.push(idp);
    return idp;
  }
  /** Allocates an id for an entry, exactly this one. */
  function* take(idp: Tree, id: number, ptr: Entry = A): Op<void> {
    const got: out<number> = { value: -1 };
    expect_eq(yield* idr.idr_pre_get(idp, GFP_KERNEL), 1, 'idr_pre_get()');
    expect_eq(yield* idr.idr_get_new_above(idp, ptr, id, got), 0, 'idr_get_new_above()');
    expect_eq(got.value, id, 'the id that was asked for');
  }
  function* tree(trees: Tree[], ids: readonly number[]): Op<Tree> {
    const idp = yield* empty(trees);
    for (const id of ids) yield* take(idp, id);
    return idp;
  }
  function* replace(idp: Tree, ptr: Entry, id: number): Op<unknown> {
    const old = yield* idr.idr_replace(idp, ptr, id);
    expect_no_locks('idr_replace()');
    return old;
  }
  function* replaces(idp: Tree, ptr: Entry, id: number, old: unknown): Op<void> {
    expect_eq(yield* replace(idp, ptr, id), old, `idr_replace() of id ${id >>> 0}`);
  }
  /** Allocates the first free id from one on: the id, or the error. More layers are prepared only when they are asked for. */
  function* first(idp: Tree, from: number, ptr: Entry): Op<number> {
    const got: out<number> = { value: -1 };
    let ret = yield* idr.idr_get_new_above(idp, ptr, from, got);
    if (ret === -EAGAIN) {
      expect_eq(yield* idr.idr_pre_get(idp, GFP_KERNEL), 1, 'idr_pre_get()');
      ret = yield* idr.idr_get_new_above(idp, ptr, from, got);
    }
    return ret === 0 ? got.value : ret;
  }
  /** Ids are what they have been so far: `there` says which of them have which entries. */
  function* stand(idp: Tree, there: ReadonlyMap<number, Entry>): Op<void> {
    for (let id = 0; id < IDS; id++)
      expect_eq(yield* idr.idr_find(idp, id), there.get(id) ?? null, `what id ${id} stands for`);
  }
  /** These ids have this entry, and no others have any. */
  function* has(idp: Tree, ids: readonly number[], ptr: Entry = A): Op<void> {
    for (let id = 0; id < IDS; id++) {
      const expected = ids.includes(id) ? ptr : null;
      expect_eq(yield* idr.idr_find(idp, id), expected, `what id ${id} stands for`);
    }
  }
  /** Takes these ids out of the tree again, which is empty then. */
  function* dismantle(idp: Tree, ids: readonly number[]): Op<void> {
    for (const id of ids) yield* idr.idr_remove(idp, id);
    yield* replaces(idp, B, 1, ERR_PTR(-EINVAL));
    for (const id of [0, 1]) yield* take(idp, id, B);
    yield* has(idp, [0, 1], B);
  }
  /** Ids a tree has room for: what one layer holds, times the layers above one another. */
  function room(ids: readonly number[]): number {
    const layer = Math.max(...ids) < 4 ? 1 : Math.max(...ids) < 16 ? 2 : 3;
    return 4 ** layer;
  }

  function* reserve(expected = 0): Op<number> {
    const minor: out<number> = { value: -1 };
    expect_eq(yield* idr.next_free_minor(minor), expected, 'next_free_minor()');
    expect_no_locks('next_free_minor()');
    return minor.value;
  }
  function* set(minor: number, md: object): Op<void> {
    expect_eq(yield* idr.setMinor(minor, md), 0, 'setMinor() of a minor that was taken');
    expect_no_locks('setMinor()');
  }
  function* setsNothing(minor: number): Op<void> {
    const ret = yield* idr.setMinor(minor, C);
    if (ret !== -EINVAL) expect_eq(ret, -ENOENT, 'setMinor() of a minor nobody has taken');
    expect_no_locks('setMinor()');
  }
  function* found(minor: number, md: Entry): Op<void> {
    expect_eq(yield* idr.findMinor(minor), md, `what has minor ${minor}`);
  }
  /** Takes a minor, if one is left. */
  function* takeOne(results: number[]): Op<void> {
    const ret = yield* idr.next_free_minor({ value: -1 });
    if (ret !== -ENOSPC) expect_eq(ret, 0, 'next_free_minor()');
    results.push(ret);
  }
  /** Minor 0 is taken, minor 1 too, and neither has a device yet. */
  function* twoTaken(): Op<readonly [number, number]> {
    yield* idr.local_init();
    return [yield* reserve(), yield* reserve()];
  }

  return [
    scenario({
      id: 'replace',
      title: 'an id stands for the new entry, gives the old one, and no other id is touched',
      ...contract,
      setup: noTrees,
      tasks: {
        *user(trees) {
          for (const ids of SHAPES) {
            const idp = yield* tree(trees, ids);
            for (const id of ids) yield* replaces(idp, B, id, A);
            yield* has(idp, ids, B);
            for (const id of ids.slice(1)) yield* replaces(idp, A, id, B);
            expect_eq(yield* idr.idr_find(idp, ids[0] ?? 0), B, 'what the first id stands for');
            yield* replaces(idp, A, ids[0] ?? 0, B);
            yield* dismantle(idp, ids);
          }
        },
      },
    }),
    scenario({
      id: 'not-allocated',
      title: 'an id that is not allocated gives -ENOENT and stays free',
      ...contract,
      setup: noTrees,
      tasks: {
        *user(trees) {
          yield* replaces(yield* empty(trees), B, 0, ERR_PTR(-ENOENT));
          for (const ids of SHAPES) {
            const idp = yield* tree(trees, ids);
            const free = Array.from({ length: room(ids) }, (_, id) => id).filter(
              (id) => !ids.includes(id),
            );
            for (const id of free) yield* replaces(idp, B, id, ERR_PTR(-ENOENT));
            yield* has(idp, ids);
            for (const id of free.slice(0, 1)) yield* take(idp, id);
            yield* has(idp, [...ids, ...free.slice(0, 1)]);
          }
        },
      },
    }),
    scenario({
      id: 'too-large',
      title: 'an id beyond what the tree holds right now gives -EINVAL',
      ...contract,
      setup: noTrees,
      tasks: {
        *user(trees) {
          const idp = yield* empty(trees);
          for (const id of [1, 4, 63, 1 << 20]) yield* replaces(idp, B, id, ERR_PTR(-EINVAL));
          for (const id of [0, 4, 16]) {
            yield* take(idp, id);
            const end = room([id]);
            for (const beyond of [end, end + 1, 4 * end, 1 << 30])
              yield* replaces(idp, B, beyond, ERR_PTR(-EINVAL));
          }
          yield* has(idp, [0, 4, 16]);
          yield* idr.idr_remove(idp, 16);
          yield* replaces(idp, B, 16, ERR_PTR(-EINVAL));
          yield* has(idp, [0, 4]);
          yield* dismantle(idp, [0, 4]);
        },
      },
    }),
    scenario({
      id: 'removed',
      title: 'an id that was freed is not brought back',
      ...contract,
      setup: noTrees,
      tasks: {
        *user(trees) {
          for (const ids of SHAPES) {
            for (const gone of ids) {
              const idp = yield* tree(trees, ids);
              yield* idr.idr_remove(idp, gone);
              const error = yield* replace(idp, B, gone);
              const fine = error === ERR_PTR(-ENOENT) || error === ERR_PTR(-EINVAL);
              expect_true(fine, `idr_replace() of id ${gone} gave no error after its idr_remove()`);
              const left = ids.filter((id) => id !== gone);
              yield* has(idp, left);
              yield* take(idp, gone);
              yield* has(idp, ids);
            }
          }
        },
      },
    }),
    scenario({
      id: 'null-entries',
      title: 'an id may stand for NULL and is no less allocated',
      ...contract,
      setup: noTrees,
      tasks: {
        *user(trees) {
          for (const id of [0, 3, 9, 33]) {
            const idp = yield* empty(trees);
            yield* take(idp, id, null);
            yield* replaces(idp, A, id, null);
            yield* replaces(idp, null, id, A);
            yield* replaces(idp, null, id, null);
            yield* has(idp, []);
            const next: out<number> = { value: -1 };
            expect_eq(yield* idr.idr_pre_get(idp, GFP_KERNEL), 1, 'idr_pre_get()');
            yield* idr.idr_get_new_above(idp, B, id, next);
            expect_eq(next.value, id + 1, 'the first id behind one that stands for NULL');
            yield* dismantle(idp, [id, id + 1]);
          }
        },
      },
    }),
    scenario({
      id: 'high-bit',
      title: 'the highest bit of an id does not count',
      ...contract,
      setup: noTrees,
      tasks: {
        *user(trees) {
          for (const ids of SHAPES) {
            const idp = yield* tree(trees, ids);
            for (const id of ids) yield* replaces(idp, B, id | HIGH_BIT, A);
            yield* has(idp, ids, B);
            yield* replaces(idp, A, room(ids) | HIGH_BIT, ERR_PTR(-EINVAL));
            expect_eq(yield* idr.idr_find(idp, room(ids) | HIGH_BIT), null, 'an id too large');
            for (const id of ids) {
              expect_eq(yield* idr.idr_find(idp, id | HIGH_BIT), B, `what id ${id} stands for`);
              yield* idr.idr_remove(idp, id | HIGH_BIT);
              expect_eq(yield* idr.idr_find(idp, id), null, `what id ${id} stands for`);
            }
          }
          yield* replaces(yield* empty(trees), A, HIGH_BIT | 0, ERR_PTR(-ENOENT));
        },
      },
    }),
    scenario({
      id: 'full-tree',
      title: 'a tree knows how full it is, whatever was replaced in it',
      ...contract,
      setup: noTrees,
      tasks: {
        *user(trees) {
          const ids = Array.from({ length: 16 }, (_, id) => id);
          const idp = yield* tree(trees, ids);
          for (const id of ids) yield* replaces(idp, B, id, A);
          yield* take(idp, 16, B);
          yield* has(idp, [...ids, 16], B);
          yield* idr.idr_remove(idp, 7);
          yield* replaces(idp, A, 6, B);
          yield* replaces(idp, B, 6, A);
          const next: out<number> = { value: -1 };
          expect_eq(yield* idr.idr_pre_get(idp, GFP_KERNEL), 1, 'idr_pre_get()');
          yield* idr.idr_get_new(idp, B, next);
          expect_eq(next.value, 7, 'the only free id of a full tree');
          yield* dismantle(idp, [...ids, 16]);
        },
      },
    }),
    scenario({
      id: 'all-ids',
      title: 'ids are allocated from the first free one on, found and freed as before',
      ...contract,
      stepsMax: 3000,
      setup: noTrees,
      tasks: {
        *user(trees) {
          const idp = yield* empty(trees);
          const there = new Map<number, Entry>();
          const got: out<number> = { value: -1 };
          expect_eq(yield* idr.idr_get_new(idp, A, got), -EAGAIN, 'idr_get_new() with no layers');
          for (let i = 0; i < IDS; i++) {
            const from = (i * 29) % IDS;
            let id = from;
            while (there.has(id)) id++;
            const expected = id < IDS ? id : -ENOSPC;
            const ptr = i % 2 === 0 ? A : C;
            expect_eq(yield* first(idp, from, ptr), expected, `the first free id from ${from} on`);
            if (id < IDS) there.set(id, ptr);
            if (i % 8 === 0) yield* stand(idp, there);
            if (i % 5 !== 4 || !there.has(i)) continue;
            yield* idr.idr_remove(idp, i);
            there.delete(i);
          }
          while (there.size < IDS) {
            const id = yield* first(idp, 0, B);
            expect_true(id >= 0 && !there.has(id), 'an id is allocated twice, or none is left');
            there.set(id, B);
          }
          for (const from of [0, IDS - 1, IDS])
            expect_eq(yield* first(idp, from, B), -ENOSPC, 'one more id than there are');
          yield* stand(idp, there);
          for (let i = 1; i <= IDS; i++) {
            const id = (i * 23) % IDS;
            yield* idr.idr_remove(idp, id);
            there.delete(id);
            if (i % 8 === 0) yield* stand(idp, there);
          }
          expect_eq(yield* first(idp, 2, B), 2, 'the first free id from 2 on, of a tree of none');
        },
      },
    }),
    scenario({
      id: 'few-layers',
      title: 'an allocation without enough spare layers says so, and can be made again',
      ...contract,
      failures: { kzalloc: 2 },
      setup: noTrees,
      tasks: {
        *user(trees) {
          const idp = yield* empty(trees);
          const there = new Map<number, Entry>();
          for (const id of [0, 4, 16]) {
            const got: out<number> = { value: -1 };
            yield* idr.idr_pre_get(idp, GFP_KERNEL);
            let ret = yield* idr.idr_get_new_above(idp, A, id, got);
            for (let i = 0; ret === -EAGAIN && i < 4; i++) {
              yield* stand(idp, there);
              yield* idr.idr_pre_get(idp, GFP_KERNEL);
              ret = yield* idr.idr_get_new_above(idp, A, id, got);
            }
            expect_eq(ret, 0, 'idr_get_new_above()');
            expect_eq(got.value, id, 'the id that was asked for');
            there.set(id, A);
          }
          yield* stand(idp, there);
        },
      },
    }),
    scenario({
      id: 'spare-layers',
      title: 'spare layers are made for a tree while another of its users takes some',
      ...contract,
      kind: 'race',
      setup: () => tree([], [0]),
      tasks: {
        *'user/a'(idp) {
          expect_eq(yield* idr.idr_pre_get(idp, GFP_KERNEL), 1, 'idr_pre_get()');
        },
        *'user/b'(idp) {
          yield* spin_lock(users_lock);
          yield* idr.idr_remove(idp, 0);
          const id = yield* first(idp, 4, B);
          yield* spin_unlock(users_lock);
          expect_eq(id, 4, 'the first free id from 4 on');
        },
      },
      check: (idp) => has(idp, [4], B),
    }),
    scenario({
      id: 'under-spinlock',
      title: 'it needs no memory and does not sleep, so that it can be called under a spinlock',
      ...contract,
      failures: { kzalloc: 20 },
      setup: () => tree([], [0, 5, 20]),
      tasks: {
        *'user/a'(idp) {
          yield* spin_lock(users_lock);
          expect_eq(yield* idr.idr_replace(idp, B, 5), A, 'idr_replace() of id 5');
          yield* spin_unlock(users_lock);
        },
        *'user/b'(idp) {
          yield* spin_lock(users_lock);
          expect_eq(yield* idr.idr_replace(idp, C, 20), A, 'idr_replace() of id 20');
          const both = [yield* idr.idr_find(idp, 0), yield* idr.idr_find(idp, 20)];
          yield* spin_unlock(users_lock);
          expect_true(both[0] === A && both[1] === C, 'one of two ids got lost');
        },
      },
      *check(idp) {
        expect_eq(yield* idr.idr_find(idp, 5), B, 'what id 5 stands for');
        expect_eq(yield* idr.idr_find(idp, 20), C, 'what id 20 stands for');
      },
    }),
    scenario({
      id: 'minors',
      title: 'a minor is taken, gets its device, and is free again; one nobody has taken gets none',
      ...works,
      tasks: {
        *dmsetup() {
          yield* twoTaken();
          yield* found(0, idr.MINOR_ALLOCED);
          yield* set(1, A);
          yield* set(0, B);
          yield* found(0, B);
          yield* found(1, A);
          yield* setsNothing(2);
          yield* setsNothing(7);
          yield* found(2, null);
          for (const md of [C, C, A]) {
            yield* set(1, md);
            yield* found(1, md);
          }
          for (const minor of [1, 0]) yield* idr.free_minor(minor);
          yield* found(0, null);
          for (let minor = 0; minor < MINORS; minor++) {
            expect_eq(yield* reserve(), minor, 'the lowest free minor');
            yield* set(minor, A);
          }
        },
      },
    }),
    scenario({
      id: 'all-taken',
      title: 'when all minors are taken there is -ENOSPC, until one is free',
      ...works,
      *setup() {
        yield* idr.local_init();
        for (let minor = 0; minor < MINORS; minor++) yield* reserve(0);
      },
      tasks: {
        *'dm-create'() {
          for (let i = 0; i < 2; i++) yield* reserve(-ENOSPC);
          yield* idr.free_minor(5);
          expect_eq(yield* reserve(), 5, 'the only free minor');
        },
        *'dm-status'() {
          yield* found(MINORS, null);
          yield* setsNothing(MINORS);
        },
      },
      check: () => found(MINORS, null),
    }),
    scenario({
      id: 'last-minor',
      title: 'of two who want the last minor one gets it',
      ...works,
      *setup() {
        yield* idr.local_init();
        for (let minor = 0; minor < MINORS - 1; minor++) yield* reserve();
        return [] as number[];
      },
      tasks: { 'dm-create/a': takeOne, 'dm-create/b': takeOne },
      *check(results) {
        expect_eq(results.filter((ret) => ret === 0).length, 1, 'minors given out');
      },
    }),
    scenario({
      id: 'no-memory-at-all',
      title: 'where no memory ever comes there is no minor but -ENOMEM, and soon',
      ...works,
      stepsMax: 400,
      failures: { kzalloc: 1000 },
      setup: idr.local_init,
      tasks: {
        *'dm-create'() {
          const minor: out<number> = { value: -1 };
          const ret = yield* idr.next_free_minor(minor);
          expect_no_locks('next_free_minor()');
          if (ret !== 0) expect_eq(ret, -ENOMEM, 'next_free_minor() without memory');
          yield* found(0, ret === 0 ? idr.MINOR_ALLOCED : null);
        },
      },
    }),
    scenario({
      id: 'set-vs-take',
      title: "a minor that gets its device is nobody else's meanwhile",
      ...race,
      setup: twoTaken,
      tasks: {
        'dm-create/a': ([, minor]) => set(minor, A),
        *'dm-create/b'() {
          expect_true((yield* reserve()) === 2, 'a minor that has an owner was given to another');
        },
      },
      *check() {
        yield* found(0, idr.MINOR_ALLOCED);
        yield* found(1, A);
        yield* found(2, idr.MINOR_ALLOCED);
      },
    }),
    scenario({
      id: 'set-vs-set',
      title: 'two minors get their devices at once, each its own',
      ...race,
      setup: twoTaken,
      tasks: {
        'dm-create/a': ([minor]) => set(minor, A),
        'dm-create/b': ([, minor]) => set(minor, B),
      },
      *check() {
        yield* found(0, A);
        yield* found(1, B);
      },
    }),
    scenario({
      id: 'set-vs-find',
      title: 'who looks meanwhile sees the placeholder or the device, and never nothing',
      ...race,
      setup: twoTaken,
      tasks: {
        'dm-create': ([minor]) => set(minor, A),
        *'dm-status'([minor]) {
          const md = yield* idr.findMinor(minor);
          expect_true(md === A || md === idr.MINOR_ALLOCED, 'a minor that is taken was free');
        },
      },
      check: () => found(0, A),
    }),
    scenario({
      id: 'set-vs-free',
      title: 'another minor may be given back meanwhile',
      ...race,
      setup: twoTaken,
      tasks: {
        'dm-create': ([, minor]) => set(minor, A),
        'dm-remove': ([minor]) => idr.free_minor(minor),
      },
      *check() {
        yield* found(0, null);
        yield* found(1, A);
        expect_eq(yield* reserve(), 0, 'the lowest free minor');
      },
    }),
    scenario({
      id: 'set-without-memory',
      title: 'a minor that is taken gets its device without any more memory',
      ...race,
      failures: { kzalloc: 1 },
      *setup() {
        yield* idr.local_init();
        return yield* reserve();
      },
      tasks: {
        'dm-create': (minor) => set(minor, A),
        *'dm-create/b'() {
          const minor: out<number> = { value: -1 };
          const ret = yield* idr.next_free_minor(minor);
          expect_true(ret === 0 || ret === -ENOMEM, 'next_free_minor() without memory');
        },
      },
      check: () => found(0, A),
    }),
  ];
});
