// SPDX-License-Identifier: GPL-2.0-only
/** The race of each kata: the shortest failure of the first scenario that is meant to fail, as data for the player. */
import fs from 'node:fs';
import path from 'node:path';
import { failingScenarios } from '../../lib/kata/failing';
import { judgeScenario } from '../../lib/kata/judge';
import { traceScenario } from '../../lib/kata/trace';
import { type Execution, executionOf } from '../../lib/report';
import { load } from '../kata/judge-session';
import type { Kata } from '../kata/katas';
import { replayCommand } from '../kata/print/replay-command';
import { frameName } from '../kata/scenario-runs';
import { digestOf, kept, textsBelow } from './cache';
import { engineData } from './kata-data';

/** A race that a page shows. */
export interface Race {
  readonly scenario: string;
  readonly title: string;
  readonly execution: Execution;
}

/** The race of a kata as it was shipped; made once for each state of library and kata. */
export async function raceOf(root: string, kata: Kata): Promise<Race> {
  const from = ['lib', `katas/${kata.id}`, 'katas/worlds'].concat(
    fs.existsSync(path.join(root, 'solutions', kata.id)) ? [`solutions/${kata.id}/port.patch`] : [],
  );
  const folder = await kept(root, `race-${kata.id}`, digestOf(textsBelow(root, from)), (draft) => {
    fs.writeFileSync(path.join(draft, 'race.json'), JSON.stringify(makeRace(root, kata)));
    return Promise.resolve();
  });
  return JSON.parse(fs.readFileSync(path.join(folder, 'race.json'), 'utf8')) as Race; // it was written above
}

function makeRace(root: string, { id, number, manifest }: Kata): Race {
  const { source, sources } = engineData(root, manifest);
  const shown = `katas/${id}/${manifest.driver}`;
  const loaded = load({ root, kata: id, source, shown }, null);
  if ('problems' in loaded) throw new Error(`site: ${loaded.problems[0] ?? id}`);
  const [wanted] = failingScenarios(manifest);
  const scenario = loaded.scenarios.find((one) => one.id === wanted);
  if (scenario === undefined) throw new Error(`site: ${id} has no scenario that is meant to fail`);
  const first = scenario === loaded.scenarios[0] ? null : scenario.id;
  const command = (schedule: string): string =>
    replayCommand({ number, schedule, scenario: first, driverOption: '' });
  const frames = { drivers: [frameName(shown)] };
  const verdict = judgeScenario(scenario, { frames, command: (_, text) => command(text) });
  const { failure } = verdict;
  if (failure === undefined) throw new Error(`site: ${id}, ${scenario.id} does not fail`);
  const { schedule, report } = failure;
  const traced = traceScenario(scenario, schedule, { frames });
  const texts = Object.entries({ [manifest.driver]: source, ...sources });
  const execution = executionOf(
    { ...traced, title: `${id}, ${traced.title}` },
    {
      schedule,
      report,
      command: command(schedule),
      sources: Object.fromEntries(texts.map(([file, text]) => [file, text.split('\n')])),
    },
  );
  return { scenario: scenario.id, title: scenario.title, execution };
}
