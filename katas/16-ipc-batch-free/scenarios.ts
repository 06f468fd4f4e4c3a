// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of IPC namespaces that end in numbers. Nothing here asks who waits for grace periods, or how: it is counted how
 * many had to elapse one after the other, and those that overlap count once. Final counts are taken when every task has ended.
 */
import {
  allocated,
  complete,
  cpu_relax,
  DECLARE_COMPLETION,
  DEFINE_USER_NAMESPACE,
  ENOMEM,
  ENOSPC,
  type errptr,
  expect_eq,
  expect_true,
  grace_period_log,
  grace_periods,
  interrupted,
  mntget,
  mntput,
  type Op,
  rcu_read_lock,
  rcu_read_unlock,
  reached,
  READ_ONCE,
  scenario,
  settle,
  static_var,
  suite,
  super_block,
  systemWorksOneAtATime,
  wait_for_completion,
  WRITE_ONCE,
} from '#lib';
import { init_user_ns, ipcTasks, ipcWorld, PLENTY } from '../worlds/ipc';

type Ipc = typeof import('./namespace');
type Namespace = import('./namespace').ipc_namespace;

/** One for all of them; two, if those that ended last came too late for the first. */
const PERIODS_OF_A_BURST = 2;
const STEPS_OF_A_CALL = 400;

const LATE = 'namespaces that end during a grace period share the next one';
const PUT_RETURNS = 'the last reference is put while somebody reads who has begun before';
const CREATE_RETURNS = 'a namespace is made while another waits for its grace period';

/** A reader that has begun before anybody else does anything. */
const reading = DECLARE_COMPLETION('reading');
const reader_left = static_var('reader_left', false);

/** A namespace has ended. */
const ended = DECLARE_COMPLETION('ended');

/** Somebody else's namespaces, far below the limit. */
const other_user_ns = DEFINE_USER_NAMESPACE('other_user_ns', PLENTY);
const other_done = static_var('other_done', false);

/** Another user, who has one namespace and may have no other. */
const full_user_ns = DEFINE_USER_NAMESPACE('full_user_ns', 1);

function* read(): Op<void> {
  yield* rcu_read_lock();
  yield* complete(reading);
  yield* WRITE_ONCE(reader_left, 'value', true);
  yield* rcu_read_unlock();
}

