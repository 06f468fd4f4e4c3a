// SPDX-License-Identifier: GPL-2.0-only
/** The locations of a litmus test, as memory of the machine: each may be a variable, a lock, or both. */
import { updateField } from '../../lib/kernel/field-rmw';
import {
  bool,
  GFP_KERNEL,
  kzalloc,
  READ_ONCE,
  rcu_read_lock,
  rcu_read_unlock,
  smp_load_acquire,
  smp_mb,
  smp_mb__after_atomic,
  smp_mb__after_spinlock,
  smp_mb__before_atomic,
  smp_rmb,
  smp_store_release,
  smp_wmb,
  spin_lock,
  spin_lock_init,
  spin_trylock,
  spin_unlock,
  spinlock_t,
  synchronize_rcu,
  WRITE_ONCE,
} from '../../lib/kernel';
import {
  current,
  fence,
  FULL,
  InternalError,
  type Kind,
  type Op,
  type Pairing,
  request,
  Scalar,
  struct,
  type StructOf,
} from '../../lib/machine';
import type { Fence, Operation, Step } from './operation';
import { LitmusProblem } from './problem';
import { Domain, srcuReadLock, srcuReadUnlock, synchronizeSrcu } from './srcu';
import { type Address, addressOf, elementOf, type LitmusTest, type Value } from './syntax';

const cell = struct('cell', { value: new Scalar<unknown>(0), lock: spinlock_t, held: bool });
type Cell = StructOf<typeof cell>;

export class Cells {
  readonly #cells = new Map<string, Cell>();
  readonly #domains = new Map<string, Domain>();
  readonly #locations = new Map<unknown, string>();

  /** What was wrong with an index that the execution has used; a filter may leave the execution out. */
  unmatched: LitmusProblem | null = null;

  constructor(readonly test: LitmusTest) {}

  /** Allocates the memory for an execution. */
  *allocate(): Op<void> {
    this.#locations.clear();
    this.#domains.clear();
    this.unmatched = null;
    for (const location of locationsOf(this.test)) {
      const made = yield* kzalloc(cell, GFP_KERNEL);
      if (made === null) throw new InternalError('litmus: no memory');
      yield* spin_lock_init(made.lock);
      this.#cells.set(location, made);
      this.#locations.set(made, location);
    }
    for (const [location, made] of this.#cells) {
      made.value = this.#inside(this.test.initial.get(location) ?? 0);
    }
  }

