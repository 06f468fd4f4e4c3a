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

/** After a success: the next kata in order, or none. */
export function nextAfterSuccess(next: Named | null): string {
  if (next === null) return 'That was the last kata. npx kata list shows which of them hold.\n';
  return block([['Next', `npx kata show ${next.number}`, `(${next.id})`]]);
}

function block(rows: readonly (readonly string[])[]): string {
  return `${columns(rows).join('\n')}\n`;
}
