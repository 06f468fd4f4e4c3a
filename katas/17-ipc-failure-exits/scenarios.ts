// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of IPC namespaces when they end, and when they cannot be made because a step of it fails. Nothing here asks who
 * frees a namespace, nor when: final counts are taken when every task has ended.
 */
import {
  alive,
  allocated,
  countsOf,
  DEFINE_USER_NAMESPACE,
  dentry,
  EACCES,
  ENOMEM,
  ENOSPC,
  expect_eq,
  expect_no_locks,
  expect_true,
  fs_context,
  fs_inode,
  inumsInUse,
  IS_ERR,
  list_for_each_entry,
  lock_mount_hash,
  mntget,
  mntput,
  mount,
  type Op,
  PTR_ERR,
  scenario,
  slabReuses,
  type StructOf,
  suite,
  super_block,
  systemWorksOneAtATime,
  unlock_mount_hash,
  type vfsmount,
} from '#lib';

type Ipc = typeof import('./namespace');
type Namespace = StructOf<Ipc['ipc_namespace']>;
/** Namespaces with a task in them, and mounts in use by files that somebody has open. */
interface World {
  readonly world: readonly Namespace[];
  readonly files: readonly vfsmount[];
}

const PLENTY = 10;
const QUEUES_MAX = 2;
const init_user_ns = DEFINE_USER_NAMESPACE('init_user_ns', PLENTY);

