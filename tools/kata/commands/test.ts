// SPDX-License-Identifier: GPL-2.0-only
/** `kata test [ID]`: judges a driver in every interleaving. */
import type { KataReportV1 } from '../../../lib/kata/verdict';
import { kataNamed, kataOfPatch, stayAt } from '../at';
import { exitCodeOf } from '../exit-code';
import type { Command } from 'commander';
import { DRIVER, example, OPTIONAL_ID, type Run, SCENARIO } from '../command';
import { Refusal } from '../errors';
import type { Judgement } from '../judgement';
import { judgeOne } from '../judging';
import { type Kata, kataIds } from '../katas';
import { AsJudged } from '../print/as-judged';
import { printJudgement, REPORTS_SHOWN } from '../print/judgement';
import { nextAfterBound, nextAfterFailure, nextAfterSuccess } from '../print/next';
import { driverOption } from '../print/replay-command';
import { idInPath } from '../resolve-id';
import { type Shell, shownPath } from '../shell';
import { nextAfter, remembered } from '../state/standing';

export interface TestOptions {
  readonly driver?: string;
  readonly scenario?: string;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly full?: boolean;
  readonly sample?: string;
  readonly types: boolean;
}

export function addTest(program: Command, run: Run): void {
  program
    .command('test')
    .description('judge a driver in every interleaving')
    .argument('[ID]', OPTIONAL_ID)
    .option('--driver <file>', DRIVER)
    .option('--scenario <id>', SCENARIO)
    .option('--json', 'print one kata-report/v1 document and nothing else')
    .option('--all', 'print every report, not only the first')
    .option('--full', 'leave nothing out of a report')
    .option('--sample <n>', 'where a bound is reached, look in n interleavings more')
    .option('--no-types', 'do not check the types')
    .addHelpText('after', example('test 01 --driver /tmp/rbd.ts'))
    .action((id: string | undefined, options: TestOptions) => run(test)(id, options));
}

/** The exit code is the verdict. */
export async function test(
  shell: Shell,
  name: string | undefined,
  options: TestOptions,
): Promise<number> {
  const { driver = null, scenario = null, full = false } = options;
  const kata = driver === null ? stayAt(shell, name) : kataOf(shell, name, driver);
  const wanted = { kata, driver, scenario, full, ...sampleOf(options) };
  if (options.json === true) {
    const judgement = await judgeOne(shell, wanted, options.types);
    shell.write(`${JSON.stringify(judgement.report, null, 2)}\n`);
    return ended(judgement);
  }
  const { style, write } = shell;
  const { id, manifest } = kata;
  const telling = new AsJudged({ kata: id, title: manifest.title, scenario }, style, write);
  const reports = options.all === true ? {} : { reports: REPORTS_SHOWN };
  const judgement = await judgeOne(shell, { ...wanted, ...reports }, options.types, (...told) => {
    telling.see(...told);
  });
  if (judgement.fault === null) telling.finish(text(shell, kata, judgement, options));
  return ended(judgement);
}

function ended({ report, fault }: Judgement): number {
  if (fault !== null) throw fault;
  return exitCodeOf(report.status);
}

/** How many interleavings to sample, if any. */
function sampleOf({ sample }: TestOptions): { sample?: number } {
  if (sample === undefined) return {};
  if (/^[1-9]\d{0,8}$/.test(sample)) return { sample: Number(sample) };
  throw new Refusal(`--sample ${sample}: not a number of interleavings; try --sample 10000`);
}

/** The kata that judges a driver; the driver's path may say which. */
function kataOf(shell: Shell, name: string | undefined, driver: string): Kata {
  const id = name ?? idInPath(driver, kataIds(shell.root)) ?? kataOfPatch(shell, driver);
  if (id !== null) return kataNamed(shell, id);
  throw new Refusal(
    `which kata is ${driver} a driver of? Name it: npx kata test 01 ${driverOption(driver)}`,
  );
}

function text(shell: Shell, kata: Kata, judgement: Judgement, options: TestOptions): string {
  const { driver, all = false } = options;
  const command = ['npx kata test', kata.number, driver === undefined ? '' : driverOption(driver)]
    .filter((part) => part !== '')
    .join(' ');
  const shown = { judgement, title: kata.manifest.title, command, all };
  const next = nextLines({ shell, kata, report: judgement.report, command, options });
  return `${printJudgement(shown, shell.style)}${next === '' ? '' : `\n${next}`}`;
}

interface Told {
  readonly shell: Shell;
  readonly kata: Kata;
  readonly report: KataReportV1;
  /** What judged it. */
  readonly command: string;
  readonly options: TestOptions;
}

/** The file to edit; an answer is laid out first. */
function editOf({ cwd }: Shell, { number, driver: own }: Kata, driver: string | undefined): string {
  const [, name] =
    /solutions\/\d\d-[^/]+\/((?:wrong|right)\/[\w-]+)\.patch$/.exec(driver ?? '') ?? [];
  if (name !== undefined) return `npx kata dev answer ${number} ${name}  (lays it out)`;
  return driver ?? shownPath(cwd, own);
}

function nextLines({ shell, kata, report, command, options }: Told): string {
  const { driver, scenario, sample } = options;
  if (report.status === 'bound' && sample === undefined) return nextAfterBound(command);
  if (report.status !== 'pass') {
    return nextAfterFailure(kata, editOf(shell, kata, driver), command);
  }
  // Somebody else's driver, or one scenario of several: nothing is finished.
  if (driver !== undefined || scenario !== undefined) return '';
  return nextAfterSuccess(kata, nextAfter(remembered(shell), kata.id)?.kata ?? null);
}
