// SPDX-License-Identifier: GPL-2.0-only
/**
 * Programs whose traces the literature has counted: those of Abdulla, Aronis, Jonsson and Sagonas (Optimal dynamic
 * partial order reduction, POPL 2014, section 9; indexer and filesystem are Flanagan and Godefroid's, POPL 2005), and
 * the philosophers with ordered forks. The tests that pin the counts and the benchmark share them.
 */
// Import from the defining modules: the measured programs should not pay for the index.
import { atomic_cmpxchg, atomic_read, atomic_set, DEFINE_ATOMIC } from '../../kernel/atomic';
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from '../../kernel/mutex';
import { READ_ONCE, WRITE_ONCE } from '../../kernel/once';
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from '../../kernel/spinlock';
import { static_var } from '../../kernel/static-var';
import { type Op, type Program } from '../../machine';

/** Task 0 looks for the last zero of an array, while each other task overwrites one entry with its left neighbour's plus one. */
export function lastzero(n: number): Program {
  return programOf([
    function* () {
      for (let i = n; (yield* atomic_read(at(array, i))) !== 0; i--);
    },
    ...times(n, (j) => {
      const [left, own] = [at(array, j), at(array, j + 1)];
      return function* (): Op<void> {
        yield* atomic_set(own, (yield* atomic_read(left)) + 1);
      };
    }),
  ]);
}

/** One writer and n readers of one variable. */
export function readers(n: number): Program {
  return programOf([
    () => WRITE_ONCE(x, 'value', 1),
    ...times(n, () => () => READ_ONCE(x, 'value')),
  ]);
}

/** Entries of the indexer's hash table, and the number of messages that each task inserts. */
const TABLE = 128;
const MESSAGES = 4;

/** n tasks insert four messages each into a hash table with open addressing; the first collision is with the twelfth. */
export function indexer(n: number): Program {
  return programOf(
    times(n, (task) => {
      return function* (): Op<void> {
        for (let m = 1; m <= MESSAGES; m++) {
          const message = m * 11 + task;
          let hash = (message * 7) % TABLE;
          while ((yield* atomic_cmpxchg(at(table, hash), 0, message)) !== 0)
            hash = (hash + 1) % TABLE;
        }
      };
    }),
  );
}

/** Blocks and inodes of the file system. */
const BLOCKS = 26;
const INODES = 32;

/**
 * n tasks each assign a block to their inode: the first free one from a place of its own. The first collision is with
 * the fourteenth.
 */
export function filesystem(n: number): Program {
  return programOf(times(n, (task) => () => allocateBlock(task % INODES)));
}

function* allocateBlock(inode: number): Op<void> {
  yield* spin_lock(at(inodeLocks, inode));
  if ((yield* atomic_read(at(inodes, inode))) === 0) {
    let block = (inode * 2) % BLOCKS;
    while (!(yield* takeBlock(inode, block))) block = (block + 1) % BLOCKS;
  }
  yield* spin_unlock(at(inodeLocks, inode));
}

function* takeBlock(inode: number, block: number): Op<boolean> {
  yield* spin_lock(at(blockLocks, block));
  const free = (yield* atomic_read(at(busy, block))) === 0;
  if (free) {
    yield* atomic_set(at(busy, block), 1);
    yield* atomic_set(at(inodes, inode), block + 1);
  }
  yield* spin_unlock(at(blockLocks, block));
  return free;
}

/** n philosophers; each takes the fork with the lower number first. */
export function philosophers(n: number): Program {
  return programOf(
    times(n, (task) => {
      const [left, right] = [task, (task + 1) % n];
      const [first, second] = [at(forks, Math.min(left, right)), at(forks, Math.max(left, right))];
      return function* (): Op<void> {
        yield* mutex_lock(first);
        yield* mutex_lock(second);
        yield* mutex_unlock(second);
        yield* mutex_unlock(first);
      };
    }),
  );
}

/** A program of tasks that share only statics. */
export function programOf(tasks: readonly (() => Op<unknown>)[]): Program {
  return {
    boot(machine) {
      tasks.forEach((task, i) => machine.spawn(`t${i}`, task));
    },
  };
}

function times<T>(n: number, make: (i: number) => T): T[] {
  return Array.from({ length: n }, (_, i) => make(i));
}

function at<T>(list: readonly T[], i: number): T {
  const item = list[i];
  if (item === undefined) throw new RangeError(`paper: there are only ${list.length} of these`);
  return item;
}

// Statics must exist before a machine is made.
const array = times(24, (i) => DEFINE_ATOMIC(`array[${i}]`, 0));
const x = static_var('x', 0);
const table = times(TABLE, (i) => DEFINE_ATOMIC(`table[${i}]`, 0));
const inodes = times(INODES, (i) => DEFINE_ATOMIC(`inode[${i}]`, 0));
const inodeLocks = times(INODES, (i) => DEFINE_SPINLOCK(`locki[${i}]`));
const busy = times(BLOCKS, (i) => DEFINE_ATOMIC(`busy[${i}]`, 0));
const blockLocks = times(BLOCKS, (i) => DEFINE_SPINLOCK(`lockb[${i}]`));
const forks = times(8, (i) => DEFINE_MUTEX(`fork[${i}]`));
