// SPDX-License-Identifier: GPL-2.0-only
/** Programs for which our detector and the kernel model differ by design, each the smallest known of its kind. */
import { when } from './control';
import { assign, plainRead, plainWrite, readPointer } from './instructions';
import { x, y } from './memory';
import type { Race } from './race';

const data = plainWrite(x, 1);
const look = plainRead('r1', x);

export const differing: readonly Race[] = [
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
