// SPDX-License-Identifier: GPL-2.0-only
/** Exploring a scenario that ends in an exception: whose fault that is. */
import { nonDeterministic } from '../../../lib/explore';
import type { Explored } from '../../../lib/kata/judge';
import { tellingOf } from '../../../lib/report';
import type { Declared } from './protocol';

/**
 * What exploring comes to. What ends in an exception is done again. A schedule that does not fit, or another end than before, is
 * the doing of a driver that does not do the same thing twice; only what always ends like this may be a fault of ours.
 */
export function exploredOr(scenario: Declared, run: () => Explored): Explored {
  const first = attempt(run);
  if ('verdict' in first) return first;
  const second = attempt(run);
  const exploration = { strategy: 'dpor', executions: 0, complete: false, failing: 0 } as const;
  const verdict = { ...scenario, hidden: false, exploration };
  const same = 'message' in second && second.message === first.message;
  if (same && first.name !== 'Diverged') {
    return { verdict: { ...verdict, status: 'error', message: first.message }, found: null };
  }
  const finding = nonDeterministic({ step: 0, words: first.message });
  const message = finding.headline(tellingOf());
  return { verdict: { ...verdict, status: 'fail', message }, found: null };
}

function attempt(run: () => Explored): Explored | { name: string; message: string } {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error)) return { name: '', message: 'an exception' };
    const { name, message } = error;
    return { name, message };
  }
}
