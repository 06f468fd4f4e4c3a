// SPDX-License-Identifier: GPL-2.0-only
/** The project's own rules, which run with every test. */
import fs from 'node:fs';
import path from 'node:path';
import { satisfies } from 'semver';
import * as checks from './checks.js';

const read = (file: string): string => fs.readFileSync(path.join(checks.root, file), 'utf8');

/** Problems are compared as text, so that a failure shows the first of them and nothing else. */
function expectNone(problems: readonly string[]): void {
  expect(checks.summary(problems)).toBe('');
}

/** The project's own files, not a learner's work in progress. */
function ours(endings: readonly string[]): string[] {
  const edited = checks.editedKatas();
  return (
    checks
      .filesEnding(endings)
      .filter((file) => !edited.some((id) => file.startsWith(`katas/${id}/`)))
      // Fixtures imitate what a learner may submit: their first line says what is expected of them.
      .filter((file) => !file.includes('/fixtures/'))
  );
}

it('opens every source file with the licence', () => {
  const licence = '// SPDX-License-Identifier: GPL-2.0-only';
  const scripts = ours(['.js', '.mjs', '.cjs']).filter(
    (file) =>
      read(file)
        .replace(/^#!.*\n/, '')
        .split('\n', 1)[0] !== licence,
  );
  const sources = ours(['.ts', '.tsx']).filter((file) => read(file).split('\n', 1)[0] !== licence);
  expectNone([...sources, ...scripts]);
});

it('keeps every source file within 400 lines', () => {
  // A port is as long as its original; scenarios are as many as its tasks need, and so are shared worlds.
  const long = ours(['.ts', '.tsx', '.js', '.mjs', '.cjs'])
    .filter((file) => !/^(katas|solutions)\//.test(file))
    .filter((file) => read(file).trimEnd().split('\n').length > 400);
  expectNone(long);
});

it('runs on CI what the README tells a reader to run, and nothing else', () => {
  const commands = read('.ci/run')
    .split('\n')
    .filter((line) => line !== '' && !/^#|^set -e|^cd |chromium/.test(line));
  expect(commands).toEqual(['npm ci', 'npm test']);
  // The tests in a browser must not be skipped there.
  expect(read('.ci/run')).toContain('export KATA_BROWSER=required');
});

it.each(['20.19.0', '22.13.0', '24.0.0', '25.0.0', '26.0.0'])(
  'has no package that npm would warn about on Node %s',
  (version) => {
    const { packages } = JSON.parse(read('package-lock.json')) as Lock; // npm wrote it
    const unfit = Object.entries(packages)
      .filter(([, { engines }]) => !satisfies(version, engines?.node ?? '*'))
      .map(([name, { engines }]) => `${name || 'package.json'}: ${engines?.node ?? ''}`);
    expectNone(unfit);
  },
);

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly dev?: boolean; readonly engines?: { readonly node?: string } }>
  >;
}

it('says in the README how many packages a class installs', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as Lock; // npm wrote it
  const needed = Object.entries(packages).filter(([name, { dev }]) => name !== '' && dev !== true);
  expect(read('README.md')).toContain(`what a class installs: ${needed.length} packages,`);
});

it('locks versions without naming a registry', () => {
  expect(read('package-lock.json')).not.toContain('"resolved"');
});
