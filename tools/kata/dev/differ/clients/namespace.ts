// SPDX-License-Identifier: GPL-2.0-only
/**
 * Clients of namespace.ts: the tasks of IPC namespaces, with mounts that are the driver's (kata 03) or the kernel's (16, 17), and
 * the users of mounts alone (15).
 */
import type { Part } from './client';

/** A namespace whose queues are mounted somewhere else, too. */
export const ownMounts: Part = {
  text: `type Namespace = StructOf<typeof driver.ipc_namespace>;
interface World {
  readonly ns: Namespace;
  readonly refs: Namespace[];
  readonly mnt: StructOf<typeof driver.vfsmount>;
  readonly queues: StructOf<typeof driver.inode>[];
}
function* world(): Op<World> {
  const ns = yield* driver.create_ipc_ns();
  if (IS_ERR(ns)) throw new Error('set-up code has no memory');
  const mnt = yield* driver.clone_mnt(ns.mq_mnt);
  if (IS_ERR(mnt)) throw new Error('set-up code has no memory');
  return { ns, refs: [ns], mnt, queues: [] };
}
function* fork({ refs: [ns], refs }: World): Op<string> {
  if (ns === undefined) return 'nothing';
  yield* driver.get_ipc_ns(ns);
  refs.push(ns);
  return 'forked';
}
function* exit({ refs }: World): Op<string | boolean> {
  const ns = refs.pop();
  if (ns === undefined) return 'nothing';
  yield* driver.put_ipc_ns(ns);
  return refs.length > 0 && alive(ns);
}
function* open({ mnt, queues }: World): Op<string | number> {
  const queue = yield* driver.mqueue_create(mnt.mnt_root);
  if (IS_ERR(queue)) return PTR_ERR(queue);
  queues.push(queue);
  return 'opened';
}
function* unlink({ queues }: World): Op<string> {
  const queue = queues.pop();
  if (queue === undefined) return 'nothing';
  yield* driver.mqueue_evict_inode(queue);
  return 'unlinked';
}
function* make(): Op<string | number> {
  const ns = yield* driver.create_ipc_ns();
  if (IS_ERR(ns)) return PTR_ERR(ns);
  yield* driver.put_ipc_ns(ns);
  return 'made';
}
function* left(w: World): Op<string> {
  while (w.refs.length > 0) yield* exit(w);
  yield* settle();
  const last = yield* open(w);
  while (w.queues.length > 0) yield* unlink(w);
  yield* driver.mntput(w.mnt);
  yield* settle();
  const types = [driver.ipc_namespace, driver.vfsmount, driver.super_block, driver.inode];
  return [last, ...types.map((type) => allocated(type))].join();
}`,
  calls: [
    'yield* exit(w)',
    'yield* open(w)',
    'yield* unlink(w)',
    'yield* fork(w)',
    'yield* make()',
  ],
  failures: { kmalloc: 1, kzalloc: 1 },
  left: 'yield* left(w)',
};

/** Two namespaces, of which a user may have two; and a file that is open in the first. */
export const limited: Part = {
  text: `type Namespace = StructOf<typeof driver.ipc_namespace>;
interface World {
  readonly namespaces: Namespace[];
  readonly files: vfsmount[];
}
const user_ns = DEFINE_USER_NAMESPACE('user_ns', 10);
function* world(): Op<World> {
  systemWorksOneAtATime();
  const w: World = { namespaces: [], files: [] };
  for (let i = 0; i < 2; i++) {
    const made = yield* make(w);
    if (made !== 'made') throw new Error('set-up code has no memory');
  }
  for (const { mq_mnt } of w.namespaces.slice(0, 1)) {
    yield* mntget(mq_mnt);
    w.files.push(mq_mnt);
  }
  user_ns.ucount_max = 2;
  return w;
}
function* make({ namespaces }: World): Op<string | number> {
  const ns = yield* driver.create_ipc_ns(user_ns);
  if (IS_ERR(ns)) return PTR_ERR(ns);
  namespaces.push(ns);
  return 'made';
}
function* exit({ namespaces }: World): Op<string> {
  const ns = namespaces.shift();
  if (ns === undefined) return 'nothing';
  yield* driver.put_ipc_ns(ns);
  return 'ended';
}
function* open({ files: [mnt] }: World): Op<string | number> {
  return mnt === undefined ? 'nothing' : yield* driver.mqueue_create(mnt.mnt_sb);
}
function* close({ files }: World): Op<string> {
  const mnt = files.pop();
  if (mnt === undefined) return 'nothing';
  yield* mntput(mnt);
  return 'closed';
}
function* left(w: World): Op<string> {
  while (w.namespaces.length > 0) yield* exit(w);
  yield* settle();
  const last = yield* open(w);
  while (w.files.length > 0) yield* close(w);
  yield* settle();
  const { ipc, references } = yield* countsOf(user_ns);
  const types = [driver.ipc_namespace, mount, super_block, dentry, fs_inode, fs_context];
  return [last, ipc, references, inumsInUse(), ...types.map((type) => allocated(type))].join();
}`,
  calls: ['yield* exit(w)', 'yield* make(w)', 'yield* open(w)', 'yield* close(w)'],
  failures: { kmalloc: 1, kzalloc: 1, alloc_percpu: 1, ns_alloc_inum: 1, set_anon_super: 1 },
  stepsMax: 10_000,
  left: 'yield* left(w)',
};

