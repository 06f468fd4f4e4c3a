// SPDX-License-Identifier: GPL-2.0-only
/** A kata as a Jest test: `kataTest(__dirname)` judges the driver in that folder, one test per scenario. */
import path from 'node:path';
import { loadDriver, readKata } from './files';
import { judgeScenario } from './judge';
import type { Suite } from '../scenario/scenario';

/** Reads the scenarios of a kata's folder; only Jest and the tools can load them. */
export function loadSuite(folder: string): Suite {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which kata is known at run time only
  const loaded = require(path.join(folder, 'scenarios')) as { default: Suite }; // every kata's scenarios.ts exports its suite
  return loaded.default;
}

/** The command that replays a schedule of a scenario. */
export function replayCommand(
  kata: string,
  scenario: string,
  first: boolean,
  schedule: string,
): string {
  const number = kata.slice(0, 2);
  return `npx kata replay ${number} '${schedule}'${first ? '' : ` --scenario ${scenario}`}`;
}

/** Defines a test for every scenario of the kata in a folder. */
export function kataTest(folder: string): void {
  const { manifest } = readKata(folder);
  const file = path.join(folder, manifest.driver);
  const shown = path.relative(process.cwd(), file);
  const loaded = loadDriver(file, manifest, shown);
  if (!loaded.ok) {
    it('is a driver that can be judged', () => {
      fail(loaded.problems.join('\n'));
    });
    return;
  }
  const scenarios = loadSuite(folder).scenarios(loaded.driver as never); // the linker has checked that the driver has these exports
  scenarios.forEach((scenario, i) => {
    it(`${scenario.id}: ${scenario.title}`, () => {
      const verdict = judgeScenario(scenario, {
        frames: { drivers: [shown] },
        command: (_scenario, schedule) =>
          replayCommand(manifest.id, scenario.id, i === 0, schedule),
      });
      if (verdict.status !== 'pass')
        fail(verdict.failure?.report ?? verdict.message ?? verdict.status);
    });
  });
}

/** Fails the test with a text, without a stack of ours. */
function fail(text: string): never {
  const error = new Error(text);
  error.stack = text;
  throw error;
}
