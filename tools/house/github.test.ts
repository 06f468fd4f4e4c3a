// SPDX-License-Identifier: GPL-2.0-only
/** What a host and a visitor find: the workflow, the issue forms and the table of licences agree with the repository. */
import fs from 'node:fs';
import path from 'node:path';
import { minVersion, satisfies } from 'semver';
import { parse } from 'yaml';
import * as checks from './checks.js';

const read = (file: string): string => fs.readFileSync(path.join(checks.root, file), 'utf8');
const FORMS = '.github/ISSUE_TEMPLATE';

interface Workflow {
  readonly jobs: {
    readonly test: {
      readonly 'runs-on': string;
      readonly strategy: { readonly matrix: { readonly os: string[]; readonly node: number[] } };
      readonly steps: readonly { readonly run?: string }[];
    };
  };
}

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly Item[];
}

interface Item {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string; readonly value?: string };
}

const { test } = (parse(read('.github/workflows/ci.yml')) as Workflow).jobs;
const forms = fs
  .readdirSync(path.join(checks.root, FORMS))
  .filter((file) => file !== 'config.yml')
  .map((file) => [file, parse(read(`${FORMS}/${file}`)) as Form] as const);

it('runs on a host what .ci/run runs', () => {
  const commands = test.steps.flatMap(({ run }) => run ?? []);
  expect(commands).toEqual(['npm ci', 'npm test']);
  expect(read('.ci/run').trimEnd().split('\n').slice(-2)).toEqual(commands);
});

it('runs on every platform', () => {
  expect(test['runs-on']).toBe('${{ matrix.os }}');
  const systems = test.strategy.matrix.os.map((os) => os.split('-')[0]);
  expect(systems).toEqual(['ubuntu', 'macos', 'windows']);
});

it('runs on the even versions of Node that package.json allows, from the first', () => {
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
  const { node } = test.strategy.matrix;
  expect(node[0]).toBe(minVersion(engines.node)?.major);
  expect(node.map((major) => satisfies(`${String(major)}.999.0`, engines.node))).toEqual(
    node.map(() => true),
  );
  expect(node).toEqual(node.map((_, index) => (node[0] ?? 0) + 2 * index));
});

it.each(forms)('has a form that GitHub takes: %s', (_file, { name, description, body }) => {
  expect([typeof name, typeof description]).toEqual(['string', 'string']);
  const questions = body.filter(({ type }) => type !== 'markdown');
  const types = questions.map(({ type }) => type);
  expect(types.filter((type) => !/^(input|textarea|dropdown|checkboxes)$/.test(type))).toEqual([]);
  const ids = questions.map(({ id }) => id ?? '');
  const labels = questions.map(({ attributes }) => attributes.label);
  expect(ids.filter((id) => !/^[\w-]+$/.test(id))).toEqual([]);
  expect([new Set(ids).size, new Set(labels).size]).toEqual([ids.length, ids.length]);
});

it('has a form for a kata from a commit', () => {
  expect(forms.map(([, { name }]) => name)).toContain('A kata from this commit');
});

it('names the licence of every package that learners install', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as Lock; // npm wrote it
  const installed = Object.entries(packages).filter(([at, { dev }]) => at !== '' && dev !== true);
  const unusual = installed
    .filter(([, { license }]) => !/^(MIT|ISC)$/.test(license ?? ''))
    .map(([at, { license }]) => `${license ?? 'unknown'} ${at.replace(/^.*node_modules\//, '')}`);
  expect(rows().sort()).toEqual([...new Set(unusual)].sort());
});

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly dev?: boolean; readonly license?: string }>
  >;
}

/** The table of LICENSES/README.md: `Apache-2.0 ses`. */
function rows(): string[] {
  const table = [...read('LICENSES/README.md').matchAll(/^\| ([\w.-]+) +\| (`.*`) +\|$/gm)];
  return table.flatMap(([, licence = '', names = '']) =>
    names
      .replaceAll('`', '')
      .split(', ')
      .map((name) => `${licence} ${name.trim()}`),
  );
}
