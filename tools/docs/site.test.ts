// SPDX-License-Identifier: GPL-2.0-only
/** The API reference, built once as `npm run docs` builds it. */
import fs from 'node:fs';
import path from 'node:path';
import * as driverLib from '../../lib/driver-lib';
import { DECLARATORS } from '../../lib/kata/lib-names';
import { type Api, functionsOf, givesSomething, type Name, tag, unexplained } from './api';
import { apiFolder } from '../pages/api';
import { root } from './pages';
import { readSite, type Site } from './site-links';

const BUILD_MS = 400_000;

let said = '';
let site: Site = new Map();
let api: Api = { children: [] };
/** The functions for drivers. */
let functions: readonly Name[] = [];

beforeAll(async () => {
  const folder = await apiFolder(root);
  site = readSite(folder);
  said = site.get('said.txt') ?? 'it is not said';
  api = JSON.parse(site.get('api.json') ?? '') as Api;
  functions = functionsOf(api).filter(({ name }) => name in driverLib);
}, BUILD_MS);

it('is built without a warning', () => {
  expect(said).toContain('generated at');
  expect(said.split('\n').filter((line) => /warning|error/i.test(line))).toEqual([]);
});

it('documents every export', () => {
  const coverage = JSON.parse(site.get('coverage.json') ?? '') as Record<string, unknown>;
  expect(coverage).toMatchObject({ percent: 100, notDocumented: [] });
  expect(coverage.expected).toBeGreaterThan(500);
});

it('describes no name by the comment of the file that exports it', () => {
  const text = site.get('api.json') ?? '';
  const rooms = ['block', 'fs', 'kernel', 'net'].map((room) => {
    const index = fs.readFileSync(path.join(root, 'lib', room, 'index.ts'), 'utf8');
    return /^\/\*\* (.*?)\.? (@module )?\*\/$/m.exec(index)?.[1] ?? '';
  });
  expect(rooms).not.toContain('');
  expect(rooms.filter((comment) => text.includes(comment))).toEqual([]);
});

it('shows our tags with titles', () => {
  const page = site.get('functions/spin_lock.html') ?? '';
  for (const title of ['Kernel header', 'May be called from', 'Memory ordering'])
    expect(page).toContain(`>${title}<`);
});

/** Functions for drivers that do not exist in the kernel: C declarations, or liberties of the model. */
const OURS = [
  'DECLARE_STRUCT_ONSTACK',
  'DEFINE_POINTER',
  'DEFINE_STATIC',
  'array',
  'elementAt',
  'fn',
  'inModuleText',
  'mayFail',
  'module_text',
  'ptr',
  'static_var',
  'struct',
];

/** Functions for file scope: nothing runs yet, so they have no context and no ordering. */
const isDeclaration = (name: string): boolean =>
  DECLARATORS.includes(name) && !name.includes('ONSTACK');

/** Names of the functions whose tag does not match. */
function without(name: string, pattern: RegExp, among: readonly Name[]): string[] {
  const says = (one: Name): boolean => tag(one, name).some((text) => pattern.test(text));
  return among.filter((one) => !says(one)).map((one) => one.name);
}

const operations = (): Name[] => functions.filter(({ name }) => !isDeclaration(name));

it('names the kernel header of every function for drivers, or knows it as ours', () => {
  expect(functions.length).toBeGreaterThan(250);
  expect(without('@kernel', /^(include|fs|kernel|net)\/[\w/-]+\.[ch]\b/, functions).sort()).toEqual(
    OURS,
  );
});

it('gives the context of every operation, and whether it sleeps', () => {
  expect(without('@context', /\bsleeps?\b/, operations())).toEqual([]);
});

it('gives the ordering of every operation', () => {
  expect(
    without('@ordering', /^(none|acquire|release|full|as|loads|stores)\b/, operations()),
  ).toEqual([]);
});

/** Including the functions for scenarios. */
const allFunctions = (): Name[] => functionsOf(api).filter(({ name }) => !isDeclaration(name));

it('explains the result of every function that has one', () => {
  const giving = allFunctions().filter(givesSomething);
  expect(giving.length).toBeGreaterThan(150);
  expect(without('@returns', /\w/, giving)).toEqual([]);
});

it('explains every parameter that is a number, string, boolean or function, or may be NULL', () => {
  const silent = allFunctions().flatMap((one) =>
    unexplained(api, one).map((parameter) => `${one.name}: ${parameter}`),
  );
  expect(silent).toEqual([]);
});

it('shows an example of every operation', () => {
  const uses = (one: Name): boolean =>
    tag(one, '@example').some((text) => new RegExp(`\\b${one.name}\\b`).test(text));
  expect(
    operations()
      .filter((one) => !uses(one))
      .map(({ name }) => name),
  ).toEqual([]);
});

it('explains every divergence', () => {
  const empty = functions.filter((one) => tag(one, '@divergence').some((text) => !/\w/.test(text)));
  expect(empty.map(({ name }) => name)).toEqual([]);
});
