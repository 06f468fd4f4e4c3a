// SPDX-License-Identifier: GPL-2.0-only
/** Message passing: data, then a flag. A thread that sees the flag should see the data. */
import { acquire, read, release, rmb, wmb, write } from './instructions';
import type { Litmus } from './litmus';
import { x, y } from './memory';

export const messagePassing: readonly Litmus[] = [
  {
    name: 'MP, relaxed',
    threads: [
      [write(x, 1), write(y, 1)],
      [read('r0', y), read('r1', x)],
    ],
    question: 'exists r0=1 && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'MP+poonceonces',
  },
  {
    name: 'MP, relaxed, data read first',
    threads: [
      [write(x, 1), write(y, 1)],
      [read('r1', x), read('r0', y)],
    ],
    question: 'exists r0=1 && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'MP+poonceonces, reader turned round',
  },
  {
    name: 'MP, release and acquire',
    threads: [
      [write(x, 1), release(y, 1)],
      [acquire('r0', y), read('r1', x)],
    ],
    question: 'exists r0=1 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'MP+pooncerelease+poacquireonce',
  },
  {
    name: 'MP, write and read barrier',
    threads: [
      [write(x, 1), wmb, write(y, 1)],
      [read('r0', y), rmb, read('r1', x)],
    ],
    question: 'exists r0=1 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'MP+fencewmbonceonce+fencermbonceonce',
  },
  {
    name: 'MP, write barrier only',
    threads: [
      [write(x, 1), wmb, write(y, 1)],
      [read('r0', y), read('r1', x)],
    ],
    question: 'exists r0=1 && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'MP+fencewmbonceonce+fencermbonceonce, without smp_rmb()',
  },
  {
    name: 'MP, release only',
    threads: [
      [write(x, 1), release(y, 1)],
      [read('r0', y), read('r1', x)],
    ],
    question: 'exists r0=1 && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'MP+pooncerelease+poacquireonce, without the acquire',
  },
];
