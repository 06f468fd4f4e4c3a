// SPDX-License-Identifier: GPL-2.0-only
/** Small programs that the axioms and the machine both understand. */

/** A location, or the pointer in a register. */
export type Place = string | { readonly register: string };

export type Fence =
  | 'mb'
  | 'rmb'
  | 'wmb'
  | 'before-atomic'
  | 'after-atomic'
  | 'after-spinlock'
  | 'rcu-lock'
  | 'rcu-unlock'
  | 'sync-rcu';

/** The ordering of a read-modify-write; `none` is that of one that returns nothing. */
export type Ordering = 'none' | 'relaxed' | 'acquire' | 'release' | 'full';

/** One line of a thread. */
export type Line =
  | {
      readonly op: 'write';
      readonly at: Place;
      /** A number, or the register it comes from. */
      readonly value: number | string;
      readonly how: 'once' | 'release' | 'plain';
    }
  | {
      readonly op: 'read';
      readonly to: string;
      readonly at: Place;
      readonly how: 'once' | 'acquire' | 'plain';
    }
  | { readonly op: 'fence'; readonly fence: Fence }
  | {
      readonly op: 'xchg' | 'cmpxchg' | 'inc';
      readonly to: string;
      readonly at: string;
      /** What xchg() and cmpxchg() store; cmpxchg() expects zero. */
      readonly value: number;
      readonly order: Ordering;
    }
  | { readonly op: 'lock' | 'unlock' }
  | {
      readonly op: 'when';
      /** The lines are for a value that is not zero. */
      readonly register: string;
      readonly lines: readonly Line[];
    };

/** A thread is its lines. */
export type Program = readonly (readonly Line[])[];

/** The locations programs use: integers, and a pointer that points to z at first. */
export const INTEGERS = ['x', 'y', 'z'] as const;
export const POINTER = 'p';

/** The value of a pointer to an integer. */
export function addressOf(place: string): number {
  return 1000 + INTEGERS.findIndex((name) => name === place);
}

/** The integer that a value points to; undefined if it is not an address. */
export function pointedTo(value: number): string | undefined {
  return INTEGERS[value - 1000];
}

/** What a location holds at first. */
export function initially(place: string): number {
  return place === POINTER ? addressOf('z') : 0;
}
