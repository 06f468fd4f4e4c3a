// SPDX-License-Identifier: GPL-2.0-only
/**
 * The users of IPC namespaces: tasks enter and leave them, and make message queues in their file systems, which files that are
 * open somewhere else keep. What is left is counted after every task has ended, so a namespace may end later than its last task.
 */
import {
  allocated,
  countsOf,
  DEFINE_USER_NAMESPACE,
  dentry,
  EACCES,
  ENOSPC,
  type errptr,
  expect_eq,
  expect_no_locks,
  fs_context,
  fs_inode,
  type Handle,
  inumsInUse,
  IS_ERR,
  mntget,
  mntput,
  mount,
  type Op,
  PTR_ERR,
  type Scenario,
  scenario,
  settle,
  super_block,
  systemWorksOneAtATime,
  type user_namespace,
  type vfsmount,
} from '#lib';

/** What the world needs of a driver to enter and leave namespaces. */
export interface Ipc<Namespace> {
  create_ipc_ns(user_ns: user_namespace): Op<Namespace | errptr>;
  put_ipc_ns(ns: Namespace): Op<void>;
}
/** What it also needs to use the queues of a namespace through its file system. */
export interface IpcWithFiles<Namespace> extends Ipc<Namespace> {
  readonly ipc_namespace: { readonly typeName: string };
  get_ipc_ns(ns: Namespace | null): Op<unknown>;
  mqueue_create(sb: super_block): Op<number>;
}

/** Namespaces with a task in them, and mounts in use by files that somebody has open. */
export interface World<Namespace> {
  /** A namespace that a task has left is not here any more: the world must not keep it from being a leak. */
  readonly namespaces: Namespace[];
  readonly files: readonly vfsmount[];
}

/** Namespaces a user may have, unless a scenario says otherwise. */
export const PLENTY = 10;
export const init_user_ns = DEFINE_USER_NAMESPACE('init_user_ns', PLENTY);

/** Queues a namespace may have. */
export const QUEUES_MAX = 2;

export function nothingLeft(...types: readonly { readonly typeName: string }[]): void {
  for (const type of types) {
    expect_eq(allocated(type), 0, `structures ${type.typeName} left at the end`);
  }
}

/** The tasks of namespaces. */
export function ipcTasks<Namespace extends Handle>(ipc: Ipc<Namespace>) {
  /** Makes a namespace by a call: null if that failed in a way the scenario allows. */
  function* unshare(
    errors: readonly number[] = [],
    call: () => Op<Namespace | errptr | null> = () => ipc.create_ipc_ns(init_user_ns),
  ): Op<Namespace | null> {
    const ns = yield* call();
    expect_no_locks('create_ipc_ns()');
    if (!IS_ERR(ns)) return ns;
    if (!errors.includes(PTR_ERR(ns))) expect_eq(PTR_ERR(ns), 0, 'create_ipc_ns()');
    return null;
  }
  /** A task of a namespace ends. */
  function* exit(ns: Namespace | null | undefined): Op<void> {
    if (ns === null || ns === undefined) return;
    yield* ipc.put_ipc_ns(ns);
    expect_no_locks('put_ipc_ns()');
  }
  return { unshare, exit };
}

