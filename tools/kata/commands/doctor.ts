// SPDX-License-Identifier: GPL-2.0-only
/** `kata doctor`: what may keep the tool from working here, and what to do about it. */
import type { Command } from 'commander';
import { example, type Run } from '../command';
import { EXIT } from '../exit-code';
import { printDoctor } from '../print/doctor';
import type { Shell } from '../shell';

export interface DoctorOptions {
  readonly json?: boolean;
}

export function addDoctor(program: Command, run: Run): void {
  program
    .command('doctor')
    .description('look for what may keep this tool from working here')
    .option('--json', 'print one kata-doctor/v1 document and nothing else')
    .addHelpText('after', example('doctor', 'doctor --json'))
    .action((options: DoctorOptions) => run(doctor)(options));
}

/** 0 when all is well or only inconvenient, 1 when something has to be done. */
async function doctor(shell: Shell, { json = false }: DoctorOptions): Promise<number> {
  const { examine } = await import('../doctor/examine.js');
  const found = [];
  for await (const finding of examine(shell)) {
    found.push(finding);
    if (!json) shell.write(printDoctor(finding, shell.style));
  }
  const bad = found.some(({ state }) => state === 'bad');
  if (json) {
    const document = { schema: 'kata-doctor/v1', tool: shell.tool, well: !bad, findings: found };
    shell.write(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    shell.write(bad ? '\nSomething has to be done, see above.\n' : '\nAll is well: npx kata\n');
  }
  return bad ? EXIT.fails : EXIT.holds;
}
