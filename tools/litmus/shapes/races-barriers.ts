// SPDX-License-Identifier: GPL-2.0-only
/** Barriers that pair with something other than a barrier, and operations that are also barriers. */
import { when } from './control';
import {
  acquire,
  plainRead,
  plainWrite,
  read,
  release,
  rmb,
  synchronize,
  wmb,
  write,
  xchg,
} from './instructions';
import { v, x, y, z } from './memory';
import type { Race } from './race';

const data = plainWrite(x, 1);
const look = plainRead('r1', x);

export const orderedByBarriers: readonly Race[] = [
  {
    name: 'write barrier and acquire',
    threads: [
      [data, wmb, write(y, 1)],
      [acquire('r0', y), when('r0', 1, look)],
    ],
    ours: 'none',
    kernel: 'none',
  },
  {
    name: 'release and read barrier',
    threads: [
      [data, release(y, 1)],
      [read('r0', y), when('r0', 1, rmb, look)],
    ],
    ours: 'none',
    kernel: 'none',
  },
  {
    name: 'atomic_xchg() of something else as a barrier',
    threads: [
      [data, xchg('r2', v, 1), write(y, 1)],
      [acquire('r0', y), when('r0', 1, look)],
    ],
    ours: 'none',
    kernel: 'none',
  },
  {
    name: 'synchronize_rcu() as a barrier',
    threads: [
      [data, synchronize, write(y, 1)],
      [acquire('r0', y), when('r0', 1, look)],
    ],
    ours: 'none',
    kernel: 'none',
  },
  {
    name: 'release that hands on what was read',
    threads: [
      [data, release(y, 1)],
      [read('r0', y), when('r0', 1, release(z, 1))],
      [acquire('r2', z), when('r2', 1, look)],
    ],
    ours: 'none',
    kernel: 'none',
  },
  {
    name: 'barriers that no read connects',
    threads: [
      [data, wmb, write(y, 1)],
      [read('r0', y), when('r0', 1, write(z, 1))],
      [read('r2', z), when('r2', 1, rmb, look)],
    ],
    ours: 'race',
    kernel: 'race',
  },
];
