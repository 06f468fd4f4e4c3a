// SPDX-License-Identifier: GPL-2.0-only
/** Builds the site: static files that work from any folder of any server, without a network. */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import type {
  Frame,
  GuideEntry,
  KataEntry,
  NameList,
  PageData,
  Pages,
} from '../../web/pages/types';
import { LIB_EXPORTS } from '../../lib/kata/files';
import { SCENARIO_EXPORTS } from '../../lib/kata/lib-names';
import { examplesOf, executionOfExample } from '../docs/reports';
import { parseHints } from '../kata/hints';
import { allKatas, type Kata, kataText } from '../kata/katas';
import { answersOf } from './answers';
import { apiFolder, type ApiName, apiNames } from './api';
import { copyApi } from './api-pages';
import { type Bundle, bundle, viteConfig } from './bundle';
import { highlighter } from './colours';
import { type Race, raceOf } from './failures';
import { engineData } from './kata-data';
import { type Rendered, render, type Rules } from './markdown';
import { addressOf, between, guides, isPage, type Prose } from './pages';
import { type ProsePage, searchIndex } from './search-index';
import { typeFiles } from './type-files';

export interface SiteOptions {
  readonly root: string;
  readonly out: string;
  /** Told what is done, and how long it took. */
  readonly tell: (what: string) => void;
}

/** All that pages are made of. */
interface Parts {
  readonly options: SiteOptions;
  readonly pages: Pages;
  readonly assets: Bundle;
  readonly katas: readonly Kata[];
  readonly rulesFor: (file: string, address: string) => Rules;
  readonly told: Omit<PageData, 'root'>;
  readonly found: ProsePage[];
}

