// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of an IPC namespace whose queues are mounted somewhere else, too, when its last task goes. Nothing here asks how
 * the driver counts or locks; final counts are taken when every task has ended.
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
  IS_ERR,
  type Op,
  PTR_ERR,
  scenario,
  settle,
  type StructOf,
  suite,
} from '#lib';
import { ipcTasks, nothingLeft } from '../worlds/ipc';

type Ipc = typeof import('./namespace');
type Namespace = StructOf<Ipc['ipc_namespace']>;
type Mount = StructOf<Ipc['vfsmount']>;
type Queue = StructOf<Ipc['inode']>;
/** A namespace, references to it that somebody has and will put, a mount of its queues elsewhere, and queues there are. */
interface World {
  readonly ns: Namespace;
  readonly refs: Namespace[];
  mnt: Mount;
  readonly queues: Queue[];
}

const QUEUES_MAX = 2;

export default suite<Ipc>((ipc) => {
  const types = [ipc.ipc_namespace, ipc.vfsmount, ipc.super_block, ipc.inode];
  const { unshare, exit: put } = ipcTasks(ipc);

  /** A world in which so many tasks are in the namespace, and so many queues are there. */
  function* world(tasks = 1, queues = 0): Op<World> {
    const ns = yield* unshare();
    const mnt = ns === null ? null : yield* ipc.clone_mnt(ns.mq_mnt);
    if (ns === null || mnt === null || IS_ERR(mnt)) throw new Error('set-up code has no memory');
    const w: World = { ns, refs: [ns], mnt, queues: [] };
    for (let i = 1; i < tasks; i++) yield* fork(w);
    for (let i = 0; i < queues; i++) expect_eq(yield* open(w), 0, 'a queue');
    return w;
  }
  /** One more task in the namespace. */
  function* fork({ ns, refs }: World): Op<void> {
    yield* ipc.get_ipc_ns(ns);
    refs.push(ns);
  }
  /** A task of the namespace ends. */
  function* exit({ refs }: World): Op<void> {
    yield* put(refs.pop());
  }
  /** Makes a queue in the mount, from a task of another namespace: 0 or an error. */
  function* open({ mnt, queues }: World): Op<number> {
    const queue = yield* ipc.mqueue_create(mnt.mnt_root);
    expect_no_locks('mqueue_create()');
    if (IS_ERR(queue)) return PTR_ERR(queue);
    expect_true(queue.i_sb === mnt.mnt_sb, 'a queue is not where it was made');
    queues.push(queue);
    return 0;
  }
  /** Makes a queue if the namespace is not gone yet. */
  function* openOrLate(w: World): Op<void> {
    const ret = yield* open(w);
    if (ret !== 0) expect_eq(ret, -EACCES, 'a queue of a namespace that is gone');
  }
  /** Makes a queue if there is memory. */
  function* openOrNoMemory(w: World): Op<void> {
    const ret = yield* open(w);
    if (ret !== 0) expect_eq(ret, -ENOMEM, 'a queue without memory');
  }
  /** Unlinks a queue that nobody has open any more. */
  function* unlink({ queues }: World): Op<void> {
    const queue = queues.shift();
    if (queue === undefined) return;
    yield* ipc.mqueue_evict_inode(queue);
    expect_no_locks('mqueue_evict_inode()');
  }
  /** The tasks and queues left are fine, and when they are gone so is everything; meanwhile the limit is the limit. */
  function* allGone(w: World): Op<void> {
    yield* settle();
    const live = w.refs.length > 0;
    expect_eq(
      allocated(ipc.ipc_namespace),
      live ? 1 : 0,
      'namespaces left when the tasks are done',
    );
    if (live) {
      for (let i = w.queues.length; i < QUEUES_MAX; i++) {
        expect_eq(yield* open(w), 0, 'a queue below the limit');
      }
      expect_eq(yield* open(w), -ENOSPC, 'a queue beyond the limit');
    }
    while (w.refs.length > 0) {
      expect_true(alive(w.ns), 'a task is in a namespace that is gone');
      yield* exit(w);
    }
    yield* settle();
    expect_true(!alive(w.ns), 'the last task has left the namespace and it is still there');
    expect_eq(yield* open(w), -EACCES, 'a queue of a namespace that is gone');
    while (w.queues.length > 0) yield* unlink(w);
    expect_true(alive(w.mnt.mnt_sb), 'a file system is gone and still mounted');
    yield* ipc.mntput(w.mnt);
    yield* settle();
    nothingLeft(...types);
  }
  const race = { task: 1, kind: 'race', setup: () => world(), check: allGone } as const;
  const works = { ...race, kind: 'function' } as const;

  return [
    scenario({
      id: 'create-vs-put',
      title: 'a queue made from outside while the last task goes is made, or refused with -EACCES',
      ...race,
      tasks: { 'mq-open': openOrLate, exit },
    }),
    scenario({
      id: 'evict-vs-put',
      title: 'a queue ends while the last task of its namespace goes',
      ...race,
      setup: () => world(1, 1),
      tasks: { 'mq-unlink': unlink, exit },
    }),
    scenario({
      id: 'create-evict-vs-put',
      title: 'a queue is made and ended again while the last task goes',
      ...race,
      tasks: {
        *'mq-open'(w) {
          yield* openOrLate(w);
          yield* unlink(w);
        },
        exit,
      },
    }),
    scenario({
      id: 'two-creates-vs-put',
      title: 'two tasks outside make queues while the last task inside goes',
      ...race,
      tasks: { 'mq-open/a': openOrLate, 'mq-open/b': openOrLate, exit },
    }),
    scenario({
      id: 'evict-vs-two-puts',
      title: 'a queue ends while the last two tasks go',
      ...race,
      setup: () => world(2, 1),
      tasks: { 'mq-unlink': unlink, 'exit/a': exit, 'exit/b': exit },
    }),
    scenario({
      id: 'limit-vs-put',
      title: 'a queue is refused because there are too many while the last task goes',
      ...race,
      setup: () => world(1, QUEUES_MAX),
      tasks: {
        *'mq-open'(w) {
          const ret = yield* open(w);
          if (ret !== -EACCES) expect_eq(ret, -ENOSPC, 'a queue beyond the limit');
        },
        exit,
      },
    }),
    scenario({
      id: 'create-vs-umount',
      title: 'the last task goes after the last mount elsewhere, or before: everything goes, once',
      ...race,
      tasks: {
        *umount(w) {
          yield* openOrLate(w);
          yield* unlink(w);
          yield* ipc.mntput(w.mnt);
        },
        exit,
      },
      *check() {
        yield* settle();
        nothingLeft(...types);
      },
    }),
    scenario({
      id: 'two-puts',
      title: 'two tasks go at once: the namespace goes with the second of them',
      ...works,
      setup: () => world(2),
      tasks: { 'exit/a': exit, 'exit/b': exit },
    }),
    scenario({
      id: 'create-vs-other-put',
      title: 'as long as one task stays, queues can be made, even if others leave',
      ...works,
      setup: () => world(2),
      tasks: {
        *'mq-open'(w) {
          expect_eq(yield* open(w), 0, 'a queue of a namespace with a task in it');
        },
        exit,
      },
    }),
    scenario({
      id: 'fork-vs-create',
      title: 'a task that enters the namespace keeps it, whatever goes on outside',
      ...works,
      setup: () => world(1, 1),
      tasks: {
        *fork(w) {
          yield* fork(w);
          yield* exit(w);
        },
        'mq-open': openOrLate,
        'mq-unlink': unlink,
      },
    }),
    scenario({
      id: 'limit',
      title: 'queues are counted: the last one allowed is made once, however many ask for it',
      ...works,
      setup: () => world(1, 1),
      tasks: {
        *'mq-open/a'(w) {
          const ret = yield* open(w);
          if (ret !== 0) expect_eq(ret, -ENOSPC, 'a queue beyond the limit');
        },
        *'mq-open/b'(w) {
          const ret = yield* open(w);
          if (ret !== 0) expect_eq(ret, -ENOSPC, 'a queue beyond the limit');
        },
      },
      *check(w) {
        expect_eq(w.queues.length, QUEUES_MAX, 'queues made');
        yield* allGone(w);
      },
    }),
    scenario({
      id: 'outlived',
      title: 'the queues outlive their namespace where they are mounted; new ones are refused',
      ...works,
      setup: () => world(1, 1),
      tasks: {
        *init(w) {
          expect_true(alive(w.ns), 'a namespace is gone that a task is in');
          yield* exit(w);
          expect_eq(yield* open(w), -EACCES, 'a queue of a namespace that is gone');
          expect_true(w.queues.every(alive), 'a queue is gone that was not unlinked');
          yield* unlink(w);
          expect_true(alive(w.mnt.mnt_sb), 'a file system is gone and still mounted');
        },
      },
    }),
    scenario({
      id: 'mounted-again',
      title: 'queues that are unmounted and mounted again can be used as before',
      ...works,
      tasks: {
        *init(w) {
          for (let i = 0; i < QUEUES_MAX; i++) {
            yield* ipc.mntput(w.mnt);
            const mnt = yield* ipc.clone_mnt(w.ns.mq_mnt);
            if (IS_ERR(mnt)) throw new Error('this scenario has memory');
            w.mnt = mnt;
            expect_eq(yield* open(w), 0, 'a queue below the limit');
          }
        },
      },
    }),
    scenario({
      id: 'two-namespaces',
      title: 'two namespaces come and go at once, each with its queues and its limit',
      ...works,
      tasks: {
        *a(w) {
          for (let i = 0; i < QUEUES_MAX; i++) expect_eq(yield* open(w), 0, 'a queue');
          yield* exit(w);
        },
        *b() {
          const w = yield* world();
          expect_eq(yield* open(w), 0, 'a queue of the other namespace');
          yield* exit(w);
          yield* unlink(w);
          yield* ipc.mntput(w.mnt);
        },
      },
    }),
    scenario({
      id: 'no-namespace',
      title: 'NULL in place of a namespace is passed over',
      ...works,
      tasks: {
        *init() {
          expect_eq(yield* ipc.get_ipc_ns(null), null, 'what get_ipc_ns() of NULL gives');
          expect_no_locks('get_ipc_ns()');
        },
      },
    }),
    scenario({
      id: 'no-memory',
      title: 'without memory a queue is refused with -ENOMEM and counts for nothing',
      ...works,
      failures: { kmalloc: 2, kzalloc: 2 },
      tasks: {
        'mq-open': openOrNoMemory,
        *unshare() {
          const ns = yield* unshare([-ENOMEM]);
          if (ns === null) return;
          const mnt = yield* ipc.clone_mnt(ns.mq_mnt);
          if (!IS_ERR(mnt)) yield* ipc.mntput(mnt);
          else expect_eq(PTR_ERR(mnt), -ENOMEM, 'a mount without memory');
          yield* ipc.put_ipc_ns(ns);
        },
      },
    }),
    scenario({
      id: 'no-memory-at-all',
      title: 'where no memory ever comes the answer is -ENOMEM, and soon',
      ...works,
      stepsMax: 400,
      failures: { kmalloc: 1000, kzalloc: 1000 },
      tasks: {
        *'mq-open'(w) {
          yield* openOrNoMemory(w);
          yield* put(yield* unshare([-ENOMEM]));
          const mnt = yield* ipc.clone_mnt(w.ns.mq_mnt);
          if (!IS_ERR(mnt)) yield* ipc.mntput(mnt);
        },
      },
    }),
    scenario({
      id: 'no-memory-twice',
      title: 'queues that cannot be had at once leave the count as it was',
      ...works,
      failures: { kmalloc: 1 },
      tasks: { 'mq-open/a': openOrNoMemory, 'mq-open/b': openOrNoMemory },
    }),
    scenario({
      id: 'no-memory-vs-put',
      title: 'a queue that cannot be had drops the last reference, if the last task has gone',
      ...race,
      failures: { kmalloc: 1 },
      tasks: {
        *'mq-open'(w) {
          const ret = yield* open(w);
          if (ret !== -ENOMEM && ret !== 0) expect_eq(ret, -EACCES, 'a queue without memory');
        },
        exit,
      },
    }),
  ];
});
