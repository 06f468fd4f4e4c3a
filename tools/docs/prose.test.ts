// SPDX-License-Identifier: GPL-2.0-only
/** The prose names only what exists: commands, scripts, exit codes, files and headings. */
import fs from 'node:fs';
import path from 'node:path';
import { commandLine } from '../kata/cli';
import { EXIT } from '../kata/exit-code';
import { PLAIN } from '../kata/print/style';
import { pages, root } from './pages';

const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

function commandNames(): string[] {
  const shell = { root, cwd: root, tool: '', style: PLAIN, write: () => {}, complain: () => {} };
  return commandLine(shell, { code: 0 }).commands.map((command) => command.name());
}

/** Every match of the first group, with its page. */
function named(pattern: RegExp): { page: string; name: string }[] {
  return pages().flatMap((page) =>
    [...read(page).matchAll(pattern)].map((match) => ({ page, name: match[1] ?? '' })),
  );
}

it('names no npm script that package.json does not have', () => {
  const missing = named(/npm run ([\w:]+)/g).filter(({ name }) => scripts[name] === undefined);
  expect(missing).toEqual([]);
});

it('names no kata command that the command line does not have', () => {
  const names = commandNames();
  const missing = named(/npx kata ([a-z][a-z-]*)/g).filter(({ name }) => !names.includes(name));
  expect(missing).toEqual([]);
});

it('shows the two commands as they are', () => {
  const readme = read('README.md');
  expect(readme).toContain('\nnpm ci && npx kata\n');
  expect(readme).toContain('\nnpm ci && npm test\n');
});

it('lists the exit codes there are', () => {
  const listed = [...read('docs/commands.md').matchAll(/^\| (\d+) +\|/gm)].map((match) =>
    Number(match[1]),
  );
  expect(listed).toEqual(Object.values(EXIT));
});

it('keeps README.md on one screen', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(70);
});

it('names the Node version that package.json asks for', () => {
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
  expect(read('README.md')).toContain(`Node ${/\d+\.\d+/.exec(engines.node)?.[0] ?? ''}`);
});

it('links to files and headings that exist', () => {
  const dead = named(/\]\(([^)\s]+)\)/g)
    .filter(({ name }) => !/^https?:/.test(name))
    .filter(({ page, name }) => !linkHolds(page, name));
  expect(dead).toEqual([]);
});

function linkHolds(page: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
  if (!fs.existsSync(path.join(root, target))) return false;
  return anchor === undefined || headings(read(target)).includes(anchor);
}

/** The anchors that GitHub gives to a page's headings. */
function headings(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replace(/ /g, '-'),
  );
}

it('names no file of the tree that does not exist', () => {
  const missing = named(/`((?:lib|tools|katas|solutions|docs)\/[\w./-]+)`/g).filter(
    ({ name }) => !/NN-slug|wrong\/|right\//.test(name) && !fs.existsSync(path.join(root, name)),
  );
  expect(missing).toEqual([]);
});
