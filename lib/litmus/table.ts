// SPDX-License-Identifier: GPL-2.0-only
/** The litmus tests as tables for the guide. */
import { LITMUS } from './all';
import { RACES } from './races';
import type { Threads } from './litmus';

/** All litmus tests as a table in Markdown: shape, threads, question, our answer, the kernel's, its source, and a note. */
export function litmusTable(): string {
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
  return table(header, rows);
}

/** The programs with plain accesses, likewise: who reports a data race. */
export function raceTable(): string {
  const header = ['program', 'threads', 'ours', 'kernel', 'note'];
  const rows = RACES.map(({ name, threads, ours, kernel, note }) => [
    name,
    cellOf(threads),
    ours,
    kernel,
    note ?? '',
  ]);
  return table(header, rows);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n') + '\n';
}

function cellOf(threads: Threads): string {
  return threads.map((lines) => code(lines.map((line) => line.code).join('; '))).join('<br>');
}

/** Code in a cell; a bar would end the cell. */
function code(text: string): string {
  return `\`${text.replaceAll('||', 'or')}\``;
}
