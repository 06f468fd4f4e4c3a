// SPDX-License-Identifier: GPL-2.0-only
/** For tests: the locks and the shorthand of lib/locking-selftest.c. */
import { dpor } from '../../explore';
import {
  DECLARE_RWSEM,
  DEFINE_MUTEX,
  DEFINE_RWLOCK,
  DEFINE_SPINLOCK,
  DEFINE_STATIC,
  down_read,
  down_write,
  init_rwsem,
  local_bh_disable,
  local_bh_enable,
  local_irq_disable,
  local_irq_enable,
  mutex,
  mutex_init,
  mutex_lock,
  mutex_unlock,
  read_lock,
  read_unlock,
  rw_semaphore,
  rwlock_init,
  rwlock_t,
  spin_lock,
  spin_lock_init,
  spin_unlock,
  spinlock_t,
  up_read,
  up_write,
  write_lock,
  write_unlock,
} from '../../kernel';
import { Machine, type Op, struct, type TaskContext } from '../../machine';
import { lockdep } from '../lockdep';
import { told } from './told';

interface Locks {
  readonly spin: spinlock_t;
  readonly rw: rwlock_t;
  readonly mutex: mutex;
  readonly sem: rw_semaphore;
}

const members = { spin: spinlock_t, rw: rwlock_t, mutex, sem: rw_semaphore };

/** Two instances of each class, so that a test does not itself run into the deadlock it is about. */
const shared = ['X', 'Y', 'Z'].flatMap((name): [string, Locks][] => {
  const type = struct(name, members);
  return [1, 2].map((nth) => [`${name}${nth}`, DEFINE_STATIC(`${name}${nth}`, type)]);
});
const single = ['A', 'B', 'C', 'D'].map((name): [string, Locks] => [
  name,
  {
    spin: DEFINE_SPINLOCK(`lock_${name}`),
    rw: DEFINE_RWLOCK(`rwlock_${name}`),
    mutex: DEFINE_MUTEX(`mutex_${name}`),
    sem: DECLARE_RWSEM(`rwsem_${name}`),
  },
]);
const locks = new Map([...shared, ...single]);

/** The shorthand: `L(X1)` is spin_lock(&lock_X1). */
const SHORT: Readonly<Record<string, (x: Locks) => Op<void>>> = {
  L: ({ spin }) => spin_lock(spin),
  U: ({ spin }) => spin_unlock(spin),
  SI: ({ spin }) => spin_lock_init(spin),
  WL: ({ rw }) => write_lock(rw),
  WU: ({ rw }) => write_unlock(rw),
  RL: ({ rw }) => read_lock(rw),
  RU: ({ rw }) => read_unlock(rw),
  RWI: ({ rw }) => rwlock_init(rw),
  ML: ({ mutex: lock }) => mutex_lock(lock),
  MU: ({ mutex: lock }) => mutex_unlock(lock),
  MI: ({ mutex: lock }) => mutex_init(lock),
  WSL: ({ sem }) => down_write(sem),
  WSU: ({ sem }) => up_write(sem),
  RSL: ({ sem }) => down_read(sem),
  RSU: ({ sem }) => up_read(sem),
  RWSI: ({ sem }) => init_rwsem(sem),
};

/** IRQ_DISABLE() and IRQ_ENABLE(), for both kinds of interrupts. */
const MASKS: Readonly<Record<string, () => Op<void>>> = {
  'OFF(hard)': local_irq_disable,
  'ON(hard)': local_irq_enable,
  'OFF(soft)': local_bh_disable,
  'ON(soft)': local_bh_enable,
};

/** What LOCK, UNLOCK and INIT are in each column. */
export const COLUMNS = {
  spin: ['L', 'U', 'SI'],
  wlock: ['WL', 'WU', 'RWI'],
  rlock: ['RL', 'RU', 'RWI'],
  mutex: ['ML', 'MU', 'MI'],
  wsem: ['WSL', 'WSU', 'RWSI'],
  rsem: ['RSL', 'RSU', 'RWSI'],
} as const;

function* initialise(): Op<void> {
  for (const [, x] of shared) {
    yield* spin_lock_init(x.spin);
    yield* rwlock_init(x.rw);
    yield* mutex_init(x.mutex);
    yield* init_rwsem(x.sem);
  }
}

function* perform(script: string): Op<void> {
  for (const [all, name = '', x = ''] of script.matchAll(/(\w+)\((\w+)\)/g)) {
    const mask = MASKS[all];
    if (mask !== undefined) {
      yield* mask();
      continue;
    }
    const [operation, lock] = [SHORT[name], locks.get(x)];
    if (operation === undefined || lock === undefined) throw new Error(`${name}(${x})?`);
    yield* operation(lock);
  }
}

export type Script = readonly [context: TaskContext, script: string];

function booted(scripts: readonly Script[]): (machine: Machine) => void {
  const shares = scripts.some(([, script]) => /[XYZ]\d/.test(script));
  return (machine) => {
    if (shares) machine.runNow(initialise());
    for (const [context, script] of scripts) {
      machine.spawn('selftest', () => perform(script), context);
    }
  };
}

function said(kinds: readonly string[]): string {
  return kinds.filter((kind) => kind !== 'locks-held').join() || 'SUCCESS';
}

/** What lockdep reports for some tasks, in every interleaving. Locks that a test does not release are ignored. */
export function verdict(forceReadLockRecursive: boolean, ...scripts: readonly Script[]): string {
  return said(told(dpor, [lockdep({ forceReadLockRecursive })], booted(scripts)).kinds);
}

/** What lockdep reports for some tasks that run one after another. */
export function inOrder(forceReadLockRecursive: boolean, ...scripts: readonly Script[]): string {
  const monitors = [lockdep({ forceReadLockRecursive })];
  const machine = new Machine({ boot: booted(scripts) }, { monitors, reorders: 'never' });
  let kinds: string[] = [];
  const note = (): boolean => {
    kinds = machine.findings.map(({ kind }) => kind);
    return true;
  };
  dpor(machine, note);
  return said(kinds);
}
