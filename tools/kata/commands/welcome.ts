// SPDX-License-Identifier: GPL-2.0-only
/** Bare `kata`: where you are, what fails there, and what to type. */
import { EXIT, exitCodeOf } from '../exit-code';
import { current } from '../judging';
import { kataIds } from '../katas';
import { printJudgement } from '../print/judgement';
import { printAllHold, printIntroduction, printWelcome } from '../print/kata';
import { nextAfterFailure } from '../print/next';
import { type Shell, shownPath } from '../shell';
import { complainOf } from './test';

/** Ends with 0 although the current kata fails: that is how a kata is found. */
export async function welcome(shell: Shell): Promise<number> {
  const { root, cwd, style, write } = shell;
  const total = kataIds(root).length;
  const { held, now } = await current(shell, true);
  write(`${printWelcome(held, total, style)}\n`);
  if (now === null) {
    write(printAllHold(total, style));
    return EXIT.holds;
  }
  const { kata, judgement } = now;
  write(`${printIntroduction(kata.manifest, style)}\n`);
  const command = `npx kata test ${kata.number}`;
  write(`${printJudgement({ judgement, title: null, command, all: false }, style)}\n`);
  if (judgement.fault !== null) return complainOf(judgement.fault, shell);
  write(nextAfterFailure(kata, shownPath(cwd, kata.driver)));
  const code = exitCodeOf(judgement.report.status);
  return code === EXIT.fails ? EXIT.holds : code;
}