  /** The value of each location. */
  last(): ReadonlyMap<string, Value> {
    const held = [...this.#cells].map(
      ([location, { value }]) => [location, this.#outside(value)] as const,
    );
    return new Map(held);
  }

  /** Performs an operation of a thread. */
  *perform(operation: Step): Op<Value> {
    switch (operation.kind) {
      case 'load': {
        const at = this.#at(operation.at.location);
        const load = operation.acquire ? smp_load_acquire : READ_ONCE;
        return this.#outside(yield* load(at, 'value'));
      }
      case 'store': {
        const at = this.#at(operation.at.location);
        const store = operation.release ? smp_store_release : WRITE_ONCE;
        yield* store(at, 'value', this.#inside(operation.value));
        return 0;
      }
      case 'rmw':
        return yield* this.#update(operation);
      case 'plain load':
        return this.#outside(this.#at(operation.at.location).value);
      case 'plain store':
        this.#at(operation.at.location).value = this.#inside(operation.value);
        return 0;
      case 'fence':
        yield* FENCES[this.#fenceFor(operation.fence)]();
        return 0;
      default:
        return yield* this.#section(operation, operation.line);
    }
  }

  /** Where locks are taken by a store of their own, that store is before the fence as well. */
  #fenceFor(which: Fence): Fence {
    return which === 'after spinlock' && this.test.looksAtLocks ? 'mb' : which;
  }

  *#update({ at, update, ordering }: Operation & { kind: 'rmw' }): Op<Value> {
    const read = yield* updateField(
      this.#at(at.location),
      'value',
      (old) => {
        const written = update(this.#outside(old));
        return written === null ? null : { value: this.#inside(written) };
      },
      ordering,
    );
    return this.#outside(read);
  }

  *#section(operation: Operation, line: number): Op<Value> {
    switch (operation.kind) {
      case 'lock':
        yield* spin_lock(this.#at(operation.lock.location).lock);
        yield* this.#shown(operation.lock, true);
        return 0;
      case 'trylock': {
        const taken = yield* spin_trylock(this.#at(operation.lock.location).lock);
        if (taken !== 0) yield* this.#shown(operation.lock, true);
        return taken;
      }
      case 'unlock':
        yield* this.#shown(operation.lock, false);
        yield* spin_unlock(this.#at(operation.lock.location).lock);
        return 0;
      case 'read lock':
      case 'read unlock':
      case 'synchronize':
        yield* SECTIONS[operation.kind]();
        return 0;
      case 'srcu lock':
        return yield* srcuReadLock(this.#domain(operation.domain));
      case 'srcu unlock': {
        const section = this.#domain(operation.domain).open(operation.index);
        if (section === undefined) this.unmatched ??= new LitmusProblem(line, NO_SECTION);
        else yield* srcuReadUnlock(section);
        return 0;
      }
      case 'synchronize srcu':
        yield* synchronizeSrcu(this.#domain(operation.domain));
        return 0;
      case 'is locked':
        return (yield* READ_ONCE(this.#at(operation.lock.location), 'held')) ? 1 : 0;
      default:
        throw new InternalError(`litmus: cannot perform ${operation.kind}`);
    }
  }

  /** What spin_is_locked() looks at: a lock is taken by an exchange that acquires, and given back by a store that releases. */
  *#shown({ location }: Address, held: boolean): Op<void> {
    if (!this.test.looksAtLocks) return;
    const at = this.#at(location);
    if (held) yield* updateField(at, 'held', () => ({ value: true }), 'acquire');
    else yield* smp_store_release(at, 'held', false);
  }

  #domain({ location }: Address): Domain {
    const domain = this.#domains.get(location) ?? new Domain(current.machine);
    this.#domains.set(location, domain);
    return domain;
  }

  #at(location: string): Cell {
    const found = this.#cells.get(location);
    if (found === undefined) throw new LitmusProblem(0, `there is no ${location}`);
    return found;
  }

  #inside(value: Value): unknown {
    return typeof value === 'number' ? value : this.#at(value.location);
  }

  #outside(value: unknown): Value {
    const location = this.#locations.get(value);
    return location === undefined ? (value as number) : addressOf(location); // a cell holds only stored values
  }
}

const upgrade = (name: string, pairsWith: Pairing): (() => Op<void>) => {
  const kind: Kind<null, [], void> = {
    name,
    access: 'none',
    perform: (machine, task) => fence(machine, task, { ...FULL, pairsWith }),
  };
  return () => request(kind, null);
};

const FENCES: Readonly<Record<Fence, () => Op<void>>> = {
  mb: smp_mb,
  rmb: smp_rmb,
  wmb: smp_wmb,
  'before atomic': smp_mb__before_atomic,
  'after atomic': smp_mb__after_atomic,
  'after spinlock': smp_mb__after_spinlock,
  'after unlock lock': upgrade('smp_mb__after_unlock_lock', 'the last unlock and lock'),
  'after srcu unlock': upgrade('smp_mb__after_srcu_read_unlock', 'the last SRCU unlock'),
};

const NO_SECTION = 'srcu_read_unlock() is given an index with which no section is open';

const SECTIONS = {
  'read lock': rcu_read_lock,
  'read unlock': rcu_read_unlock,
  synchronize: synchronize_rcu,
};

/** Every location that a thread may reach: parameters, and the targets of initial values. */
export function locationsOf({ initial, threads, registers, arrays }: LitmusTest): Set<string> {
  const held = [...registers.values()].flatMap((values) => [...values.values()]);
  const values = [...initial.values(), ...held];
  return new Set([
    ...initial.keys(),
    ...threads.flatMap(({ parameters }) => parameters),
    ...[...arrays].flatMap(([name, length]) =>
      Array.from({ length }, (_, i) => elementOf(addressOf(name), i).location),
    ),
    ...values.flatMap((value) => (typeof value === 'number' ? [] : [value.location])),
  ]);
}
