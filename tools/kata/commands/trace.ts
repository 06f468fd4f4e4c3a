// SPDX-License-Identifier: GPL-2.0-only
/** `kata trace ID [SCHEDULE]`: one execution written down, as text, as a page, for mermaid or for Perfetto. */
import { type Command, Option } from 'commander';
import { executionPage } from '../../trace-page/page';
import { TRACE_FORMATS, type TraceFormat } from '../../../lib/report';
import { DRIVER, example, ID, type Run, SCENARIO } from '../command';
import { EXIT } from '../exit-code';
import { requestFor } from '../judging';
import { kataAt, kataIds } from '../katas';
import { excuse } from '../player/excuse';
import { Player } from '../player/player';
import type { TraceText } from '../player/protocol';
import { progressLine } from '../progress';
import { wrapped } from '../print/fit';
import { resolveId } from '../resolve-id';
import { type Shell, shownPath } from '../shell';
import { outputFile, writeOutput } from './output-file';
import { wellFormed } from './replay';

export interface TraceOptions {
  readonly format: TraceFormat | 'html';
  readonly output?: string;
  readonly scenario?: string;
  readonly driver?: string;
}

export function addTrace(program: Command, run: Run): void {
  program
    .command('trace')
    .description(
      'write one interleaving down: for the terminal, as a page, for mermaid, for Perfetto',
    )
    .argument('<ID>', ID)
    .argument(
      '[SCHEDULE]',
      "who runs for how many steps: 'A4 B7 A3' (default: the shortest failure)",
    )
    .addOption(
      new Option(
        '--format <format>',
        'how: text, a page, a mermaid sequenceDiagram, a Chrome trace',
      )
        .choices([...TRACE_FORMATS, 'html'])
        .default('text'),
    )
    .option('-o, --output <file>', 'write to this file instead of the terminal')
    .option('--scenario <id>', `${SCENARIO} (default: the first, or the first that fails)`)
    .option('--driver <file>', DRIVER)
    .addHelpText(
      'after',
      example(
        'trace 01 --format html -o race.html',
        "trace 01 'A4 B7' --format chrome -o trace.json",
      ),
    )
    .addHelpText(
      'after',
      '\nThe page is one file that opens from disk: step through it in a browser.',
    )
    .addHelpText('after', '\nA Chrome trace opens at https://ui.perfetto.dev: drag the file there.')
    .action((id: string, schedule: string | undefined, options: TraceOptions) =>
      run(trace)(id, schedule, options),
    );
}

/** 0 when it is written, whatever the execution came to; 1 for a driver that cannot be run. */
async function trace(
  shell: Shell,
  name: string,
  typed: string | undefined,
  options: TraceOptions,
): Promise<number> {
  const { driver = null, scenario = null } = options;
  const kata = kataAt(shell.root, resolveId(name, kataIds(shell.root)));
  const schedule = typed === undefined ? null : wellFormed(typed);
  const request = requestFor(shell, { kata, driver, scenario, full: false }, schedule);
  const { output } = options;
  const file = output === undefined ? null : outputFile(shell, output, request.driver);
  const progress = progressLine(process.stderr);
  let scenarioNow = '';
  const player = new Player(
    { request, preferred: [] },
    {
      alive: (id, executions) => {
        if (id !== scenarioNow) progress.clear(); // one after the other, and nobody says when one is over
        scenarioNow = id;
        progress.see({ type: 'alive', scenario: id, executions });
      },
    },
  );
  try {
    await player.open();
    const written = await writtenBy(player, schedule, options);
    progress.clear();
    return deliver(shell, written, { file, ...options });
  } catch (error) {
    return excuse(shell, error, request.shown);
  } finally {
    progress.clear();
    player.stop();
  }
}

async function writtenBy(
  player: Player,
  schedule: string | null,
  { format }: TraceOptions,
): Promise<TraceText> {
  if (format !== 'html') return player.ask('trace', { schedule, format });
  const { execution, ...chosen } = await player.ask('execution', { schedule });
  return { ...chosen, text: executionPage(execution) };
}

/** Where it goes: to a file, or to the terminal. */
interface Delivery extends TraceOptions {
  readonly file: string | null;
}

function deliver(shell: Shell, written: TraceText, { file, output, scenario }: Delivery): number {
  const about = note(written, scenario !== undefined);
  if (about !== '') {
    shell.complain(`${wrapped(`kata: ${about}`, shell.style.problemWidth, '    ').join('\n')}\n`);
  }
  if (file === null) {
    shell.write(written.text);
    return EXIT.holds;
  }
  writeOutput(file, output ?? '', written.text);
  shell.complain(`kata: ${shownPath(shell.cwd, file)} is written\n`);
  return EXIT.holds;
}

/** Why this execution; of other scenarios than one that was asked for nothing is known. */
function note({ chosen, scenario, schedule }: TraceText, asked: boolean): string {
  switch (chosen) {
    case 'asked':
      return '';
    case 'shortest failure':
      return `the shortest failure of ${scenario}: ${schedule}`;
    case 'holds':
      return asked
        ? `${scenario} holds, so this is one of its executions, in which nothing is found`
        : `the driver holds, so this is an execution of ${scenario} in which nothing is found`;
    case 'nothing proven':
      return `no failure was found, though not everything was explored; this is an execution of ${scenario}`;
  }
}
