// SPDX-License-Identifier: GPL-2.0-only
/** Describes the outcomes of choices in words. */

/** An outcome that a step may have. */
export interface PossibleOutcome {
  readonly outcome: number;
  /** It is a marked access, and the outcome is the number of newer stores that it passes over. */
  readonly marked: boolean;
  /** What a marked load reads then; null for a store. */
  readonly reads: string | null;
  /** For an interrupt: the number of the CPU it comes on, if a task runs there; else null. */
  readonly cpu?: number | null;
}

/** Describes an outcome of an operation: `fails`. */
export function outcomeText(operation: string, outcome: number): string {
  if (operation === 'slab_reuse') {
    return outcome === 0 ? 'takes new memory' : 'takes freed memory, if there is any';
  }
  if (outcome === 0) return 'succeeds';
  return outcome === 1 ? 'fails' : `gives outcome ${outcome}`;
}

/** Describes an outcome that is still to be chosen: `reads 0, stale`. */
export function choiceText(operation: string, possible: PossibleOutcome): string {
  const { outcome, marked, reads, cpu } = possible;
  if (cpu !== undefined)
    return cpu === null ? 'on a CPU where nothing runs' : `interrupt on CPU ${cpu}`;
  if (!marked) return outcomeText(operation, outcome);
  if (reads !== null) return outcome === 0 ? `reads ${reads}` : `reads ${reads}, stale`;
  if (outcome === 0) return 'stores';
  return outcome === 1 ? 'stores before the newest store' : `stores before the newest ${outcome}`;
}
