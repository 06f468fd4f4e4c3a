// SPDX-License-Identifier: GPL-2.0-only
/** Judging as commands ask for it: one driver, or the katas' own drivers one after another. */
import { judgeKata } from './judge-kata';
import type { Judgement } from './judgement';
import type { JudgeRequest } from './judge-protocol';
import { type Kata, allKatas } from './katas';
import { driverOption } from './print/replay-command';
import { type DriverFile, givenDriver, ownDriver, type Shell } from './shell';
import { NO_TYPE_CHECK, startTypeCheck, type TypeCheck } from './type-check';

/** What to judge and how. */
export interface Wanted {
  readonly kata: Kata;
  /** As typed after --driver; null for the kata's own. */
  readonly driver: string | null;
  readonly scenario: string | null;
  readonly full: boolean;
}

/** The driver that is wanted, and the request to judge it. */
export function requestFor(shell: Shell, wanted: Wanted, schedule: string | null): JudgeRequest {
  const { root, cwd } = shell;
  const { kata, driver, scenario, full } = wanted;
  const found: DriverFile =
    driver === null ? ownDriver(cwd, kata.driver) : givenDriver(cwd, driver);
  return {
    root,
    kata: kata.id,
    driver: found.file,
    shown: found.shown,
    driverOption: driver === null ? '' : driverOption(found.shown),
    scenario,
    schedule,
    full,
  };
}

/** Judges one driver. */
export function judgeOne(shell: Shell, wanted: Wanted, checkTypes: boolean): Promise<Judgement> {
  const request = requestFor(shell, wanted, null);
  const types = checkTypes ? startTypeCheck(shell.root, [request.driver]) : NO_TYPE_CHECK;
  return judgeKata({ kata: wanted.kata, request, types, tool: shell.tool });
}

/** A kata and what became of its driver. */
export interface Walked {
  readonly kata: Kata;
  readonly judgement: Judgement;
}

/** Judges the katas' own drivers in learning order, as far as the caller cares to follow. */
export async function* walk(shell: Shell, checkTypes: boolean): AsyncGenerator<Walked, void, void> {
  const katas = allKatas(shell.root);
  const all = checkTypes
    ? startTypeCheck(
        shell.root,
        katas.map(({ driver }) => driver),
      )
    : NO_TYPE_CHECK;
  // One check serves all katas, so none of them may end it.
  const types: TypeCheck = { problems: all.problems, stop: () => undefined };
  try {
    for (const kata of katas) {
      const request = requestFor(shell, { kata, driver: null, scenario: null, full: false }, null);
      yield { kata, judgement: await judgeKata({ kata, request, types, tool: shell.tool }) };
    }
  } finally {
    all.stop();
  }
}

/** The first kata that does not hold, how many before it do, and the last that was judged. */
export async function current(
  shell: Shell,
  checkTypes: boolean,
): Promise<{ readonly held: number; readonly now: Walked | null; readonly last: Walked | null }> {
  let held = 0;
  let last: Walked | null = null;
  for await (const walked of walk(shell, checkTypes)) {
    last = walked;
    if (walked.judgement.report.status !== 'pass') return { held, now: walked, last };
    held++;
  }
  return { held, now: null, last };
}
