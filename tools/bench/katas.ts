// SPDX-License-Identifier: GPL-2.0-only
/** Every kata's scenarios, as shipped and solved: the number of interleavings, the speed, and the time to the first failure. */
import fs from 'node:fs';
import path from 'node:path';
import { dfs, dpor, type Explorer, failureOf } from '../../lib/explore';
import { type KataFolder, loadDriver, readKata } from '../../lib/kata/files';
import { loadSuite } from '../../lib/kata/jest';
import { judgeScenario, machineFor } from '../../lib/kata/judge';
import type { Scenario } from '../../lib/scenario/scenario';

export interface KataRow {
  readonly kata: string;
  readonly driver: 'port' | 'solution';
  readonly scenario: string;
  /** The verdict, and its cost, including the explanation of a failure. */
  readonly status: string;
  readonly judgedMs: number;
  readonly dpor: Search;
  readonly dfs: Search;
}

/** A search for the first failure. */
export interface Search {
  readonly executions: number;
  readonly rate: number;
  readonly complete: boolean;
  /** Milliseconds until an execution failed; null if none did. */
  readonly failureMs: number | null;
}

/** Interleavings that depth-first search may try. */
const DFS_MAX = 2000;

/** Measures the katas of a repository. Katas whose files cannot be loaded are left out and named to `progress`. */
export function measureKatas(root: string, progress: (what: string) => void): KataRow[] {
  return katasOf(root).flatMap((kata) => {
    const { id, driver } = kata.manifest;
    progress(id);
    return [
      ...measureDriver(kata, 'port', path.join(kata.path, driver), progress),
      ...measureDriver(kata, 'solution', path.join(root, 'solutions', id, driver), progress),
    ];
  });
}

function katasOf(root: string): KataFolder[] {
  const folder = path.join(root, 'katas');
  return fs
    .readdirSync(folder)
    .filter((name) => fs.existsSync(path.join(folder, name, 'kata.json')))
    .sort()
    .map((name) => readKata(path.join(folder, name)));
}

function measureDriver(
  { path: folder, manifest }: KataFolder,
  driver: KataRow['driver'],
  file: string,
  progress: (what: string) => void,
): KataRow[] {
  const loaded = loadDriver(file, manifest);
  if (!loaded.ok) {
    progress(`  the ${driver} is left out: ${loaded.problems[0] ?? ''}`);
    return [];
  }
  // The compiled scenarios are beside the compiled tool.
  const compiled = path.join(__dirname, '..', '..', 'katas', path.basename(folder));
  const scenarios = loadSuite(compiled).scenarios(loaded.driver as never); // the linker has checked the exports
  return scenarios.map((scenario) => {
    const started = performance.now();
    const { status } = judgeScenario(scenario);
    const judgedMs = performance.now() - started;
    return {
      kata: manifest.id,
      driver,
      scenario: scenario.id,
      status,
      judgedMs,
      dpor: search(dpor, scenario),
      dfs: search(dfs, scenario, DFS_MAX),
    };
  });
}

function search(explorer: Explorer, scenario: Scenario, executionsMax?: number): Search {
  const machine = machineFor(scenario);
  const started = performance.now();
  let failureMs: number | null = null;
  const { executions, complete } = explorer(
    machine,
    (execution) => {
      if (failureOf(execution) !== null) failureMs = performance.now() - started;
      return failureMs !== null;
    },
    executionsMax === undefined ? {} : { executionsMax },
  );
  const rate = (executions / (performance.now() - started)) * 1000;
  return { executions, rate, complete, failureMs };
}
