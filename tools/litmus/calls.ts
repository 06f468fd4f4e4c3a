// SPDX-License-Identifier: GPL-2.0-only
/** The functions and macros that a litmus test may call, as tools/memory-model/linux-kernel.def lists them. */
import type { Fence, Operation, RmwOrdering } from './operation';
import { LitmusProblem } from './problem';
import type { Address, Value } from './syntax';

/** A call with its arguments evaluated. A macro that takes `*x` gets the address of x. */
export interface Call {
  readonly name: string;
  readonly args: readonly Value[];
  readonly line: number;
}

/** A call in progress: yields its operations on memory and returns its result. */
export type Calling = Generator<Operation, Value, Value>;

/** Whether the first argument is an lvalue: macros take `*x` where functions take `x`. */
export function takesLvalue(name: string): boolean {
  return LVALUE.has(name);
}

const LVALUE = new Set([
  'READ_ONCE',
  'WRITE_ONCE',
  'rcu_dereference',
  'rcu_dereference_protected',
  'rcu_access_pointer',
  'rcu_dereference_check',
  'rcu_dereference_raw',
  'rcu_assign_pointer',
  'lockless_dereference',
  'smp_store_mb',
]);

const FENCES: Readonly<Record<string, Fence | null>> = {
  smp_mb: 'mb',
  smp_mb__before_atomic: 'before atomic',
  smp_mb__after_atomic: 'after atomic',
  smp_mb__after_spinlock: 'after spinlock',
  smp_mb__after_unlock_lock: 'after unlock lock',
  smp_mb__after_srcu_read_unlock: 'after srcu unlock',
  smp_acquire__after_ctrl_dep: 'rmb',
  smp_rmb: 'rmb',
  smp_wmb: 'wmb',
  mb: 'mb',
  rmb: 'rmb',
  wmb: 'wmb',
  barrier: null,
  smp_read_barrier_depends: null,
  cpu_relax: null,
};

/** Performs a call; throws a LitmusProblem if the call is not supported. */
export function* perform(call: Call): Calling {
  const fence = FENCES[call.name];
  if (fence !== undefined) {
    if (fence !== null) yield { kind: 'fence', fence };
    return 0;
  }
  return yield* access(call);
}

function* access(call: Call): Calling {
  switch (call.name.replace(/^atomic(?:64|_long)_(?=read|set)/, 'atomic_')) {
    case 'READ_ONCE':
    case 'atomic_read':
    case 'rcu_access_pointer':
    case 'rcu_dereference_check':
    case 'rcu_dereference_raw':
    case 'rcu_dereference':
    case 'rcu_dereference_protected':
    case 'lockless_dereference':
      return yield { kind: 'load', at: address(call, 0), acquire: false };
    case 'smp_load_acquire':
    case 'atomic_read_acquire':
      return yield { kind: 'load', at: address(call, 0), acquire: true };
    case 'WRITE_ONCE':
    case 'atomic_set':
      return yield* store(call, false);
    case 'smp_store_release':
    case 'rcu_assign_pointer':
    case 'atomic_set_release':
      return yield* store(call, true);
    case 'smp_store_mb':
      yield* store(call, false);
      yield { kind: 'fence', fence: 'mb' };
      return 0;
    default:
      return yield* section(call);
  }
}

function* store(call: Call, release: boolean): Calling {
  yield { kind: 'store', at: address(call, 0), value: argument(call, 1), release };
  return 0;
}

/** Critical sections. */
function* section(call: Call): Calling {
  switch (call.name) {
    case 'spin_lock':
    case 'raw_spin_lock':
      yield { kind: 'lock', lock: address(call, 0) };
      return 0;
    case 'spin_unlock':
    case 'raw_spin_unlock':
      yield { kind: 'unlock', lock: address(call, 0) };
      return 0;
    case 'spin_trylock':
    case 'raw_spin_trylock':
      return yield { kind: 'trylock', lock: address(call, 0) };
    case 'spin_is_locked':
      return yield { kind: 'is locked', lock: address(call, 0) };
    case 'rcu_read_lock':
      return yield { kind: 'read lock' };
    case 'rcu_read_unlock':
      return yield { kind: 'read unlock' };
    case 'synchronize_rcu':
    case 'synchronize_rcu_expedited':
      return yield { kind: 'synchronize' };
    case 'srcu_read_lock':
    case 'srcu_down_read':
      return yield { kind: 'srcu lock', domain: address(call, 0) };
    case 'srcu_read_unlock':
    case 'srcu_up_read': {
      const index = number(call, argument(call, 1));
      return yield { kind: 'srcu unlock', domain: address(call, 0), index };
    }
    case 'synchronize_srcu':
    case 'synchronize_srcu_expedited':
      return yield { kind: 'synchronize srcu', domain: address(call, 0) };
    default:
      return yield* readModifyWrite(call);
  }
}

