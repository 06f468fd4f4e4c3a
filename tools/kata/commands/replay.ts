// SPDX-License-Identifier: GPL-2.0-only
/** `kata replay ID SCHEDULE`: runs one interleaving and shows its report again. */
import { parseSchedule } from '../../../lib/explore';
import { UsageError } from '../../../lib/machine';
import type { Command } from 'commander';
import { DRIVER, example, ID, type Run, SCENARIO } from '../command';
import { EXIT } from '../exit-code';
import { Fault, Refusal } from '../errors';
import { runJudge } from '../judge-process';
import type { JudgeMessage } from '../judge-protocol';
import { requestFor } from '../judging';
import { kataAt, kataIds } from '../katas';
import { wrapped } from '../print/fit';
import { firstOf } from '../print/words';
import { resolveId } from '../resolve-id';
import type { Shell } from '../shell';

export interface ReplayOptions {
  readonly driver?: string;
  readonly scenario?: string;
  readonly full?: boolean;
}

export function addReplay(program: Command, run: Run): void {
  program
    .command('replay')
    .description('run one interleaving and show its report again')
    .argument('<ID>', ID)
    .argument('<SCHEDULE>', "who runs for how many steps: 'A4 B7 A3'")
    .option('--scenario <id>', `${SCENARIO} (default: the first)`)
    .option('--driver <file>', DRIVER)
    .option('--full', 'leave nothing out of the report')
    .addHelpText('after', example("replay 00 'A1 B2 A1'"))
    .action((id: string, schedule: string, options: ReplayOptions) =>
      run(replay)(id, schedule, options),
    );
}

const PROBLEMS_MAX = 3;

/** 1 when the schedule fails, 0 when nothing is found on it, 2 when it does not fit the driver. */
async function replay(
  shell: Shell,
  name: string,
  schedule: string,
  options: ReplayOptions,
): Promise<number> {
  const { driver = null, scenario = null, full = false } = options;
  const kata = kataAt(shell.root, resolveId(name, kataIds(shell.root)));
  const text = wellFormed(schedule);
  const request = requestFor(shell, { kata, driver, scenario, full }, text);
  let last: JudgeMessage | null = null;
  const ending = await runJudge(request, (message) => {
    last = message;
  });
  if (ending !== 'done') {
    shell.complain(`kata: ${request.shown}: the replay did not finish (${ending})\n`);
    return EXIT.bound;
  }
  return told(shell, text, last);
}

/** A schedule text that can be read, with single blanks; a Refusal if it cannot. */
export function wellFormed(schedule: string): string {
  try {
    if (parseSchedule(schedule).length === 0) {
      throw new Refusal("schedule: it is empty; write tasks and steps, as in 'A4 B7 A3'");
    }
  } catch (error) {
    throw error instanceof UsageError ? new Refusal(error.message) : error;
  }
  return schedule.trim().replace(/\s+/g, ' ');
}

function told(shell: Shell, schedule: string, message: JudgeMessage | null): number {
  switch (message?.type) {
    case 'replayed':
      if (message.report !== '') {
        const [headline = '', ...rest] = message.report.trimEnd().split('\n');
        shell.write(`${[...wrapped(headline, shell.style.width, '  '), ...rest].join('\n')}\n`);
        return EXIT.fails;
      }
      shell.write(`Nothing is found in this interleaving: ${schedule}\n`);
      return EXIT.holds;
    case 'refused':
      shell.write(`${firstOf(message.problems, PROBLEMS_MAX).join('\n')}\n`);
      return EXIT.fails;
    case 'usage':
      throw new Refusal(message.message);
    case 'fault':
      throw new Fault(`internal error: ${message.message}`, message.trace);
    default:
      throw new Fault('the judging process gave no answer to the replay');
  }
}
