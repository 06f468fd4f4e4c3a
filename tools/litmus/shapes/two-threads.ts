// SPDX-License-Identifier: GPL-2.0-only
/** The other shapes of two threads: store buffering (SB), load buffering (LB), R, S and 2+2W. */
import { when } from './control';
import { acquire, mb, read, release, wmb, write } from './instructions';
import type { Litmus } from './litmus';
import { x, y } from './memory';
import { LB } from './notes';

const bothMissed = 'exists r0=0 && r1=0';
const bothSeen = 'exists r0=1 && r1=1';

export const twoThreads: readonly Litmus[] = [
  {
    name: 'SB, relaxed',
    threads: [
      [write(x, 1), read('r0', y)],
      [write(y, 1), read('r1', x)],
    ],
    question: bothMissed,
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'SB+poonceonces',
  },
  {
    name: 'SB, full barriers',
    threads: [
      [write(x, 1), mb, read('r0', y)],
      [write(y, 1), mb, read('r1', x)],
    ],
    question: bothMissed,
    ours: 'never',
    kernel: 'Never',
    source: 'SB+fencembonceonces',
  },
  {
    name: 'SB, own store read in between',
    threads: [
      [write(x, 1), read('r2', x), read('r0', y)],
      [write(y, 1), read('r3', y), read('r1', x)],
    ],
    question: bothMissed,
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'SB+rfionceonce-poonceonces',
  },
  {
    name: 'SB, release and acquire',
    threads: [
      [release(x, 1), acquire('r0', y)],
      [release(y, 1), acquire('r1', x)],
    ],
    question: bothMissed,
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'recipes.txt: SB needs full barriers',
  },
  {
    name: 'LB, relaxed',
    threads: [
      [read('r0', x), write(y, 1)],
      [read('r1', y), write(x, 1)],
    ],
    question: bothSeen,
    ours: 'never',
    kernel: 'Sometimes',
    source: 'LB+poonceonces',
    note: LB,
  },
  {
    name: 'LB, acquire and release',
    threads: [
      [read('r0', x), release(y, 1)],
      [acquire('r1', y), write(x, 1)],
    ],
    question: bothSeen,
    ours: 'never',
    kernel: 'Never',
    source: 'LB+poacquireonce+pooncerelease',
  },
  {
    name: 'LB, control dependency and full barrier',
    threads: [
      [read('r0', x), when('r0', 1, write(y, 1))],
      [read('r1', y), mb, write(x, 1)],
    ],
    question: bothSeen,
    ours: 'never',
    kernel: 'Never',
    source: 'LB+fencembonceonce+ctrlonceonce',
  },
  {
    name: 'R, relaxed',
    threads: [
      [write(x, 1), write(y, 1)],
      [write(y, 2), read('r0', x)],
    ],
    question: 'exists y=2 && r0=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'R+poonceonces',
  },
  {
    name: 'R, full barriers',
    threads: [
      [write(x, 1), mb, write(y, 1)],
      [write(y, 2), mb, read('r0', x)],
    ],
    question: 'exists y=2 && r0=0',
    ours: 'never',
    kernel: 'Never',
    source: 'R+fencembonceonces',
  },
  {
    name: 'S, relaxed',
    threads: [
      [write(x, 2), write(y, 1)],
      [read('r0', y), write(x, 1)],
    ],
    question: 'exists x=2 && r0=1',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'S+poonceonces',
  },
  {
    name: 'S, write barrier and acquire',
    threads: [
      [write(x, 2), wmb, write(y, 1)],
      [acquire('r0', y), write(x, 1)],
    ],
    question: 'exists x=2 && r0=1',
    ours: 'never',
    kernel: 'Never',
    source: 'S+fencewmbonceonce+poacquireonce',
  },
  {
    name: '2+2W, relaxed',
    threads: [
      [write(x, 1), write(y, 2)],
      [write(y, 1), write(x, 2)],
    ],
    question: 'exists x=1 && y=1',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'linux-kernel.cat: nothing orders stores to different variables',
  },
  {
    name: '2+2W, write barriers',
    threads: [
      [write(x, 1), wmb, write(y, 2)],
      [write(y, 1), wmb, write(x, 2)],
    ],
    question: 'exists x=1 && y=1',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'linux-kernel.cat: a chain of coherence links needs full barriers',
  },
  {
    name: '2+2W, full barriers',
    threads: [
      [write(x, 1), mb, write(y, 2)],
      [write(y, 1), mb, write(x, 2)],
    ],
    question: 'exists x=1 && y=1',
    ours: 'never',
    kernel: 'Never',
    source: 'linux-kernel.cat: propagation',
  },
];
