// SPDX-License-Identifier: GPL-2.0-only
/** Plain data that a thread in the middle passes on: every link must order. */
import { when } from './control';
import {
  acquire,
  inc,
  mb,
  plainRead,
  plainWrite,
  read,
  release,
  rmb,
  wmb,
  write,
  xchg,
} from './instructions';
import { v, x, y, z } from './memory';
import type { Race } from './race';

const data = plainWrite(x, 1);
const first = [data, release(y, 1)];
const last = [acquire('r1', z), when('r1', 1, plainRead('r2', x))];

export const orderedByChains: readonly Race[] = [
  {
    name: 'chain of releases and acquires',
    threads: [first, [acquire('r0', y), when('r0', 1, release(z, 1))], last],
    ours: 'none',
    kernel: 'none',
  },
  {
    name: 'chain with a relaxed store',
    threads: [first, [acquire('r0', y), when('r0', 1, write(z, 1))], last],
    ours: 'race',
    kernel: 'race',
  },
  {
    name: 'chain with relaxed accesses in the middle',
    threads: [first, [read('r0', y), when('r0', 1, write(z, 1))], last],
    ours: 'race',
    kernel: 'race',
  },
  {
    name: 'chain that nobody waits for',
    threads: [first, [acquire('r0', y), release(z, 1)], last],
    ours: 'race',
    kernel: 'race',
  },
  {
    name: 'mutual exclusion by flags and full barriers',
    threads: [
      [write(x, 1), mb, read('r0', y), when('r0', 0, plainWrite(z, 1))],
      [write(y, 1), mb, read('r1', x), when('r1', 0, plainWrite(z, 2))],
    ],
    ours: 'none',
    kernel: 'none',
  },
  {
    name: 'released by atomic_xchg(), changed by atomic_inc()',
    threads: [
      [data, xchg('r3', v, 1)],
      [inc(v)],
      [xchg('r1', v, 5), when('r1', 2, plainRead('r2', x))],
    ],
    ours: 'none',
    kernel: 'none',
  },
  {
    name: 'chain of barriers',
    threads: [[data, wmb, write(y, 1)], [read('r0', y), when('r0', 1, rmb, release(z, 1))], last],
    ours: 'none',
    kernel: 'none',
  },
];