const RMW =
  /^(?:atomic(?:64|_long)?_)?(?:(xchg|cmpxchg|add_unless|fetch_add_unless)|(fetch_)?(inc|dec|add|sub|and|or|xor|andnot)(_return|_and_test|_not_zero|_negative|_unless_negative|_unless_positive|_if_positive)?)(_relaxed|_acquire|_release)?$/;

function* readModifyWrite(call: Call): Calling {
  const [, exchange, fetch, what, suffix, ordering] = RMW.exec(call.name) ?? [];
  const order = orderingOf(ordering);
  if (exchange !== undefined) return yield* exchanging(call, exchange, order);
  if (what === undefined || !call.name.startsWith('atomic')) return unsupported(call);
  const condition = CONDITIONS[`${what}${suffix ?? ''}`];
  if (condition !== undefined) return yield* changingIf(call, condition, what, order);
  if (/zero|unless|if/.test(suffix ?? '')) return unsupported(call);
  const alone = what === 'inc' || what === 'dec';
  const by = alone ? 1 : number(call, argument(call, 0));
  const apply = arithmetic(what);
  const silent = fetch === undefined && suffix === undefined;
  const old = yield {
    kind: 'rmw',
    at: address(call, alone ? 0 : 1),
    update: (value) => apply(number(call, value), by),
    ordering: silent ? 'noreturn' : order,
  };
  if (silent) return 0;
  if (fetch !== undefined) return old;
  const now = apply(number(call, old), by);
  if (suffix === '_and_test') return now === 0 ? 1 : 0;
  return suffix === '_negative' ? Number(now < 0) : now;
}

/** When an update of this name changes the value: atomic_inc_not_zero(), for example. */
const CONDITIONS: Readonly<Record<string, (old: number) => boolean>> = {
  inc_not_zero: (old) => old !== 0,
  inc_unless_negative: (old) => old >= 0,
  dec_unless_positive: (old) => old <= 0,
  dec_if_positive: (old) => old > 0,
};

/** The result is whether it has changed the value; of atomic_dec_if_positive() it is what the value is then, or would be. */
function* changingIf(
  call: Call,
  condition: (old: number) => boolean,
  what: string,
  ordering: RmwOrdering,
): Calling {
  const apply = arithmetic(what);
  const update = (value: Value): number | null => {
    const old = number(call, value);
    return condition(old) ? apply(old, 1) : null;
  };
  const old = number(call, yield { kind: 'rmw', at: address(call, 0), update, ordering });
  if (call.name.includes('_if_positive')) return apply(old, 1);
  return condition(old) ? 1 : 0;
}

function* exchanging(call: Call, which: string, ordering: RmwOrdering): Calling {
  const at = address(call, 0);
  if (which === 'xchg') {
    const value = argument(call, 1);
    return yield { kind: 'rmw', at, update: () => value, ordering };
  }
  if (which === 'cmpxchg') {
    const expected = argument(call, 1);
    const value = argument(call, 2);
    return yield { kind: 'rmw', at, update: (old) => (old === expected ? value : null), ordering };
  }
  const by = number(call, argument(call, 1));
  const unless = argument(call, 2);
  const old = yield {
    kind: 'rmw',
    at,
    update: (value) => (value === unless ? null : number(call, value) + by),
    ordering,
  };
  if (which === 'fetch_add_unless') return old;
  return old === unless ? 0 : 1;
}

function orderingOf(suffix: string | undefined): RmwOrdering {
  if (suffix === '_relaxed') return 'relaxed';
  if (suffix === '_acquire') return 'acquire';
  return suffix === '_release' ? 'release' : 'full';
}

function arithmetic(what: string): (a: number, b: number) => number {
  switch (what) {
    case 'inc':
    case 'add':
      return (a, b) => a + b;
    case 'dec':
    case 'sub':
      return (a, b) => a - b;
    case 'and':
      return (a, b) => a & b;
    case 'or':
      return (a, b) => a | b;
    case 'xor':
      return (a, b) => a ^ b;
    default:
      return (a, b) => a & ~b;
  }
}

function argument(call: Call, index: number): Value {
  const value = call.args[index];
  if (value === undefined) {
    throw new LitmusProblem(call.line, `${call.name}() needs more than ${index} arguments`);
  }
  return value;
}

function address(call: Call, index: number): Address {
  const value = argument(call, index);
  if (typeof value !== 'number') return value;
  throw new LitmusProblem(call.line, `${call.name}() gets a number where it needs an address`);
}

function number(call: Call, value: Value): number {
  if (typeof value === 'number') return value;
  throw new LitmusProblem(call.line, `${call.name}() gets an address where it needs a number`);
}

function unsupported(call: Call): never {
  throw new LitmusProblem(call.line, `${call.name}() is not supported`);
}
