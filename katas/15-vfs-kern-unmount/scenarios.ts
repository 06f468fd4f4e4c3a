// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of mounts when they are put on one CPU and ended on another, and of the file systems under them. Nothing here
 * asks how the driver counts, nor what it waits for.
 *
 * A file system here belongs to an owner: its superblock points to it (`s_fs_info`), is found by it, and writes into it when it is
 * taken down. Owners free themselves when they think that all is over.
 */

import {
  allocated,
  alive,
  atomic_dec_and_test,
  complete,
  container_of,
  current_task,
  d_make_root,
  DECLARE_COMPLETION,
  DEFINE_ATOMIC,
  DEFINE_FILE_SYSTEM_TYPE,
  DEFINE_FS_CONTEXT_OPERATIONS,
  DEFINE_MUTEX,
  DEFINE_SPINLOCK,
  dentry,
  ENOMEM,
  ERR_PTR,
  type errptr,
  expect_eq,
  expect_no_locks,
  expect_true,
  type file_system_type,
  fs_context,
  fs_context_for_mount,
  fs_inode,
  get_tree_keyed,
  get_tree_nodev,
  GFP_KERNEL,
  grace_periods,
  int,
  IS_ERR,
  IS_ERR_OR_NULL,
  kfree,
  kill_litter_super,
  kzalloc,
  mutex_lock,
  mutex_unlock,
  new_inode,
  type Op,
  PTR_ERR,
  put_fs_context,
  rcu_assign_pointer,
  rcu_dereference,
  rcu_read_lock,
  rcu_read_unlock,
  reached,
  SB_KERNMOUNT,
  scenario,
  slabReuses,
  spin_lock,
  spin_unlock,
  static_var,
  struct,
  type StructOf,
  suite,
  super_block,
  type vfsmount,
  wait_for_completion,
} from '#lib';

type Vfs = typeof import('./namespace');

/** Whom a file system belongs to. */
const owner = struct('owner', {
  /** How often its file system has been taken down. */
  down: int,
});
type Owner = StructOf<typeof owner>;

/** A file system and its mounts; `mnt` is the first. */
interface World {
  readonly owner: Owner;
  readonly mnt: vfsmount;
  /** The same file system once more. */
  readonly again?: vfsmount;
  readonly others: readonly { readonly owner: Owner; readonly mnt: vfsmount }[];
}

/* The file systems. */

function* fill_super(sb: super_block): Op<number> {
  const root = yield* d_make_root(yield* new_inode(sb));
  if (root === null) return -ENOMEM;
  sb.s_root = root;
  return 0;
}

const pseudo_context_ops = DEFINE_FS_CONTEXT_OPERATIONS('pseudo_context_ops', {
  *get_tree(fc) {
    const { fs_private } = fc;
    if (fs_private === null) return yield* get_tree_nodev(fc, fill_super);
    return yield* get_tree_keyed(fc, fill_super, fs_private);
  },
});

function* pseudo_init_fs_context(fc: fs_context): Op<number> {
  fc.ops = pseudo_context_ops;
  return 0;
}

/** Tells the owner that its file system is no more: the last thing that is done with the owner. */
function* pseudo_kill_sb(sb: super_block): Op<void> {
  const mine = sb.s_fs_info as Owner; // void * in C
  yield* kill_litter_super(sb);
  mine.down++;
}

const pseudo_fs_type = DEFINE_FILE_SYSTEM_TYPE('pseudo_fs_type', {
  init_fs_context: pseudo_init_fs_context,
  kill_sb: pseudo_kill_sb,
});

/** As mqueue's: its superblocks are found by an owner that they do not touch when they go. */
const keyed_fs_type = DEFINE_FILE_SYSTEM_TYPE('keyed_fs_type', {
  init_fs_context: pseudo_init_fs_context,
  kill_sb: kill_litter_super,
});

const busy = DEFINE_MUTEX('busy');

/** Takes a lock that users of the file system take, too. */
const locking_fs_type = DEFINE_FILE_SYSTEM_TYPE('locking_fs_type', {
  init_fs_context: pseudo_init_fs_context,
  *kill_sb(sb) {
    yield* mutex_lock(busy);
    yield* pseudo_kill_sb(sb);
    yield* mutex_unlock(busy);
  },
});

