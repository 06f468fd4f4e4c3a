// SPDX-License-Identifier: GPL-2.0-only
/** Describes the outcomes of choices in words. */

/** What a marked load reads: a value, and where that was stored. */
export interface ReadOutcome {
  readonly value: string;
  /** The letter of the task that stored it; empty for the initial value. */
  readonly letter: string;
  /** The step that stored it, from 1 on. */
  readonly step: number;
}

/** An outcome that a step may have. */
export interface PossibleOutcome {
  readonly outcome: number;
  /** It is a marked access, and the outcome is the number of newer stores that it passes over. */
  readonly marked: boolean;
  /** What a marked load reads then; null for a store. */
  readonly reads: ReadOutcome | null;
  /** For an interrupt: the number of the CPU it comes on, if a task runs there; else null. */
  readonly cpu?: number | null;
}

/** Describes an outcome of an operation: `fails`. */
export function outcomeText(operation: string, outcome: number): string {
  if (operation === 'slab_reuse') {
    return outcome === 0 ? 'takes new memory' : 'takes freed memory, if there is any';
  }
  if (outcome === 0) return 'succeeds';
  if (operation === 'cpu_relax' || operation === 'schedule_timeout') return 'sees no change';
  return outcome === 1 ? 'fails' : `gives outcome ${outcome}`;
}

/** Describes an outcome that is still to be chosen: `reads the older 0 (the initial value)`. */
export function choiceText(operation: string, possible: PossibleOutcome): string {
  const { outcome, marked, reads, cpu } = possible;
  if (cpu !== undefined)
    return cpu === null ? 'on a CPU where nothing runs' : `interrupt on CPU ${cpu}`;
  if (!marked) return outcomeText(operation, outcome);
  if (reads !== null) {
    return `reads the ${outcome === 0 ? 'newest' : 'older'} ${reads.value} (${originText(reads)})`;
  }
  if (outcome === 0) return 'stores last';
  if (outcome === 1) return 'stores before the newest store, which overwrites it';
  return `stores before the newest ${outcome} stores, which overwrite it`;
}

function originText({ letter, step }: ReadOutcome): string {
  return letter === '' ? 'the initial value' : `stored by ${letter} in step ${step}`;
}