export default suite<Ipc>((ipc) => {
  /** Makes a namespace, and soon: NULL if it goes on for too long. */
  function* create(user_ns = init_user_ns): Op<Namespace | errptr | null> {
    const steps = ipc.create_ipc_ns(user_ns)[Symbol.iterator]();
    let step = steps.next();
    for (let i = 0; step.done !== true; i++) {
      if (i === STEPS_OF_A_CALL) {
        expect_true(false, 'create_ipc_ns() goes round in circles');
        return null;
      }
      const result: unknown = yield step.value;
      step = steps.next(result);
    }
    return step.value;
  }
  /** Not even on the way to an error: that is what a limit is for. */
  function* withinLimit(): Op<boolean> {
    expect_true(allocated(super_block) <= 2, 'a file system more than there may be namespaces');
    return true;
  }
  const tasks = ipcTasks(ipc);
  const unshare = (errors: readonly number[] = [], user_ns = init_user_ns): Op<Namespace | null> =>
    tasks.unshare(errors, () => create(user_ns));
  const { exit, exitAll, closeAll, world, opened, allGone, common } = ipcWorld(ipc, unshare);

  /** Makes a namespace that stays, if there is room for it. */
  function* take({ made }: { made: Namespace[] }): Op<void> {
    const ns = yield* unshare([-ENOSPC]);
    if (ns !== null) made.push(ns);
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
        yield* exitAll(yield* world(3));
      },
      tasks: {},
      *check() {
        yield* allGone();
        const periods = yield* grace_periods();
        expect_true(
          periods <= PERIODS_OF_A_BURST,
          `3 namespaces have cost ${periods} grace periods`,
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
        const [first, ...namespaces] = (yield* world(3)).namespaces;
        yield* exit(first);
        return { namespaces, late: false };
      },
      tasks: {
        *exit(w) {
          const periods = yield* grace_period_log();
          w.late = periods.length === 1 && periods.every(({ end }) => end === null);
          yield* exitAll(w);
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
      setup: () => world(1),
      tasks: {
        *exit(w) {
          yield* wait_for_completion(reading);
          yield* exitAll(w);
          if (!(yield* READ_ONCE(reader_left, 'value'))) reached(PUT_RETURNS);
        },
        read,
      },
    }),
    common['close-vs-exit'],
    scenario({
      id: 'close-vs-two-exits',
      title: 'a file is closed while its namespace, and another, end together',
      ...race,
      *setup() {
        const other = yield* world(1);
        const { namespaces, files } = yield* opened(1);
        return { namespaces: [...namespaces, ...other.namespaces], files };
      },
      tasks: { exit: exitAll, close: closeAll },
    }),
    scenario({
      id: 'close-vs-late-exit',
      title: 'a file is closed while its namespace ends in the grace period of another',
      ...race,
      *setup() {
        const {
          namespaces: [first],
        } = yield* world(1);
        const w = yield* opened(1);
        yield* exit(first);
        return w;
      },
      tasks: { exit: exitAll, close: closeAll },
    }),
    common['create-vs-exit'],
    common['two-exits'],
    scenario({
      id: 'works-overlap',
      title: 'if two are taken down by two works at once they do not get in their way',
      ...works,
      *setup() {
        const w = yield* world(2);
        systemWorksOneAtATime(false);
        yield* exitAll(w);
      },
      tasks: {},
    }),
    common['fork-vs-exit'],
    common['last-queue'],
    scenario({
      id: 'create-vs-exits',
      title: 'a namespace comes and goes while another does',
      ...works,
      setup: () => world(1),
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
      failures: { kzalloc: 1000, alloc_percpu: 1000, ns_alloc_inum: 1000, set_anon_super: 1000 },
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
      setup: () => world(1, 1),
      tasks: {
        *unshare(w) {
          yield* exitAll(w);
          yield* exit(yield* unshare());
        },
      },
    }),
    scenario({
      id: 'at-limit-again',
      title: 'and so on, for as long as one likes',
      ...limit,
      setup: () => world(1, 1),
      tasks: {
        *unshare(w) {
          yield* exitAll(w);
          for (let i = 0; i < 2; i++) yield* exit(yield* unshare());
        },
      },
    }),
    scenario({
      id: 'over-limit',
      title: 'where namespaces in use are in the way the answer is -ENOSPC, soon',
      ...limit,
      setup: () => world(2, 2),
      tasks: {
        *unshare(w) {
          for (let i = 0; i < 2; i++) {
            const made = yield* interrupted(() => unshare([-ENOSPC]), withinLimit);
            expect_eq(made, null, 'a namespace beyond the limit');
          }
          yield* exitAll(w);
        },
      },
    }),
    scenario({
      id: 'end-and-make',
      title: 'who has ended a namespace can make one, although another is still ending',
      ...limit,
      kind: 'race',
      commuting: true,
      *setup() {
        const { namespaces } = yield* world(2, 2);
        const files = namespaces.map((ns) => ns.mq_mnt);
        for (const mnt of files) yield* mntget(mnt);
        return { namespaces, files, made: [] as (Namespace | null)[] };
      },
      tasks: {
        *exit({ namespaces: [ns], files: [mnt] }) {
          yield* interrupted(
            () => exit(ns),
            // Past its last reference, the end itself is what races with the other task.
            function* () {
              if (mnt === undefined || (yield* READ_ONCE(mnt.mnt_sb, 's_fs_info')) !== null)
                return true;
              yield* complete(ended);
              return false;
            },
          );
          yield* complete(ended);
        },
        *unshare({ namespaces: [, ns], made }) {
          yield* wait_for_completion(ended);
          yield* exit(ns);
          made.push(yield* unshare());
        },
      },
      *check({ made, files }) {
        for (const mnt of files) yield* mntput(mnt);
        for (const ns of made) yield* exit(ns);
        yield* settle();
        yield* allGone();
      },
    }),
    scenario({
      id: 'two-at-limit',
      title: 'of two that want the place of one that has ended one gets it',
      ...limit,
      kind: 'race',
      *setup() {
        const {
          namespaces: [old],
        } = yield* world(1, 1);
        yield* exit(old);
        return { made: [] as Namespace[] };
      },
      tasks: { 'unshare/a': take, 'unshare/b': take },
      *check({ made }) {
        expect_eq(made.length, 1, 'namespaces made where there is room for one');
      },
    }),
    scenario({
      id: 'two-users-at-limit',
      title:
        'a user whose namespaces have ended can make one while another user at the limit is refused',
      ...limit,
      kind: 'race',
      *setup() {
        const w = yield* world(1, 1);
        return { ...w, made: [yield* unshare([], full_user_ns)] };
      },
      tasks: {
        *unshare(w) {
          yield* exitAll(w);
          w.made.push(yield* unshare());
        },
        *other() {
          expect_eq(yield* unshare([-ENOSPC], full_user_ns), null, 'a namespace beyond the limit');
        },
      },
      *check({ made }) {
        for (const ns of made) yield* exit(ns);
        yield* settle();
        yield* allGone();
      },
    }),
    scenario({
      id: 'other-user',
      title: 'a user below the limit does not wait for a user at the limit',
      ...limit,
      kind: 'overfix',
      *setup() {
        return { ...(yield* world(1, 1)), made: [] as Namespace[] };
      },
      tasks: {
        *unshare(w) {
          yield* wait_for_completion(reading);
          yield* exitAll(w);
          yield* complete(ended);
          yield* take(w);
        },
        *other({ made }) {
          yield* wait_for_completion(ended);
          const ns = yield* unshare([], other_user_ns);
          if (ns !== null) made.push(ns);
          yield* WRITE_ONCE(other_done, 'value', true);
        },
        *read() {
          yield* rcu_read_lock();
          yield* complete(reading);
          while (!(yield* READ_ONCE(other_done, 'value'))) yield* cpu_relax();
          yield* rcu_read_unlock();
        },
      },
      *check({ made }) {
        expect_true(made.length > 0, 'the other user got a namespace');
        for (const ns of made) yield* exit(ns);
        yield* settle();
        yield* allGone();
      },
    }),
    scenario({
      id: 'limit-counts',
      title: 'a namespace counts until it is gone: no more of them exist than are allowed',
      ...limit,
      kind: 'overfix',
      setup: () => world(1, 1),
      tasks: {
        *unshare(w) {
          yield* wait_for_completion(reading);
          yield* exitAll(w);
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
      setup: () => world(1, 2),
      tasks: {
        *unshare(w) {
          yield* wait_for_completion(reading);
          yield* exitAll(w);
          const ns = yield* unshare();
          if (!(yield* READ_ONCE(reader_left, 'value'))) reached(CREATE_RETURNS);
          yield* exit(ns);
        },
        read,
      },
    }),
  ];
});
