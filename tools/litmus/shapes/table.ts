// SPDX-License-Identifier: GPL-2.0-only
/** The litmus tests as rows of Markdown tables, for docs/litmus.md. */
import { LITMUS } from './all';
import { RACES } from './races';
import type { Threads } from './litmus';

type Rows = readonly (readonly string[])[];

/** All litmus tests: shape, threads, question, our answer, the kernel's, its source, and a note. */
export function litmusRows(): Rows {
  const header = ['shape', 'threads', 'exists', 'ours', 'kernel', 'source', 'note'];
  const rows = LITMUS.map(({ name, threads, question, ours, kernel, source, note }) => [
    name,
    cellOf(threads),
    code(question.slice('exists '.length)),
    ours,
    kernel,
    source,
    note ?? '',
  ]);
  return [header, ...rows];
}

/** The programs with plain accesses, likewise: who reports a data race. */
export function raceRows(): Rows {
  const header = ['program', 'threads', 'ours', 'kernel', 'note'];
  const rows = RACES.map(({ name, threads, ours, kernel, note }) => [
    name,
    cellOf(threads),
    ours,
    kernel,
    note ?? '',
  ]);
  return [header, ...rows];
}

function cellOf(threads: Threads): string {
  return threads.map((lines) => code(lines.map((line) => line.code).join('; '))).join('<br>');
}

/** Code in a cell; a bar would end the cell. */
function code(text: string): string {
  return `\`${text.replaceAll('||', 'or')}\``;
}
