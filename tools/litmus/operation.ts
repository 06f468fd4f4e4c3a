// SPDX-License-Identifier: GPL-2.0-only
/** The operations of a litmus thread on memory. The runner of the thread answers each with a value. */
import type { Sources } from './dependencies';
import type { Address, Value } from './syntax';

/** How a read-modify-write orders the accesses around it; 'noreturn' has no result and orders nothing. */
export type RmwOrdering = 'full' | 'relaxed' | 'acquire' | 'release' | 'noreturn';

export type Fence = 'mb' | 'rmb' | 'wmb' | Upgrade;

/** Full barriers together with something before or behind them. */
export type Upgrade =
  'before atomic' | 'after atomic' | 'after spinlock' | 'after unlock lock' | 'after srcu unlock';

export type Operation =
  | { readonly kind: 'load'; readonly at: Address; readonly acquire: boolean }
  | {
      readonly kind: 'store';
      readonly at: Address;
      readonly value: Value;
      readonly release: boolean;
    }
  | {
      readonly kind: 'rmw';
      readonly at: Address;
      /** The new value; null keeps the old one, as a failed cmpxchg() does. The answer is the old value. */
      readonly update: (old: Value) => Value | null;
      readonly ordering: RmwOrdering;
    }
  | { readonly kind: 'plain load'; readonly at: Address }
  | { readonly kind: 'plain store'; readonly at: Address; readonly value: Value }
  | { readonly kind: 'fence'; readonly fence: Fence }
  | { readonly kind: 'lock' | 'trylock' | 'unlock'; readonly lock: Address }
  /** Whether a lock is held; the answer is 1 or 0. */
  | { readonly kind: 'is locked'; readonly lock: Address }
  | { readonly kind: 'read lock' | 'read unlock' }
  | { readonly kind: 'synchronize' }
  /** The same for an srcu_struct, whose sections have an index. */
  | { readonly kind: 'srcu lock' | 'synchronize srcu'; readonly domain: Address }
  | { readonly kind: 'srcu unlock'; readonly domain: Address; readonly index: number }
  /** A loop ran more often than it is followed. */
  | { readonly kind: 'cut off' }
  /** A register has got a value that the condition of the test does not want, and only such executions are asked for. */
  | { readonly kind: 'unwanted' };

/** The origin of an operation, for witnesses, and its dependencies. */
export interface Origin {
  /** Its line in the file. */
  readonly line: number;
  /** The text in the test, with values for its arguments: `WRITE_ONCE(x, 1)`. */
  readonly text: string;
  /** Which operations of its thread gave its address, what it writes, and the condition under which it happens. */
  readonly address: Sources;
  readonly data: Sources;
  readonly control: Sources;
}

/** An operation with its origin. */
export type Step = Operation & Origin;

/** A running thread: yields operations, receives their answers, and returns the final registers. */
export type Run = Generator<Step, ReadonlyMap<string, Value>, Value>;
