// SPDX-License-Identifier: GPL-2.0-only
/** Which pages of prose the site has, and where each is found: by its file in the repository, and by its address in the site. */
import path from 'node:path';
import { pages } from '../docs/pages';

/** A page of prose. */
export interface Prose {
  /** Relative to the repository: `docs/rosetta.md`. */
  readonly file: string;
  /** Relative to the site: `guides/rosetta.html`. */
  readonly address: string;
  readonly section: Section;
}

/** The part of the list of guides that a page stands in. */
export type Section = 'Begin' | 'How it works' | 'Teach' | 'Join in' | 'Decisions';

/** The guides in reading order, by section; what is not named comes last in its section. */
const ORDER: readonly (readonly [Section, readonly string[]])[] = [
  [
    'Begin',
    ['docs/first-kata', 'docs/rosetta', 'docs/commands', 'docs/reports', 'docs/memory-ordering'],
  ],
  ['How it works', ['docs/machine', 'docs/exploring', 'docs/litmus']],
  ['Teach', ['docs/teaching', 'docs/grading', 'docs/threat-model']],
  [
    'Join in',
    [
      'CONTRIBUTING',
      'docs/writing-a-kata',
      'docs/conventions',
      'CODE_OF_CONDUCT',
      'SECURITY',
      'LICENSES/README',
      'CHANGELOG',
    ],
  ],
  ['Decisions', ['docs/decisions/README']],
];

/** Pages that are something else on the site. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'README.md': 'index.html',
  'katas/README.md': 'katas/index.html',
};

/** Every guide, in reading order. */
export function guides(): Prose[] {
  const files = pages().filter((file) => !(file in ELSEWHERE));
  const placed = files.map((file) => {
    const name = file.replace(/\.md$/, '');
    const found = ORDER.findIndex(([, names]) => names.includes(name));
    const row = found >= 0 ? found : file.startsWith('docs/decisions/') ? ORDER.length - 1 : 1;
    const [section, names] = ORDER[row] ?? ['How it works', []];
    const at = names.indexOf(name);
    return { file, address: addressOf(file), section, row, at: at < 0 ? names.length : at };
  });
  return placed
    .sort((a, b) => a.row - b.row || a.at - b.at)
    .map(({ file, address, section }) => ({ file, address, section }));
}

/** Where a file of the repository is found in the site; null if it is not a page. */
export function addressOf(file: string): string {
  const elsewhere = ELSEWHERE[file];
  if (elsewhere !== undefined) return elsewhere;
  const [, kata] = /^katas\/(\d\d-[^/]+)\/README\.md$/.exec(file) ?? [];
  if (kata !== undefined) return `katas/${kata}/index.html`;
  const inside = file.replace(/^docs\//, '');
  if (!isPage(file)) return `guides/${inside}`;
  const name = inside.replace(/(^|\/)README\.md$/, '$1index.md').replace(/\.md$/, '.html');
  return `guides/${/^[A-Z_]+(\/|\.html$)/.test(name) ? name.toLowerCase() : name}`;
}

/** Whether a file is a page of the site; others are handed out as they are. */
export function isPage(file: string): boolean {
  return prose.has(file) || /^katas\/\d\d-[^/]+\/README\.md$/.test(file);
}

const prose: ReadonlySet<string> = new Set(pages());

/** A link between two addresses of the site. */
export function between(from: string, to: string): string {
  const link = path.posix.relative(path.posix.dirname(from), to);
  return link === '' ? path.posix.basename(to) : link;
}
