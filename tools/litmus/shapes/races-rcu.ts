// SPDX-License-Identifier: GPL-2.0-only
/** Plain data behind an RCU pointer, and plain data that a grace period orders. */
import { plainReadThrough, plainWriteThrough, when } from './control';
import {
  assign,
  dereference,
  plainWrite,
  rcuLock,
  rcuUnlock,
  read,
  readPointer,
  synchronize,
  write,
  writePointer,
} from './instructions';
import { x, y, z } from './memory';
import type { Race } from './race';

const data = plainWrite(x, 1);
const reader = [rcuLock, dereference('r0'), plainReadThrough('r1', 'r0'), rcuUnlock];

export const orderedByRcu: readonly Race[] = [
  {
    name: 'published with rcu_assign_pointer()',
    threads: [[data, assign(x)], reader],
    ours: 'none',
    kernel: 'none',
  },
  {
    name: 'published with WRITE_ONCE()',
    threads: [[data, writePointer(x)], reader],
    ours: 'race',
    kernel: 'race',
  },
  {
    name: 'published with rcu_assign_pointer(), found with READ_ONCE()',
    threads: [
      [data, assign(x)],
      [readPointer('r0'), plainReadThrough('r1', 'r0')],
    ],
    ours: 'none',
    kernel: 'none',
    note: 'The address dependency orders.',
  },
  {
    name: 'written through a pointer that was just found',
    threads: [
      [data, assign(x)],
      [readPointer('r0'), plainWriteThrough('r0', 2)],
    ],
    ours: 'none',
    kernel: 'none',
  },
  {
    name: 'old object written after a grace period',
    threads: [reader, [assign(x), synchronize, plainWrite(z, 1)]],
    ours: 'none',
    kernel: 'none',
  },
  {
    name: 'old object written without a grace period',
    threads: [reader, [assign(x), plainWrite(z, 1)]],
    ours: 'race',
    kernel: 'race',
  },
  {
    name: 'old object read after its section',
    threads: [
      [rcuLock, dereference('r0'), rcuUnlock, plainReadThrough('r1', 'r0')],
      [assign(x), synchronize, plainWrite(z, 1)],
    ],
    ours: 'race',
    kernel: 'race',
  },
  {
    name: 'two stores with a grace period between them',
    threads: [
      [write(x, 1), synchronize, plainWrite(y, 3)],
      [rcuLock, read('r0', x), when('r0', 0, plainWrite(y, 2)), rcuUnlock],
    ],
    ours: 'none',
    kernel: 'none',
  },
  {
    name: 'two stores with a grace period between them, no section',
    threads: [
      [write(x, 1), synchronize, plainWrite(y, 3)],
      [read('r0', x), when('r0', 0, plainWrite(y, 2))],
    ],
    ours: 'race',
    kernel: 'race',
  },
];
