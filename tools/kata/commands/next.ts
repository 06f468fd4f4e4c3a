// SPDX-License-Identifier: GPL-2.0-only
/** `kata next [ID]`: goes on to the next kata that is not done, or to any that is named. */
import type { Command } from 'commander';
import { goTo, kataNamed } from '../at';
import { example, ID, type Run } from '../command';
import { EXIT } from '../exit-code';
import type { Kata } from '../katas';
import { printAllHold, printIntroduction } from '../print/kata';
import { nextAfterFailure } from '../print/next';
import { type Shell, shownPath } from '../shell';
import { currentOf, isDone, nextAfter, remembered, type Standing } from '../state/standing';

export interface NextOptions {
  readonly json?: boolean;
}

export function addNext(program: Command, run: Run): void {
  program
    .command('next')
    .description('go on to the next kata that is not done, or to one you name')
    .argument('[ID]', `${ID} (default: the next that is not done)`)
    .option('--json', 'print one kata-next/v1 document and nothing else')
    .addHelpText('after', example('next', 'next 08'))
    .action((id: string | undefined, options: NextOptions) => run(next)(id, options));
}

/** Ends with 0: nothing is judged that is known already, and no kata has to be done first. */
function next(
  shell: Shell,
  name: string | undefined,
  { json = false }: NextOptions,
): Promise<number> {
  const { cwd, style, write, tool } = shell;
  const all = remembered(shell);
  const before = currentOf(shell, all);
  const kata = name === undefined ? following(all, before) : kataNamed(shell, name);
  if (kata !== null) goTo(shell, kata);
  if (json) {
    const file = kata === null ? null : shownPath(cwd, kata.driver);
    const document = { schema: 'kata-next/v1', tool, id: kata?.id ?? null, driver: file };
    write(`${JSON.stringify(document, null, 2)}\n`);
    return Promise.resolve(EXIT.holds);
  }
  if (kata === null) {
    write(printAllHold(all.length, style));
    return Promise.resolve(EXIT.holds);
  }
  const left = all.find((standing) => standing.kata.id === before?.id);
  if (left !== undefined && !isDone(left) && left.kata.id !== kata.id) {
    write(`${left.kata.id} stays pending; npx kata next ${left.kata.number} comes back to it.\n\n`);
  }
  write(`${printIntroduction(kata.manifest, style)}\n`);
  write(advice(kata, all));
  write(nextAfterFailure(kata, shownPath(cwd, kata.driver)));
  return Promise.resolve(EXIT.holds);
}

/** The next kata to do; the current one if it is the only one left. */
function following(all: readonly Standing[], before: Kata | null): Kata | null {
  const next = before === null ? null : nextAfter(all, before.id);
  if (next !== null) return next.kata;
  return all.find((standing) => !isDone(standing))?.kata ?? null;
}

/** What a kata builds on and is not done yet: told, never demanded. */
function advice({ manifest }: Kata, all: readonly Standing[]): string {
  const open = manifest.prerequisites.filter((id) =>
    all.some((standing) => standing.kata.id === id && !isDone(standing)),
  );
  return open.length === 0 ? '' : `It builds on ${open.join(' and ')}, which you may do first.\n\n`;
}
