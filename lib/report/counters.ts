// SPDX-License-Identifier: GPL-2.0-only
/** Counters: the objects whose state is a number people follow, and how that number is written. */

const COUNTERS = new Set(['kref', 'refcount_t', 'atomic_t', 'atomic_long_t', 'percpu_ref']);
const SATURATED = -1_000_000_000;

/** Whether objects of a type count references or the like. */
export function isCounter(typeName: string): boolean {
  return COUNTERS.has(typeName);
}

/** A count as reports write it. */
export function countText(count: number): string {
  return count < SATURATED ? 'saturated' : String(count);
}
