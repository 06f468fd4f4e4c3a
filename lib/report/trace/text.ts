// SPDX-License-Identifier: GPL-2.0-only
/** A trace as text: the diagram of a report, then every step with the locks its task holds and the counts it changed. */
import { interleaving } from '../interleaving';
import { countText } from '../counters';
import { countChanges } from './spans';
import { taskIn, told, type Traced, wordsFor } from './traced';

/** The trace as text that ends in a newline. */
export function textTrace(traced: Traced): string {
  const { recorded, finding, rules, title } = traced;
  const { telling, headline } = told(traced);
  const guilty = telling.asked;
  const drawn = interleaving(recorded, finding, { rules, guilty, rowsMax: Infinity });
  return [
    title,
    headline ?? 'Nothing is found in this interleaving.',
    '',
    ...drawn.lines,
    '',
    ...table(stepRows(traced)),
    '',
  ].join('\n');
}

function stepRows(traced: Traced): string[][] {
  const { recorded, scenes } = traced;
  const changes = countChanges(traced);
  const counts = (step: number): string =>
    changes
      .filter((change) => change.step === step && change.value !== null)
      .map(({ object, value }) => `${object} = ${countText(value ?? 0)}`)
      .join(', ');
  const steps = recorded.steps.map((step, i) => {
    const task = taskIn(scenes[i + 1], step.letter);
    const failed = step.outcome === 0 ? '' : ` !${step.outcome}`;
    const waits = step.waits === null ? '' : `, then waits in ${wordsFor(step.waits)}`;
    const held = task?.held.map(({ object }) => object).join(', ') ?? '';
    return [String(i + 1), step.letter, `${wordsFor(step)}${failed}${waits}`, held, counts(i + 1)];
  });
  const first = counts(0);
  return [
    ['step', 'task', 'operation', 'holds', 'counts'],
    ...(first === '' ? [] : [['0', '', 'set-up', '', first]]),
    ...steps,
  ];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padStart(widths[0] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
