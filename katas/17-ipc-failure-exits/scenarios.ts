// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of IPC namespaces when they end, and when they cannot be made because a step of it fails. Nothing here asks who
 * frees a namespace, nor when: final counts are taken when every task has ended.
 */
import {
  alive,
  allocated,
  EACCES,
  ENOMEM,
  ENOSPC,
  expect_eq,
  expect_no_locks,
  expect_true,
  list_for_each_entry,
  lock_mount_hash,
  mount,
  type Op,
  scenario,
  settle,
  slabReuses,
  suite,
  super_block,
  systemWorksOneAtATime,
  unlock_mount_hash,
} from '#lib';
import { init_user_ns, ipcTasks, ipcWorld, nothingLeft, QUEUES_MAX } from '../worlds/ipc';

type Ipc = typeof import('./namespace');
type Namespace = import('./namespace').ipc_namespace;

export default suite<Ipc>((ipc) => {
  const tasks = ipcTasks(ipc);
  /** Makes a namespace, which has a file system that nobody else has: null if that failed in a way the scenario allows. */
  function* unshare(errors: readonly number[] = []): Op<Namespace | null> {
    const ns = yield* tasks.unshare(errors);
    if (ns === null) return null;
    expect_true(ns.mq_sysctls !== null && alive(ns.mq_sysctls), 'a namespace has no sysctls');
    const bytes = ns.percpu_msg_bytes as unknown; // NULL where a step that failed is passed over
    expect_true(bytes !== null, 'a namespace has no counters of its messages');
    const { mnt_sb } = ns.mq_mnt;
    yield* lock_mount_hash();
    const mounts = [...list_for_each_entry(mnt_sb.s_mounts, mount, 'mnt_instance')].length;
    yield* unlock_mount_hash();
    expect_eq(mounts, 1, 'mounts of the file system of a new namespace');
    return ns;
  }
  const { exit, exitAll, closeAll, world, opened, open, ...rest } = ipcWorld(ipc, unshare);
  const { uncounted, allGone, common } = rest;

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
  /** Makes a namespace that stays. */
  function* make({ made }: { made: Namespace[] }): Op<void> {
    const ns = yield* unshare();
    if (ns !== null) made.push(ns);
  }
  function* semget({ namespaces }: { readonly namespaces: readonly Namespace[] }): Op<void> {
    for (const ns of namespaces) expect_eq(yield* ipc.newary(ns), 0, 'newary()');
    expect_no_locks('newary()');
  }
  const works = { task: 1, kind: 'function', stepsMax: 10_000, check: allGone } as const;
  const fails = { ...works, task: 2 } as const;
  const again = { ...works, task: 3 } as const;

  return [
    scenario({
      id: 'last-exit',
      title: 'a namespace without tasks goes, and its file system with it',
      ...works,
      *setup() {
        const w = yield* world(1);
        for (const ns of w.namespaces) expect_eq(yield* ipc.newary(ns), 0, 'newary()');
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
    common['close-vs-exit'],
    common['create-vs-exit'],
    common['two-exits'],
    common['fork-vs-exit'],
    common['last-queue'],
    scenario({
      id: 'two-semgets',
      title: 'two tasks of a namespace make semaphores at once, which go with it',
      ...works,
      setup: () => world(1),
      tasks: { 'semget/a': semget, 'semget/b': semget },
      alike: [['semget/a', 'semget/b']],
      *check(w) {
        for (const ns of w.namespaces) expect_eq(ns.sem_ids.in_use, 2, 'sets of semaphores');
        yield* exitAll(w);
        yield* settle();
        yield* allGone();
      },
    }),
    scenario({
      id: 'unshare-vs-exit',
      title: 'a namespace is made while another ends, and has a file system of its own',
      ...works,
      kind: 'race',
      *setup() {
        return { ...(yield* world(1)), made: [] as Namespace[] };
      },
      tasks: { exit: exitAll, unshare: make },
      *check({ made }) {
        for (const ns of made) yield* use(ns);
        yield* settle();
        yield* allGone();
      },
    }),
    scenario({
      id: 'two-unshares',
      title: 'of two namespaces that are made at once each has its own file system',
      ...works,
      *setup() {
        return { made: [] as Namespace[] };
      },
      tasks: { 'unshare/a': make, 'unshare/b': make },
      *check({ made: [a, b] }) {
        if (a === undefined || b === undefined) return;
        expect_true(a.mq_mnt.mnt_sb !== b.mq_mnt.mnt_sb, 'two namespaces share a file system');
        yield* fill(a);
        yield* exit(a);
        yield* fill(b);
        yield* exit(b);
        yield* settle();
        yield* allGone();
      },
    }),
    scenario({
      id: 'limit',
      title: 'a namespace beyond the limit is refused with -ENOSPC and leaves nothing behind',
      ...works,
      *setup() {
        const w = yield* world(1);
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
      stepsMax: 400,
      failures: {
        kmalloc: 1000,
        kzalloc: 1000,
        alloc_percpu: 1000,
        ns_alloc_inum: 1000,
        set_anon_super: 1000,
      },
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
        return yield* world(1);
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
        return { ...(yield* opened(1)), made: [] as Namespace[] };
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
