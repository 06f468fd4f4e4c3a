// SPDX-License-Identifier: GPL-2.0-only
/** Shapes of three and four threads: WRC, ISA2, Z6.0, IRIW. */
import { acquire, mb, read, release, rmb, write } from './instructions';
import type { Litmus } from './litmus';
import { x, y, z } from './memory';

const chained = 'exists r0=1 && r1=1 && r2=0';

export const chains: readonly Litmus[] = [
  {
    name: 'WRC, relaxed',
    threads: [[write(x, 1)], [read('r0', x), write(y, 1)], [read('r1', y), read('r2', x)]],
    question: chained,
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'WRC+poonceonces+Once',
  },
  {
    name: 'WRC, release and read barrier',
    threads: [[write(x, 1)], [read('r0', x), release(y, 1)], [read('r1', y), rmb, read('r2', x)]],
    question: chained,
    ours: 'never',
    kernel: 'Never',
    source: 'WRC+pooncerelease+fencermbonceonce+Once',
  },
  {
    name: 'ISA2, relaxed',
    threads: [
      [write(x, 1), write(y, 1)],
      [read('r0', y), write(z, 1)],
      [read('r1', z), read('r2', x)],
    ],
    question: chained,
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'ISA2+poonceonces',
  },
  {
    name: 'ISA2, release and acquire',
    threads: [
      [write(x, 1), release(y, 1)],
      [acquire('r0', y), release(z, 1)],
      [acquire('r1', z), read('r2', x)],
    ],
    question: chained,
    ours: 'never',
    kernel: 'Never',
    source: 'ISA2+pooncerelease+poacquirerelease+poacquireonce',
  },
  {
    name: 'Z6.0, release and acquire',
    threads: [
      [write(x, 1), release(y, 1)],
      [acquire('r0', y), release(z, 1)],
      [write(z, 2), mb, read('r1', x)],
    ],
    question: 'exists r0=1 && z=2 && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'Z6.0+pooncerelease+poacquirerelease+fencembonceonce',
    note: `The third thread is not part of the chain of releases.`,
  },
  {
    name: 'IRIW, relaxed',
    threads: [
      [write(x, 1)],
      [read('r0', x), read('r1', y)],
      [write(y, 1)],
      [read('r2', y), read('r3', x)],
    ],
    question: 'exists r0=1 && r1=0 && r2=1 && r3=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'IRIW+poonceonces+OnceOnce',
  },
  {
    name: 'IRIW, full barriers',
    threads: [
      [write(x, 1)],
      [read('r0', x), mb, read('r1', y)],
      [write(y, 1)],
      [read('r2', y), mb, read('r3', x)],
    ],
    question: 'exists r0=1 && r1=0 && r2=1 && r3=0',
    ours: 'never',
    kernel: 'Never',
    source: 'IRIW+fencembonceonces+OnceOnce',
  },
  {
    name: 'IRIW, acquire',
    threads: [
      [release(x, 1)],
      [acquire('r0', x), read('r1', y)],
      [release(y, 1)],
      [acquire('r2', y), read('r3', x)],
    ],
    question: 'exists r0=1 && r1=0 && r2=1 && r3=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'linux-kernel.cat: propagation needs full barriers',
  },
];
