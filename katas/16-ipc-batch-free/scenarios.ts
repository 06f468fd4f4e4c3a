// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of IPC namespaces that end in numbers. Nothing here asks who waits for grace periods, or how: it is counted how
 * many had to elapse one after the other, and those that overlap count once. Final counts are taken when every task has ended.
 */
import {
  allocated,
  complete,
  countsOf,
  DECLARE_COMPLETION,
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
  grace_period_log,
  grace_periods,
  inumsInUse,
  IS_ERR,
  mntget,
  mntput,
  mount,
  type Op,
  PTR_ERR,
  rcu_read_lock,
  rcu_read_unlock,
  reached,
  READ_ONCE,
  scenario,
  static_var,
  type StructOf,
  suite,
  super_block,
  systemWorksOneAtATime,
  type vfsmount,
  wait_for_completion,
  WRITE_ONCE,
} from '#lib';

type Ipc = typeof import('./namespace');
type Namespace = StructOf<Ipc['ipc_namespace']>;
type World = readonly Namespace[];

const PLENTY = 10;
const init_user_ns = DEFINE_USER_NAMESPACE('init_user_ns', PLENTY);

/** One for all of them; two, if those that ended last came too late for the first. */
const PERIODS_OF_A_BURST = 2;
const STEPS_OF_A_CALL = 400;

const LATE = 'namespaces that end during a grace period share the next one';
const PUT_RETURNS = 'the last reference is put while somebody reads who has begun before';
const CREATE_RETURNS = 'a namespace is made while another waits for its grace period';

/** A reader that has begun before anybody else does anything. */
const reading = DECLARE_COMPLETION('reading');
const reader_left = static_var('reader_left', false);

function* read(): Op<void> {
  yield* rcu_read_lock();
  yield* complete(reading);
  yield* WRITE_ONCE(reader_left, 'value', true);
  yield* rcu_read_unlock();
}

