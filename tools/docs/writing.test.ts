// SPDX-License-Identifier: GPL-2.0-only
/** docs/writing-a-kata.md leads to a complete kata: the test runs its commands and writes its files in the page's order. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type Checkout, freshCheckout } from '../kata/testing/checkout';
import { root } from './pages';

const fixture = path.join(__dirname, 'fixtures', 'rbd-small');
const page = fs.readFileSync(path.join(root, 'docs', 'writing-a-kata.md'), 'utf8');
type Step = { readonly command: string } | { readonly file: string };

/** The steps of the page in order: run a command, or write a linked file. */
const steps = [
  ...page.matchAll(/^```sh\n([^]*?)^```$|\]\(\.\.\/tools\/docs\/fixtures\/rbd-small\/([^)]+)\)/gm),
].flatMap(([, commands = '', file]): Step[] => {
  if (file !== undefined) return [{ file }];
  return commands.split('\n').flatMap((command) => (command === '' ? [] : [{ command }]));
});

/** The results of the commands, in order. Commands without a result concern the whole repository, which other tests cover. */
const GIVEN: readonly (readonly [command: string, code?: number, says?: string])[] = [
  ['npx kata dev new rbd-small --driver rbd', 0, '-rbd-small/rbd.ts\n'],
  ['npx kata dev check rbd-small', 1, 'to be written: '],
  ['npx kata test rbd-small --all', 1, '\nBUG: KASAN: slab-use-after-free in rbd_put_client\n'],
  ['npx kata dev rebase rbd-small', 0, '-rbd-small/port.patch\n'],
  ['npx kata dev answer rbd-small wrong/lock-twice', 0, '/wrong/lock-twice.ts\n'],
  ['npx kata dev answer rbd-small wrong/lock-twice --save', 0, 'against the port as shipped\n'],
  ['npx kata dev check rbd-small', 0, '\nComplete. '],
  ['npm run syllabus'],
  ['npm run check'],
  ['npm test'],
];

let checkout: Checkout;
beforeAll(() => {
  checkout = freshCheckout();
});
afterAll(() => {
  checkout.remove();
});

function kata(command: string): { readonly code: number | null; readonly out: string } {
  const args = command.replace('npx kata ', '').split(' ');
  const done = spawnSync(process.execPath, [checkout.bin, ...args], {
    cwd: checkout.root,
    encoding: 'utf8',
  });
  return { code: done.status, out: done.stdout + done.stderr };
}

/** Writes a file of the example over one of the scaffold, which knows the number of the kata. */
function write(file: string): void {
  const [, top = '', rest = ''] = /^(kata|solution)\/(.*)$/.exec(file) ?? [];
  const tops = path.join(checkout.root, `${top}s`);
  const id = fs.readdirSync(tops).find((name) => /^\d\d-rbd-small$/.test(name)) ?? 'none';
  const text = fs.readFileSync(path.join(fixture, file), 'utf8');
  const numbered = text
    .replace('"NN-', `"${id.slice(0, 3)}`)
    .replaceAll('/NN-rbd-small/', `/${id}/`)
    .replace(/^# NN\./, `# ${id.slice(0, 2)}.`);
  fs.writeFileSync(path.join(tops, id, rest), numbered);
}

it('leads to a kata that proves itself', () => {
  const expected = [...GIVEN];
  for (const step of steps) {
    if ('file' in step) {
      write(step.file);
      continue;
    }
    const [command, code, says = ''] = expected.shift() ?? [];
    expect(step.command).toBe(command);
    if (code === undefined) continue;
    expect(kata(step.command)).toEqual({ code, out: expect.stringContaining(says) as string });
  }
  expect(expected).toEqual([]);
});

it('links to every file of its example', () => {
  const files = fs
    .readdirSync(fixture, { recursive: true, encoding: 'utf8' })
    .filter((file) => fs.statSync(path.join(fixture, file)).isFile())
    .map((file) => file.split(path.sep).join('/'));
  expect(steps.flatMap((step) => ('file' in step ? [step.file] : [])).sort()).toEqual(files.sort());
});

const passages = [...page.matchAll(/^```(?:ts|diff) from (\S+)\n([^]*?)^```$/gm)];

it.each(passages.map(([, file = '', text = '']) => [file, text]))('quotes %s', (file, text) => {
  expect(fs.readFileSync(path.join(fixture, file), 'utf8')).toContain(text);
});

it('quotes something', () => {
  expect(passages.length).toBeGreaterThanOrEqual(3);
});
