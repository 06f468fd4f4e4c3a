// SPDX-License-Identifier: GPL-2.0-only
/** What to type next: the last lines of every command. */
import { columns } from './words';

/** A kata as it is named in commands. */
export interface Named {
  readonly id: string;
  readonly number: string;
}

/** After a failure; `command` is what judges it again. */
export function nextAfterFailure(
  { number }: Named,
  file: string,
  command = `npx kata test ${number}`,
): string {
  return block([
    ['Edit', file],
    ['Story', `npx kata show ${number}`],
    ['Stuck?', `npx kata hint ${number}`],
    ['Judge', command],
  ]);
}

/** Where a bound was reached; `command` is what judged it. */
export function nextAfterBound(command: string): string {
  return block([['Sample', `${command} --sample 10000`, '(may find a failure, proves nothing)']]);
}

/** After a success: why it holds, and the next kata, if there is one. Nobody is moved on unasked. */
export function nextAfterSuccess(done: Named, next: Named | null): string {
  const why = ['Why', `npx kata solution ${done.number}`, '(and what upstream did)'];
  if (next === null) return block([why, ['All', 'npx kata progress', '(this was the last one)']]);
  return block([why, ['Next', 'npx kata next', `(${next.id})`]]);
}

function block(rows: readonly (readonly string[])[]): string {
  return `${columns(rows).join('\n')}\n`;
}
