// SPDX-License-Identifier: GPL-2.0-only
/** The tasks that have rows in an interleaving, on which CPU they run, and who started them. */
import type { Operation, Replay, ReplayStep } from '../machine';
import type { Row } from './row-list';

export interface Participant {
  readonly letter: string;
  readonly comm: string;
  /** The number of its CPU; for an interrupt on top of a task that of the task. */
  readonly cpu: number;
  /** The task that it has interrupted; empty for the others. */
  readonly above: string;
  /** The task and the operation that started it: `B's percpu_ref_kill()`; empty for the tasks of the scenario. */
  readonly from: string;
}

/** The tasks that have rows, in the order of their letters. */
export function participantsOf(
  { steps }: Replay,
  rows: readonly Pick<Row, 'letter'>[],
): Participant[] {
  const letters = new Set(rows.map(({ letter }) => letter));
  const from = new Map<number, string>();
  const found = new Map<string, Participant>();
  for (const step of steps) {
    const { task, letter, comm, born, operation } = step;
    for (const child of born)
      from.set(child, operation === 'start' ? letter : `${letter}'s ${operation}()`);
    if (!letters.has(letter)) continue;
    const entered = interruptedCpu(step);
    const { cpu = task, above = '' } = found.get(letter) ?? {};
    const place =
      entered === null ? { cpu, above } : { cpu: entered, above: runsOn(entered, steps) };
    found.set(letter, { letter, comm, ...place, from: from.get(task) ?? '' });
  }
  return [...found.values()].sort(
    (a, b) => a.letter.length - b.letter.length || (a.letter < b.letter ? -1 : 1),
  );
}

/** Where a task runs, and why, in words that follow its name: `, on top of A, from B's raise_irq()`. */
export function originText({ above, from }: Participant): string {
  return `${above === '' ? '' : `, on top of ${above}`}${from === '' ? '' : `, from ${from}`}`;
}

/** The number of the CPU on which an interrupt begins in a step; null for all other steps. */
export function interruptedCpu({ operation, object }: Operation): number | null {
  return operation === 'irq_enter' ? cpuIn(object) : null;
}

/** The number of a CPU, from its label. */
export function cpuIn(label: string): number {
  return Number(label.replace('CPU#', ''));
}

/** The letter of the task whose CPU that is; empty if it takes no step. */
export function runsOn(cpu: number, steps: readonly ReplayStep[]): string {
  return steps.find(({ task }) => task === cpu)?.letter ?? '';
}
