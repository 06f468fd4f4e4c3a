// SPDX-License-Identifier: GPL-2.0-only
/** Message passing with plain data, which the flag, the lock or the counter orders. */
import { when } from './control';
import {
  acquire,
  atomicRead,
  type Instruction,
  inc,
  lock,
  mb,
  plainRead,
  plainWrite,
  read,
  release,
  rmb,
  unlock,
  wmb,
  write,
  xchg,
} from './instructions';
import { s, t, v, x, y, z } from './memory';
import type { Race } from './race';

const data = plainWrite(x, 1);
const look = plainRead('r1', x);
const use = when('r0', 1, look);

function race(name: string, ...threads: (readonly Instruction[])[]): Race {
  return { name, threads, ours: 'race', kernel: 'race' };
}

function none(name: string, ...threads: (readonly Instruction[])[]): Race {
  return { name, threads, ours: 'none', kernel: 'none' };
}

export const orderedByFlags: readonly Race[] = [
  race('relaxed flag', [data, write(y, 1)], [read('r0', y), use]),
  race('release only', [data, release(y, 1)], [read('r0', y), use]),
  race('acquire only', [data, write(y, 1)], [acquire('r0', y), use]),
  race(
    'mutual exclusion by relaxed flags',
    [write(x, 1), read('r0', y), when('r0', 0, plainWrite(z, 1))],
    [write(y, 1), read('r1', x), when('r1', 0, plainWrite(z, 2))],
  ),
  none('release and acquire', [data, release(y, 1)], [acquire('r0', y), use]),
  race('release and acquire, flag not heeded', [data, release(y, 1)], [acquire('r0', y), look]),
  race('write barrier only', [data, wmb, write(y, 1)], [read('r0', y), use]),
  race('read barrier only', [data, write(y, 1)], [read('r0', y), when('r0', 1, rmb, look)]),
  none(
    'write and read barrier',
    [data, wmb, write(y, 1)],
    [read('r0', y), when('r0', 1, rmb, look)],
  ),
  race(
    'write barrier too late',
    [data, write(y, 1), wmb],
    [read('r0', y), when('r0', 1, rmb, look)],
  ),
  race('read barrier too early', [data, wmb, write(y, 1)], [rmb, read('r0', y), use]),
  race('barriers, flag not heeded', [data, wmb, write(y, 1)], [read('r0', y), rmb, look]),
  none('full barriers', [data, mb, write(y, 1)], [read('r0', y), mb, use]),
  race('released value overwritten', [data, release(y, 2), write(y, 1)], [acquire('r0', y), use]),
  race(
    'store that depends on the flag',
    [look, release(y, 1)],
    [read('r0', y), when('r0', 1, data)],
  ),
  none('store after acquire', [look, release(y, 1)], [acquire('r0', y), when('r0', 1, data)]),
  none('one lock', [lock(s), data, unlock(s)], [lock(s), look, unlock(s)]),
  race('two locks', [lock(s), data, unlock(s)], [lock(t), look, unlock(t)]),
  none(
    'flag under a lock',
    [data, lock(s), write(y, 1), unlock(s)],
    [lock(s), read('r0', y), unlock(s), use],
  ),
  race(
    'flag under a lock, read without it',
    [data, lock(s), write(y, 1), unlock(s)],
    [read('r0', y), use],
  ),
  none('atomic_xchg()', [data, xchg('r2', v, 1)], [xchg('r0', v, 2), use]),
  race('atomic_inc() and atomic_read()', [data, inc(v)], [atomicRead('r0', v), use]),
  race('atomic_xchg() and atomic_read()', [data, xchg('r2', v, 1)], [atomicRead('r0', v), use]),
];
