// SPDX-License-Identifier: GPL-2.0-only
/** Programs for which our detector and the kernel model differ by design, each the smallest known of its kind. */
import { when } from './control';
import {
  assign,
  mb,
  plainRead,
  plainWrite,
  read,
  readPointer,
  rmb,
  wmb,
  write,
} from './instructions';
import { x, y } from './memory';
import type { Race } from './race';

const data = plainWrite(x, 1);
const look = plainRead('r1', x);

export const differing: readonly Race[] = [
  {
    name: 'load before a write barrier',
    threads: [
      [look, wmb, write(y, 1)],
      [read('r0', y), when('r0', 1, mb, data)],
    ],
    ours: 'none',
    kernel: 'race',
    note: 'smp_wmb() orders stores only; ours orders loads too.',
  },
  {
    name: 'store after a read barrier',
    threads: [
      [data, mb, write(y, 1)],
      [read('r0', y), when('r0', 1, rmb, plainWrite(x, 2))],
    ],
    ours: 'none',
    kernel: 'race',
    note: 'smp_rmb() orders loads only; ours orders stores too.',
  },
  {
    name: 'pointer found, something else read',
    threads: [
      [data, assign(y)],
      [readPointer('r0'), when('r0', '&y', look)],
    ],
    ours: 'none',
    kernel: 'race',
    note: 'The kernel orders only what is reached through the pointer; ours all that its writer released.',
  },
];
