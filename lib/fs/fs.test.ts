// SPDX-License-Identifier: GPL-2.0-only
import { agree, survey } from '../explore/testing/small-program';
import {
  atomic_inc,
  atomic_read,
  DEFINE_ATOMIC,
  EBUSY,
  EINVAL,
  ENOMEM,
  ERR_PTR,
  type errptr,
  GFP_KERNEL,
  IS_ERR,
  kfree,
  kzalloc,
  PTR_ERR,
  rcu_barrier,
} from '../kernel';
import { grace_periods } from '../kernel/grace-periods';
import { slabReuses } from '../kernel/slab-reuse';
import { int } from '../kernel/types';
import { current, type Op, struct, type StructOf } from '../machine';
import {
  d_make_root,
  DEFINE_FILE_SYSTEM_TYPE,
  DEFINE_FS_CONTEXT_OPERATIONS,
  DEFINE_SUPER_OPERATIONS,
  fc_mount,
  type fs_context,
  fs_context_for_mount,
  get_tree_keyed,
  get_tree_nodev,
  kern_mount,
  kern_unmount,
  kern_unmount_array,
  kill_litter_super,
  mnt_make_shortterm,
  mntget,
  mntput,
  new_inode,
  put_fs_context,
  type super_block,
  vfs_create_mount,
  vfs_get_tree,
  type vfsmount,
} from './index';

const owner = struct('owner', { id: int });
type Owner = StructOf<typeof owner>;

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
/** Superblocks that have been shut down. */
const killed = DEFINE_ATOMIC('killed', 0);
let log = new Set<string>();

beforeEach(() => (log = new Set()));

const s_op = DEFINE_SUPER_OPERATIONS('s_op', {
  *evict_inode(inode) {
    log.add(inode.i_sb.s_root === null ? 'evict' : 'evict before the root is gone');
  },
  *put_super(sb) {
    log.add(sb.s_root === null ? 'put_super' : 'put_super before the root is gone');
  },
});

function* fill(sb: super_block): Op<number> {
  sb.s_op = s_op;
  const root = yield* d_make_root(yield* new_inode(sb));
  if (root === null) return -ENOMEM;
  sb.s_root = root;
  return 0;
}

const functions = {
  *kill_sb(sb: super_block): Op<void> {
    yield* atomic_inc(killed);
    yield* kill_litter_super(sb);
  },
};
const nodev_ops = DEFINE_FS_CONTEXT_OPERATIONS('nodev_ops', {
  get_tree: (fc) => get_tree_nodev(fc, fill),
});
const nodevfs = DEFINE_FILE_SYSTEM_TYPE('nodevfs', {
  ...functions,
  *init_fs_context(fc: fs_context) {
    fc.ops = nodev_ops;
    return 0;
  },
});
const keyed_ops = DEFINE_FS_CONTEXT_OPERATIONS('keyed_ops', {
  *get_tree(fc) {
    return fc.fs_private === null ? -EINVAL : yield* get_tree_keyed(fc, fill, fc.fs_private);
  },
  *free(fc) {
    log.add('free');
    fc.fs_private = null;
  },
});
const keyedfs = DEFINE_FILE_SYSTEM_TYPE('keyedfs', {
  ...functions,
  *init_fs_context(fc: fs_context) {
    fc.ops = keyed_ops;
    return 0;
  },
});

function* mounted(): Op<vfsmount | null> {
  const mnt = yield* kern_mount(nodevfs);
  if (!IS_ERR(mnt)) return mnt;
  log.add(`error ${PTR_ERR(mnt)}`);
  return null;
}

/** Mounts the filesystem of this owner, as user space does. */
function* mountFor(key: Owner): Op<vfsmount | errptr> {
  const fc = yield* fs_context_for_mount(keyedfs, 0);
  if (IS_ERR(fc)) return ERR_PTR(PTR_ERR(fc));
  fc.fs_private = key;
  const mnt = yield* fc_mount(fc);
  yield* put_fs_context(fc);
  return mnt;
}

