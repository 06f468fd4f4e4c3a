// SPDX-License-Identifier: GPL-2.0-only
/** Marked stores against plain accesses, strong fences and what reads on from there, barriers for one sort of access only. */
import { when } from './control';
import {
  acquire,
  atomicRead,
  copy,
  incReturn,
  lock,
  mb,
  plainRead,
  plainWrite,
  read,
  release,
  rmb,
  synchronize,
  unlock,
  wmb,
  write,
  xchg,
  type Instruction,
} from './instructions';
import { s, u, v, x, y, z } from './memory';
import type { Race } from './race';

const mark = write(x, 1);
const data = plainWrite(x, 1);
const look = plainRead('r1', x);
const seen = (...then: Instruction[]): Instruction => when('r0', 1, ...then);
const last = [acquire('r2', z), when('r2', 1, look)];

function race(name: string, ...threads: (readonly Instruction[])[]): Race {
  return { name, threads, ours: 'race', kernel: 'race' };
}

function none(name: string, ...threads: (readonly Instruction[])[]): Race {
  return { name, threads, ours: 'none', kernel: 'none' };
}

export const orderedWhenMarked: readonly Race[] = [
  none('marked store acquired, then read plainly', [mark], [acquire('r0', x), seen(look)]),
  none(
    'marked store acquired, then overwritten plainly',
    [mark],
    [acquire('r0', x), seen(plainWrite(x, 2))],
  ),
  none(
    'marked store read, then read plainly behind smp_mb()',
    [mark],
    [read('r0', x), seen(mb, look)],
  ),
  none(
    'marked store read, then read plainly behind smp_rmb()',
    [mark],
    [read('r0', x), seen(rmb, look)],
  ),
  none(
    'marked store before smp_wmb(), read plainly behind smp_rmb()',
    [mark, wmb, write(y, 1)],
    [read('r0', y), when('r0', 1, rmb, look)],
  ),
  race(
    'marked store before smp_wmb(), overwritten behind smp_rmb()',
    [mark, wmb, write(y, 1)],
    [read('r0', y), when('r0', 1, rmb, plainWrite(x, 2))],
  ),
  race(
    'marked store read, then overwritten behind smp_rmb()',
    [mark],
    [read('r0', x), seen(rmb, plainWrite(x, 2))],
  ),
  race('marked store read, then read plainly', [mark], [read('r0', x), seen(look)]),
  race('another marked store acquired', [mark, write(y, 1)], [acquire('r0', y), seen(look)]),
  race(
    'marked store acquired, then read plainly whatever it was',
    [mark],
    [acquire('r0', x), look],
  ),
  none('marked store handed on by a release', [mark], [read('r0', x), seen(release(z, 1))], last),
  race(
    'marked store handed on by a marked store',
    [mark],
    [read('r0', x), seen(write(z, 1))],
    last,
  ),
  none(
    'marked store handed on under a lock',
    [mark],
    [lock(s), read('r0', x), seen(write(z, 1)), unlock(s)],
    [lock(s), read('r2', z), unlock(s), when('r2', 1, look)],
  ),
  none('strong fence, then marked accesses', [data, mb, write(y, 1)], [copy('r0', z, y)], last),
  none(
    'strong fence, then marked accesses, synchronize_rcu()',
    [data, synchronize, write(y, 1)],
    [copy('r0', z, y)],
    last,
  ),
  none(
    'strong fence, then marked accesses, atomic_xchg()',
    [data, xchg('r3', v, 1), write(y, 1)],
    [copy('r0', z, y)],
    last,
  ),
  race('write barrier, then marked accesses', [data, wmb, write(y, 1)], [copy('r0', z, y)], last),
  race('release, then marked accesses', [data, release(y, 1)], [copy('r0', z, y)], last),
  race(
    'strong fence, then marked accesses to the end',
    [data, mb, write(y, 1)],
    [copy('r0', z, y)],
    [read('r2', z), when('r2', 1, look)],
  ),
  race('load before a write barrier', [look, wmb, write(y, 1)], [read('r0', y), seen(mb, data)]),
  none('load before a full barrier', [look, mb, write(y, 1)], [read('r0', y), seen(mb, data)]),
  race(
    'store after a read barrier',
    [data, mb, write(y, 1)],
    [read('r0', y), seen(rmb, plainWrite(x, 2))],
  ),
  none(
    'store after a full barrier',
    [data, mb, write(y, 1)],
    [read('r0', y), seen(mb, plainWrite(x, 2))],
  ),
  race(
    'write barrier for the stores of another thread',
    [data, release(y, 1)],
    [acquire('r0', y), seen(wmb, write(z, 1))],
    last,
  ),
  none(
    'full barrier for the stores of another thread',
    [data, release(y, 1)],
    [acquire('r0', y), seen(mb, write(z, 1))],
    last,
  ),
  race(
    'atomic_read() of a count, then something else',
    [data, incReturn('r3', u)],
    [atomicRead('r0', u), seen(look)],
  ),
  none(
    'atomic_read() of a count and smp_mb()',
    [data, incReturn('r3', u)],
    [atomicRead('r0', u), seen(mb, look)],
  ),
];
