// SPDX-License-Identifier: GPL-2.0-only
/** The programs of lib/explore/testing/paper.ts for yardsticks: cells are numbers, tasks yield plain records. */
/** How a yardstick names its operations. */
export interface Acts<A> {
  readonly read: (cell: number) => A;
  readonly write: (cell: number, value: number) => A;
  /** A compare-and-exchange of 0 for the value; returns the old value. */
  readonly claim: (cell: number, value: number) => A;
  readonly lock: (cell: number) => A;
  readonly unlock: (cell: number) => A;
}

export type Family = 'lastzero' | 'readers' | 'indexer' | 'filesystem' | 'philosophers';

type Tasks<A> = Generator<A, void, number>[];

function times<T>(n: number, make: (i: number) => T): T[] {
  return Array.from({ length: n }, (_, i) => make(i));
}

/** Where the file system's inode locks, inodes, block locks and blocks begin. */
const [LOCKI, INODE, LOCKB, BUSY] = [0, 100, 200, 300];

/** The programs by size, with a yardstick's operations. */
export function programs<A>(acts: Acts<A>): Record<Family, (n: number) => () => Tasks<A>> {
  const { read, write, claim, lock, unlock } = acts;
  function* search(n: number): Generator<A, void, number> {
    for (let i = n; (yield read(i)) !== 0; i--);
  }
  function* set(j: number): Generator<A, void, number> {
    yield write(j + 1, (yield read(j)) + 1);
  }
  function* one(act: A): Generator<A, void, number> {
    yield act;
  }
  function* insert(task: number): Generator<A, void, number> {
    for (let m = 1; m <= 4; m++) {
      const message = m * 11 + task;
      let hash = (message * 7) % 128;
      while ((yield claim(hash, message)) !== 0) hash = (hash + 1) % 128;
    }
  }
  function* allocate(inode: number): Generator<A, void, number> {
    yield lock(LOCKI + inode);
    if ((yield read(INODE + inode)) === 0) {
      for (let block = (inode * 2) % 26, found = false; !found; block = (block + 1) % 26) {
        yield lock(LOCKB + block);
        found = (yield read(BUSY + block)) === 0;
        if (found) {
          yield write(BUSY + block, 1);
          yield write(INODE + inode, block + 1);
        }
        yield unlock(LOCKB + block);
      }
    }
    yield unlock(LOCKI + inode);
  }
  function* eat(task: number, n: number): Generator<A, void, number> {
    const forks = [task, (task + 1) % n].sort((a, b) => a - b);
    for (const fork of forks) yield lock(fork);
    for (const fork of forks.reverse()) yield unlock(fork);
  }
  return {
    lastzero: (n) => () => [search(n), ...times(n, set)],
    readers: (n) => () => [one(write(0, 1)), ...times(n, () => one(read(0)))],
    indexer: (n) => () => times(n, insert),
    filesystem: (n) => () => times(n, allocate),
    philosophers: (n) => () => times(n, (task) => eat(task, n)),
  };
}