/** Semaphores of the namespaces. */
export const semaphores: Part = {
  text: `function* semaphore({ namespaces: [ns] }: World): Op<string | number> {
  return ns === undefined ? 'nothing' : yield* driver.newary(ns);
}
function* semaphoresLeft(): Op<string> {
  const types = ['percpu', 'sem_array', 'ctl_table'];
  return types.map((typeName) => allocated({ typeName })).join();
}`,
  calls: ['yield* semaphore(w)'],
  left: 'yield* semaphoresLeft()',
};

/** A file system with a long-term mount, and two references that somebody has. */
export const mounts: Part = {
  text: `interface World {
  readonly mnt: vfsmount;
  readonly others: vfsmount[];
  references: number;
  owed: boolean;
}
const context_ops = DEFINE_FS_CONTEXT_OPERATIONS('context_ops', {
  get_tree: (fc) => get_tree_nodev(fc, fill_super),
});
const fs_type = DEFINE_FILE_SYSTEM_TYPE('fs_type', {
  *init_fs_context(fc) {
    fc.ops = context_ops;
    return 0;
  },
  kill_sb: kill_litter_super,
});
function* fill_super(sb: super_block): Op<number> {
  const inode = yield* new_inode(sb);
  if (inode === null) return -ENOMEM;
  const root = yield* d_make_root(inode);
  if (root === null) return -ENOMEM;
  sb.s_root = root;
  return 0;
}
function* world(): Op<World> {
  const mnt = yield* driver.kern_mount(fs_type);
  if (IS_ERR(mnt)) throw new Error('set-up code has no memory');
  for (let i = 0; i < 2; i++) yield* driver.mntget(mnt);
  return { mnt, others: [], references: 2, owed: true };
}
function* get(w: World): Op<boolean> {
  if (w.references === 0) return false;
  w.references++;
  return (yield* driver.mntget(w.mnt)) === w.mnt;
}
function* put(w: World): Op<string | boolean> {
  if (w.references === 0) return 'nothing';
  w.references--;
  yield* driver.mntput(w.mnt);
  return 'put';
}
function* unmount(w: World): Op<string> {
  if (!w.owed) return 'nothing';
  w.owed = false;
  yield* driver.kern_unmount(w.mnt);
  return 'unmounted';
}
function* mountOne({ others }: World): Op<string | number> {
  const mnt = yield* driver.kern_mount(fs_type);
  if (IS_ERR(mnt)) return PTR_ERR(mnt);
  others.push(mnt);
  return 'mounted';
}
function* unmountAll(w: World): Op<number> {
  const all = w.others.splice(0);
  yield* driver.kern_unmount_array(all, all.length);
  return all.length;
}
function* left(w: World): Op<string> {
  while (w.references > 0) yield* put(w);
  yield* unmount(w);
  yield* unmountAll(w);
  yield* settle();
  const types = [driver.mount, super_block, dentry, fs_inode, fs_context, { typeName: 'percpu' }];
  return types.map((type) => allocated(type)).join();
}`,
  calls: [
    'yield* put(w)',
    'yield* unmount(w)',
    'yield* get(w)',
    'yield* mountOne(w)',
    'yield* unmountAll(w)',
  ],
  failures: { kzalloc: 1, alloc_percpu: 1, set_anon_super: 1 },
  left: 'yield* left(w)',
};
