// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of a private mapping: what is written to it is seen there, and nowhere else. */
import {
  allocated,
  EFAULT,
  EINVAL,
  EIO,
  ENOMEM,
  expect_eq,
  expect_no_locks,
  expect_true,
  GFP_KERNEL,
  IS_ERR,
  kfree,
  kzalloc,
  type Op,
  PTR_ERR,
  READ_ONCE,
  scenario,
  type StructOf,
  suite,
  WRITE_ONCE,
} from '#lib';

type Gup = typeof import('./gup');
type Page = StructOf<Gup['page']>;
type File = StructOf<Gup['address_space']>;
type Mm = StructOf<Gup['mm_struct']>;

interface World {
  readonly file: File;
  /** The process whose memory is written to. */
  readonly mm: Mm;
}
interface Two extends World {
  /** Another process that maps the file, or a child. */
  readonly other: Mm;
}

/** What is in the pages of the file. */
const FILE = [10, 20] as const;
/** What is written to the mapping before, by a task, and by another one. */
const OLD = 5;
const NEW = 77;
const NEWER = 88;

export default suite<Gup>((gup) => {
  const { VM_READ, VM_WRITE, VM_SHARED, VM_MAYWRITE, FOLL_WRITE, FOLL_FORCE, MADV_DONTNEED } = gup;
  /** mmap(PROT_READ, MAP_PRIVATE) */
  const READ_ONLY = VM_READ | VM_MAYWRITE;
  const WRITABLE = READ_ONLY | VM_WRITE;
  const SHARED = WRITABLE | VM_SHARED;

  function* page(data: number): Op<Page> {
    const made = yield* gup.alloc_page();
    if (made === null) throw new Error('set-up code has no page');
    yield* WRITE_ONCE(made, 'data', data);
    return made;
  }
  function* mapping(file: File, vm_flags: number): Op<Mm> {
    const mm = yield* gup.mm_alloc(file, vm_flags);
    if (mm === null) throw new Error('set-up code has no memory');
    return mm;
  }
  function* mapped(vm_flags = READ_ONLY, pages: readonly number[] = FILE): Op<World> {
    const file = yield* kzalloc(gup.address_space, GFP_KERNEL);
    if (file === null) throw new Error('set-up code has no file');
    for (const [index, data] of pages.entries()) file.page_tree[index] = yield* page(data);
    return { file, mm: yield* mapping(file, vm_flags) };
  }
  /** Another process maps the file. */
  function* byTwo(vm_flags: number, others = vm_flags): Op<Two> {
    const world = yield* mapped(vm_flags);
    return { ...world, other: yield* mapping(world.file, others) };
  }
  /** There is a copy already. */
  function* copied(): Op<World> {
    const world = yield* mapped();
    yield* write(world.mm, OLD);
    return world;
  }
  /** The mapping shows the page of the file. */
  function* shown(): Op<World> {
    const world = yield* mapped();
    yield* sees(world.mm, [FILE[0]]);
    return world;
  }
  function* forked(): Op<Two> {
    const world = yield* copied();
    return { ...world, other: yield* fork(world.mm) };
  }
  function* fork(mm: Mm): Op<Mm> {
    const child = yield* gup.dup_mm(mm);
    expect_no_locks('fork()');
    if (child === null) throw new Error('no memory for a child');
    return child;
  }

  function* write(mm: Mm, data = NEW, address = 0, len = 1): Op<void> {
    const written = yield* gup.mem_write(mm, address, data, len);
    expect_no_locks('write() to /proc/PID/mem');
    expect_eq(written, len, 'pages that write() to /proc/PID/mem has written');
  }
  function* dontneed(mm: Mm, address = 0, len = 1): Op<void> {
    expect_eq(yield* gup.madvise(mm, address, len, MADV_DONTNEED), 0, 'madvise()');
    expect_no_locks('madvise()');
  }
  function* load(mm: Mm, address = 0): Op<number> {
    const data = yield* gup.load(mm, address);
    expect_no_locks('a page fault');
    return data;
  }
  function* store(mm: Mm, data: number, result = 0): Op<void> {
    expect_eq(yield* gup.store(mm, 0, data), result, 'a write of the process');
    expect_no_locks('a page fault');
  }
  /** The process reads a page that it does not have. */
  function* touch(mm: Mm, address = 0): Op<void> {
    expect_eq(yield* gup.do_page_fault(mm, address, 0), 0, 'a page fault');
    expect_no_locks('a page fault');
  }
  /** What a task reads is one of these. */
  function* sees(mm: Mm, data: readonly number[], address = 0, what = 'the process'): Op<void> {
    const seen = yield* load(mm, address);
    expect_true(data.includes(seen), `${what} reads ${seen}, which is none of ${data.join()}`);
  }
  function* pin(mm: Mm, gup_flags: number): Op<Page> {
    const pinned = yield* gup.get_user_pages_unlocked(mm, 0, gup_flags);
    expect_no_locks('get_user_pages()');
    if (IS_ERR(pinned)) throw new Error(`get_user_pages() gives ${PTR_ERR(pinned)}`);
    return pinned;
  }

  /** What may be written to is a copy, and not the page of the file. */
  function* pinsCopy({ mm, file }: World): Op<Page> {
    const pinned = yield* pin(mm, FOLL_WRITE | FOLL_FORCE);
    expect_true(
      pinned !== file.page_tree[0],
      'get_user_pages(FOLL_WRITE) gives the page of the file for a private mapping',
    );
    yield* gup.put_page(pinned);
    return pinned;
  }
  function* pinsAndWrites({ mm }: World): Op<void> {
    const pinned = yield* pin(mm, FOLL_WRITE | FOLL_FORCE);
    yield* WRITE_ONCE(pinned, 'data', NEW);
    expect_eq(yield* READ_ONCE(pinned, 'data'), NEW, 'what is in the pinned page');
    yield* gup.put_page(pinned);
  }

  /** What is in the file. */
  function* holds({ file }: World, data: readonly number[], what: string): Op<void> {
    for (const [index, each] of data.entries()) {
      const cached = file.page_tree[index];
      if (cached) expect_eq(yield* READ_ONCE(cached, 'data'), each, what);
    }
  }
  const untouched = (world: World): Op<void> =>
    holds(world, FILE, 'the file, though the mapping is private');
  /** The mapping does what mappings do. */
  function* works({ mm, file }: World, vm_flags = READ_ONLY): Op<void> {
    yield* write(mm, NEW, 0, 2);
    yield* sees(mm, [NEW]);
    yield* sees(mm, [NEW], 1);
    yield* store(mm, 2, vm_flags & VM_WRITE ? 0 : -EFAULT);
    yield* dontneed(mm, 0, 2);
    expect_eq(allocated(gup.page), FILE.length, 'pages, the copies being forgotten');
    for (const index of FILE.keys()) {
      const cached = file.page_tree[index];
      if (cached) yield* sees(mm, [yield* READ_ONCE(cached, 'data')], index);
    }
  }
  /** All processes end, and the file is not in the page cache any more. Nothing is left. */
  function* gone({ file }: World, ...mms: readonly Mm[]): Op<void> {
    for (const mm of mms) yield* gup.exit_mmap(mm);
    for (const index of FILE.keys()) {
      const cached = file.page_tree[index];
      if (cached) yield* gup.put_page(cached);
    }
    yield* kfree(file);
    expect_eq(allocated(gup.page), 0, 'pages that are left');
    expect_eq(allocated(gup.mm_struct), 0, 'processes that are left');
  }
  /** The end of a race: the file is as it was, the mapping shows one of these, and works. */
  function shows(...data: readonly number[]): (world: World) => Op<void> {
    return function* (world) {
      yield* untouched(world);
      yield* sees(world.mm, data);
      yield* gone(world, world.mm);
    };
  }

  const race = { task: 1, kind: 'race' } as const;
  const forced = { task: 2, kind: 'overfix' } as const;
  const before = { task: 3, kind: 'overfix' } as const;

  return [
    scenario({
      ...race,
      id: 'write-vs-dontneed',
      title:
        'a debugger writes to a private mapping while the process forgets the page: the file stays as it is',
      setup: () => mapped(),
      tasks: { write: ({ mm }) => write(mm), madvise: ({ mm }) => dontneed(mm) },
      check: shows(FILE[0], NEW),
    }),
    scenario({
      ...race,
      id: 'write-vs-dontneed-then-read',
      title: 'so it does if the process has the page faulted in again',
      setup: () => mapped(),
      tasks: {
        write: ({ mm }) => write(mm),
        *process({ mm }) {
          yield* dontneed(mm);
          yield* touch(mm);
        },
      },
      check: shows(FILE[0], NEW),
    }),
    scenario({
      ...race,
      id: 'write-vs-dontneed-twice',
      title: 'so it does if the process forgets the page twice',
      setup: () => mapped(),
      tasks: {
        write: ({ mm }) => write(mm),
        *process({ mm }) {
          yield* dontneed(mm);
          yield* dontneed(mm);
        },
      },
      check: shows(FILE[0], NEW),
    }),
    scenario({
      ...race,
      id: 'write-vs-dontneed-vs-read',
      title: 'so it does if one thread forgets the page and another one faults it in',
      setup: copied,
      tasks: {
        write: ({ mm }) => write(mm),
        madvise: ({ mm }) => dontneed(mm),
        read: ({ mm }) => touch(mm),
      },
      check: shows(FILE[0], NEW),
    }),
    scenario({
      ...race,
      id: 'pin-vs-debugger',
      title: 'so it does if another debugger reads the page that was forgotten',
      setup: copied,
      tasks: {
        pin: pinsCopy,
        *debugger({ mm }) {
          yield* dontneed(mm);
          yield* touch(mm);
          const pinned = yield* pin(mm, FOLL_FORCE);
          yield* gup.put_page(pinned);
        },
      },
      check: shows(FILE[0]),
    }),
    scenario({
      ...race,
      id: 'write-to-copy-vs-dontneed',
      title: 'so it does if there was a copy already',
      setup: copied,
      tasks: {
        write: ({ mm }) => write(mm),
        *process({ mm }) {
          yield* dontneed(mm);
          yield* touch(mm);
        },
      },
      check: shows(FILE[0], NEW),
    }),
    scenario({
      ...race,
      id: 'write-to-page-vs-dontneed',
      title: 'so it does if the mapping showed the page of the file',
      setup: shown,
      tasks: {
        write: ({ mm }) => write(mm),
        *process({ mm }) {
          yield* dontneed(mm);
          yield* touch(mm);
        },
      },
      check: shows(FILE[0], NEW),
    }),
    scenario({
      ...race,
      id: 'write-vs-other-process',
      title: 'another process, which has mapped the file, never sees the write',
      setup: () => byTwo(READ_ONLY, VM_READ | VM_SHARED),
      tasks: {
        write: ({ mm }) => write(mm),
        madvise: ({ mm }) => dontneed(mm),
        other: ({ other }) => sees(other, [FILE[0]], 0, 'another process'),
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [FILE[0], NEW]);
        yield* sees(world.other, [FILE[0]], 0, 'another process');
        yield* gone(world, world.mm, world.other);
      },
    }),
    scenario({
      ...race,
      id: 'two-pages',
      title: 'two pages are written to in one call, and forgotten in one call',
      setup: () => mapped(),
      tasks: {
        write: ({ mm }) => write(mm, NEW, 0, 2),
        madvise: ({ mm }) => dontneed(mm, 0, 2),
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [FILE[0], NEW]);
        yield* sees(world.mm, [FILE[1], NEW], 1);
        yield* gone(world, world.mm);
      },
    }),
    scenario({
      ...race,
      id: 'second-page',
      title: 'one page is forgotten while there is a copy of the other',
      setup: copied,
      tasks: {
        write: ({ mm }) => write(mm, NEW, 1),
        *process({ mm }) {
          yield* dontneed(mm, 1);
          yield* touch(mm, 1);
        },
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [OLD]);
        yield* sees(world.mm, [FILE[1], NEW], 1);
        yield* gone(world, world.mm);
      },
    }),
    scenario({
      ...race,
      id: 'neighbour',
      title: 'there is a copy of one page, and the other is still that of the file',
      *setup() {
        const world = yield* copied();
        yield* touch(world.mm, 1);
        return world;
      },
      tasks: {
        *write({ mm }) {
          yield* write(mm, NEW, 1);
          yield* sees(mm, [NEW], 1);
        },
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [OLD]);
        yield* sees(world.mm, [NEW], 1);
        yield* gone(world, world.mm);
      },
    }),
    scenario({
      ...race,
      id: 'pin-vs-dontneed',
      title: 'what is pinned for writing is a copy, and it stays as long as it is pinned',
      setup: () => mapped(),
      tasks: {
        pin: pinsAndWrites,
        *process({ mm }) {
          yield* dontneed(mm);
          yield* touch(mm);
        },
      },
      check: shows(FILE[0], NEW),
    }),
    scenario({
      ...race,
      id: 'child',
      title: 'a debugger writes to a child, and the parent keeps what it had',
      setup: forked,
      tasks: {
        write: ({ other }) => write(other),
        parent: ({ mm }) => sees(mm, [OLD], 0, 'the parent'),
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [OLD], 0, 'the parent');
        yield* sees(world.other, [NEW], 0, 'the child');
        yield* gone(world, world.mm, world.other);
      },
    }),
    scenario({
      ...race,
      id: 'parent',
      title: 'a debugger writes to a parent, and the child keeps what it had',
      setup: forked,
      tasks: {
        write: ({ mm }) => write(mm),
        child: ({ other }) => sees(other, [OLD], 0, 'the child'),
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [NEW], 0, 'the parent');
        yield* sees(world.other, [OLD], 0, 'the child');
        yield* gone(world, world.mm, world.other);
      },
    }),
    scenario({
      ...race,
      id: 'parent-and-child',
      title: 'debuggers write to a parent and to its child, which share a copy',
      setup: forked,
      tasks: { parent: ({ mm }) => write(mm), child: ({ other }) => write(other, NEWER) },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [NEW], 0, 'the parent');
        yield* sees(world.other, [NEWER], 0, 'the child');
        yield* gone(world, world.mm, world.other);
      },
    }),
    scenario({
      ...race,
      id: 'child-vs-dontneed',
      title: 'the child forgets the page that it shares with its parent',
      setup: forked,
      tasks: {
        write: ({ other }) => write(other),
        *child({ other }) {
          yield* dontneed(other);
          yield* touch(other);
        },
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [OLD], 0, 'the parent');
        yield* sees(world.other, [FILE[0], NEW], 0, 'the child');
        yield* gone(world, world.mm, world.other);
      },
    }),
    scenario({
      ...race,
      id: 'shared-copy-vs-dontneed',
      title:
        'parent and child forget the page that they share while a debugger writes to the child',
      setup: forked,
      tasks: {
        write: ({ other }) => write(other),
        child: ({ other }) => dontneed(other),
        parent: ({ mm }) => dontneed(mm),
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [FILE[0]], 0, 'the parent');
        yield* sees(world.other, [FILE[0], NEW], 0, 'the child');
        yield* gone(world, world.mm, world.other);
      },
    }),
    scenario({
      ...race,
      id: 'write-vs-fork',
      title: 'a process forks while a debugger writes to it',
      *setup() {
        const world = yield* mapped();
        return { ...world, child: null as Mm | null };
      },
      tasks: {
        write: ({ mm }) => write(mm),
        *fork(world) {
          world.child = yield* fork(world.mm);
        },
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [NEW], 0, 'the parent');
        if (world.child === null) return;
        yield* sees(world.child, [FILE[0], NEW], 0, 'the child');
        yield* write(world.child, NEWER);
        yield* sees(world.mm, [NEW], 0, 'the parent');
        yield* gone(world, world.mm, world.child);
      },
    }),

    scenario({
      ...forced,
      id: 'write-vs-read',
      title: 'what a debugger has written stays, for a process that reads meanwhile',
      setup: shown,
      tasks: {
        write: ({ mm }) => write(mm),
        *read({ mm }) {
          const first = yield* load(mm);
          const second = yield* load(mm);
          expect_true(first !== NEW || second === NEW, `reads ${first}, and then ${second}`);
        },
      },
      check: shows(NEW),
    }),
    scenario({
      ...forced,
      id: 'dontneed-then-write',
      title: 'what is written after the page was forgotten stays',
      setup: copied,
      tasks: {
        *write({ mm }) {
          yield* dontneed(mm);
          yield* write(mm);
          yield* sees(mm, [NEW]);
        },
        read: ({ mm }) => touch(mm),
      },
      check: shows(NEW),
    }),
    scenario({
      ...forced,
      id: 'two-writes',
      title: 'two debuggers write to the same copy',
      setup: copied,
      tasks: { 'write/a': pinsCopy, 'write/b': pinsCopy },
      alike: [['write/a', 'write/b']],
      *check(world) {
        expect_eq(allocated(gup.page), FILE.length + 1, 'pages, one of them a copy');
        yield* shows(OLD)(world);
      },
    }),
    scenario({
      ...forced,
      id: 'two-processes',
      title: 'two processes that map the file have each their own copy',
      setup: () => byTwo(READ_ONLY),
      tasks: { 'write/a': ({ mm }) => write(mm), 'write/b': ({ other }) => write(other, NEWER) },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [NEW]);
        yield* sees(world.other, [NEWER]);
        yield* gone(world, world.mm, world.other);
      },
    }),
    scenario({
      ...forced,
      id: 'still-read-only',
      title: 'a process that may not write may not do so after a debugger has',
      setup: () => mapped(),
      tasks: { write: ({ mm }) => write(mm), store: ({ mm }) => store(mm, OLD, -EFAULT) },
      check: shows(NEW),
    }),
    scenario({
      ...forced,
      id: 'again',
      title: 'what was written, read and forgotten once can be so again, on each page',
      setup: () => mapped(),
      tasks: {
        *process(world) {
          const { mm } = world;
          yield* works(world);
          yield* write(mm, NEWER, 1);
          yield* dontneed(mm, 1);
          yield* touch(mm, 1);
          yield* write(mm, NEW, 1);
          yield* sees(mm, [FILE[0]]);
          yield* sees(mm, [NEW], 1);
          yield* works(world);
          yield* touch(mm);
          yield* touch(mm);
          expect_eq(allocated(gup.page), FILE.length, 'pages, of which none was written to');
        },
      },
      *check(world) {
        yield* gup.put_page(yield* pin(world.mm, 0));
        yield* shows(FILE[0])(world);
      },
    }),
    scenario({
      ...forced,
      kind: 'function',
      id: 'what-is-refused',
      title: 'what is refused stays refused, and a file ends where it ends',
      setup: () => mapped(READ_ONLY, FILE.slice(0, 1)),
      tasks: {},
      *check(world) {
        const { mm, file } = world;
        const shared = yield* mapping(file, VM_READ | VM_SHARED | VM_MAYWRITE);
        const unreadable = yield* mapping(file, VM_MAYWRITE);
        for (const [of, flags] of [
          [mm, FOLL_WRITE],
          [shared, FOLL_WRITE],
          [shared, FOLL_WRITE | FOLL_FORCE],
          [unreadable, 0],
        ] as const) {
          const got = yield* gup.get_user_pages_unlocked(of, 0, flags);
          expect_eq(IS_ERR(got) ? PTR_ERR(got) : 0, -EFAULT, 'get_user_pages()');
        }
        const behind = yield* gup.get_user_pages_unlocked(mm, 1, 0);
        expect_eq(IS_ERR(behind) ? PTR_ERR(behind) : 0, -EFAULT, 'get_user_pages() behind the end');
        expect_eq(yield* gup.mem_write(shared, 0, NEW, 1), -EIO, 'write() to a shared mapping');
        expect_eq(yield* gup.mem_write(mm, 2, NEW, 1), -EIO, 'write() outside of the mapping');
        expect_eq(yield* gup.mem_write(mm, -1, NEW, 1), -EIO, 'write() outside of the mapping');
        expect_eq(yield* gup.mem_write(mm, 1, NEW, 1), -EIO, 'write() behind the end of the file');
        expect_eq(yield* gup.mem_read(mm, 1), -EIO, 'read() behind the end of the file');
        expect_eq(yield* gup.mem_write(mm, 0, NEW, 2), 1, 'pages up to the end of the file');
        expect_eq(yield* gup.mem_read(mm, 0), NEW, 'what the debugger reads');
        expect_eq(yield* gup.mem_read(unreadable, 0), FILE[0], 'what the debugger reads');
        expect_eq(
          yield* gup.load(mm, 1),
          -EFAULT,
          'a read of the process behind the end of the file',
        );
        expect_eq(yield* gup.madvise(mm, 0, 1, 99), -EINVAL, 'madvise(99)');
        expect_eq(yield* gup.madvise(mm, 1, 2, MADV_DONTNEED), -ENOMEM, 'madvise() outside');
        expect_eq(yield* gup.madvise(mm, -1, 1, MADV_DONTNEED), -ENOMEM, 'madvise() outside');
        yield* untouched(world);
        yield* gone(world, mm, shared, unreadable);
      },
    }),
    scenario({
      ...forced,
      id: 'no-memory',
      title: 'without memory there is no copy, and nothing is written',
      *setup() {
        return { ...(yield* mapped()), written: 0 };
      },
      failures: { kmalloc: 2 },
      tasks: {
        *write(world) {
          world.written = yield* gup.mem_write(world.mm, 0, NEW, 1);
          expect_no_locks('write() to /proc/PID/mem');
          expect_true([1, -EIO].includes(world.written), `write() gives ${world.written}`);
        },
        madvise: ({ mm }) => dontneed(mm),
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, world.written === 1 ? [FILE[0], NEW] : [FILE[0]]);
        yield* gone(world, world.mm);
      },
    }),

    scenario({
      ...forced,
      id: 'pinned-twice',
      title: 'who pins a page for writing twice is given the same copy',
      setup: () => mapped(),
      tasks: {
        *pin({ mm }) {
          const first = yield* pin(mm, FOLL_WRITE | FOLL_FORCE);
          const second = yield* pin(mm, FOLL_WRITE | FOLL_FORCE);
          expect_eq(second, first, 'the page that is pinned again');
          yield* WRITE_ONCE(first, 'data', NEW);
          yield* sees(mm, [NEW]);
          yield* gup.put_page(first);
          yield* gup.put_page(second);
        },
      },
      check: shows(NEW),
    }),
    scenario({
      ...forced,
      kind: 'function',
      id: 'no-memory-for-copy',
      title: 'so it is if the mapping shows the page of the file',
      *setup() {
        return { ...(yield* shown()), pinned: false };
      },
      failures: { kmalloc: 2 },
      tasks: {
        *pin(world) {
          const got = yield* gup.get_user_pages_unlocked(world.mm, 0, FOLL_WRITE | FOLL_FORCE);
          expect_no_locks('get_user_pages()');
          if (IS_ERR(got)) {
            expect_eq(PTR_ERR(got), -ENOMEM, 'get_user_pages()');
            return;
          }
          yield* WRITE_ONCE(got, 'data', NEW);
          yield* gup.put_page(got);
          world.pinned = true;
        },
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [world.pinned ? NEW : FILE[0]]);
        yield* gone(world, world.mm);
      },
    }),
    scenario({
      ...before,
      id: 'read-needs-no-copy',
      title: 'a debugger that reads is shown the page of the file, and it is not copied',
      setup: () => mapped(),
      tasks: {
        *read({ mm, file }) {
          expect_eq(yield* gup.mem_read(mm, 0), FILE[0], 'what the debugger reads');
          const pinned = yield* pin(mm, FOLL_FORCE);
          expect_eq(pinned, file.page_tree[0], 'the page that is read');
          yield* gup.put_page(pinned);
        },
        madvise: ({ mm }) => dontneed(mm),
      },
      *check(world) {
        expect_eq(allocated(gup.page), FILE.length, 'pages, of which none was written to');
        yield* shows(FILE[0])(world);
      },
    }),
    scenario({
      ...before,
      id: 'dontneed-forgets',
      title: 'a page that nobody needs is forgotten, and its copy is freed',
      *setup() {
        const world = yield* mapped();
        yield* write(world.mm, OLD, 0, 2);
        return world;
      },
      tasks: {
        'madvise/a': ({ mm }) => dontneed(mm),
        'madvise/b': ({ mm }) => dontneed(mm),
      },
      alike: [['madvise/a', 'madvise/b']],
      *check(world) {
        expect_eq(allocated(gup.page), 3, 'pages, one copy being forgotten');
        yield* sees(world.mm, [OLD], 1);
        yield* shows(FILE[0])(world);
      },
    }),
    scenario({
      ...before,
      id: 'shared',
      title: 'what is written to a shared mapping is in the file, and other processes see it',
      setup: () => byTwo(SHARED),
      tasks: {
        *write({ mm, other }) {
          yield* write(mm);
          yield* sees(other, [NEW], 0, 'another process');
        },
        madvise: ({ mm }) => dontneed(mm),
      },
      *check(world) {
        expect_eq(allocated(gup.page), FILE.length, 'pages, none of them a copy');
        yield* sees(world.mm, [NEW]);
        yield* store(world.other, NEWER);
        yield* holds(world, [NEWER, FILE[1]], 'the file, and the mapping is shared');
        yield* gone(world, world.mm, world.other);
      },
    }),
    scenario({
      ...before,
      id: 'writable-vs-dontneed',
      title: 'a process that may write forgets a page that it has read, while a debugger writes',
      *setup() {
        const world = yield* mapped(WRITABLE);
        yield* touch(world.mm);
        return world;
      },
      tasks: {
        write: ({ mm }) => write(mm),
        *process({ mm }) {
          yield* dontneed(mm);
          yield* touch(mm);
        },
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [FILE[0], NEW]);
        yield* gone(world, world.mm);
      },
    }),
    scenario({
      ...before,
      id: 'again-where-writable',
      title: 'what a process has written can be forgotten, and written again',
      setup: () => mapped(WRITABLE),
      tasks: {
        *process(world) {
          yield* store(world.mm, OLD);
          yield* sees(world.mm, [OLD]);
          yield* works(world, WRITABLE);
          yield* works(world, WRITABLE);
        },
      },
      check: shows(FILE[0]),
    }),
    scenario({
      ...before,
      id: 'pin-vs-store',
      title: 'the page that is pinned for writing is the one that the process writes to',
      setup: () => mapped(WRITABLE),
      tasks: {
        *pin({ mm }) {
          const pinned = yield* pin(mm, FOLL_WRITE | FOLL_FORCE);
          yield* store(mm, NEWER);
          expect_eq(yield* READ_ONCE(pinned, 'data'), NEWER, 'what is in the pinned page');
          yield* gup.put_page(pinned);
        },
        read: ({ mm }) => sees(mm, [FILE[0], NEWER]),
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [NEWER]);
        yield* gone(world, world.mm);
      },
    }),
    scenario({
      ...before,
      id: 'children',
      title: 'a page that was pinned is still that of the process when its children have their own',
      *setup() {
        const world = yield* mapped(WRITABLE);
        yield* touch(world.mm);
        return world;
      },
      tasks: {
        *process({ mm }) {
          yield* store(mm, OLD);
          const pinned = yield* pin(mm, FOLL_WRITE | FOLL_FORCE);
          yield* gup.exit_mmap(yield* fork(mm));
          yield* store(mm, NEW);
          expect_eq(yield* READ_ONCE(pinned, 'data'), NEW, 'what is in the pinned page');
          const child = yield* fork(mm);
          yield* store(child, OLD);
          yield* store(mm, NEWER);
          expect_eq(yield* READ_ONCE(pinned, 'data'), NEWER, 'what is in the pinned page');
          yield* sees(child, [OLD], 0, 'the child');
          yield* gup.exit_mmap(child);
          yield* gup.put_page(pinned);
        },
      },
      check: shows(NEWER),
    }),
    scenario({
      ...before,
      id: 'forked-copy',
      title: 'so it is if the page was never read before',
      setup: () => mapped(WRITABLE),
      tasks: {
        *process({ mm }) {
          yield* store(mm, OLD);
          const pinned = yield* pin(mm, FOLL_WRITE | FOLL_FORCE);
          const child = yield* fork(mm);
          yield* dontneed(child);
          yield* store(mm, NEW);
          expect_eq(yield* READ_ONCE(pinned, 'data'), NEW, 'what is in the pinned page');
          yield* sees(child, [FILE[0]], 0, 'the child');
          yield* gup.exit_mmap(child);
          yield* gup.put_page(pinned);
        },
      },
      check: shows(NEW),
    }),
    scenario({
      ...before,
      kind: 'function',
      id: 'no-memory-for-process',
      title: 'without memory a process cannot write, or fork, and keeps what it has',
      *setup() {
        const world = yield* mapped(WRITABLE);
        yield* touch(world.mm);
        return { ...world, stored: 0, child: null as Mm | null };
      },
      failures: { kmalloc: 1, kzalloc: 1 },
      tasks: {
        *process(world) {
          world.stored = yield* gup.store(world.mm, 0, NEW);
          expect_no_locks('a page fault');
          expect_true([0, -ENOMEM].includes(world.stored), `a write gives ${world.stored}`);
          world.child = yield* gup.dup_mm(world.mm);
          expect_no_locks('fork()');
        },
      },
      *check(world) {
        const data = world.stored === 0 ? NEW : FILE[0];
        yield* untouched(world);
        yield* sees(world.mm, [data]);
        if (world.child === null) {
          yield* gone(world, world.mm);
          return;
        }
        yield* sees(world.child, [data], 0, 'the child');
        yield* gone(world, world.mm, world.child);
      },
    }),
    scenario({
      ...before,
      id: 'pin-vs-unshared-store',
      title: 'the parent forgets a page, and the child writes to it, while a debugger pins it',
      *setup() {
        const world = yield* mapped(WRITABLE);
        yield* store(world.mm, OLD);
        return { ...world, other: yield* fork(world.mm) };
      },
      tasks: {
        *pin({ other }) {
          yield* gup.put_page(yield* pin(other, FOLL_WRITE | FOLL_FORCE));
        },
        *processes({ mm, other }) {
          yield* dontneed(mm);
          yield* store(other, NEWER);
        },
      },
      *check(world) {
        yield* untouched(world);
        yield* sees(world.mm, [FILE[0]], 0, 'the parent');
        yield* sees(world.other, [NEWER], 0, 'the child');
        yield* gone(world, world.mm, world.other);
      },
    }),
    scenario({
      ...before,
      id: 'pin-then-dontneed',
      title: 'a thread forgets the page that it has pinned, and writes to what it has pinned',
      setup: () => mapped(),
      tasks: {
        *pin({ mm }) {
          const pinned = yield* pin(mm, FOLL_WRITE | FOLL_FORCE);
          yield* dontneed(mm);
          yield* WRITE_ONCE(pinned, 'data', NEW);
          yield* gup.put_page(pinned);
          yield* sees(mm, [FILE[0]]);
        },
      },
      check: shows(FILE[0]),
    }),
    scenario({
      ...before,
      id: 'two-stores-after-read',
      title: 'two threads write to a page that both have read, and there is one copy',
      *setup() {
        const world = yield* mapped(WRITABLE);
        yield* touch(world.mm);
        return world;
      },
      tasks: { 'store/a': ({ mm }) => store(mm, NEW), 'store/b': ({ mm }) => store(mm, NEWER) },
      *check(world) {
        expect_eq(allocated(gup.page), FILE.length + 1, 'pages, one of them a copy');
        yield* untouched(world);
        yield* sees(world.mm, [NEW, NEWER]);
        yield* gone(world, world.mm);
      },
    }),
    scenario({
      ...before,
      id: 'two-stores',
      title: 'two threads write to a page at first, and there is one copy',
      setup: () => mapped(WRITABLE),
      tasks: { 'store/a': ({ mm }) => store(mm, NEW), 'store/b': ({ mm }) => store(mm, NEWER) },
      *check(world) {
        expect_eq(allocated(gup.page), FILE.length + 1, 'pages, one of them a copy');
        yield* untouched(world);
        yield* sees(world.mm, [NEW, NEWER]);
        yield* works(world, WRITABLE);
        yield* gone(world, world.mm);
      },
    }),
  ];
});
