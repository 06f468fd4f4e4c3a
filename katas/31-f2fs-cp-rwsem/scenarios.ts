// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of operations and checkpoints: no operation waits for itself, and a checkpoint sees none that is half done. */
import {
  allocated,
  complete,
  DECLARE_COMPLETION,
  DEFINE_MUTEX,
  DEFINE_STATIC,
  EEXIST,
  ENOMEM,
  expect_eq,
  expect_no_locks,
  expect_true,
  GFP_KERNEL,
  GFP_NOWAIT,
  int,
  IS_ERR,
  list_count_nodes,
  list_for_each_entry,
  mutex_lock,
  mutex_unlock,
  type Op,
  PTR_ERR,
  scenario,
  settle,
  struct,
  type StructOf,
  suite,
  wait_for_completion,
} from '#lib';

type F2fs = typeof import('./f2fs');
type Inode = StructOf<F2fs['inode']>;
type Sbi = StructOf<F2fs['f2fs_sb_info']>;

/** What the devices have been given. */
const device = struct('device', { last: int, writes: int });
const written = DEFINE_STATIC('written', device);
const queue_lock = DEFINE_MUTEX('queue_lock');

const submitted = DECLARE_COMPLETION('submitted');
const others_done = DECLARE_COMPLETION('others_done');

/** A file system with a file in its root, which is dirty. New files in the root get an ACL. */
interface World {
  readonly sbi: Sbi;
  readonly root: Inode;
  readonly file: Inode;
}

const FILE = 2;
const ACL = 7;

