// SPDX-License-Identifier: GPL-2.0-only
/** The documentation site, built once as `npm run docs` builds it. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import * as driverLib from '../../lib/driver-lib';
import { type Api, functionsOf, givesSomething, type Name, tag, unexplained } from './api';
import { readKatas } from '../../lib/kata/files';
import { pages, root } from './pages';
import { deadLinks, readSite, type Site } from './site-links';

const BUILD_MS = 400_000;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'site-'));
let said = '';
let site: Site = new Map();
let api: Api = { children: [] };
/** The functions for drivers. */
let functions: readonly Name[] = [];

beforeAll(() => {
  const typedoc = path.join(root, 'node_modules', 'typedoc', 'bin', 'typedoc');
  const json = path.join(folder, 'api.json');
  const args = ['--options', 'typedoc.config.mjs', '--out', folder, '--json', json];
  const run = spawnSync(process.execPath, [typedoc, ...args], { cwd: root, encoding: 'utf8' });
  said = run.stdout + run.stderr;
  if (run.status !== 0) throw new Error(`npm run docs fails:\n${said}`);
  site = readSite(folder);
  api = JSON.parse(site.get('api.json') ?? '') as Api;
  functions = functionsOf(api).filter(({ name }) => name in driverLib);
}, BUILD_MS);

afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

it('is built without a warning', () => {
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

it('has no dead link, and works without a network and from a sub-path', () => {
  expect(site.size).toBeGreaterThan(500);
  expect(deadLinks(site)).toEqual([]);
});

it('has every guide, kata and decision once', () => {
  const documents = [...site.keys()].filter((file) => file.startsWith('documents/'));
  const expected = [...pages(), ...kataPages()].filter((page) => !OUTSIDE.includes(page));
  expect(documents.sort()).toEqual(expected.map(addressOf).sort());
});

/** The page that is shown first, and the page that is not shown. */
const OUTSIDE = ['README.md', 'CHANGELOG.md'];

function kataPages(): string[] {
  return readKatas(path.join(root, 'katas')).map(
    ({ manifest }) => `katas/${manifest.id}/README.md`,
  );
}

/** `documents/docs-rosetta.html`; two pages with one name would get other addresses. */
function addressOf(page: string): string {
  const name = page.replace(/(\/README)?\.md$/, '').replaceAll('/', '-');
  return `documents/${name.toLowerCase()}.html`;
}

it('finds words in comments and in guides', () => {
  const index = /"(.+)"/.exec(site.get('assets/search.js') ?? '')?.[1] ?? '';
  const data = zlib.inflateSync(Buffer.from(index, 'base64')).toString();
  const { rows } = JSON.parse(data) as { rows: { name: string }[] };
  const names = rows.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['refcount_inc_not_zero', 'C to TypeScript']));
  expect(data).toContain('"spin'); // in a comment: 'spinning while another CPU holds it'
  expect(data).toContain('"projector'); // in docs/teaching.md
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
  'fn',
  'inModuleText',
  'mayFail',
  'module_text',
  'ptr',
  'static_var',
  'struct',
];

/** Functions for file scope: nothing runs yet, so they have no context and no ordering. */
const DECLARATIONS =
  /^((DEFINE|DECLARE)_(?!.*ONSTACK)\w+|L?LIST_HEAD|static_var|struct|ptr|fn|array)$/;

/** Names of the functions whose tag does not match. */
function without(name: string, pattern: RegExp, among: readonly Name[]): string[] {
  const says = (one: Name): boolean => tag(one, name).some((text) => pattern.test(text));
  return among.filter((one) => !says(one)).map((one) => one.name);
}

const operations = (): Name[] => functions.filter(({ name }) => !DECLARATIONS.test(name));

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
const allFunctions = (): Name[] => functionsOf(api).filter(({ name }) => !DECLARATIONS.test(name));

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
