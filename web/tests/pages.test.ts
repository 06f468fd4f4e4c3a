// SPDX-License-Identifier: GPL-2.0-only
/** The pages of the site as files: which there are, where their links lead, and how much they weigh. */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import type { Execution } from '../../lib/report';
import { pages } from '../../tools/docs/pages';
import { examplesOf } from '../../tools/docs/reports';
import { deadLinks, readSite, type Site } from '../../tools/docs/site-links';
import { escapeHtml } from '../../tools/html';
import { allKatas } from '../../tools/kata/katas';
import { addressOf } from '../../tools/pages/pages';
import { builtSite, root } from '../testing/built';

const BUILD_MS = 600_000;
const katas = allKatas(root);
let site: Site = new Map();
let folder = '';
const sizeOf = (file: string): number => fs.statSync(path.join(folder, file)).size;

beforeAll(async () => {
  folder = await builtSite();
  site = readSite(folder);
}, BUILD_MS);

it('has every guide, decision and kata, the lists and the reference', () => {
  const wanted = [
    ...pages().map(addressOf),
    ...katas.map(({ id }) => `katas/${id}/index.html`),
    ...['index.html', 'progress.html', 'search.html', 'api/index.html'],
    'api/functions/spin_lock.html',
  ];
  expect(wanted.filter((address) => !site.has(address))).toEqual([]);
});

it('has no dead link, and works without a network and from any folder', () => {
  expect(site.size).toBeGreaterThan(700);
  expect(deadLinks(site)).toEqual([]);
});

it('shows the story and folds the hints of every kata', () => {
  for (const { id, manifest } of katas) {
    const page = site.get(`katas/${id}/index.html`) ?? '';
    expect(page).toContain('<details class="hint"');
    expect(page).not.toContain('<details open class="hint"');
    expect(page).toContain(manifest.driver);
  }
});

it('keeps the answers out of the page of a kata', () => {
  const page = site.get('katas/01-rbd-put-client/index.html') ?? '';
  expect(page).not.toContain('Nobody ever sees zero');
  expect(site.get('katas/01-rbd-put-client/answers.json')).toContain('Nobody ever sees zero');
});

it('shows a race in the guides that need a picture', () => {
  const shown = ['first-kata', 'commands', 'reports', 'memory-ordering'].map((guide) => {
    const page = site.get(`guides/${guide}.html`) ?? '';
    return /<div id="player" data-kata="([\w-]+)"/.exec(page)?.[1];
  });
  const [first, second, ordering] = ['00-lost-update', '01-rbd-put-client', '18-kcompactd-wake'];
  expect(shown).toEqual([first, first, second, ordering]);
});

it('has the execution of every report that a guide draws', () => {
  const page = site.get('guides/reports.html') ?? '';
  const examples = examplesOf(fs.readFileSync(path.join(root, 'docs', 'reports.md'), 'utf8'));
  const drawn = [...page.matchAll(/<div class="drawing" data-execution="([^"]+)">/g)];
  const files = drawn.map(([, file = '']) => file);
  // The thousand steps of a soft lockup stay text.
  const short = examples.filter(({ name }) => name !== 'soft-lockup');
  expect(files).toEqual(short.map(({ name }) => `data/drawings/${name}.json.gz`));
  for (const file of files) {
    const text = zlib.gunzipSync(fs.readFileSync(path.join(folder, file))).toString('utf8');
    const { finding } = JSON.parse(text) as Execution;
    expect(page).toContain(`<code>${escapeHtml(finding?.headline ?? '')}\n`);
  }
});

it('prints the notices of the libraries in it', () => {
  const text = fs.readFileSync(path.join(folder, 'assets', 'licences.txt'), 'utf8');
  // Of the pages, of the editor, of the engine's worker, of the worker that checks types.
  for (const name of ['preact', '@codemirror/view', 'ses', 'typescript'])
    expect(text).toContain(`## ${name} - `);
});

/** Bytes of a kata's page with all that it fetches before somebody asks for the editor. */
const WEIGHT_MAX = 400_000;

it.each(katas.map(({ id }) => id))('keeps the page of %s under 400 KB', (id) => {
  const address = `katas/${id}/index.html`;
  const html = site.get(address) ?? '';
  const linked = [...html.matchAll(/(?:src|href)="([^"#]+\.(?:js|css|svg))"/g)].map(([, to = '']) =>
    path.posix.join(path.posix.dirname(address), to),
  );
  const fetched = new Set([address, `katas/${id}/race.json.gz`, ...linked, ...atOnce(linked)]);
  const bytes = [...fetched].map((file) => sizeOf(file));
  expect(fetched.size).toBeGreaterThan(5);
  expect(bytes.every((size) => size > 0)).toBe(true);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(WEIGHT_MAX);
});

/** The chunks that a kata's page loads at once: its own, the race, and what those import. */
function atOnce(linked: readonly string[]): string[] {
  const chunks = [...site.keys()].filter((file) =>
    /^assets\/(kata-page|race)-[\w-]+\.js$/.test(file),
  );
  expect(chunks).toHaveLength(2);
  const found = new Set([...chunks, ...linked.filter((file) => file.endsWith('.js'))]);
  for (const file of found) {
    for (const [, name = ''] of (site.get(file) ?? '').matchAll(/from\s*"\.\/([\w.-]+\.js)"/g))
      found.add(`assets/${name}`);
  }
  return [...found];
}
