// SPDX-License-Identifier: GPL-2.0-only
/** Outcomes of choices, in words. */

/** Marked accesses: their outcomes are the stores that they read or go behind. */
const STORES =
  /^(READ_ONCE|WRITE_ONCE|smp_load_acquire|smp_store_release|rcu_|RCU_INIT_POINTER|atomic_|refcount_|kref_|\w+_bit|waitqueue_active|update)/;

/** What an operation does with an outcome: `fails`. */
export function outcomeText(operation: string, outcome: number): string {
  if (operation === 'slab_reuse') {
    return outcome === 0 ? 'takes new memory' : 'takes freed memory, if there is any';
  }
  if (STORES.test(operation)) {
    if (outcome === 0) return 'takes effect at once';
    return outcome === 1
      ? 'passes over the newest store'
      : `passes over the newest ${outcome} stores`;
  }
  if (outcome === 0) return 'succeeds';
  return outcome === 1 ? 'fails' : `gives outcome ${outcome}`;
}
