// SPDX-License-Identifier: GPL-2.0-only
/** Commands that judge nothing, run in this process. */
import path from 'node:path';
import { run } from './main';
import { PLAIN } from './print/style';

const root = path.join(__dirname, '..', '..');
const cwd = path.join(__dirname, 'fixtures', 'drivers');

async function kata(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await run(argv, {
    root,
    cwd,
    tool: 'kernel-race-katas 0.0.0',
    style: PLAIN,
    write: (text) => (out += text),
    complain: (text) => (err += text),
  });
  return { code, out, err };
}

it.each([
  [['tset'], "there is no command 'tset'; did you mean 'test'?"],
  [['01'], "there is no command '01'; did you mean npx kata test 01?"],
  [['frobnicate'], "there is no command 'frobnicate' (npx kata --help shows them)"],
  [
    ['test', 'lost-updaet'],
    "there is no kata 'lost-updaet'; did you mean 'lost-update'? (npx kata list shows them all)",
  ],
  [['list', '--jsn'], "unknown option '--jsn'; did you mean '--json'?"],
  [['show'], "missing required argument 'ID'"],
  [['show', '0', '1'], "too many arguments for 'show'. Expected 1 argument but got 2."],
  [['test', '00', '--driver'], "option '--driver <file>' argument missing"],
  [['test', '00', '--driver', 'nowhere.ts'], '--driver nowhere.ts: there is no such file'],
  [['test', '00', '--driver', '.'], '--driver .: this is a directory; name the driver file in it'],
  [
    ['test', '--driver', 'good.ts'],
    'which kata is good.ts a driver of? Name it: npx kata test 01 --driver good.ts',
  ],
  [['hint', '00', '--level', 'x'], '--level x: this kata has hints 1 to N'],
  [
    ['replay', '00', 'A4 b'],
    "schedule: 'b' is no step: write a task and a number of steps, as in A4, or an outcome, as A!1",
  ],
  [['replay', '00', ''], "schedule: it is empty; write tasks and steps, as in 'A4 B7 A3'"],
])('what is wrong with a command is told in one sentence: %j', async (argv, sentence) => {
  const { code, out, err } = await kata(...argv);
  expect({ code, out, err: err.replace(/(1 to) \d/, '$1 N') }).toEqual({
    code: 2,
    out: '',
    err: `kata: ${sentence}\n`,
  });
});

it('lists without judging', async () => {
  const { code, out } = await kata('list', '--no-run', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    schema: 'kata-list/v1',
    katas: expect.arrayContaining([
      expect.objectContaining({ id: '00-lost-update', state: 'not run' }),
    ]) as unknown,
  });
});

it('shows a kata with the way to its file from here', async () => {
  const { out } = await kata('show', '0');
  expect(out).toContain('\nEdit    ../../../../katas/00-lost-update/tally.ts\n');
});

it('gives hints one by one', async () => {
  const [first, second] = [await kata('hint', '00'), await kata('hint', '0', '--level', '2')];
  expect(first.out).toContain('npx kata hint 00 --level 2');
  expect(second.out.startsWith(first.out.split('\nStill stuck?')[0] ?? '')).toBe(true);
});

it('explains itself, with exit codes and an example for each command', async () => {
  const { code, out, err } = await kata('--help');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('\nExit codes:\n  0    the driver holds in every interleaving');
  for (const command of ['test', 'list', 'show', 'hint', 'replay']) {
    expect(out).toContain(`\n  ${command} `);
    expect((await kata(command, '--help')).out).toContain(`\nExample: npx kata ${command}`);
  }
});
