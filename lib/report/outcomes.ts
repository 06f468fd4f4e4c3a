// SPDX-License-Identifier: GPL-2.0-only
/** Describes the outcomes of choices in words. */

/** Marked accesses. The outcome is the number of newer stores that a load or a store passes over. */
const STORES =
  /^(READ_ONCE|WRITE_ONCE|smp_load_acquire|smp_store_release|rcu_|RCU_INIT_POINTER|atomic_|refcount_|kref_|\w+_bit|waitqueue_active|update)/;

/** Describes an outcome of an operation: `fails`. */
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
