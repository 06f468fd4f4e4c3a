// SPDX-License-Identifier: GPL-2.0-only
/** docs/commands.md has every command with every option, and its examples print what the page shows. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { commandLine } from '../kata/cli';
import { PLAIN } from '../kata/print/style';
import { type Checkout, freshCheckout } from '../kata/testing/checkout';
import { root } from './pages';

const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const page = read('docs/commands.md');
/** Every section as its heading and its text. */
const sections = page.split(/^#+ /m).map((text) => /^(.*)\n([^]*)$/.exec(text)?.slice(1) ?? []);
/** Explained once for all commands: under "What it remembers", and in the first paragraph. */
const EVERYWHERE = ['--no-color', '--help'];

function commands(): readonly Command[] {
  const shell = { root, cwd: root, tool: '', style: PLAIN, write: () => {}, complain: () => {} };
  return commandLine(shell, { code: 0 }).commands;
}

/** The section of a command, found by its whole name. */
function sectionOf(name: string): string {
  const found = sections.find(([heading = '']) =>
    new RegExp(`npx kata ${name}(,|$)`).test(heading),
  );
  return found?.[1] ?? '';
}

it.each(commands().map((command) => command.name()))('explains %s', (name) => {
  expect(sectionOf(name)).not.toBe('');
});

it.each(commands().map((command) => [command.name(), command] as const))(
  'explains every option of %s',
  (name, command) => {
    const flags = [command, ...command.commands].flatMap(({ options }) =>
      options.flatMap(({ long }) => long ?? []),
    );
    const section = name === 'grade' ? read('docs/grading.md') : sectionOf(name);
    const explained = section.match(/--[a-z-]+/g) ?? [];
    expect(flags.filter((flag) => ![...EVERYWHERE, ...explained].includes(flag))).toEqual([]);
  },
);

/** A command in its own block, and the block after it. */
const examples = [...page.matchAll(/^```sh\n(.*npx kata.*)\n```\n\n```\w+\n([^]*?)^```$/gm)].map(
  ([, command = '', shown = '']) => [command, shown] as const,
);

describe('its examples', () => {
  let checkout: Checkout;
  beforeAll(() => {
    checkout = freshCheckout();
  });
  afterAll(() => {
    checkout.remove();
  });

  it('are there', () => {
    expect(examples.length).toBeGreaterThanOrEqual(4);
  });

  it.each(examples)('%s prints what is shown', (command, shown) => {
    const kata = `'${process.execPath}' '${checkout.bin}'`;
    const { stdout } = spawnSync('sh', ['-c', command.replace('npx kata', kata)], {
      cwd: checkout.root,
      encoding: 'utf8',
    });
    // An ellipsis stands for one or more lines.
    const pieces = shown
      .split('[...]\n')
      .map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    expect(stdout).toMatch(new RegExp(`^${pieces.join('(?:.*\\n)+')}$`));
  });
});
