// SPDX-License-Identifier: GPL-2.0-only
/** Bare `kata`: where you are, what fails there, and what to type. */
import { stayAt } from '../at';
import { EXIT, exitCodeOf } from '../exit-code';
import { judgeOne, ownOf } from '../judging';
import type { Kata } from '../katas';
import { printJudgement, REPORTS_SHOWN } from '../print/judgement';
import { printAllHold, printDone, printIntroduction, printWelcome } from '../print/kata';
import { tallyOf } from '../print/list';
import { nextAfterFailure, nextAfterSuccess } from '../print/next';
import { type Shell, shownPath } from '../shell';
import { TOOL } from '../state/facts';
import { stateOf } from '../state/memory';
import { isDone, nextAfter, type Standing, standings } from '../state/standing';

/** Ends with 0 although the current kata fails: that is how a kata is found. */
export async function welcome(shell: Shell): Promise<number> {
  const { style, write } = shell;
  greet(shell);
  const all = await standings(shell);
  write(`${tallyOf(all)} npx kata list shows them, npx kata --help every command.\n\n`);
  if (all.every(isDone)) {
    write(printAllHold(all.length, style));
    return EXIT.holds;
  }
  const kata = stayAt(shell, undefined);
  const standing = all.find((one) => one.kata.id === kata.id);
  if (standing !== undefined && isDone(standing)) return done(shell, kata, all);
  return pending(shell, kata);
}

/** Says what this is, once. */
function greet(shell: Shell): void {
  const state = stateOf(shell);
  if (state.read().some(({ what }) => what === 'welcomed')) return;
  shell.write(`${printWelcome(shell.style)}\n`);
  state.add({ about: TOOL, what: 'welcomed' });
}

function done({ style, write }: Shell, kata: Kata, all: readonly Standing[]): number {
  write(`${printDone(kata.manifest, style)}\n`);
  write(nextAfterSuccess(kata, nextAfter(all, kata.id)?.kata ?? null));
  return EXIT.holds;
}

async function pending(shell: Shell, kata: Kata): Promise<number> {
  const { cwd, style, write } = shell;
  write(`${printIntroduction(kata.manifest, style)}\n`);
  const judgement = await judgeOne(shell, ownOf(kata, REPORTS_SHOWN), true);
  const command = `npx kata test ${kata.number}`;
  write(`${printJudgement({ judgement, title: null, command, all: false }, style)}\n`);
  if (judgement.fault !== null) throw judgement.fault;
  write(nextAfterFailure(kata, shownPath(cwd, kata.driver)));
  write(`Play it: npx kata break ${kata.number}\n`);
  const code = exitCodeOf(judgement.report.status);
  return code === EXIT.fails ? EXIT.holds : code;
}
