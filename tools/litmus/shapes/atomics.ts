// SPDX-License-Identifier: GPL-2.0-only
/** Read-modify-writes: those with a result are full barriers; those without a result, or that fail, order nothing. */
import {
  atomicRead,
  atomicSet,
  cmpxchg,
  inc,
  incNotZero,
  incReturn,
  mbAfterAtomic,
  read,
  rmb,
  write,
  xchg,
} from './instructions';
import type { Litmus } from './litmus';
import { u, v, x, y } from './memory';

const failing = { old: 1, next: 0 };
const taking = { old: 0, next: 1 };

export const atomics: readonly Litmus[] = [
  {
    name: 'two increments',
    threads: [[inc(v)], [inc(v)]],
    question: 'exists v=2',
    ours: 'observed',
    kernel: 'Always',
    source: 'linux-kernel.cat, atomic',
  },
  {
    name: 'an increment by atomic_read() and atomic_set()',
    threads: [[atomicRead('r0', v), atomicSet(v, 1)], [inc(v)]],
    question: 'exists r0=0 && v=1',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'linux-kernel.cat, atomic',
    note: 'A read and a set are two operations: the other increment is lost between them.',
  },
  {
    name: 'two exchanges',
    threads: [[xchg('r0', v, 1)], [xchg('r1', v, 1)]],
    question: 'exists r0=0 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'linux-kernel.cat, atomic',
  },
  {
    name: 'atomic_add_unless() against atomic_set()',
    initially: { v: 1 },
    threads: [[incNotZero('r0', v)], [atomicSet(v, 0)]],
    question: 'exists v=2',
    ours: 'never',
    kernel: 'Never',
    source: 'Atomic-RMW-ops-are-atomic-WRT-atomic_set',
  },
  {
    name: 'MP, smp_mb__after_atomic()',
    threads: [
      [read('r0', x), rmb, atomicRead('r1', v)],
      [inc(v), mbAfterAtomic, write(x, 1)],
    ],
    question: 'exists r0=1 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'Atomic-RMW+mb__after_atomic-is-stronger-than-acquire',
  },
  {
    name: 'SB, atomic_inc()',
    threads: [
      [inc(v), atomicRead('r0', u)],
      [inc(u), atomicRead('r1', v)],
    ],
    question: 'exists r0=0 && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'atomic_t.txt: without a return value, unordered',
  },
  {
    name: 'SB, atomic_inc_return()',
    threads: [
      [incReturn('r2', v), atomicRead('r0', u)],
      [incReturn('r3', u), atomicRead('r1', v)],
    ],
    question: 'exists r0=0 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'atomic_t.txt: with a return value, fully ordered',
  },
  {
    name: 'SB, a failing atomic_cmpxchg()',
    threads: [
      [write(x, 1), cmpxchg('r2', v, failing), read('r0', y)],
      [write(y, 1), cmpxchg('r3', v, failing), read('r1', x)],
    ],
    question: 'exists r0=0 && r1=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'cmpxchg-fail-unordered-1',
  },
  {
    name: 'SB, a failing atomic_cmpxchg() and smp_mb__after_atomic()',
    threads: [
      [write(x, 1), cmpxchg('r2', v, failing), mbAfterAtomic, read('r0', y)],
      [write(y, 1), cmpxchg('r3', v, failing), mbAfterAtomic, read('r1', x)],
    ],
    question: 'exists r0=0 && r1=0',
    ours: 'never',
    kernel: 'Never',
    source: 'cmpxchg-fail-ordered-1',
  },
  {
    name: 'MP, a failing atomic_cmpxchg()',
    threads: [
      [write(x, 1), cmpxchg('r0', v, taking)],
      [cmpxchg('r1', v, taking), read('r2', x)],
    ],
    question: 'exists r0=0 && r1=1 && r2=0',
    ours: 'observed',
    kernel: 'Sometimes',
    source: 'cmpxchg-fail-unordered-2',
  },
  {
    name: 'MP, a failing atomic_cmpxchg() and smp_mb__after_atomic()',
    threads: [
      [write(x, 1), cmpxchg('r0', v, taking)],
      [cmpxchg('r1', v, taking), mbAfterAtomic, read('r2', x)],
    ],
    question: 'exists r0=0 && r1=1 && r2=0',
    ours: 'never',
    kernel: 'Never',
    source: 'cmpxchg-fail-ordered-2',
  },
];
