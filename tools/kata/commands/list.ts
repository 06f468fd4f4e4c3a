// SPDX-License-Identifier: GPL-2.0-only
/** `kata list`: every kata, and whether it is done. */
import type { Command } from 'commander';
import { example, type Run } from '../command';
import { EXIT } from '../exit-code';
import { listDocument, printList } from '../print/list';
import { nextAfterFailure } from '../print/next';
import { type Shell, shownPath } from '../shell';
import { currentOf, remembered, standings } from '../state/standing';

export interface ListOptions {
  readonly json?: boolean;
  readonly run: boolean;
}

export function addList(program: Command, run: Run): void {
  program
    .command('list')
    .description('all katas, and which of them are done')
    .option('--json', 'print one kata-list/v1 document and nothing else')
    .option('--no-run', 'judge nothing, not even what has changed since it was judged')
    .addHelpText('after', example('list', 'list --json --no-run'))
    .action((options: ListOptions) => run(list)(options));
}

/** Ends with 0 whatever holds: it only tells. */
async function list(shell: Shell, options: ListOptions): Promise<number> {
  const { cwd, style, tool, write } = shell;
  const all = options.run ? await standings(shell) : remembered(shell);
  const current = currentOf(shell, all);
  const shown = (file: string): string => shownPath(cwd, file);
  if (options.json === true) {
    const document = listDocument(all, { tool, current: current?.id ?? null, shown });
    write(`${JSON.stringify(document, null, 2)}\n`);
    return EXIT.holds;
  }
  const next = current === null ? '' : nextAfterFailure(current, shown(current.driver));
  write(`${printList(all, current?.id ?? null, style)}\n${next}`);
  return EXIT.holds;
}
