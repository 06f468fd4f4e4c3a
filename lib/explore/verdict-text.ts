// SPDX-License-Identifier: GPL-2.0-only
/** Describes what an exploration without a failure proves. No two kinds of results can be mistaken for each other. */
import type { Exploration } from './explorer';

/**
 * The verdict: `holds in all 26 interleavings (one per trace class)`, `no failure with at most 2 preemptions`,
 * `no failure in 10 000 random interleavings, not exhaustive`, or that nothing is proven and why.
 */
export function verdictText(exploration: Exploration): string {
  const { strategy, executions, complete, bound } = exploration;
  const runs = `${spaced(executions)} ${plural('interleaving', executions)}`;
  if (complete) {
    const which = strategy === 'dpor' ? ' (one per trace class)' : '';
    return executions === 1
      ? 'holds in the only interleaving there is'
      : `holds in all ${runs}${which}`;
  }
  if (bound === 'steps')
    return `no failure in ${runs}, but some were cut off: they may never end, so nothing is proven`;
  const max = exploration.preemptionsMax;
  const few = max === undefined ? '' : ` with at most ${max} ${plural('preemption', max)}`;
  if (bound === 'preemptions') return `no failure${few}`;
  if (exploration.seed !== undefined) {
    const random = `${spaced(executions)} random ${plural('interleaving', executions)}`;
    return `no failure in ${random}, not exhaustive`;
  }
  return `no failure in ${runs}${few}, then given up: nothing is proven`;
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

/** Formats a number in groups of three digits. */
function spaced(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}