/** The tasks of namespaces, each made by `unshare`, and the users of their file systems. */
export function ipcWorld<Namespace extends Handle & { readonly mq_mnt: vfsmount }>(
  ipc: IpcWithFiles<Namespace>,
  unshare: () => Op<Namespace | null>,
) {
  type W = World<Namespace>;
  const { exit } = ipcTasks(ipc);

  function* exitAll({ namespaces }: Pick<W, 'namespaces'>): Op<void> {
    for (let ns = namespaces.shift(); ns !== undefined; ns = namespaces.shift()) yield* exit(ns);
  }
  function* closeAll({ files }: Pick<W, 'files'>): Op<void> {
    for (const mnt of files) yield* mntput(mnt);
  }
  /** A world of so many namespaces, and perhaps no more of them allowed. Works that end them run one after the other. */
  function* world(count: number, limit = PLENTY): Op<W> {
    systemWorksOneAtATime();
    const namespaces: Namespace[] = [];
    for (let i = 0; i < count; i++) {
      const ns = yield* unshare();
      if (ns === null) throw new Error('set-up code has no memory');
      namespaces.push(ns);
    }
    init_user_ns.ucount_max = limit;
    return { namespaces, files: [] };
  }
  /** The same, and each has its file system in use by a file that somebody has open. */
  function* opened(count: number): Op<W> {
    const { namespaces } = yield* world(count);
    const files = namespaces.map((ns) => ns.mq_mnt);
    for (const mnt of files) yield* mntget(mnt);
    return { namespaces, files };
  }
  /** Makes a queue in a file system. */
  function* open(sb: super_block, errors: readonly number[] = []): Op<void> {
    const ret = yield* ipc.mqueue_create(sb);
    expect_no_locks('mqueue_create()');
    if (!errors.includes(ret)) expect_eq(ret, 0, 'mqueue_create()');
  }
  function* openAll({ files }: Pick<W, 'files'>): Op<void> {
    for (const { mnt_sb } of files) yield* open(mnt_sb);
  }
  /** Makes a queue where there may be no room for one. */
  function* openLast({ files, results }: W & { readonly results: number[] }): Op<void> {
    for (const { mnt_sb } of files) results.push(yield* ipc.mqueue_create(mnt_sb));
    expect_no_locks('mqueue_create()');
  }
  /** Checks that nothing is counted any more. */
  function* uncounted(): Op<void> {
    const { ipc: counted, references } = yield* countsOf(init_user_ns);
    expect_eq(counted, 0, 'IPC namespaces counted at the end');
    expect_eq(references, 1, 'references to the user namespace at the end');
    expect_eq(inumsInUse(), 0, 'numbers of namespaces in use at the end');
  }
  /** Checks that everything has ended, once, and was freed. */
  function* allGone(): Op<void> {
    nothingLeft(ipc.ipc_namespace, mount, super_block, dentry, fs_inode, fs_context);
    for (const typeName of ['percpu', 'sem_array', 'ctl_table']) nothingLeft({ typeName });
    yield* uncounted();
  }

  const asked = { task: 1, kind: 'function', stepsMax: 10_000, check: allGone } as const;
  const common: Readonly<
    Record<
      'close-vs-exit' | 'create-vs-exit' | 'two-exits' | 'fork-vs-exit' | 'last-queue',
      Scenario
    >
  > = {
    'close-vs-exit': scenario({
      id: 'close-vs-exit',
      title: 'a file is closed while its namespace ends: the file system ends once, with the later',
      ...asked,
      kind: 'race',
      setup: () => opened(1),
      tasks: { exit: exitAll, close: closeAll },
    }),
    'create-vs-exit': scenario({
      id: 'create-vs-exit',
      title:
        'a queue is made through an open file while the last task goes, or refused with -EACCES',
      ...asked,
      kind: 'race',
      setup: () => opened(1),
      tasks: {
        exit: exitAll,
        *'mq-open'(w) {
          for (const { mnt_sb } of w.files) yield* open(mnt_sb, [-EACCES]);
          yield* closeAll(w);
        },
      },
    }),
    'two-exits': scenario({
      id: 'two-exits',
      title: 'namespaces that end on two CPUs at once are gone in the end, both of them',
      ...asked,
      setup: () => world(2),
      tasks: {
        'exit/a': ({ namespaces: [a] }) => exit(a),
        'exit/b': ({ namespaces: [, b] }) => exit(b),
      },
    }),
    'fork-vs-exit': scenario({
      id: 'fork-vs-exit',
      title:
        'a namespace with a task in it does not end; its queues can be made while another ends',
      ...asked,
      setup: () => world(2),
      tasks: {
        *task({ namespaces: [a] }) {
          if (a === undefined) return;
          yield* ipc.get_ipc_ns(a);
          yield* exit(a);
          yield* open(a.mq_mnt.mnt_sb);
          yield* exit(a);
        },
        exit: ({ namespaces: [, b] }) => exit(b),
      },
    }),
    'last-queue': scenario({
      id: 'last-queue',
      title: 'of two that make the last queue there may be one is refused with -ENOSPC',
      ...asked,
      *setup() {
        const w = yield* opened(1);
        for (let i = 1; i < QUEUES_MAX; i++) yield* openAll(w);
        return { ...w, results: [] as number[] };
      },
      tasks: { 'mq-open/a': openLast, 'mq-open/b': openLast },
      alike: [['mq-open/a', 'mq-open/b']],
      *check(w) {
        yield* openLast(w);
        const expected = [0, -ENOSPC, -ENOSPC];
        expect_eq(w.results.sort((a, b) => b - a).join(), expected.join(), 'results of three');
        yield* exitAll(w);
        yield* closeAll(w);
        yield* settle();
        yield* allGone();
      },
    }),
  };

  return { exit, exitAll, closeAll, world, opened, open, uncounted, allGone, common };
}