export default suite<Ipc>((ipc) => {
  /** Makes a namespace, which has a file system that nobody else has: null if that failed in a way the scenario allows. */
  function* unshare(errors: readonly number[] = []): Op<Namespace | null> {
    const ns = yield* ipc.create_ipc_ns(init_user_ns);
    expect_no_locks('create_ipc_ns()');
    if (IS_ERR(ns)) {
      if (!errors.includes(PTR_ERR(ns))) expect_eq(PTR_ERR(ns), 0, 'create_ipc_ns()');
      return null;
    }
    expect_true(ns.mq_sysctls !== null && alive(ns.mq_sysctls), 'a namespace has no sysctls');
    const { mnt_sb } = ns.mq_mnt;
    yield* lock_mount_hash();
    const mounts = [...list_for_each_entry(mnt_sb.s_mounts, mount, 'mnt_instance')].length;
    yield* unlock_mount_hash();
    expect_eq(mounts, 1, 'mounts of the file system of a new namespace');
    return ns;
  }
  /** The last task of a namespace ends. */
  function* exit(ns: Namespace | null | undefined): Op<void> {
    if (ns === null || ns === undefined) return;
    yield* ipc.put_ipc_ns(ns);
    expect_no_locks('put_ipc_ns()');
  }
  function* exitAll({ world }: { world: readonly Namespace[] }): Op<void> {
    for (const ns of world) yield* exit(ns);
  }
  function* closeAll({ files }: World): Op<void> {
    for (const mnt of files) yield* mntput(mnt);
  }
  /** A world of so many namespaces; the works that end them run one after the other. */
  function* namespaces(count: number): Op<World> {
    systemWorksOneAtATime();
    const world: Namespace[] = [];
    for (let i = 0; i < count; i++) {
      const ns = yield* unshare();
      if (ns === null) throw new Error('set-up code has no memory');
      world.push(ns);
    }
    return { world, files: [] };
  }
  /** The same, and each has its file system in use by a file that somebody has open. */
  function* opened(count: number): Op<World> {
    const { world } = yield* namespaces(count);
    const files = world.map((ns) => ns.mq_mnt);
    for (const mnt of files) yield* mntget(mnt);
    return { world, files };
  }
  /** Makes a queue in a file system. */
  function* open(sb: super_block, errors: readonly number[] = []): Op<void> {
    const ret = yield* ipc.mqueue_create(sb);
    expect_no_locks('mqueue_create()');
    if (!errors.includes(ret)) expect_eq(ret, 0, 'mqueue_create()');
  }
  /** Makes all the queues there may be: in a new namespace there is none yet. */
  function* fill({ mq_mnt: { mnt_sb } }: Namespace): Op<void> {
    for (let i = 0; i < QUEUES_MAX; i++) yield* open(mnt_sb);
    expect_eq(yield* ipc.mqueue_create(mnt_sb), -ENOSPC, 'a queue beyond the limit');
  }
  /** Uses a new namespace, and ends it. */
  function* use(ns: Namespace | null): Op<void> {
    if (ns === null) return;
    const ret = yield* ipc.newary(ns);
    if (ret !== -ENOMEM) expect_eq(ret, 0, 'newary()');
    yield* fill(ns);
    yield* exit(ns);
  }
  /** Everything has ended, once, and given back what it had. */
  function* allGone(): Op<void> {
    nothingLeft(ipc.ipc_namespace, mount, super_block, dentry, fs_inode, fs_context);
    for (const typeName of ['percpu', 'sem_array', 'ctl_table']) nothingLeft({ typeName });
    yield* uncounted();
  }
  function nothingLeft(...types: readonly { readonly typeName: string }[]): void {
    for (const type of types) {
      expect_eq(allocated(type), 0, `structures ${type.typeName} left at the end`);
    }
  }
  function* uncounted(): Op<void> {
    const { ipc: counted, references } = yield* countsOf(init_user_ns);
    expect_eq(counted, 0, 'IPC namespaces counted at the end');
    expect_eq(references, 1, 'references to the user namespace at the end');
    expect_eq(inumsInUse(), 0, 'numbers of namespaces in use at the end');
  }

  const works = { task: 1, kind: 'function', stepsMax: 10_000, check: allGone } as const;
  const race = { ...works, kind: 'race' } as const;
  const fails = { ...works, task: 2 } as const;
  const again = { ...works, task: 3 } as const;

  return [
    scenario({
      id: 'last-exit',
      title: 'a namespace without tasks goes, and its file system with it',
      ...works,
      *setup() {
        const w = yield* namespaces(1);
        for (const ns of w.world) expect_eq(yield* ipc.newary(ns), 0, 'newary()');
        return w;
      },
      tasks: { exit: exitAll },
    }),
    scenario({
      id: 'outlived',
      title: 'a file that somebody has open keeps the file system, and nothing of the namespace',
      ...works,
      setup: () => opened(1),
      tasks: { exit: exitAll },
      *check({ files }) {
        nothingLeft(ipc.ipc_namespace);
        yield* uncounted();
        for (const { mnt_sb } of files) {
          expect_true(alive(mnt_sb), 'a file is open and its file system is gone');
          expect_eq(
            yield* ipc.mqueue_create(mnt_sb),
            -EACCES,
            'a queue of a namespace that is gone',
          );
        }
      },
    }),
    scenario({
      id: 'close-vs-exit',
      title: 'a file is closed while its namespace ends: the file system ends once, with the later',
      ...race,
      setup: () => opened(1),
      tasks: { exit: exitAll, close: closeAll },
    }),
    scenario({
      id: 'create-vs-exit',
      title:
        'a queue is made through an open file while the last task goes, or refused with -EACCES',
      ...race,
      setup: () => opened(1),
      tasks: {
        exit: exitAll,
        *'mq-open'(w) {
          for (const { mnt_sb } of w.files) yield* open(mnt_sb, [-EACCES]);
          yield* closeAll(w);
        },
      },
    }),
    scenario({
      id: 'two-exits',
      title: 'namespaces that end on two CPUs at once are gone in the end, both of them',
      ...works,
      setup: () => namespaces(2),
      tasks: { 'exit/a': ({ world: [a] }) => exit(a), 'exit/b': ({ world: [, b] }) => exit(b) },
    }),
    scenario({
      id: 'fork-vs-exit',
      title: 'a namespace with a task in it does not end, nor does anything of it',
      ...works,
      setup: () => namespaces(2),
      tasks: {
        *task({ world: [a] }) {
          if (a === undefined) return;
          yield* ipc.get_ipc_ns(a);
          yield* exit(a);
          yield* open(a.mq_mnt.mnt_sb);
          yield* exit(a);
        },
        exit: ({ world: [, b] }) => exit(b),
      },
    }),
    scenario({
      id: 'limit',
      title: 'a namespace beyond the limit is refused with -ENOSPC and leaves nothing behind',
      ...works,
      *setup() {
        const w = yield* namespaces(1);
        init_user_ns.ucount_max = 1;
        return w;
      },
      tasks: {
        *unshare(w) {
          expect_eq(yield* unshare([-ENOSPC]), null, 'a namespace beyond the limit');
          yield* exitAll(w);
        },
      },
    }),
    scenario({
      id: 'no-memory',
      title: 'whichever step fails, the answer is -ENOMEM, and everything is given back once',
      ...fails,
      failures: { kmalloc: 1, kzalloc: 1, alloc_percpu: 1, ns_alloc_inum: 1, set_anon_super: 1 },
      *setup() {
        systemWorksOneAtATime();
      },
      tasks: {
        *unshare() {
          yield* use(yield* unshare([-ENOMEM]));
        },
      },
    }),
    scenario({
      id: 'again',
      title: 'when a namespace could not be made the next one can, as if it were the first',
      ...again,
      failures: { kmalloc: 1, alloc_percpu: 1 },
      *setup() {
        systemWorksOneAtATime();
        slabReuses(ipc.ipc_namespace);
      },
      tasks: {
        *unshare() {
          const ns = yield* unshare([-ENOMEM]);
          yield* use(ns ?? (yield* unshare([-ENOMEM])));
        },
      },
    }),
    scenario({
      id: 'again-after-exit',
      title: 'a namespace at the address of one that has ended has a file system of its own',
      ...again,
      *setup() {
        slabReuses(ipc.ipc_namespace);
        return yield* namespaces(1);
      },
      tasks: {
        *unshare(w) {
          yield* exitAll(w);
          yield* use(yield* unshare());
        },
      },
    }),
    scenario({
      id: 'again-while-open',
      title: 'also where a file keeps the file system of the old one',
      ...again,
      *setup() {
        slabReuses(ipc.ipc_namespace);
        const { world, files } = yield* opened(1);
        return { world, files, made: [] as Namespace[] };
      },
      tasks: {
        *unshare(w) {
          yield* exitAll(w);
          const ns = yield* unshare();
          if (ns !== null) w.made.push(ns);
          yield* closeAll(w);
        },
      },
      *check({ made }) {
        for (const ns of made) yield* fill(ns);
        expect_eq(allocated(ipc.ipc_namespace), 1, 'namespaces with a task in them');
        expect_eq(allocated(super_block), 1, 'file systems of these');
      },
    }),
  ];
});
