// SPDX-License-Identifier: GPL-2.0-only
/** RCU: publication, and the grace-period guarantee: no read section spans a grace period. */
import { readThrough } from './control';
import { assign, dereference, rcuLock, rcuUnlock, read, synchronize, write } from './instructions';
import type { Litmus } from './litmus';
import { x, y, z } from './memory';
import { LB } from './notes';

const reader = [rcuLock, dereference('r0'), readThrough('r1', 'r0'), rcuUnlock];
const section = [rcuLock, write(x, 1), write(y, 1), rcuUnlock];
const AS_MANY = 'explanation.txt, RCU: as many grace periods as read sections';

export const rcu: readonly Litmus[] = [
  {
    name: 'MP, rcu_assign_pointer() and rcu_dereference()',
    threads: [[write(x, 1), assign(x)], reader],
    question: 'exists r0=&x && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'MP+onceassign+derefonce',
  },
  {
    name: 'old object spoilt after a grace period',
    initially: { x: 1, z: 1 },
    threads: [reader, [assign(x), synchronize, write(z, 0)]],
    question: 'exists r0=&z && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'RCU+sync+free',
  },
  {
    name: 'old object spoilt without a grace period',
    initially: { x: 1, z: 1 },
    threads: [reader, [assign(x), write(z, 0)]],
    question: 'exists r0=&z && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'RCU+sync+free, without synchronize_rcu()',
  },
  {
    name: 'old object spoilt, read after the section',
    initially: { x: 1, z: 1 },
    threads: [
      [rcuLock, dereference('r0'), rcuUnlock, readThrough('r1', 'r0')],
      [assign(x), synchronize, write(z, 0)],
    ],
    question: 'exists r0=&z && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'RCU+sync+free, used after rcu_read_unlock()',
  },
  {
    name: 'MP, section and grace period',
    threads: [section, [read('r0', x), synchronize, read('r1', y)]],
    question: 'exists r0=1 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'RCU+sync+read',
  },
  {
    name: 'MP, section without a grace period',
    threads: [section, [read('r0', x), read('r1', y)]],
    question: 'exists r0=1 && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'RCU+sync+read, without synchronize_rcu()',
  },
  {
    name: 'MP, no section and a grace period',
    threads: [
      [write(x, 1), write(y, 1)],
      [read('r0', x), synchronize, read('r1', y)],
    ],
    question: 'exists r0=1 && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'RCU+sync+read, without rcu_read_lock()',
  },
  {
    name: 'SB, section and grace period',
    threads: [
      [rcuLock, write(x, 1), read('r0', y), rcuUnlock],
      [write(y, 1), synchronize, read('r1', x)],
    ],
    question: 'exists r0=0 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: AS_MANY,
  },
  {
    name: 'LB, section and grace period',
    threads: [
      [rcuLock, read('r0', x), write(y, 1), rcuUnlock],
      [read('r1', y), synchronize, write(x, 1)],
    ],
    question: 'exists r0=1 && r1=1',
    ours: 'never',
    kernel: 'Never',
    source: AS_MANY,
  },
  {
    name: 'SB, two sections',
    threads: [
      [rcuLock, write(x, 1), read('r0', y), rcuUnlock],
      [rcuLock, write(y, 1), read('r1', x), rcuUnlock],
    ],
    question: 'exists r0=0 && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'explanation.txt, RCU: sections alone order nothing',
  },
  {
    name: 'LB, one grace period between two sections',
    threads: [
      [rcuLock, read('r0', x), write(y, 1), rcuUnlock],
      [read('r1', y), synchronize, write(z, 1)],
      [rcuLock, read('r2', z), write(x, 1), rcuUnlock],
    ],
    question: 'exists r0=1 && r1=1 && r2=1',
    ours: 'never',
    kernel: 'Sometimes',
    source: 'explanation.txt, RCU: fewer grace periods than read sections',
    note: LB,
  },
];