export default suite<F2fs>((f2fs) => {
  function* create(dir: Inode, ino: number): Op<Inode> {
    const made = yield* f2fs.vfs_create(dir, ino);
    expect_no_locks('creat()');
    if (IS_ERR(made)) throw new Error(`creat() gives ${PTR_ERR(made)}`);
    return made;
  }
  function* set_acl(inode: Inode, perm: number): Op<void> {
    expect_eq(yield* f2fs.f2fs_set_acl(inode, perm), 0, 'setxattr()');
    expect_no_locks('setxattr()');
  }
  function* write(inode: Inode, data: number): Op<void> {
    yield* f2fs.f2fs_file_write(inode, data);
    expect_no_locks('write()');
  }
  function* sync(inode: Inode): Op<void> {
    expect_eq(yield* f2fs.f2fs_sync_file(inode), 0, 'fsync()');
    expect_no_locks('fsync()');
  }
  function* checkpoint(sbi: Sbi): Op<void> {
    yield* f2fs.write_checkpoint(sbi);
    expect_no_locks('sync()');
  }
  /** A task outside of the file system wants memory: kswapd, or a task that has no locks. */
  function* reclaim(): Op<void> {
    expect_true(
      yield* f2fs.__alloc_pages(GFP_KERNEL),
      'there is no memory for a task that may wait',
    );
    expect_no_locks('an allocation');
  }

  function* mounted(): Op<Sbi> {
    const sbi = yield* f2fs.f2fs_fill_super();
    if (sbi === null) throw new Error('set-up code has no memory');
    sbi.submit_bio = submit;
    return sbi;
  }
  /** A file system whose file has data that the device does not have. */
  function* dirty(): Op<World> {
    return yield* withFile(yield* mounted());
  }
  function* withFile(sbi: Sbi): Op<World> {
    const root = sbi.s_root as Inode; // f2fs_fill_super() has made it
    const file = yield* create(root, FILE);
    yield* set_acl(root, ACL);
    yield* write(file, 5);
    return { sbi, root, file };
  }
  function* short(): Op<World> {
    const world = yield* dirty();
    yield* f2fs.set_memory_short(true);
    return world;
  }
  /** Two file systems; the oldest page is of the second one. */
  function* two(): Op<{ here: World; there: World }> {
    const there = yield* dirty();
    return { here: yield* short(), there };
  }

  /** The last checkpoint is one of whole operations. */
  function whole({ ckpt }: Sbi): void {
    if (ckpt.checkpoint_ver === 0) return;
    expect_eq(ckpt.valid_inode_count, ckpt.nodes, 'inodes that the checkpoint counts');
    expect_eq(ckpt.valid_block_count, ckpt.blocks, 'blocks that the checkpoint counts');
    expect_eq(ckpt.dentries, ckpt.nodes - 1, 'names in the checkpoint, of its inodes but the root');
  }
  function* unmounted(sbi: Sbi): Op<void> {
    yield* f2fs.f2fs_put_super(sbi);
    expect_no_locks('umount()');
  }
  function* nothingLeft(): Op<void> {
    yield* settle();
    expect_eq(allocated(f2fs.inode), 0, 'inodes that are left');
    expect_eq(allocated(f2fs.posix_acl), 0, 'ACLs that are left');
    expect_eq(allocated(f2fs.f2fs_acl_header), 0, 'ACLs for the device that are left');
    expect_eq(allocated(f2fs.f2fs_sb_info), 0, 'file systems that are left');
  }
  function* gone({ sbi, file }: World): Op<void> {
    yield* write(file, 8);
    yield* f2fs.f2fs_put_super(sbi);
    expect_eq(written.last, 8, 'what umount() has written');
    yield* nothingLeft();
  }
  /** What is in the page cache is on the device after fsync(), whatever was tried before. */
  function* kept(file: Inode): Op<void> {
    yield* settle();
    yield* sync(file);
    expect_eq(file.i_addr, file.i_page.data, 'the data on the device after fsync()');
  }
  /** Whatever happened: the file system works, with memory and without. `files` are in its root. */
  function* works(world: World, files: number, blocks = 2): Op<void> {
    const { sbi, root, file } = world;
    whole(sbi);
    yield* kept(file);
    expect_eq(list_count_nodes(root.i_entries), files, 'files in the directory');
    const again = yield* create(root, 91);
    expect_eq(again.i_xattr, root.i_xattr, 'the ACL of a new file');
    yield* f2fs.set_memory_short(false);
    yield* create(root, 92);
    yield* write(file, 6);
    yield* write(again, 7);
    yield* sync(file);
    yield* sync(again);
    expect_eq(file.i_addr, 6, 'the data on the device after fsync()');
    expect_eq(again.i_addr, 7, 'the data on the device after fsync()');
    yield* checkpoint(sbi);
    whole(sbi);
    expect_eq(sbi.ckpt.nodes, files + 3, 'inodes in the checkpoint');
    expect_eq(sbi.ckpt.blocks, blocks, 'blocks in the checkpoint');
    yield* gone(world);
  }
  /** It is whole, and can be unmounted: for scenarios in which many tasks do much. */
  function* ends(world: World): Op<void> {
    whole(world.sbi);
    yield* f2fs.set_memory_short(false);
    yield* kept(world.file);
    yield* gone(world);
  }
  const holds =
    (files: number) =>
    (world: World): Op<void> =>
      works(world, files);

  const race = { task: 1, kind: 'race', fair: true } as const;
  const half = { task: 2, kind: 'overfix', fair: true } as const;
  const before = { task: 3, kind: 'overfix', fair: true } as const;

  return [
    scenario({
      ...race,
      id: 'create-vs-checkpoint',
      title: 'a file is made while memory is short, and a checkpoint waits for its turn',
      setup: short,
      tasks: {
        create: ({ root }) => create(root, 3),
        checkpoint: ({ sbi }) => checkpoint(sbi),
      },
      check: holds(2),
    }),
    scenario({
      ...race,
      id: 'create-alone',
      title:
        'a file is made while memory is short, and nobody waits: lockdep need not wait for that',
      setup: short,
      tasks: { create: ({ root }) => create(root, 3) },
      check: holds(2),
    }),
    scenario({
      ...race,
      id: 'two-creates',
      title: 'two files are made in two directories, one of which has no ACL for them',
      setup: withDirectory,
      tasks: {
        'create/a': ({ root }) => create(root, 4),
        'create/b': ({ dir }) => create(dir, 4),
      },
      *check(world) {
        expect_eq(aclOf(world.dir, 4), 0, 'the ACL of a new file');
        expect_eq(aclOf(world.root, 4), ACL, 'the ACL of a new file');
        yield* ends(world);
      },
    }),
    scenario({
      ...race,
      id: 'page-of-another',
      title: 'the page that is written is one of another file system, which has a checkpoint',
      setup: two,
      tasks: {
        create: ({ here }) => create(here.root, 3),
        checkpoint: ({ there }) => checkpoint(there.sbi),
      },
      check: both,
    }),
    scenario({
      ...half,
      id: 'no-half-file',
      title: 'a checkpoint sees a new file with its name and its ACL, or not at all',
      setup: dirty,
      tasks: {
        create: ({ root }) => create(root, 3),
        *checkpoint({ sbi }) {
          yield* checkpoint(sbi);
          whole(sbi);
        },
      },
      *check(world) {
        const { ckpt } = world.sbi;
        expect_eq(ckpt.acls, ckpt.nodes - 1, 'ACLs in the checkpoint');
        yield* works(world, 2);
      },
    }),
    scenario({
      ...half,
      id: 'no-half-write',
      title: 'a checkpoint sees the first block of a file counted, or not at all',
      setup: dirty,
      tasks: {
        sync: ({ file }) => sync(file),
        checkpoint: ({ sbi }) => checkpoint(sbi),
      },
      *check(world) {
        expect_eq(world.file.i_addr, 5, 'the data on the device after fsync()');
        yield* works(world, 1);
      },
    }),
    scenario({
      ...half,
      id: 'no-half-reclaim',
      title: 'so it is if the page is written because memory is short',
      setup: short,
      tasks: {
        kswapd: reclaim,
        checkpoint: ({ sbi }) => checkpoint(sbi),
      },
      check: holds(1),
    }),
    scenario({
      ...half,
      id: 'reclaim-vs-create',
      title: 'somebody has the page written while a file is made, and a checkpoint comes',
      setup: withDirectory,
      tasks: {
        kswapd: reclaim,
        create: ({ dir }) => create(dir, 4),
        checkpoint: ({ sbi }) => checkpoint(sbi),
      },
      *check(world) {
        yield* ends(world);
      },
    }),
    scenario({
      ...half,
      id: 'acl-vs-checkpoint',
      title: 'an ACL is set while a checkpoint is made',
      setup: short,
      tasks: {
        setxattr: ({ file }) => set_acl(file, 6),
        checkpoint: ({ sbi }) => checkpoint(sbi),
      },
      *check(world) {
        expect_eq(world.file.i_xattr, 6, 'the ACL');
        yield* works(world, 1);
      },
    }),
    scenario({
      ...half,
      id: 'two-checkpoints',
      title: 'two checkpoints are made while a file is made',
      setup: dirty,
      tasks: {
        create: ({ root }) => create(root, 3),
        'checkpoint/a': ({ sbi }) => checkpoint(sbi),
        'checkpoint/b': ({ sbi }) => checkpoint(sbi),
      },
      alike: [['checkpoint/a', 'checkpoint/b']],
      *check(world) {
        expect_eq(world.sbi.ckpt.checkpoint_ver, 2, 'checkpoints');
        yield* works(world, 2);
      },
    }),
    scenario({
      ...before,
      id: 'create-vs-acl',
      title: 'a new file has the ACL that its directory had, or the one that it gets meanwhile',
      setup: short,
      tasks: {
        create: ({ root }) => create(root, 3),
        setxattr: ({ root }) => set_acl(root, 6),
      },
      *check(world) {
        const acl = aclOf(world.root, 3);
        expect_true(acl === ACL || acl === 6, `the ACL of the new file is ${acl}`);
        yield* works(world, 2);
      },
    }),
    scenario({
      ...before,
      id: 'create-vs-no-acl',
      title: 'so it is if the directory loses its ACL',
      setup: short,
      tasks: {
        create: ({ root }) => create(root, 3),
        setxattr: ({ root }) => set_acl(root, 0),
      },
      *check(world) {
        const acl = aclOf(world.root, 3);
        expect_true(acl === ACL || acl === 0, `the ACL of the new file is ${acl}`);
        yield* works(world, 2);
      },
    }),
    scenario({
      ...before,
      id: 'sync-vs-checkpoint',
      title: 'fsync() has written the data when it returns, whatever a checkpoint does meanwhile',
      setup: short,
      tasks: {
        *sync({ file }) {
          yield* sync(file);
          expect_eq(file.i_addr, 5, 'the data on the device after fsync()');
        },
        checkpoint: ({ sbi }) => checkpoint(sbi),
      },
      check: holds(1),
    }),
    scenario({
      ...before,
      id: 'sync-vs-reclaim',
      title: 'and also if the page is written for somebody else meanwhile',
      setup: short,
      tasks: {
        *sync({ file }) {
          yield* sync(file);
          expect_eq(file.i_addr, 5, 'the data on the device after fsync()');
        },
        kswapd: reclaim,
      },
      check: holds(1),
    }),
    scenario({
      ...before,
      id: 'sync-vs-create',
      title: 'or while a file is made',
      setup: short,
      tasks: {
        *sync({ file }) {
          yield* sync(file);
          expect_eq(file.i_addr, 5, 'the data on the device after fsync()');
        },
        create: ({ root }) => create(root, 3),
      },
      check: holds(2),
    }),
    scenario({
      ...before,
      id: 'write-vs-reclaim',
      title: 'what is written while the page goes to the device is not lost',
      setup: short,
      tasks: {
        write: ({ file }) => write(file, 9),
        kswapd: reclaim,
      },
      *check(world) {
        yield* settle();
        yield* sync(world.file);
        expect_eq(world.file.i_addr, 9, 'the data on the device after fsync()');
        yield* works(world, 1);
      },
    }),
    scenario({
      ...before,
      id: 'write-vs-create',
      title: 'nor is what is written while a file is made',
      setup: short,
      tasks: {
        write: ({ file }) => write(file, 9),
        create: ({ root }) => create(root, 3),
      },
      *check(world) {
        yield* settle();
        yield* sync(world.file);
        expect_eq(world.file.i_addr, 9, 'the data on the device after fsync()');
        yield* works(world, 2);
      },
    }),
    scenario({
      ...before,
      kind: 'function',
      id: 'reclaim-writes',
      title: 'dirty pages are written when memory is short and nobody is in the way',
      setup: short,
      tasks: { kswapd: reclaim },
      *check(world) {
        yield* settle();
        expect_eq(world.file.i_addr, 5, 'the data on the device');
        yield* works(world, 1);
      },
    }),
    scenario({
      ...before,
      id: 'reclaim-writes-both',
      title: 'of two dirty pages both are written when two want memory',
      *setup() {
        const world = yield* dirty();
        const another = yield* create(world.root, 3);
        yield* write(another, 4);
        yield* f2fs.set_memory_short(true);
        return { ...world, another };
      },
      tasks: { 'reclaim/a': reclaim, 'reclaim/b': reclaim },
      *check(world) {
        yield* settle();
        expect_eq(world.file.i_addr, 5, 'the data of the first file on the device');
        expect_eq(world.another.i_addr, 4, 'the data of the second file on the device');
        yield* works(world, 2, 3);
      },
    }),
    scenario({
      ...before,
      kind: 'function',
      id: 'no-needless-write',
      title: 'nothing is written while there is memory, and nothing twice',
      setup: dirty,
      tasks: {},
      *check(world) {
        const { root, file } = world;
        yield* create(root, 3);
        yield* reclaim();
        yield* settle();
        expect_eq(written.writes, 0, 'writes to the device');
        yield* sync(file);
        yield* sync(file);
        yield* f2fs.set_memory_short(true);
        yield* reclaim();
        yield* settle();
        expect_eq(written.writes, 1, 'writes to the device');
        yield* works(world, 2);
      },
    }),
    scenario({
      ...before,
      id: 'writes-side-by-side',
      title: 'while one file goes to the device, another one is made, and others are written',
      setup: withAnother,
      tasks: {
        sync: ({ file }) => sync(file),
        *other({ root, another }) {
          yield* wait_for_completion(submitted);
          yield* create(root, 4);
          yield* set_acl(another, 6);
          yield* sync(another);
          yield* complete(others_done);
        },
      },
      *check(world) {
        world.sbi.submit_bio = submit;
        expect_eq(world.another.i_addr, 4, 'the data on the device after fsync()');
        yield* works(world, 3, 3);
      },
    }),
    scenario({
      ...before,
      id: 'other-file-system',
      title: 'while one file system has a slow device, another one works, and has a checkpoint',
      *setup() {
        const worlds = yield* two();
        worlds.here.sbi.submit_bio = slow;
        return worlds;
      },
      tasks: {
        sync: ({ here }) => sync(here.file),
        *other({ there }) {
          yield* wait_for_completion(submitted);
          yield* create(there.root, 3);
          yield* sync(there.file);
          yield* checkpoint(there.sbi);
          yield* complete(others_done);
        },
      },
      *check({ here, there }) {
        here.sbi.submit_bio = submit;
        expect_eq(here.file.i_addr, 5, 'the data on the device after fsync()');
        yield* unmountedToo(here);
        yield* works(there, 2);
      },
    }),
    scenario({
      ...before,
      kind: 'function',
      id: 'names',
      title: 'a name is given once, also where there is no ACL',
      setup: short,
      tasks: {
        *user({ root }) {
          yield* create(root, 3);
          for (const name of [3, FILE]) {
            const made = yield* f2fs.vfs_create(root, name);
            expect_true(IS_ERR(made) && PTR_ERR(made) === -EEXIST, 'creat() of a name that exists');
            expect_no_locks('creat()');
          }
          const dir = yield* create(root, 4);
          yield* set_acl(dir, 0);
          const plain = yield* create(dir, 3);
          expect_eq(plain.i_xattr, 0, 'the ACL of a file in a directory without one');
          yield* set_acl(plain, 6);
          yield* set_acl(plain, 0);
          expect_eq(plain.i_xattr, 0, 'the ACL that was taken away');
        },
      },
      *check(world) {
        yield* f2fs.set_memory_short(false);
        yield* checkpoint(world.sbi);
        whole(world.sbi);
        yield* gone(world);
      },
    }),
    scenario({
      ...before,
      id: 'no-memory',
      title: 'without memory there is no file, and a checkpoint can be made',
      setup: dirty,
      failures: { kzalloc: 1, kmalloc: 1 },
      tasks: { create: mayCreate, checkpoint: ({ sbi }) => checkpoint(sbi) },
      *check(world) {
        whole(world.sbi);
        yield* works(world, list_count_nodes(world.root.i_entries));
      },
    }),
    scenario({
      ...before,
      id: 'no-memory-and-short',
      title: 'so it is where memory has to be reclaimed first',
      setup: short,
      failures: { kzalloc: 1, kmalloc: 1 },
      tasks: { create: mayCreate },
      *check(world) {
        yield* works(world, list_count_nodes(world.root.i_entries));
      },
    }),
    scenario({
      ...before,
      id: 'no-memory-for-acl',
      title: 'without memory an ACL stays as it was',
      setup: short,
      failures: { kzalloc: 1, kmalloc: 1 },
      tasks: {
        *setxattr({ file }) {
          const err = yield* f2fs.f2fs_set_acl(file, 6);
          expect_no_locks('setxattr()');
          expect_true(err === 0 || err === -ENOMEM, `setxattr() gives ${err}`);
          expect_eq(file.i_xattr, err === 0 ? 6 : 0, 'the ACL');
        },
      },
      check: holds(1),
    }),
    scenario({
      ...before,
      kind: 'function',
      id: 'memory-that-waits-for-nobody',
      title: 'who may not wait gets no memory when it is short, and nothing is written for him',
      setup: short,
      tasks: {},
      *check(world) {
        expect_true(
          !(yield* f2fs.__alloc_pages(GFP_NOWAIT)),
          'memory for a task that may not wait',
        );
        expect_true(yield* f2fs.__alloc_pages(f2fs.GFP_NOFS), 'no memory without file systems');
        yield* settle();
        expect_eq(written.writes, 0, 'writes to the device');
        yield* works(world, 1);
      },
    }),
    scenario({
      ...before,
      kind: 'function',
      id: 'device-full',
      title: 'while the device has no free sections, pages are not written for who wants memory',
      setup: short,
      tasks: {},
      *check(world) {
        const { sbi, file } = world;
        sbi.free_sections = 0;
        yield* reclaim();
        yield* settle();
        expect_eq(file.i_addr, 0, 'the data on the device');
        yield* sync(file);
        expect_eq(file.i_addr, 5, 'the data on the device after fsync()');
        sbi.free_sections = 1;
        yield* works(world, 1);
      },
    }),
    scenario({
      ...before,
      kind: 'function',
      id: 'umount-after-reclaim',
      title: 'a file system is unmounted when memory has just been short',
      setup: short,
      tasks: {
        *user({ root, sbi }) {
          yield* create(root, 3);
          yield* reclaim();
          yield* unmounted(sbi);
        },
      },
      *check() {
        expect_eq(written.last, 5, 'what umount() has written');
        yield* nothingLeft();
      },
    }),
  ];

  /** The device: it may sleep. */
  function* submit(_inode: Inode, data: number): Op<void> {
    yield* mutex_lock(queue_lock);
    written.last = data;
    written.writes++;
    yield* mutex_unlock(queue_lock);
  }
  /** The device takes no more until others have done their work. */
  function* slow(inode: Inode, data: number): Op<void> {
    if (inode.i_ino === FILE) {
      yield* complete(submitted);
      yield* wait_for_completion(others_done);
    }
    yield* submit(inode, data);
  }
  /** Memory is short, and there is a directory that has no ACL for new files. */
  function* withDirectory(): Op<World & { dir: Inode }> {
    const world = yield* dirty();
    const dir = yield* create(world.root, 3);
    yield* set_acl(dir, 0);
    yield* f2fs.set_memory_short(true);
    return { ...world, dir };
  }
  function* withAnother(): Op<World & { another: Inode }> {
    const world = yield* dirty();
    const another = yield* create(world.root, 3);
    yield* write(another, 4);
    world.sbi.submit_bio = slow;
    return { ...world, another };
  }
  function* mayCreate({ root }: World): Op<void> {
    const made = yield* f2fs.vfs_create(root, 3);
    expect_no_locks('creat()');
    if (IS_ERR(made)) expect_eq(PTR_ERR(made), -ENOMEM, 'creat() without memory');
    else expect_eq(made.i_xattr, ACL, 'the ACL of a new file');
  }
  function aclOf(dir: Inode, ino: number): number {
    for (const entry of list_for_each_entry(dir.i_entries, f2fs.inode, 'i_dentry')) {
      if (entry.i_ino === ino) return entry.i_xattr;
    }
    return -1;
  }
  function* unmountedToo({ sbi }: World): Op<void> {
    yield* f2fs.set_memory_short(false);
    whole(sbi);
    yield* unmounted(sbi);
  }
  function* both({ here, there }: { here: World; there: World }): Op<void> {
    whole(here.sbi);
    yield* unmountedToo(there);
    yield* works(here, 2);
  }
});
