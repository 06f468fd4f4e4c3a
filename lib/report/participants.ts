// SPDX-License-Identifier: GPL-2.0-only
/** The tasks that have rows in an interleaving, and who started them. */
import type { Replay } from '../machine';
import type { Row } from './row-list';

export interface Participant {
  readonly id: number;
  readonly letter: string;
  readonly comm: string;
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
  for (const { task: id, letter, comm, born, operation } of steps) {
    for (const child of born)
      from.set(child, operation === 'start' ? letter : `${letter}'s ${operation}()`);
    if (letters.has(letter)) found.set(letter, { id, letter, comm, from: from.get(id) ?? '' });
  }
  return [...found.values()].sort(
    (a, b) => a.letter.length - b.letter.length || (a.letter < b.letter ? -1 : 1),
  );
}
