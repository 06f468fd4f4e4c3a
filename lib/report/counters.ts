// SPDX-License-Identifier: GPL-2.0-only
/** Counters: the types of objects that count references or users, and how reports write the count. */

const COUNTERS = new Set(['kref', 'refcount_t', 'atomic_t', 'atomic_long_t', 'percpu_ref']);
const SATURATED = -1_000_000_000;

/** Above this a percpu_ref is in percpu mode: its bias keeps the count from 0. */
const SPREAD = 1 << 28;

/** Whether objects of a type count references or the like. */
export function isCounter(typeName: string): boolean {
  return COUNTERS.has(typeName);
}

/** Whether a count is spread over the CPUs, so that its value is unknown. */
export function isSpread(typeName: string, count: number): boolean {
  return typeName === 'percpu_ref' && count > SPREAD;
}

/** A count as reports write it. */
export function countText(count: number, typeName = ''): string {
  if (isSpread(typeName, count)) return 'per-CPU';
  return count < SATURATED ? 'saturated' : String(count);
}
