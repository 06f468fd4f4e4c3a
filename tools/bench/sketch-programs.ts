// SPDX-License-Identifier: GPL-2.0-only
/** The programs of lib/explore/testing/paper.ts once more, for the yardstick: cells are numbers, tasks yield plain records. */
import type { Act, SketchTask } from './sketch';

const read = (cell: number): Act => ({ kind: 'read', cell });
const write = (cell: number, value: number): Act => ({ kind: 'write', cell, change: () => value });
const lock = (cell: number): Act => ({ kind: 'lock', cell });
const unlock = (cell: number): Act => ({ kind: 'unlock', cell });
const claim = (cell: number, value: number): Act => ({
  kind: 'write',
  cell,
  change: (old) => (old === 0 ? value : undefined),
});

function times(n: number, make: (i: number) => SketchTask): SketchTask[] {
  return Array.from({ length: n }, (_, i) => make(i));
}

export function lastzero(n: number): () => SketchTask[] {
  function* search(): SketchTask {
    for (let i = n; (yield read(i)) !== 0; i--);
  }
  function* set(j: number): SketchTask {
    yield write(j + 1, (yield read(j)) + 1);
  }
  return () => [search(), ...times(n, set)];
}

export function readers(n: number): () => SketchTask[] {
  function* one(act: Act): SketchTask {
    yield act;
  }
  return () => [one(write(0, 1)), ...times(n, () => one(read(0)))];
}

export function indexer(n: number): () => SketchTask[] {
  function* insert(task: number): SketchTask {
    for (let m = 1; m <= 4; m++) {
      const message = m * 11 + task;
      let hash = (message * 7) % 128;
      while ((yield claim(hash, message)) !== 0) hash = (hash + 1) % 128;
    }
  }
  return () => times(n, insert);
}

/** Where the file system's inode locks, inodes, block locks and blocks begin. */
const [LOCKI, INODE, LOCKB, BUSY] = [0, 100, 200, 300];

export function filesystem(n: number): () => SketchTask[] {
  function* allocate(inode: number): SketchTask {
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
  return () => times(n, allocate);
}

export function philosophers(n: number): () => SketchTask[] {
  function* eat(task: number): SketchTask {
    const forks = [task, (task + 1) % n].sort((a, b) => a - b);
    for (const fork of forks) yield lock(fork);
    for (const fork of forks.reverse()) yield unlock(fork);
  }
  return () => times(n, eat);
}
