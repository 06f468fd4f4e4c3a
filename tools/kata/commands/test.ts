// SPDX-License-Identifier: GPL-2.0-only
/** `kata test [ID]`: judges a driver in every interleaving. */
import type { KataReportV1 } from '../../../lib/kata/verdict';
import { EXIT, exitCodeOf } from '../exit-code';
import { type Fault, Refusal } from '../errors';
import type { Judgement } from '../judgement';
import { current, judgeOne, type Walked } from '../judging';
import { type Kata, kataAt, kataIds } from '../katas';
import { faultText } from '../print/fault';
import { printJudgement } from '../print/judgement';
import { printAllHold } from '../print/kata';
import { nextAfterFailure, nextAfterSuccess } from '../print/next';
import { driverOption } from '../print/replay-command';
import { idInPath, resolveId } from '../resolve-id';
import { type Shell, shownPath } from '../shell';

export interface TestOptions {
  readonly driver?: string;
  readonly scenario?: string;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly full?: boolean;
  readonly types: boolean;
}

/** The exit code is the verdict. */
export async function test(
  shell: Shell,
  name: string | undefined,
  options: TestOptions,
): Promise<number> {
  const { kata, judgement } = (await judged(shell, name, options)) ?? {
    kata: null,
    judgement: null,
  };
  if (kata === null) {
    // Nothing fails, and nothing was named.
    shell.write(printAllHold(kataIds(shell.root).length, shell.style));
    return EXIT.holds;
  }
  const { report, fault } = judgement;
  if (options.json === true) shell.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (fault === null) shell.write(text(shell, kata, judgement, options));
  return fault === null ? exitCodeOf(report.status) : complainOf(fault, shell);
}

async function judged(
  shell: Shell,
  name: string | undefined,
  options: TestOptions,
): Promise<Walked | null> {
  const { driver = null, scenario = null, full = false } = options;
  const id = idFor(shell, name, driver);
  if (id !== null) {
    const kata = kataAt(shell.root, id);
    return {
      kata,
      judgement: await judgeOne(shell, { kata, driver, scenario, full }, options.types),
    };
  }
  const { now, last } = await current(shell, options.types);
  if (now === null) return options.json === true ? last : null; // a document is asked for in any case
  if (scenario === null && !full) return now;
  const wanted = { kata: now.kata, driver, scenario, full };
  return { kata: now.kata, judgement: await judgeOne(shell, wanted, options.types) };
}

/** The kata that is meant; null for the current one. A driver says by its path which kata it belongs to. */
function idFor({ root }: Shell, name: string | undefined, driver: string | null): string | null {
  const ids = kataIds(root);
  if (name !== undefined) return resolveId(name, ids);
  if (driver === null) return null;
  const id = idInPath(driver, ids);
  if (id !== null) return id;
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

function nextLines({ shell, kata, report, command, options }: Told): string {
  const { root, cwd } = shell;
  const { driver, scenario } = options;
  if (report.status !== 'pass') {
    return nextAfterFailure(kata, driver ?? shownPath(cwd, kata.driver), command);
  }
  // Somebody else's driver, or one scenario of several: nothing is finished.
  if (driver !== undefined || scenario !== undefined) return '';
  const ids = kataIds(root);
  const next = ids[ids.indexOf(kata.id) + 1];
  return nextAfterSuccess(next === undefined ? null : { id: next, number: next.slice(0, 2) });
}

/** Tells a fault of ours. */
export function complainOf(fault: Fault, shell: Shell): number {
  shell.complain(faultText(fault, process.env));
  return EXIT.fault;
}
