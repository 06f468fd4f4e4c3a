// SPDX-License-Identifier: GPL-2.0-only
/** A trace as text: the diagram of a report, then every step with the locks its task holds and the counts it changed. */
import { fold, WIDTH_DEFAULT } from '../fold';
import { interleaving } from '../interleaving';
import { countText } from '../counters';
import { countChanges } from './spans';
import { taskIn, told, type Traced, wordsFor } from './traced';

/** The trace as text that ends in a newline. */
export function textTrace(traced: Traced, width = WIDTH_DEFAULT): string {
  const { recorded, finding, rules, title } = traced;
  const { telling, headline } = told(traced);
  const guilty = telling.asked;
  const drawn = interleaving(recorded, finding, { rules, guilty, rowsMax: Infinity, width });
  return [
    ...fold(title, width),
    ...fold(headline ?? 'Nothing is found in this interleaving.', width),
    '',
    ...drawn.lines,
    '',
    ...table(stepRows(traced), width),
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

/** Columns side by side; where the width does not hold them, locks and counts stand below their step. */
function table(rows: readonly (readonly string[])[], width: number): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padStart(widths[0] ?? 0) : text.padEnd(widths[column] ?? 0);
  const lines = rows.map((row) => row.map(cell).join('  ').trimEnd());
  if (lines.every((line) => line.length <= width)) return lines;
  const under = ' '.repeat((widths[0] ?? 0) + (widths[1] ?? 0) + 4);
  return rows.flatMap(([step = '', task = '', operation = '', ...below], i) => [
    ...fold(`${cell(step, 0)}  ${cell(task, 1)}  ${operation}`, width, under.length + 2),
    ...below.flatMap((text, column) => {
      if (i === 0 || text === '') return [];
      return fold(`${under}${BELOW[column] ?? ''}${text}`, width, under.length + 2);
    }),
  ]);
}

const BELOW = ['holds ', 'counts '];
