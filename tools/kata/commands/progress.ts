// SPDX-License-Identifier: GPL-2.0-only
/** `kata progress`: how far you have come. */
import type { Command } from 'commander';
import { example, type Run } from '../command';
import { EXIT } from '../exit-code';
import { progressDocument, printProgress } from '../print/progress';
import type { Shell } from '../shell';
import { currentOf, standings } from '../state/standing';

export interface ProgressOptions {
  readonly json?: boolean;
}

export function addProgress(program: Command, run: Run): void {
  program
    .command('progress')
    .description('how far you have come, and what is left')
    .option('--json', 'print one kata-progress/v1 document and nothing else')
    .addHelpText('after', example('progress', 'progress --json'))
    .action((options: ProgressOptions) => run(progress)(options));
}

/** Ends with 0 however far it is. */
async function progress(shell: Shell, { json = false }: ProgressOptions): Promise<number> {
  const { style, tool, write } = shell;
  const all = await standings(shell);
  const current = currentOf(shell, all);
  if (json) write(`${JSON.stringify(progressDocument(all, tool, current), null, 2)}\n`);
  else write(printProgress(all, current, style));
  return EXIT.holds;
}