/** Builds everything. */
export async function buildSite(options: SiteOptions): Promise<void> {
  const { root, out, tell } = options;
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(out, { recursive: true });
  const timed = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work;
    tell(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return result;
  };
  const api = await timed('API reference', apiFolder(root));
  const names = apiNames(api);
  const katas = allKatas(root);
  const races = new Map<string, Race>();
  const judged = async (): Promise<void> => {
    for (const kata of katas) races.set(kata.id, await raceOf(root, kata));
  };
  await timed('races', judged());
  const assets = await timed('bundle', bundle(root, out));
  const { createServer } = await import('vite');
  const server = await createServer({
    ...viteConfig(root),
    appType: 'custom',
    server: { middlewareMode: true, watch: null, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    const pages = (await server.ssrLoadModule('/web/pages/render.tsx'))['default'] as Pages; // it says so itself
    const highlight = await highlighter();
    const rulesFor = (file: string, address: string): Rules => ({
      code: highlight,
      link: (href) => linkOf(options, file, address, href),
    });
    const told = { judge: judgeOf(root) };
    const parts: Parts = { options, pages, assets, katas, rulesFor, told, found: [] };
    writeGuides(parts);
    writeKatas(parts, races);
    writeLists(parts, names, races);
    copyApi(api, out, (address, way) => pages.surroundings(way, address), assets);
  } finally {
    await server.close();
  }
}

/** Names engine and scenarios as the state file does. */
function judgeOf(root: string): string {
  return fs
    .readFileSync(path.join(root, 'dist', '.stamp'), 'utf8')
    .trim()
    .slice(0, 16);
}

/** A link of a page of the repository, for the site. Other files are copied. */
function linkOf({ root, out }: SiteOptions, file: string, address: string, href: string): string {
  if (/^(https?:|mailto:|#)/.test(href)) return href;
  const [name = '', anchor] = href.split('#');
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), name));
  if (!fs.existsSync(path.join(root, target))) throw new Error(`${file}: no such file: ${href}`);
  const to = addressOf(target);
  if (!isPage(target)) {
    fs.mkdirSync(path.dirname(path.join(out, to)), { recursive: true });
    fs.copyFileSync(path.join(root, target), path.join(out, to));
  }
  return between(address, to) + (anchor === undefined ? '' : `#${anchor}`);
}

function frameOf({ assets }: Parts, address: string, title: string, description: string): Frame {
  const whole = address === 'index.html' ? title : `${title} · Kernel race katas`;
  return { address, title: whole, description, assets };
}

/** The frame of a page with the race of a kata: the player and the race are fetched with it. */
function withRace(
  { assets: { styles, preload, race, script } }: Parts,
  frame: Frame,
  kata: string,
): Frame {
  const assets = {
    script,
    styles: [...styles, ...race.styles],
    preload: [...preload, ...race.preload],
    data: [`katas/${kata}/race.json.gz`],
  };
  return { ...frame, assets };
}

function write({ options }: Parts, address: string, text: string | Uint8Array): void {
  const file = path.join(options.out, address);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

function writeGuides(parts: Parts): void {
  const rendered = guides().map((guide): readonly [Prose, Rendered] => {
    const markdown = fs.readFileSync(path.join(parts.options.root, guide.file), 'utf8');
    const drawing = writtenDrawings(parts, markdown);
    return [guide, render(markdown, { ...parts.rulesFor(guide.file, guide.address), drawing })];
  });
  const list = rendered.map(([{ address, section }, text]): GuideEntry => {
    return { address, section, title: titleOf(text) };
  });
  for (const [{ address }, text] of rendered) {
    const title = titleOf(text);
    const frame = frameOf(parts, address, title, firstWords(text));
    write(parts, address, parts.pages.guidePage(frame, parts.told, list, text));
    parts.found.push({ address, title, kind: 'guide', sections: text.sections });
  }
}

/** More steps than anybody follows: a soft lockup has thousands. */
const DRAWN_STEPS_MAX = 200;

/** Writes the executions that a guide's examples draw as reports; the result names the file of an example. */
function writtenDrawings(parts: Parts, markdown: string): (example: string) => string | null {
  const files = new Map<string, string>();
  for (const example of examplesOf(markdown)) {
    const execution = executionOfExample(example);
    if (execution.steps.length > DRAWN_STEPS_MAX) continue;
    const file = `data/drawings/${example.name}.json.gz`;
    write(parts, file, zlib.gzipSync(JSON.stringify(execution), { level: 9 }));
    files.set(example.name, file);
  }
  return (example) => files.get(example) ?? null;
}

function titleOf({ headings }: Rendered): string {
  return headings[0]?.text ?? '';
}

function firstWords({ sections }: Rendered): string {
  return (sections[0]?.words ?? '').slice(0, 160);
}

function writeKatas(parts: Parts, races: ReadonlyMap<string, Race>): void {
  const { katas, options, pages } = parts;
  const { root } = options;
  const entries = katas.map(entryOf);
  katas.forEach((kata, i) => {
    const { id } = kata;
    const [entry, race] = [entries[i], races.get(id)];
    if (entry === undefined || race === undefined) return;
    const address = `katas/${id}/index.html`;
    const rules = parts.rulesFor(`katas/${id}/README.md`, address);
    const story = render(kataText(kata, 'README.md').replace(/^# .*\n/, ''), rules);
    const hints = parseHints(kataText(kata, 'hints.md')).map(
      (hint) => render(hint.replace(/^## .*\n/, ''), { ...rules, prefix: 'hint-' }).html,
    );
    const data = engineData(root, kata.manifest);
    const { finding } = race.execution;
    const props = {
      kata: entry,
      story,
      hints,
      headline: finding?.headline ?? '',
      report: finding?.report ?? '',
      driver: rules.code(data.source, 'ts') ?? '',
      before: entries[i - 1],
      after: entries[i + 1],
    };
    const plain = frameOf(parts, address, `${id.slice(0, 2)} ${entry.title}`, entry.blurb);
    const frame = withRace(parts, plain, id);
    write(parts, address, pages.kataPage(frame, { ...parts.told, kata: id }, props));
    write(parts, `katas/${id}/engine.json`, JSON.stringify(data));
    write(parts, `katas/${id}/race.json.gz`, zlib.gzipSync(JSON.stringify(race), { level: 9 }));
    write(
      parts,
      `katas/${id}/answers.json`,
      JSON.stringify(answersOf(root, kata, parts.rulesFor(`solutions/${id}/README.md`, address))),
    );
    const title = `${id.slice(0, 2)} ${entry.title}`;
    const about = [entry.blurb, ...entry.concepts, finding?.headline ?? ''].join(' ');
    const first = { id: '', title: '', words: about };
    parts.found.push({ address, title, kind: 'kata', sections: [first, ...story.sections] });
  });
}

function entryOf({ manifest }: Kata): KataEntry {
  const { id, title, blurb, difficulty, minutes, concepts, upstream, shipped, driver } = manifest;
  return { id, title, blurb, difficulty, minutes, concepts, upstream, shipped, driver };
}

/** The pages that are lists, and what they and the search read. */
function writeLists(
  parts: Parts,
  names: readonly ApiName[],
  races: ReadonlyMap<string, Race>,
): void {
  const { pages, told, katas, found } = parts;
  const entries = katas.map(entryOf);
  const frame = (address: string, title: string, description: string): Frame =>
    frameOf(parts, address, title, description);
  const [, second = entries[0]] = entries;
  const finding = races.get(second?.id ?? '')?.execution.finding;
  if (second !== undefined && finding) {
    const { headline, report } = finding;
    const props = { katas: entries, shown: second, headline, report };
    const about = 'Real race conditions from the Linux kernel, judged in every interleaving.';
    const front = withRace(parts, frame('index.html', 'Kernel race katas', about), second.id);
    write(parts, 'index.html', pages.frontPage(front, told, props));
  }
  write(
    parts,
    'katas/index.html',
    pages.syllabusPage(
      frame('katas/index.html', 'Katas', 'All katas, in learning order.'),
      told,
      entries,
    ),
  );
  write(
    parts,
    'progress.html',
    pages.progressPage(
      frame('progress.html', 'Progress', 'What you have done here.'),
      told,
      entries,
    ),
  );
  write(
    parts,
    'search.html',
    pages.searchPage(frame('search.html', 'Search', 'Search katas, guides and the API.'), told),
  );
  write(parts, 'data/search.json', searchIndex(found, names));
  write(parts, 'data/names.json', JSON.stringify(nameList(names)));
  write(parts, 'data/types.json', JSON.stringify(typeFiles(parts.options.root)));
  write(parts, 'data/katas.json', JSON.stringify(entries));
  write(parts, 'icon.svg', ICON);
  write(parts, '.nojekyll', '');
}

/** What drivers may import. Of a structure, which is a value and a type, the value is listed. */
function nameList(names: readonly ApiName[]): NameList {
  const values = LIB_EXPORTS;
  const scenarios = new Set(SCENARIO_EXPORTS);
  const isValue = ({ kind }: ApiName): boolean => kind === 'function' || kind === 'variable';
  const offered = names
    .filter((one) => !scenarios.has(one.name))
    .filter((one) => isValue(one) || !values.includes(one.name));
  return {
    values,
    names: offered.map(({ name, line, kind, header, address }) => ({
      name,
      line,
      kind,
      header,
      address,
    })),
  };
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke-width="3" stroke-linecap="round"><path d="M5 3v7c0 4 14 4 14 8v3" stroke="#3b6fd4"/><path d="M19 3v7c0 4-14 4-14 8v3" stroke="#d9622b"/></svg>\n`;