export default suite<Ipc>((ipc) => {
  /** Makes a namespace: null if that failed in a way the scenario allows. */
  function* unshare(errors: readonly number[] = []): Op<Namespace | null> {
    const steps = ipc.create_ipc_ns(init_user_ns)[Symbol.iterator]();
    let step = steps.next();
    for (let i = 0; step.done !== true; i++) {
      if (i === STEPS_OF_A_CALL) {
        expect_true(false, 'create_ipc_ns() goes round in circles');
        return null;
      }
      const result: unknown = yield step.value;
      step = steps.next(result);
    }
    expect_no_locks('create_ipc_ns()');
    const ns = step.value;
    if (!IS_ERR(ns)) return ns;
    if (!errors.includes(PTR_ERR(ns))) expect_eq(PTR_ERR(ns), 0, 'create_ipc_ns()');
    return null;
  }
  /** The last task of a namespace ends. */
  function* exit(ns: Namespace | null | undefined): Op<void> {
    if (ns === null || ns === undefined) return;
    yield* ipc.put_ipc_ns(ns);
    expect_no_locks('put_ipc_ns()');
  }
  function* exitAll(world: World): Op<void> {
    for (const ns of world) yield* exit(ns);
  }
  /** A world of so many namespaces, and perhaps no more of them allowed. */
  function* namespaces(count: number, limit = PLENTY): Op<World> {
    const world: Namespace[] = [];
    for (let i = 0; i < count; i++) {
      const ns = yield* unshare();
      if (ns === null) throw new Error('set-up code has no memory');
      world.push(ns);
    }
    init_user_ns.ucount_max = limit;
    systemWorksOneAtATime();
    return world;
  }
  /** The same, and each has its file system in use by a file that somebody has open. */
  function* opened(count: number): Op<{ world: World; files: vfsmount[] }> {
    const world = yield* namespaces(count);
    const files = world.map((ns) => ns.mq_mnt);
    for (const mnt of files) yield* mntget(mnt);
    return { world, files };
  }
  function* closeAll(files: readonly vfsmount[]): Op<void> {
    for (const mnt of files) yield* mntput(mnt);
  }
  /** Makes a namespace that stays, if there is room for it. */
  function* take({ made }: { made: Namespace[] }): Op<void> {
    const ns = yield* unshare([-ENOSPC]);
    if (ns !== null) made.push(ns);
  }
  /** Makes a queue in a file system somebody has open. */
  function* open(sb: super_block, error = 0): Op<void> {
    const ret = yield* ipc.mqueue_create(sb);
    expect_no_locks('mqueue_create()');
    if (ret !== error) expect_eq(ret, 0, 'mqueue_create()');
  }
  /** Everything has ended, once, and given back what it had. */
  function* allGone(): Op<void> {
    for (const type of [ipc.ipc_namespace, mount, super_block, dentry, fs_inode, fs_context]) {
      expect_eq(allocated(type), 0, `structures ${type.typeName} left at the end`);
    }
    const { ipc: counted, references } = yield* countsOf(init_user_ns);
    expect_eq(counted, 0, 'IPC namespaces counted at the end');
    expect_eq(references, 1, 'references to the user namespace at the end');
    expect_eq(inumsInUse(), 0, 'numbers of namespaces in use at the end');
  }

  const batch = { task: 1, stepsMax: 10_000, check: allGone } as const;
  const works = { ...batch, kind: 'function' } as const;
  const race = { ...batch, kind: 'race' } as const;
  const limit = { ...works, task: 2 } as const;

  return [
    scenario({
      id: 'burst',
      title: 'namespaces that end together do not wait for one grace period each',
      ...works,
      *setup() {
        yield* exitAll(yield* namespaces(4));
      },
      tasks: {},
      *check() {
        yield* allGone();
        const periods = yield* grace_periods();
        expect_true(
          periods <= PERIODS_OF_A_BURST,
          `4 namespaces have cost ${periods} grace periods`,
        );
      },
    }),
    scenario({
      id: 'burst-late',
      title: 'nor do those that end while the first waits',
      ...batch,
      kind: 'reachable',
      reaches: LATE,
      *setup() {
        const [first, ...world] = yield* namespaces(3);
        yield* exit(first);
        return { world, late: false };
      },
      tasks: {
        *exit(w) {
          const periods = yield* grace_period_log();
          w.late = periods.length === 1 && periods.every(({ end }) => end === null);
          yield* exitAll(w.world);
          w.late &&= (yield* grace_period_log()).every(({ end }) => end === null);
        },
      },
      *check({ late }) {
        yield* allGone();
        if (late && (yield* grace_periods()) <= PERIODS_OF_A_BURST) reached(LATE);
      },
    }),
    scenario({
      id: 'put-returns',
      title: 'who puts the last reference does not wait for a grace period',
      ...batch,
      kind: 'reachable',
      reaches: PUT_RETURNS,
      setup: () => namespaces(1),
      tasks: {
        *exit(world) {
          yield* wait_for_completion(reading);
          yield* exitAll(world);
          if (!(yield* READ_ONCE(reader_left, 'value'))) reached(PUT_RETURNS);
        },
        read,
      },
    }),
    scenario({
      id: 'close-vs-exit',
      title: 'a file is closed while its namespace ends: the file system ends once, with the later',
      ...race,
      setup: () => opened(1),
      tasks: { exit: ({ world }) => exitAll(world), close: ({ files }) => closeAll(files) },
    }),
    scenario({
      id: 'close-vs-two-exits',
      title: 'a file is closed while its namespace, and another, end together',
      ...race,
      *setup() {
        const other = yield* namespaces(1);
        const { world, files } = yield* opened(1);
        return { world: [...world, ...other], files };
      },
      tasks: { exit: ({ world }) => exitAll(world), close: ({ files }) => closeAll(files) },
    }),
    scenario({
      id: 'close-vs-late-exit',
      title: 'a file is closed while its namespace ends in the grace period of another',
      ...race,
      *setup() {
        const [first] = yield* namespaces(1);
        const w = yield* opened(1);
        yield* exit(first);
        return w;
      },
      tasks: { exit: ({ world }) => exitAll(world), close: ({ files }) => closeAll(files) },
    }),
    scenario({
      id: 'create-vs-exit',
      title:
        'a queue is made through an open file while the last task goes, or refused with -EACCES',
      ...race,
      setup: () => opened(1),
      tasks: {
        exit: ({ world }) => exitAll(world),
        *'mq-open'({ files }) {
          for (const { mnt_sb } of files) yield* open(mnt_sb, -EACCES);
          yield* closeAll(files);
        },
      },
    }),
    scenario({
      id: 'two-exits',
      title: 'namespaces that end on two CPUs at once are gone in the end, both of them',
      ...works,
      setup: () => namespaces(2),
      tasks: { 'exit/a': ([a]) => exit(a), 'exit/b': ([, b]) => exit(b) },
    }),
    scenario({
      id: 'works-overlap',
      title: 'if two are taken down by two works at once they do not get in their way',
      ...works,
      *setup() {
        const world = yield* namespaces(2);
        systemWorksOneAtATime(false);
        yield* exitAll(world);
      },
      tasks: {},
    }),
    scenario({
      id: 'fork-vs-exit',
      title:
        'a namespace with a task in it does not end; its queues can be made while another ends',
      ...works,
      setup: () => namespaces(2),
      tasks: {
        *task([a]) {
          if (a === undefined) return;
          yield* ipc.get_ipc_ns(a);
          yield* exit(a);
          yield* open(a.mq_mnt.mnt_sb);
          yield* exit(a);
        },
        exit: ([, b]) => exit(b),
      },
    }),
    scenario({
      id: 'create-vs-exits',
      title: 'a namespace comes and goes while another does',
      ...works,
      setup: () => namespaces(1),
      tasks: {
        exit: exitAll,
        *unshare() {
          yield* exit(yield* unshare());
        },
      },
    }),
    scenario({
      id: 'no-memory',
      title: 'without memory a namespace is refused with -ENOMEM and leaves nothing behind',
      ...works,
      failures: { kzalloc: 1, alloc_percpu: 1, ns_alloc_inum: 1, set_anon_super: 1 },
      tasks: {
        *unshare() {
          yield* exit(yield* unshare([-ENOMEM]));
        },
      },
    }),
    scenario({
      id: 'at-limit',
      title: 'where only namespaces that have ended are in the way, a new one can be made',
      ...limit,
      setup: () => namespaces(1, 1),
      tasks: {
        *unshare(world) {
          yield* exitAll(world);
          yield* exit(yield* unshare());
        },
      },
    }),
    scenario({
      id: 'at-limit-again',
      title: 'and so on, for as long as one likes',
      ...limit,
      setup: () => namespaces(1, 1),
      tasks: {
        *unshare(world) {
          yield* exitAll(world);
          for (let i = 0; i < 2; i++) yield* exit(yield* unshare());
        },
      },
    }),
    scenario({
      id: 'over-limit',
      title: 'where namespaces in use are in the way the answer is -ENOSPC, soon',
      ...limit,
      setup: () => namespaces(2, 2),
      tasks: {
        *unshare(world) {
          for (let i = 0; i < 2; i++) {
            expect_eq(yield* unshare([-ENOSPC]), null, 'a namespace beyond the limit');
          }
          yield* exitAll(world);
        },
      },
    }),
    scenario({
      id: 'two-at-limit',
      title: 'of two that want the place of one that has ended one gets it',
      ...limit,
      kind: 'race',
      *setup() {
        const [old] = yield* namespaces(1, 1);
        yield* exit(old);
        return { made: [] as Namespace[] };
      },
      tasks: { 'unshare/a': take, 'unshare/b': take },
      *check({ made }) {
        expect_eq(made.length, 1, 'namespaces made where there is room for one');
      },
    }),
    scenario({
      id: 'limit-counts',
      title: 'a namespace counts until it is gone: no more of them exist than are allowed',
      ...limit,
      kind: 'overfix',
      setup: () => namespaces(1, 1),
      tasks: {
        *unshare(world) {
          yield* wait_for_completion(reading);
          yield* exitAll(world);
          const ns = yield* unshare();
          const left = yield* READ_ONCE(reader_left, 'value');
          if (!left) expect_eq(allocated(ipc.ipc_namespace), 1, 'namespaces where one is allowed');
          yield* exit(ns);
        },
        read,
      },
    }),
    scenario({
      id: 'create-returns',
      title: 'below the limit nobody waits for a grace period to make a namespace',
      ...limit,
      kind: 'reachable',
      reaches: CREATE_RETURNS,
      setup: () => namespaces(1, 2),
      tasks: {
        *unshare(world) {
          yield* wait_for_completion(reading);
          yield* exitAll(world);
          const ns = yield* unshare();
          if (!(yield* READ_ONCE(reader_left, 'value'))) reached(CREATE_RETURNS);
          yield* exit(ns);
        },
        read,
      },
    }),
  ];
});
