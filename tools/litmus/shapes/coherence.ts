// SPDX-License-Identifier: GPL-2.0-only
/** Coherence: one variable, and all threads agree on the order of its values. */
import { read, write } from './instructions';
import type { Litmus } from './litmus';
import { x } from './memory';

export const coherence: readonly Litmus[] = [
  {
    name: 'CoRR',
    threads: [[write(x, 1)], [read('r0', x), read('r1', x)]],
    question: 'exists r0=1 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'CoRR+poonceonce+Once',
  },
  {
    name: 'CoRW',
    threads: [[read('r0', x), write(x, 1)], [write(x, 2)]],
    question: 'exists r0=2 && x=2',
    ours: 'never',
    kernel: 'Never',
    source: 'CoRW+poonceonce+Once',
  },
  {
    name: 'CoWR',
    threads: [[write(x, 1), read('r0', x)], [write(x, 2)]],
    question: 'exists r0=2 && x=1',
    ours: 'never',
    kernel: 'Never',
    source: 'CoWR+poonceonce+Once',
  },
  {
    name: 'CoWW',
    threads: [[write(x, 1), write(x, 2)]],
    question: 'exists x=1',
    ours: 'never',
    kernel: 'Never',
    source: 'CoWW+poonceonce',
  },
  {
    name: 'lost update, marked',
    threads: [
      [read('r0', x), write(x, 1)],
      [read('r1', x), write(x, 2)],
    ],
    question: 'exists r0=0 && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'linux-kernel.cat, coherence',
    note: 'Marking makes a read and a write indivisible each, never the two together.',
  },
];
