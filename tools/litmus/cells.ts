// SPDX-License-Identifier: GPL-2.0-only
/** The locations of a litmus test, as memory of the machine: each may be a variable, a lock, or both. */
import { updateField } from '../../lib/kernel/field-rmw';
import {
  GFP_KERNEL,
  kzalloc,
  READ_ONCE,
  rcu_read_lock,
  rcu_read_unlock,
  smp_load_acquire,
  smp_mb,
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
import { InternalError, type Op, Scalar, struct, type StructOf } from '../../lib/machine';
import type { Operation } from './operation';
import { LitmusProblem } from './problem';
import { addressOf, type LitmusTest, type Value } from './syntax';

const cell = struct('cell', { value: new Scalar<unknown>(0), lock: spinlock_t });
type Cell = StructOf<typeof cell>;

export class Cells {
  readonly #cells = new Map<string, Cell>();
  readonly #locations = new Map<unknown, string>();

  constructor(readonly test: LitmusTest) {}

  /** Makes the memory anew, for an execution. */
  *allocate(): Op<void> {
    this.#locations.clear();
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

  /** What each location holds. */
  last(): ReadonlyMap<string, Value> {
    const held = [...this.#cells].map(
      ([location, { value }]) => [location, this.#outside(value)] as const,
    );
    return new Map(held);
  }

  /** Performs what a thread asks for. */
  *perform(operation: Operation): Op<Value> {
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
        yield* { mb: smp_mb, rmb: smp_rmb, wmb: smp_wmb }[operation.fence]();
        return 0;
      default:
        return yield* this.#section(operation);
    }
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

  *#section(operation: Operation): Op<Value> {
    switch (operation.kind) {
      case 'lock':
        yield* spin_lock(this.#at(operation.lock.location).lock);
        return 0;
      case 'trylock':
        return yield* spin_trylock(this.#at(operation.lock.location).lock);
      case 'unlock':
        yield* spin_unlock(this.#at(operation.lock.location).lock);
        return 0;
      case 'read lock':
      case 'read unlock':
      case 'synchronize':
        if (operation.domain !== null) throw new LitmusProblem(1, 'SRCU is not supported');
        yield* SECTIONS[operation.kind]();
        return 0;
      default:
        throw new InternalError(`litmus: cannot perform ${operation.kind}`);
    }
  }

  #at(location: string): Cell {
    const found = this.#cells.get(location);
    if (found === undefined) throw new InternalError(`litmus: there is no ${location}`);
    return found;
  }

  #inside(value: Value): unknown {
    return typeof value === 'number' ? value : this.#at(value.location);
  }

  #outside(value: unknown): Value {
    const location = this.#locations.get(value);
    return location === undefined ? (value as number) : addressOf(location); // a cell holds what was stored in it
  }
}

const SECTIONS = {
  'read lock': rcu_read_lock,
  'read unlock': rcu_read_unlock,
  synchronize: synchronize_rcu,
};

/** Every location a thread may reach: parameters, and what an initial value names. */
export function locationsOf({ initial, threads, registers }: LitmusTest): Set<string> {
  const held = [...registers.values()].flatMap((values) => [...values.values()]);
  const values = [...initial.values(), ...held];
  return new Set([
    ...initial.keys(),
    ...threads.flatMap(({ parameters }) => parameters),
    ...values.flatMap((value) => (typeof value === 'number' ? [] : [value.location])),
  ]);
}