const flushed = DECLARE_COMPLETION('flushed');

/** Waits for something before it goes. */
const slow_fs_type = DEFINE_FILE_SYSTEM_TYPE('slow_fs_type', {
  init_fs_context: pseudo_init_fs_context,
  *kill_sb(sb) {
    yield* wait_for_completion(flushed);
    yield* pseudo_kill_sb(sb);
  },
});

/* What the scenarios share. */

const users = DEFINE_ATOMIC('users', 2);
const unmounted = DECLARE_COMPLETION('unmounted');
const handed_over = DECLARE_COMPLETION('handed_over');
const driver_lock = DEFINE_SPINLOCK('driver_lock');
const root_mnt = static_var<vfsmount | null>('root_mnt', null);
const ONE_GRACE_PERIOD = 'two mounts are ended after one grace period';

function* newOwner(): Op<Owner> {
  const made = yield* kzalloc(owner, GFP_KERNEL);
  return made as Owner; // never NULL: no scenario with owners lets kzalloc fail
}

/** What somebody with a reference does with the file system. */
function useIt(mnt: vfsmount): void {
  const { mnt_sb, mnt_root } = mnt;
  expect_true(alive(mnt_sb) && mnt_sb.s_root === mnt_root, 'a mount that is in use has its root');
  expect_eq((mnt_sb.s_fs_info as Owner).down, 0, 'times a file system in use was taken down');
}

/** All is over, and was over once. */
function* isOver(mine: Owner): Op<void> {
  expect_eq(mine.down, 1, 'nobody has the file system mounted: times it was taken down');
  yield* kfree(mine);
}

