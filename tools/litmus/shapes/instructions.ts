// SPDX-License-Identifier: GPL-2.0-only
/** The instructions of litmus threads: each prints as kernel code and runs as our primitive. */
import {
  atomic_add_unless,
  atomic_cmpxchg,
  atomic_inc,
  atomic_inc_return,
  atomic_read,
  atomic_set,
  atomic_xchg,
  READ_ONCE,
  smp_load_acquire,
  smp_store_release,
  spin_lock,
  spin_unlock,
  WRITE_ONCE,
} from '../../../lib/kernel';
import {
  smp_mb,
  smp_mb__after_atomic,
  smp_mb__after_spinlock,
  smp_rmb,
  smp_wmb,
} from '../../../lib/kernel/barrier';
import { rcu_read_lock, rcu_read_unlock, synchronize_rcu } from '../../../lib/kernel/rcupdate';
import { rcu_assign_pointer, rcu_dereference } from '../../../lib/kernel/rcu-pointer';
import type { Op } from '../../../lib/machine';
import { type Counter, type Int, type Lock, nameOf, p, type Registers } from './memory';

/** One line of a thread. */
export interface Instruction {
  /** The line as C. */
  readonly code: string;
  run(registers: Registers): Op<void>;
}

function line(code: string, op: () => Op<unknown>): Instruction {
  return {
    code,
    *run() {
      yield* op();
    },
  };
}

function giving(register: string, code: string, op: () => Op<number | boolean>): Instruction {
  return {
    code: `${register} = ${code}`,
    *run(registers) {
      registers.set(register, Number(yield* op()));
    },
  };
}

/** Marked and plain accesses to integers. */
export const write = (v: Int, value: number): Instruction =>
  line(`WRITE_ONCE(${v.name}, ${value})`, () => WRITE_ONCE(v.cell, 'value', value));
export const read = (register: string, v: Int): Instruction =>
  giving(register, `READ_ONCE(${v.name})`, () => READ_ONCE(v.cell, 'value'));
/** One variable read and written to another: a data dependency. */
export const copy = (register: string, to: Int, from: Int): Instruction => ({
  code: `${register} = READ_ONCE(${from.name}); WRITE_ONCE(${to.name}, ${register})`,
  *run(registers) {
    const value = yield* READ_ONCE(from.cell, 'value');
    registers.set(register, value);
    yield* WRITE_ONCE(to.cell, 'value', value);
  },
});
export const release = (v: Int, value: number): Instruction =>
  line(`smp_store_release(&${v.name}, ${value})`, () => smp_store_release(v.cell, 'value', value));
export const acquire = (register: string, v: Int): Instruction =>
  giving(register, `smp_load_acquire(&${v.name})`, () => smp_load_acquire(v.cell, 'value'));
export const plainWrite = (v: Int, value: number): Instruction => ({
  code: `${v.name} = ${value}`,
  *run() {
    v.cell.value = value;
  },
});
export const plainRead = (register: string, v: Int): Instruction => ({
  code: `${register} = ${v.name}`,
  *run(registers) {
    registers.set(register, v.cell.value);
  },
});

/** Barriers and locks. */
export const mb = line('smp_mb()', smp_mb);
export const wmb = line('smp_wmb()', smp_wmb);
export const rmb = line('smp_rmb()', smp_rmb);
export const mbAfterAtomic = line('smp_mb__after_atomic()', smp_mb__after_atomic);
export const mbAfterSpinlock = line('smp_mb__after_spinlock()', smp_mb__after_spinlock);
export const lock = ({ name, lock }: Lock): Instruction =>
  line(`spin_lock(&${name})`, () => spin_lock(lock));
export const unlock = ({ name, lock }: Lock): Instruction =>
  line(`spin_unlock(&${name})`, () => spin_unlock(lock));

/** RCU; the one pointer is `p`. */
export const rcuLock = line('rcu_read_lock()', rcu_read_lock);
export const rcuUnlock = line('rcu_read_unlock()', rcu_read_unlock);
export const synchronize = line('synchronize_rcu()', synchronize_rcu);
export const assign = (v: Int): Instruction =>
  line(`rcu_assign_pointer(p, &${v.name})`, () => rcu_assign_pointer(p, 'value', v.cell));
export const writePointer = (v: Int): Instruction =>
  line(`WRITE_ONCE(p, &${v.name})`, () => WRITE_ONCE(p, 'value', v.cell));

function pointer(register: string, code: string, op: () => Op<Int['cell']>): Instruction {
  return {
    code: `${register} = ${code}`,
    *run(registers) {
      registers.set(register, nameOf(yield* op()));
    },
  };
}
export const dereference = (register: string): Instruction =>
  pointer(register, 'rcu_dereference(p)', () => rcu_dereference(p, 'value'));
export const readPointer = (register: string): Instruction =>
  pointer(register, 'READ_ONCE(p)', () => READ_ONCE(p, 'value'));

/** Atomics. */
export const atomicSet = ({ name, atomic }: Counter, value: number): Instruction =>
  line(`atomic_set(&${name}, ${value})`, () => atomic_set(atomic, value));
export const atomicRead = (register: string, { name, atomic }: Counter): Instruction =>
  giving(register, `atomic_read(&${name})`, () => atomic_read(atomic));
export const inc = ({ name, atomic }: Counter): Instruction =>
  line(`atomic_inc(&${name})`, () => atomic_inc(atomic));
export const incReturn = (register: string, { name, atomic }: Counter): Instruction =>
  giving(register, `atomic_inc_return(&${name})`, () => atomic_inc_return(atomic));
export const xchg = (register: string, { name, atomic }: Counter, value: number): Instruction =>
  giving(register, `atomic_xchg(&${name}, ${value})`, () => atomic_xchg(atomic, value));
export const cmpxchg = (
  register: string,
  { name, atomic }: Counter,
  { old, next }: { readonly old: number; readonly next: number },
): Instruction =>
  giving(register, `atomic_cmpxchg(&${name}, ${old}, ${next})`, () =>
    atomic_cmpxchg(atomic, old, next),
  );
export const incNotZero = (register: string, { name, atomic }: Counter): Instruction =>
  giving(register, `atomic_add_unless(&${name}, 1, 0)`, () => atomic_add_unless(atomic, 1, 0));
