// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of a daemon that sleeps until it is asked: a request is met, and may be made with a lock held. */
import {
  asleep,
  DEFINE_SPINLOCK,
  expect_eq,
  expect_no_locks,
  get_current,
  GFP_KERNEL,
  kfree,
  kzalloc,
  type Op,
  reached,
  READ_ONCE,
  type Scenario,
  scenario,
  smp_mb,
  spin_lock,
  spin_unlock,
  static_var,
  type StructOf,
  suite,
  type task_struct,
  wake_up_process,
  WRITE_ONCE,
} from '#lib';

type Compaction = typeof import('./compaction');
type Node = StructOf<Compaction['pglist_data']>;
/** Two nodes, and what each of them is asked for. */
type Pair = readonly [readonly [Node, number], readonly [Node, number]];

/** Who asks for pages holds one lock or another. */
const zone_lock = DEFINE_SPINLOCK('zone_lock');

const SLEEPS = 'the daemon sleeps';
const sleeper = static_var<task_struct | null>('sleeper', null);

/** Wakes the daemon by itself, whatever is asked of it. */
function* wake(): Op<void> {
  const task = yield* READ_ONCE(sleeper, 'value');
  if (task !== null) yield* wake_up_process(task);
}

export default suite<Compaction>((mm) => {
  function* node(): Op<Node> {
    const pgdat = yield* kzalloc(mm.pglist_data, GFP_KERNEL);
    if (pgdat === null) throw new Error('set-up code has no memory');
    yield* mm.pgdat_init(pgdat);
    return pgdat;
  }
  function* ask(pgdat: Node, order: number): Op<void> {
    yield* mm.wakeup_kcompactd(pgdat, order);
    expect_no_locks('wakeup_kcompactd()');
  }
  function* daemon(pgdat: Node): Op<void> {
    yield* mm.kcompactd(pgdat);
    expect_no_locks('kcompactd()');
  }
  function* compacted(pgdat: Node, order: number): Op<void> {
    expect_eq(pgdat.compacted, order, 'the order of the last compaction');
    expect_eq(pgdat.compactions, 1, 'compactions');
    yield* kfree(pgdat);
  }

  function* twoNodes(): Op<Pair> {
    return [
      [yield* node(), 3],
      [yield* node(), 1],
    ];
  }
  function* bothCompacted(nodes: Pair): Op<void> {
    for (const [pgdat, order] of nodes) yield* compacted(pgdat, order);
  }

  /** Asked for with a lock held: with the orders of the races, so that no barrier is left out for one of them. */
  const askWithLock = (id: string, order: number): Scenario =>
    scenario({
      id,
      title: `who asks for order ${order} may hold a spinlock`,
      task: 2,
      kind: 'overfix',
      setup: node,
      tasks: {
        *kswapd(pgdat) {
          yield* spin_lock(zone_lock);
          yield* mm.wakeup_kcompactd(pgdat, order);
          yield* spin_unlock(zone_lock);
          expect_no_locks('wakeup_kcompactd()');
        },
        kcompactd: daemon,
      },
      check: (pgdat) => compacted(pgdat, order),
    });

  return [
    scenario({
      id: 'ask-vs-sleep',
      title: 'a request is not slept through',
      task: 1,
      kind: 'race',
      setup: node,
      tasks: { kswapd: (pgdat) => ask(pgdat, 3), kcompactd: daemon },
      check: (pgdat) => compacted(pgdat, 3),
    }),
    scenario({
      id: 'two-ask',
      title: 'two ask for the same at once, and the daemon wakes up',
      task: 1,
      kind: 'race',
      setup: node,
      tasks: {
        'kswapd/a': (pgdat) => ask(pgdat, 3),
        'kswapd/b': (pgdat) => ask(pgdat, 3),
        kcompactd: daemon,
      },
      alike: [['kswapd/a', 'kswapd/b']],
      check: (pgdat) => compacted(pgdat, 3),
    }),
    scenario({
      id: 'ask-twice',
      title: 'nor is one that is made again because nothing happens',
      task: 1,
      kind: 'race',
      setup: node,
      tasks: {
        *kswapd(pgdat) {
          yield* ask(pgdat, 1);
          yield* ask(pgdat, 1);
        },
        kcompactd: daemon,
      },
      check: (pgdat) => compacted(pgdat, 1),
    }),
    scenario({
      id: 'ask-at-once',
      title: 'two that ask at once get on, whether or not the daemon does',
      task: 2,
      kind: 'function',
      setup: node,
      tasks: { 'kswapd/a': (pgdat) => ask(pgdat, 3), 'kswapd/b': (pgdat) => ask(pgdat, 3) },
      alike: [['kswapd/a', 'kswapd/b']],
      *check(pgdat) {
        yield* daemon(pgdat);
        yield* compacted(pgdat, 3);
      },
    }),
    scenario({
      id: 'ask-for-nothing',
      title: 'who asks for order 0 asks for nothing, and a request after that is met',
      task: 2,
      kind: 'function',
      setup: node,
      tasks: {
        *kswapd(pgdat) {
          yield* ask(pgdat, 0);
          yield* ask(pgdat, 2);
        },
        kcompactd: daemon,
      },
      check: (pgdat) => compacted(pgdat, 2),
    }),
    scenario({
      id: 'highest-counts',
      title: 'of several requests the highest counts, and one compaction does for all',
      task: 2,
      kind: 'function',
      setup: node,
      tasks: {
        *kcompactd(pgdat) {
          for (const order of [1, 3, 0, 2]) yield* ask(pgdat, order);
          yield* daemon(pgdat);
        },
      },
      check: (pgdat) => compacted(pgdat, 3),
    }),
    scenario({
      id: 'turn-by-turn',
      title: 'a request that has been met is forgotten, and the next one may be smaller',
      task: 2,
      kind: 'function',
      setup: node,
      tasks: {
        *kcompactd(pgdat) {
          for (const order of [3, 1]) {
            yield* ask(pgdat, order);
            yield* daemon(pgdat);
            expect_eq(pgdat.compacted, order, 'the order of the last compaction');
          }
        },
      },
      *check(pgdat) {
        expect_eq(pgdat.compactions, 2, 'compactions');
        yield* kfree(pgdat);
      },
    }),
    scenario({
      id: 'next-turn',
      title: 'a request that was met without a sleep is over: the next turn waits for the next one',
      task: 2,
      kind: 'function',
      *setup() {
        const pgdat = yield* node();
        yield* ask(pgdat, 3);
        yield* daemon(pgdat);
        return pgdat;
      },
      tasks: { kswapd: (pgdat) => ask(pgdat, 1), kcompactd: daemon },
      *check(pgdat) {
        expect_eq(pgdat.compacted, 1, 'the order of the last compaction');
        expect_eq(pgdat.compactions, 2, 'compactions');
        yield* kfree(pgdat);
      },
    }),
    scenario({
      id: 'daemon-sleeps',
      title: 'a daemon of which nothing is asked sleeps, and sleeps on if it is woken for nothing',
      task: 2,
      kind: 'reachable',
      reaches: SLEEPS,
      setup: node,
      tasks: {
        *kcompactd(pgdat) {
          yield* WRITE_ONCE(sleeper, 'value', get_current());
          yield* daemon(pgdat);
        },
        *kswapd(pgdat) {
          const task = yield* READ_ONCE(sleeper, 'value');
          if (task !== null && asleep(task)) reached(SLEEPS);
          yield* wake();
          yield* ask(pgdat, 3);
          // This scenario is not about a request that is slept through.
          yield* smp_mb();
          yield* wake();
        },
      },
      check: (pgdat) => compacted(pgdat, 3),
    }),
    scenario({
      id: 'two-nodes',
      title: 'each node has a daemon of its own, and each is woken for its own node',
      task: 1,
      kind: 'race',
      setup: twoNodes,
      tasks: {
        *kswapd(nodes) {
          for (const [pgdat, order] of nodes) yield* ask(pgdat, order);
        },
        'kcompactd/0': ([[pgdat]]) => daemon(pgdat),
        'kcompactd/1': ([, [pgdat]]) => daemon(pgdat),
      },
      check: bothCompacted,
    }),
    scenario({
      id: 'nodes-in-turn',
      title: 'what one node is asked for is nothing to another',
      task: 2,
      kind: 'function',
      setup: twoNodes,
      tasks: {
        *kcompactd([first, second]) {
          yield* ask(...first);
          yield* ask(...second);
          yield* daemon(second[0]);
          yield* daemon(first[0]);
        },
      },
      check: bothCompacted,
    }),
    askWithLock('ask-with-lock', 3),
    askWithLock('ask-for-one-with-lock', 1),
  ];
});
