// SPDX-License-Identifier: GPL-2.0-only
/** How a failure that somebody has found compares with the shortest there is, in sentences. */
import type { Effort, Look, Shortest } from '../../../lib/kata/look';
import { count } from '../print/words';

/** The sentences; none if nothing has failed. */
export function compared(
  { headline, failing }: Pick<Look, 'headline' | 'failing'>,
  shortest: Shortest,
): string[] {
  if (failing === null) return [];
  const way = `${shortest.schedule} (${effort(shortest)})`;
  if (shortest.headline !== headline) {
    return [
      `Yours: ${effort(failing)}.`,
      `Left alone it ends in ${shortest.headline}; the shortest way there: ${way}.`,
    ];
  }
  if (failing.schedule === shortest.schedule) {
    return [`Yours: ${effort(failing)}. There is no shorter way.`];
  }
  return [`Yours: ${effort(failing)}. ${verdict(failing, shortest)}`, `The shortest: ${way}.`];
}

/** `2 preemptions, 3 context switches, 17 steps` */
function effort({ steps, contextSwitches, preemptions }: Effort): string {
  const switches = count(contextSwitches, 'context switch').replace(/switchs$/, 'switches');
  return `${count(preemptions, 'preemption')}, ${switches}, ${count(steps, 'step')}`;
}

function verdict(yours: Effort, { preemptions, contextSwitches }: Shortest): string {
  if (yours.preemptions > preemptions) return 'Fewer preemptions would do.';
  if (yours.contextSwitches > contextSwitches) return 'Fewer context switches would do.';
  return 'Fewer will not do.';
}
