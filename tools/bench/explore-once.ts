// SPDX-License-Identifier: GPL-2.0-only
/**
 * Explores the scenarios of all solutions and the literature's programs once, with the build in a folder, and prints what that
 * cost as JSON: `node explore-once.js DIST [NN|PROGRAM...]`.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Explored } from './solutions';

const [, , build = '', ...only] = process.argv;

/** Programs of the literature that run for long enough to be measured. */
const PROGRAMS = [
  ['lastzero', 15],
  ['readers', 13],
  ['filesystem', 20],
] as const;

/** No program runs more executions than this; detectors are slower. */
const EXECUTIONS_MAX = { off: 150_000, on: 40_000 };

const wanted = (name: string): boolean => only.length === 0 || only.includes(name);

/** A module of the build; it has the types of this one. */
function load<T>(file: string): T {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which build is known at run time only
  return require(path.join(path.resolve(build), file)) as T; // the caller names a module that is there in every build
}

type Explore = typeof import('../../lib/explore');
type Machines = typeof import('../../lib/machine');
type Files = typeof import('../../lib/kata/files');
type Jest = typeof import('../../lib/kata/jest');
type Judge = typeof import('../../lib/kata/judge');
type Paper = typeof import('../../lib/explore/testing/paper');
type Sanitize = typeof import('../../lib/sanitize');

const { dpor, EXECUTIONS_MAX: ALL } = load<Explore>('lib/explore/index.js');

/** Explores machines that `make` makes, and measures that. */
function measure(
  name: string,
  machines: readonly (() => unknown)[],
  executionsMax = ALL,
): Explored {
  const before = process.cpuUsage();
  let executions = 0;
  let steps = 0;
  for (const make of machines) {
    const explored = dpor(make() as Parameters<typeof dpor>[0], () => false, { executionsMax }); // it is a machine of the same build
    executions += explored.executions;
    steps += explored.steps;
  }
  const { user, system } = process.cpuUsage(before);
  return { name, executions, steps, cpuMs: (user + system) / 1000 };
}

function solutions(): Explored[] {
  const { loadDriver, readKatas } = load<Files>('lib/kata/files.js');
  const { loadSuite } = load<Jest>('lib/kata/jest.js');
  const { machineFor } = load<Judge>('lib/kata/judge.js');
  const root = path.join(path.resolve(build), '..');
  return readKatas(path.join(root, 'katas')).flatMap(({ path: folder, manifest }) => {
    const { id, driver } = manifest;
    const file = path.join(root, 'solutions', id, driver);
    if (!wanted(id.slice(0, 2)) || !fs.existsSync(file)) return [];
    const loaded = loadDriver(file, manifest);
    if (!loaded.ok) throw new Error(`${id}: ${loaded.problems.join('; ')}`);
    const compiled = path.join(path.resolve(build), 'katas', path.basename(folder));
    const scenarios = loadSuite(compiled).scenarios(loaded.driver as never); // the linker has checked the exports
    return [
      measure(
        id,
        scenarios.map((scenario) => () => machineFor(scenario)),
      ),
    ];
  });
}

function programs(): Explored[] {
  const paper = load<Paper>('lib/explore/testing/paper.js');
  const { Machine } = load<Machines>('lib/machine/index.js');
  const { allMonitors } = load<Sanitize>('lib/sanitize/index.js');
  return PROGRAMS.filter(([family]) => wanted(family)).flatMap(([family, n]) => {
    const name = `${family}(${n})`;
    const program = paper[family](n);
    const on = (): unknown => new Machine(program, { monitors: allMonitors() });
    return [
      measure(`${name} off`, [() => new Machine(program)], EXECUTIONS_MAX.off),
      measure(`${name} on`, [on], EXECUTIONS_MAX.on),
    ];
  });
}

process.stdout.write(JSON.stringify([...solutions(), ...programs()]));