function* owned(id: number): Op<Owner> {
  const made = yield* kzalloc(owner, GFP_KERNEL);
  if (made === null) throw new Error('no memory');
  made.id = id;
  return made;
}

function* nothingIsLeft(): Op<void> {
  const left = current.machine.allocations.filter(({ freed }) => !freed);
  for (const { object } of left) log.add(`left: ${object.typeName}`);
  log.add(`killed ${yield* atomic_read(killed)}`);
}

describe('kern_unmount()', () => {
  it('shuts the filesystem down before it returns, if nobody else uses it', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* kern_unmount(yield* mounted());
          yield* nothingIsLeft();
          yield* rcu_barrier();
          log.add('and then');
          yield* nothingIsLeft();
        },
      },
      check: nothingIsLeft,
    });
    expect(seen).toMatchObject(fine);
    const mount = ['left: mount', 'left: percpu'];
    expect(log).toEqual(new Set(['evict', 'put_super', ...mount, 'killed 1', 'and then']));
  });

  it('frees even the mount after a grace period', () => {
    agree({
      *setup() {
        return yield* mounted();
      },
      tasks: { a: kern_unmount },
      check: nothingIsLeft,
    });
    expect(log).toEqual(new Set(['evict', 'put_super', 'killed 1']));
  });

  it('leaves the shutdown to the last put, once', () => {
    const seen = survey({
      *setup() {
        const mnt = yield* mounted();
        if (mnt !== null) yield* mntget(mnt);
        return mnt;
      },
      tasks: { a: kern_unmount, b: mntput },
      check: nothingIsLeft,
    });
    expect(seen).toMatchObject(fine);
    expect(log).toEqual(new Set(['evict', 'put_super', 'killed 1']));
  });

  it('would, without its grace period, leave a count of zero that nobody sees', () => {
    survey({
      *setup() {
        const mnt = yield* mounted();
        if (mnt !== null) yield* mntget(mnt);
        return mnt;
      },
      tasks: {
        *a(mnt) {
          yield* mnt_make_shortterm(mnt);
          yield* mntput(mnt);
        },
        b: mntput,
      },
      check: nothingIsLeft,
    });
    expect(log).toContain('killed 0');
    expect(log).toContain('killed 1');
    expect(log).toContain('left: mount');
  });

  it('takes NULL and error pointers', () => {
    agree({
      tasks: {
        *a() {
          yield* kern_unmount(null);
          yield* kern_unmount(ERR_PTR(-ENOMEM));
        },
      },
    });
    expect(log.size).toBe(0);
  });

  it('is one grace period for each mount; kern_unmount_array() is one for all', () => {
    const elapsed = (together: boolean) => {
      const counts = new Set<number>();
      survey({
        *setup() {
          const mounts: vfsmount[] = [];
          for (let i = 0; i < 2; i++) {
            const mnt = yield* mounted();
            if (mnt !== null) mounts.push(mnt);
          }
          return mounts;
        },
        tasks: {
          *a(mounts) {
            if (together) yield* kern_unmount_array(mounts, 2);
            else for (const mnt of mounts) yield* kern_unmount(mnt);
            counts.add(yield* grace_periods());
          },
        },
        check: nothingIsLeft,
      });
      return Math.min(...counts);
    };
    expect(elapsed(true)).toBe(1);
    expect(elapsed(false)).toBe(2);
    expect(log).toEqual(new Set(['evict', 'put_super', 'killed 2']));
  });
});