export default suite<Vfs>((vfs) => {
  function* put(mnt: vfsmount): Op<void> {
    yield* vfs.mntput(mnt);
    expect_no_locks('mntput()');
  }
  function* get(mnt: vfsmount): Op<void> {
    expect_eq(yield* vfs.mntget(mnt), mnt, 'what mntget() gives');
  }
  function* unmount(mnt: vfsmount | errptr | null): Op<void> {
    yield* vfs.kern_unmount(mnt);
    expect_no_locks('kern_unmount()');
  }
  function* unmountAll(mounts: readonly (vfsmount | errptr | null)[]): Op<void> {
    yield* vfs.kern_unmount_array(mounts, mounts.length);
    expect_no_locks('kern_unmount_array()');
  }
  /** Mounts an owner's file system: for the kernel, or as user space does. */
  function* mountFor(mine: Owner, type: file_system_type, flags: number): Op<vfsmount> {
    const fc = (yield* fs_context_for_mount(type, flags)) as fs_context; // no scenario with owners lets it fail
    fc.fs_private = mine;
    const mnt = (yield* flags === SB_KERNMOUNT
      ? vfs.fc_mount_longterm(fc)
      : vfs.fc_mount(fc)) as vfsmount; // likewise
    yield* put_fs_context(fc);
    container_of(mnt, vfs.mount, 'mnt');
    useIt(mnt);
    return mnt;
  }
  /** A world whose first mount somebody else has `references` to, and others to none of which anybody has. */
  function* world(
    references = 0,
    { type = pseudo_fs_type, flags = SB_KERNMOUNT, others = 0 } = {},
  ): Op<World> {
    const mounts: { owner: Owner; mnt: vfsmount }[] = [];
    for (let i = 0; i <= others; i++) {
      const mine = yield* newOwner();
      mounts.push({ owner: mine, mnt: yield* mountFor(mine, type, flags) });
    }
    const [first, ...rest] = mounts as [World, ...World[]]; // there is at least one
    for (let i = 0; i < references; i++) yield* get(first.mnt);
    return { ...first, others: rest };
  }
  const user = { flags: 0 };
  function* nothingLeft(): Op<void> {
    for (const type of [super_block, dentry, fs_inode, fs_context, vfs.mount]) {
      expect_eq(allocated(type), 0, `${type.typeName}s left at the end`);
    }
  }
  /** The owners' file systems are down, once each, and nothing is left. */
  function* allOver({ owner: mine, others }: World): Op<void> {
    yield* isOver(mine);
    for (const other of others) yield* isOver(other.owner);
    yield* nothingLeft();
  }
  /** Uses the file system, and closes it. */
  function* close({ mnt }: World): Op<void> {
    useIt(mnt);
    yield* put(mnt);
  }

  /** Puts a mount that is still owed a reference, with a lock held that only allows for what does not sleep. */
  function* putHoldingNothing(mnt: vfsmount): Op<void> {
    yield* spin_lock(driver_lock);
    const steps = vfs.mntput(mnt)[Symbol.iterator]();
    for (let step = steps.next(); step.done !== true;) {
      const result: unknown = yield step.value;
      const taken = current_task().held.filter(({ type }) => type !== 'rcu');
      if (taken.length > 1) expect_eq(taken.length, 1, 'locks that are held in mntput()');
      step = steps.next(result);
    }
    yield* spin_unlock(driver_lock);
  }

  const race = { task: 1, kind: 'race', setup: () => world(1), check: allOver } as const;
  const works = { ...race, kind: 'function' } as const;
  const overfix = { ...race, kind: 'overfix' } as const;
  const late = { task: 2, kind: 'race', setup: () => world(), check: nothingLeft } as const;

  return [
    scenario({
      id: 'put-vs-unmount',
      title: 'of a put and an unmount that drop the last two references one ends the mount',
      ...race,
      tasks: { close: ({ mnt }) => put(mnt), umount: ({ mnt }) => unmount(mnt) },
    }),
    scenario({
      id: 'puts-vs-unmount',
      title: 'of two puts and an unmount one ends the mount',
      ...race,
      setup: () => world(2),
      alike: [['close/a', 'close/b']],
      tasks: {
        'close/a': ({ mnt }) => put(mnt),
        'close/b': ({ mnt }) => put(mnt),
        umount: ({ mnt }) => unmount(mnt),
      },
    }),
    scenario({
      id: 'use-vs-unmount',
      title: 'a file system exists until its last user has put its mount',
      ...race,
      tasks: { close, umount: ({ mnt }) => unmount(mnt) },
    }),
    scenario({
      id: 'get-vs-unmount',
      title: 'a task with a reference may take more of them while the mount is being ended',
      ...race,
      tasks: {
        *open(w) {
          yield* get(w.mnt);
          yield* put(w.mnt);
          yield* put(w.mnt);
        },
        umount: ({ mnt }) => unmount(mnt),
      },
    }),
    scenario({
      id: 'put-vs-array',
      title: 'a mount in an array is ended like one alone',
      ...race,
      tasks: {
        close: ({ mnt }) => put(mnt),
        umount: ({ mnt }) => unmountAll([null, mnt]),
      },
    }),
    scenario({
      id: 'unmount-alone',
      title: 'a mount that nobody else uses is ended, and one that does not exist is not',
      ...works,
      setup: () => world(0, { others: 1 }),
      tasks: {
        *umount({ mnt, others }) {
          yield* unmount(mnt);
          yield* unmount(null);
          yield* unmount(ERR_PTR(-ENOMEM));
          yield* unmountAll([null, ...others.map((other) => other.mnt), null]);
        },
      },
    }),
    scenario({
      id: 'two-mounts',
      title: 'a file system that is mounted twice is taken down with its last mount, once',
      ...works,
      *setup() {
        const w = yield* world();
        const again = yield* mountFor(w.owner, pseudo_fs_type, SB_KERNMOUNT);
        return { ...w, again };
      },
      tasks: {
        'umount/a': ({ mnt }) => unmount(mnt),
        'umount/b': ({ again = null }) => unmount(again),
      },
    }),
    scenario({
      id: 'mount-vs-unmount',
      title: 'who mounts a file system while its last mount is ended gets one that works',
      ...works,
      tasks: {
        umount: ({ mnt }) => unmount(mnt),
        *mount({ owner: mine }) {
          const again = yield* mountFor(mine, keyed_fs_type, SB_KERNMOUNT);
          yield* unmount(again);
        },
      },
      setup: () => world(0, { type: keyed_fs_type }),
      *check({ owner: mine }) {
        yield* kfree(mine);
        yield* nothingLeft();
      },
    }),
    scenario({
      id: 'handed-over',
      title: 'a reference that is taken on one CPU and put on another is never missed',
      ...works,
      setup: () => world(1, user),
      tasks: {
        *open(w) {
          yield* get(w.mnt);
          yield* complete(handed_over);
          yield* close(w);
        },
        *heir({ mnt }) {
          yield* wait_for_completion(handed_over);
          yield* put(mnt);
        },
        umount: ({ mnt }) => put(mnt),
      },
    }),
    scenario({
      id: 'user-puts',
      title: 'two mounts of user space are shut down, even if they are put at the same time',
      ...works,
      setup: () => world(0, { ...user, others: 1 }),
      tasks: {
        'umount/a': close,
        *'umount/b'({ others }) {
          for (const { mnt } of others) yield* put(mnt);
        },
      },
    }),
    scenario({
      id: 'walk-vs-put',
      title: 'a mount stays readable for a task that has found it under RCU',
      ...works,
      *setup() {
        const w = yield* world(0, user);
        root_mnt.value = w.mnt;
        return w;
      },
      tasks: {
        *walk() {
          yield* rcu_read_lock();
          const mnt = yield* rcu_dereference(root_mnt, 'value');
          if (mnt !== null) expect_true(mnt.mnt_root !== null, 'a mount has a root');
          yield* rcu_read_unlock();
        },
        *umount({ mnt }) {
          yield* rcu_assign_pointer(root_mnt, 'value', null);
          yield* put(mnt);
        },
      },
    }),
    scenario({
      id: 'no-memory',
      title: 'a mount that cannot be made leaves nothing behind',
      ...works,
      setup: () => world(),
      stepsMax: 400,
      failures: { kzalloc: 1000, alloc_percpu: 1000, set_anon_super: 1000 },
      tasks: {
        *mount({ mnt }) {
          const other = yield* vfs.kern_mount(keyed_fs_type);
          if (IS_ERR(other)) expect_eq(PTR_ERR(other), -ENOMEM, 'kern_mount()');
          yield* unmount(other);
          yield* unmount(mnt);
        },
      },
    }),
    scenario({
      id: 'no-mount',
      title: 'NULL and errors in place of a mount are passed over',
      ...works,
      setup: () => world(),
      tasks: {
        *umount({ mnt }) {
          expect_eq(yield* vfs.mntget(null), null, 'what mntget() of NULL gives');
          yield* vfs.mntput(null);
          expect_no_locks('mntput()');
          yield* unmount(null);
          yield* unmount(ERR_PTR(-ENOMEM));
          yield* unmountAll([null, ERR_PTR(-ENOMEM), mnt]);
        },
      },
    }),
    scenario({
      id: 'put-holds-nothing',
      title: 'a put that cannot be the last one takes no lock and may be called with one held',
      ...overfix,
      tasks: {
        *close({ mnt }) {
          yield* putHoldingNothing(mnt);
          yield* unmount(mnt);
        },
      },
    }),
    scenario({
      id: 'unmount-waits-for-nobody',
      title: 'an unmount returns, even if others use the mount for however long',
      ...overfix,
      tasks: {
        *close(w) {
          yield* wait_for_completion(unmounted);
          yield* close(w);
        },
        *umount({ mnt }) {
          yield* unmount(mnt);
          yield* complete(unmounted);
        },
      },
    }),
    scenario({
      id: 'unmount-then-free',
      title: 'when an unmount has dropped the last reference and returns, the file system is down',
      ...late,
      tasks: {
        *exit({ owner: mine, mnt }) {
          yield* unmount(mnt);
          yield* isOver(mine);
        },
      },
    }),
    scenario({
      id: 'array-then-free',
      title: 'when an array of mounts has been ended, all their file systems are down',
      ...late,
      setup: () => world(0, { others: 1 }),
      tasks: {
        *exit({ owner: mine, mnt, others }) {
          yield* unmountAll([mnt, ...others.map((other) => other.mnt)]);
          yield* isOver(mine);
          for (const other of others) yield* isOver(other.owner);
        },
      },
    }),
    scenario({
      id: 'put-then-free',
      title: 'a put that drops the last reference returns when the file system is down',
      ...late,
      tasks: {
        *exit({ owner: mine, mnt }) {
          yield* get(mnt);
          yield* unmount(mnt);
          useIt(mnt);
          yield* put(mnt);
          yield* isOver(mine);
        },
      },
    }),
    scenario({
      id: 'last-one-frees',
      title: 'when both a put and an unmount have returned, the file system is down',
      ...late,
      setup: () => world(1),
      tasks: {
        *close(w) {
          yield* close(w);
          if (yield* atomic_dec_and_test(users)) yield* isOver(w.owner);
        },
        *umount({ mnt, owner: mine }) {
          yield* unmount(mnt);
          if (yield* atomic_dec_and_test(users)) yield* isOver(mine);
        },
      },
    }),
    scenario({
      id: 'init-fails',
      title: 'a module that fails half-way through its initialisation leaves no file system behind',
      task: 2,
      kind: 'race',
      tasks: {
        *insmod() {
          const mnt = yield* vfs.kern_mount(keyed_fs_type);
          expect_true(!IS_ERR_OR_NULL(mnt), 'a file system can be mounted');
          if (IS_ERR_OR_NULL(mnt)) return;
          yield* get(mnt);
          yield* putHoldingNothing(mnt);
          yield* unmount(mnt);
          expect_eq(allocated(super_block), 0, 'superblocks after kern_unmount()');
        },
      },
      check: nothingLeft,
    }),
    scenario({
      id: 'recycled-owner',
      title: 'an owner whose memory was somebody else’s gets a file system of its own',
      ...late,
      *setup() {
        slabReuses(owner);
        return yield* world(0, { type: keyed_fs_type });
      },
      tasks: {
        *exit({ owner: mine, mnt }) {
          const { mnt_sb: before } = mnt;
          yield* unmount(mnt);
          yield* kfree(mine);
          const next = yield* newOwner();
          const fresh = yield* mountFor(next, keyed_fs_type, SB_KERNMOUNT);
          expect_true(fresh.mnt_sb !== before, 'a new owner got the file system of an old one');
          yield* unmount(fresh);
          yield* kfree(next);
        },
      },
    }),
    scenario({
      id: 'put-under-lock',
      title: 'who puts a mount of user space may hold what its file system needs to go',
      ...overfix,
      task: 2,
      setup: () => world(0, { ...user, type: locking_fs_type }),
      tasks: {
        *close(w) {
          yield* mutex_lock(busy);
          useIt(w.mnt);
          yield* vfs.mntput(w.mnt);
          yield* mutex_unlock(busy);
        },
      },
    }),
    scenario({
      id: 'slow-neighbour',
      title: 'a mount can be ended while another file system takes its time to go down',
      ...overfix,
      task: 2,
      *setup() {
        const w = yield* world(0, { type: slow_fs_type });
        const mine = yield* newOwner();
        const mnt = yield* mountFor(mine, pseudo_fs_type, SB_KERNMOUNT);
        return { ...w, others: [{ owner: mine, mnt }] };
      },
      tasks: {
        'umount/slow': ({ mnt }) => unmount(mnt),
        *'umount/quick'({ others }) {
          for (const { mnt } of others) yield* unmount(mnt);
          yield* complete(flushed);
        },
      },
    }),
    scenario({
      id: 'one-grace-period',
      title: 'ending an array of mounts need not cost more than one grace period',
      ...overfix,
      task: 2,
      kind: 'reachable',
      reaches: ONE_GRACE_PERIOD,
      setup: () => world(0, { others: 1 }),
      tasks: {
        *umount({ mnt, others }) {
          yield* unmountAll([mnt, ...others.map((other) => other.mnt)]);
          if ((yield* grace_periods()) <= 1) reached(ONE_GRACE_PERIOD);
        },
      },
    }),
  ];
});
