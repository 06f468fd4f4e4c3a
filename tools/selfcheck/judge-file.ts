// SPDX-License-Identifier: GPL-2.0-only
/** Judging a file as a kata's driver, for checks that want nothing but the verdicts. */
import path from 'node:path';
import { type KataFolder, loadDriver } from '../../lib/kata/files';
import { loadSuite, replayCommand } from '../../lib/kata/jest';
import { judgeScenario, type JudgeOptions } from '../../lib/kata/judge';
import type { TestVerdict } from '../../lib/kata/verdict';

/** How a file is judged: `only` these scenarios, or all. */
export interface Judging extends JudgeOptions {
  readonly only?: readonly string[];
}

/** The verdict of every scenario; throws with the linker's sentences if the file is no driver. */
export function judgeFile(
  kata: KataFolder,
  file: string,
  { only, ...options }: Judging = {},
): TestVerdict[] {
  const shown = path.basename(file);
  const loaded = loadDriver(file, kata.manifest, shown);
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const scenarios = loadSuite(kata.path).scenarios(loaded.driver as never);
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

/** What each scenario gave, in the form kata.json records it. */
export function outcomes(verdicts: readonly TestVerdict[]): Record<string, string> {
  return Object.fromEntries(
    verdicts.map(({ id, status, failure, message }) => [
      id,
      status === 'pass' ? 'passes' : (failure?.headline ?? message ?? status),
    ]),
  );
}
