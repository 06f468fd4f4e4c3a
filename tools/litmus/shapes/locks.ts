// SPDX-License-Identifier: GPL-2.0-only
/** Spinlocks: what a critical section orders, for threads that take the lock and for threads that do not. */
import { when } from './control';
import {
  acquire,
  type Instruction,
  lock,
  mb,
  mbAfterSpinlock,
  read,
  release,
  rmb,
  unlock,
  wmb,
  write,
} from './instructions';
import type { Litmus } from './litmus';
import { s, t, x, y, z } from './memory';

/** Double-checked locking: `y` is the flag, `x` the data. */
function doubleChecked(
  [first, second, data]: readonly [string, string, string],
  check: Instruction,
  publish: Instruction,
): readonly Instruction[] {
  const initialise = when(second, 0, write(x, 1), publish);
  return [check, when(first, 0, lock(s), read(second, y), initialise, unlock(s)), read(data, x)];
}

const firstOf = [
  [lock(s), write(x, 1), write(y, 1), unlock(s)],
  [lock(s), read('r0', y), write(z, 1), unlock(s)],
];

export const locks: readonly Litmus[] = [
  {
    name: 'MP, flag under a lock',
    threads: [
      [write(x, 1), lock(s), write(y, 1), unlock(s)],
      [lock(s), read('r0', y), unlock(s), read('r1', x)],
    ],
    question: 'exists r0=1 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'MP+polocks',
  },
  {
    name: 'MP, data under a lock',
    threads: [
      [read('r0', y), lock(s), read('r1', x), unlock(s)],
      [lock(s), write(x, 1), unlock(s), write(y, 1)],
    ],
    question: 'exists r0=1 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'MP+porevlocks',
  },
  {
    name: 'MP, two critical sections of one CPU',
    threads: [
      [lock(s), write(x, 1), unlock(s), lock(t), write(y, 1), unlock(t)],
      [read('r0', y), rmb, read('r1', x)],
    ],
    question: 'exists r0=1 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'MP+unlocklockonceonce+fencermbonceonce',
  },
  {
    name: 'MP, loads in two critical sections of one CPU',
    threads: [
      [lock(s), read('r0', y), unlock(s), lock(t), read('r1', x), unlock(t)],
      [write(x, 1), wmb, write(y, 1)],
    ],
    question: 'exists r0=1 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'explanation.txt, LOCKING',
  },
  {
    name: 'LB, two critical sections of one CPU',
    threads: [
      [lock(s), read('r0', x), unlock(s), lock(t), write(y, 1), unlock(t)],
      [acquire('r1', y), write(x, 1)],
    ],
    question: 'exists r0=1 && r1=1',
    ours: 'never',
    kernel: 'Never',
    source: 'LB+unlocklockonceonce+poacquireonce',
  },
  {
    name: 'SB, critical sections of one lock',
    threads: [
      [lock(s), write(x, 1), unlock(s), read('r0', y)],
      [lock(s), write(y, 1), unlock(s), read('r1', x)],
    ],
    question: 'exists r0=0 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'recipes.txt, Locking: the second to take the lock sees what the first did',
  },
  {
    name: 'SB, critical sections of two locks',
    threads: [
      [lock(s), write(x, 1), unlock(s), read('r0', y)],
      [lock(t), write(y, 1), unlock(t), read('r1', x)],
    ],
    question: 'exists r0=0 && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'recipes.txt, Store buffering: nothing less than full barriers',
  },
  {
    name: 'ISA2, locks and a full barrier',
    threads: [...firstOf, [read('r1', z), mb, read('r2', x)]],
    question: 'exists r0=1 && r1=1 && r2=0',
    ours: 'never',
    kernel: 'Never',
    source: 'ISA2+pooncelock+pooncelock+pombonce',
  },
  {
    name: 'Z6.0, locks and a full barrier',
    threads: [...firstOf, [write(z, 2), mb, read('r1', x)]],
    question: 'exists r0=1 && z=2 && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'Z6.0+pooncelock+pooncelock+pombonce',
    note: `The third thread does not take the lock.`,
  },
  {
    name: 'Z6.0, locks with smp_mb__after_spinlock()',
    threads: [
      [lock(s), write(x, 1), write(y, 1), unlock(s)],
      [lock(s), mbAfterSpinlock, read('r0', y), write(z, 1), unlock(s)],
      [write(z, 2), mb, read('r1', x)],
    ],
    question: 'exists r0=1 && z=2 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'Z6.0+pooncelock+poonceLock+pombonce',
  },
  {
    name: 'double-checked locking, relaxed',
    threads: [
      doubleChecked(['r0', 'r1', 'r2'], read('r0', y), write(y, 1)),
      doubleChecked(['r3', 'r4', 'r5'], read('r3', y), write(y, 1)),
    ],
    question: 'exists r2=0 || r5=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'DCL-broken',
  },
  {
    name: 'double-checked locking, release and acquire',
    threads: [
      doubleChecked(['r0', 'r1', 'r2'], acquire('r0', y), release(y, 1)),
      doubleChecked(['r3', 'r4', 'r5'], acquire('r3', y), release(y, 1)),
    ],
    question: 'exists r2=0 || r5=0',
    ours: 'never',
    kernel: 'Never',
    source: 'DCL-fixed',
  },
];
