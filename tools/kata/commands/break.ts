// SPDX-License-Identifier: GPL-2.0-only
/** `kata break ID`: be the scheduler, and break the driver by hand. */
import type { Command } from 'commander';
import { breakKata, type BreakOptions } from '../break';
import { DRIVER, example, OPTIONAL_ID, type Run, SCENARIO } from '../command';

/** Where nobody plays, the input has the commands. */
const PIPED = "Example: printf 'A1 B2\\nA1\\n' | npx kata break 00   ('?' lists the commands)";

export function addBreak(program: Command, run: Run): void {
  program
    .command('break')
    .description('be the scheduler: step the CPUs by hand until something breaks')
    .argument('[ID]', OPTIONAL_ID)
    .option('--scenario <id>', `${SCENARIO} (default: the first that is meant to fail)`)
    .option('--driver <file>', DRIVER)
    .addHelpText('after', `${example('break 00')}\n${PIPED}`)
    .action((id: string | undefined, options: BreakOptions) => run(breakKata)(id, options));
}
