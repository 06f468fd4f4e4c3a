// SPDX-License-Identifier: GPL-2.0-only
/** Judges a text as a kata's driver in this process, for checks that need only the verdicts. */
import { type KataFolder, loadSource } from '../../lib/kata/files';
import { loadSuite, replayCommand } from '../../lib/kata/jest';
import { judgeScenario, type JudgeOptions } from '../../lib/kata/judge';
import type { TestVerdict } from '../../lib/kata/verdict';
import type { Source } from '../answers/source';

/** How to judge a text: in the scenarios of `only`, or in all. */
export interface Judging extends JudgeOptions {
  readonly only?: readonly string[];
}

/** The verdict of every scenario on a text; throws with the linker's sentences if it is not a driver. */
export function judgeText(
  kata: KataFolder,
  { text, shown }: Source,
  { only, ...options }: Judging = {},
): TestVerdict[] {
  const loaded = loadSource(text, kata.manifest, shown);
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const scenarios = loadSuite(kata.path).scenarios(loaded.driver as never); // the linker has checked that the exports exist
  const [first] = scenarios;
  return scenarios
    .filter(({ id }) => only?.includes(id) ?? true)
    .map((scenario) =>
      judgeScenario(scenario, {
        ...options,
        frames: { drivers: [shown] },
        command: (_scenario, schedule) =>
          replayCommand(kata.manifest.id, scenario.id, scenario === first, schedule),
      }),
    );
}

/** One line per scenario that did not pass. */
export function failures(verdicts: readonly TestVerdict[]): string[] {
  return verdicts
    .filter(({ status }) => status !== 'pass')
    .map(({ id, status, message }) => `${id}: ${status}: ${message ?? ''}`);
}