describe('a mount that does not belong to the kernel', () => {
  it('ends some time after its last put', () => {
    const seen = agree({
      *setup() {
        const mnt = yield* mountFor(yield* owned(1));
        return IS_ERR(mnt) ? null : mnt;
      },
      tasks: {
        *a(mnt) {
          yield* mntput(mnt);
          log.add(`on return ${yield* atomic_read(killed)}`);
        },
      },
      *check() {
        log.add(`at last ${yield* atomic_read(killed)}`);
      },
    });
    expect(seen).toMatchObject(fine);
    const times = ['on return 0', 'on return 1', 'at last 1'];
    expect(log).toEqual(new Set(['free', 'evict', 'put_super', ...times]));
  });

  it('needs a root', () => {
    agree({
      tasks: {
        *a() {
          const fc = yield* fs_context_for_mount(keyedfs, 0);
          if (IS_ERR(fc)) return;
          log.add(`error ${PTR_ERR(yield* vfs_create_mount(fc))}`);
          yield* put_fs_context(fc);
        },
      },
      check: nothingIsLeft,
    });
    expect(log).toEqual(new Set([`error ${-EINVAL}`, 'free', 'killed 0']));
  });

  it('is made of a context that gets a root once', () => {
    agree({
      tasks: {
        *a() {
          const fc = yield* fs_context_for_mount(keyedfs, 0);
          if (IS_ERR(fc)) return;
          fc.fs_private = yield* owned(1);
          const mnt = yield* fc_mount(fc);
          log.add(`again ${yield* vfs_get_tree(fc)}`);
          yield* put_fs_context(fc);
          if (!IS_ERR(mnt)) yield* mntput(mnt);
        },
      },
    });
    expect(log).toContain(`again ${-EBUSY}`);
  });
});

describe('keyed superblocks', () => {
  it('are shared by those with the same key, and by nobody else', () => {
    agree({
      tasks: {
        *a() {
          const mine = yield* owned(1);
          const [one, same] = [yield* mountFor(mine), yield* mountFor(mine)];
          const other = yield* mountFor(yield* owned(2));
          if (IS_ERR(one) || IS_ERR(same) || IS_ERR(other)) return;
          log.add(one.mnt_sb === same.mnt_sb ? 'same' : 'not the same');
          log.add(one.mnt_sb === other.mnt_sb ? 'same as the other' : 'another');
        },
      },
    });
    expect(log).toEqual(new Set(['free', 'same', 'another']));
  });

  it('are never found while they are being shut down, nor before they are complete', () => {
    const seen = survey({
      *setup() {
        const key = yield* owned(1);
        const mnt = yield* mountFor(key);
        return { key, mnt: IS_ERR(mnt) ? null : mnt };
      },
      tasks: {
        a: ({ mnt }) => mntput(mnt),
        *b({ key }) {
          const mnt = yield* mountFor(key);
          if (IS_ERR(mnt)) return;
          log.add(mnt.mnt_sb.s_root === mnt.mnt_root ? 'complete' : 'incomplete');
          yield* mntput(mnt);
        },
      },
      *check({ key }) {
        yield* kfree(key);
        yield* nothingIsLeft();
      },
    });
    expect(seen).toMatchObject(fine);
    const killings = ['killed 1', 'killed 2'];
    expect(log).toEqual(new Set(['free', 'evict', 'put_super', 'complete', ...killings]));
  });

  it('are found by a task that gets the memory of a freed key', () => {
    agree({
      *setup() {
        slabReuses(owner);
        const key = yield* owned(1);
        const mnt = yield* mountFor(key);
        return { key, sb: IS_ERR(mnt) ? null : mnt.mnt_sb };
      },
      tasks: {
        *a({ key, sb }) {
          yield* kfree(key);
          const next = yield* owned(2);
          const mnt = yield* mountFor(next);
          if (IS_ERR(mnt)) return;
          log.add(`${next === key ? 'old' : 'new'} key, ${mnt.mnt_sb === sb ? 'old' : 'new'} sb`);
        },
      },
    });
    expect(log).toEqual(new Set(['free', 'old key, old sb', 'new key, new sb']));
  });
});

describe('kern_mount()', () => {
  it('leaves nothing behind, whichever step fails', () => {
    const seen = agree({
      failures: { kzalloc: 1, alloc_percpu: 1, set_anon_super: 1 },
      tasks: {
        *a() {
          yield* kern_unmount(yield* mounted());
        },
      },
      check: nothingIsLeft,
    });
    expect(seen).toMatchObject(fine);
    const killings = ['killed 0', 'killed 1'];
    expect(log).toEqual(new Set([`error ${-ENOMEM}`, 'evict', 'put_super', ...killings]));
  });
});
