// SPDX-License-Identifier: GPL-2.0-only
/** Outcomes of choices, in words. */

/** What an operation does with an outcome: `fails`. */
export function outcomeText(operation: string, outcome: number): string {
  if (operation === 'slab_reuse') {
    return outcome === 0 ? 'takes new memory' : 'takes freed memory, if there is any';
  }
  if (outcome === 0) return 'succeeds';
  return outcome === 1 ? 'fails' : `gives outcome ${outcome}`;
}
