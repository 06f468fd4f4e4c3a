// SPDX-License-Identifier: GPL-2.0-only
/**
 * Small drivers with the expected headline in their second line, each beside its nearest neighbour that has none. Their
 * `setup` and `check` are those of a scenario; every other function they export is a task of that name.
 */
import fs from 'node:fs';
import path from 'node:path';
import { LIB_EXPORTS } from './files';
import { judgeScenario } from './judge';
import { linkSource } from './linking';
import type { Scenario } from '../scenario/scenario';
import { startDriver } from './starting';

const folder = path.join(__dirname, 'fixtures', 'reported');

interface Driver {
  readonly setup?: () => ReturnType<Scenario['tasks'][string]>;
  readonly check?: Scenario['tasks'][string];
}

function load(file: string): Driver & Scenario['tasks'] {
  const source = fs.readFileSync(path.join(folder, file), 'utf8');
  const linked = linkSource(source, file, { exports: [] }, LIB_EXPORTS);
  const started = linked.ok ? startDriver(linked, file) : linked;
  if (!started.ok) throw new Error(started.problems.join('\n'));
  return started.driver as Driver & Scenario['tasks']; // fixtures export functions only
}

/** The first line of the report about a driver. */
function said(file: string): string {
  const { setup, check, ...tasks } = load(file);
  const verdict = judgeScenario(
    {
      id: file,
      title: file,
      task: 1,
      kind: 'race',
      tasks,
      ...(setup === undefined ? {} : { setup }),
      ...(check === undefined ? {} : { check }),
    },
    { frames: { drivers: [file] } },
  );
  return verdict.message ?? (verdict.status === 'pass' ? 'nothing' : verdict.status);
}

describe('reports of small drivers', () => {
  const files = fs.readdirSync(folder).sort();

  it.each(files)('%s', (file) => {
    const [, line = ''] = fs.readFileSync(path.join(folder, file), 'utf8').split('\n');
    expect(`// Says: ${said(file)}`).toBe(line);
  });
});
