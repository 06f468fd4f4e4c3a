// SPDX-License-Identifier: GPL-2.0-only
/** Commands that judge nothing, run in this process. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { commandLine } from './cli';
import { run } from './main';
import { PLAIN } from './print/style';

const root = path.join(__dirname, '..', '..');
const cwd = path.join(__dirname, 'fixtures', 'drivers');
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-home-'));
afterAll(() => {
  fs.rmSync(home, { recursive: true });
});

function kata(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  return kataIn(cwd, ...argv);
}

async function kataIn(cwd: string, ...argv: string[]): ReturnType<typeof kata> {
  let [out, err] = ['', ''];
  const code = await run(argv, {
    root,
    cwd,
    home,
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
  [['list', '--nope'], "unknown option '--nope' (npx kata list --help shows how)"],
  [['replay'], "missing required argument 'ID' (npx kata replay --help shows how)"],
  [['show', '0', '1'], "too many arguments for 'show': 2, not 1 (npx kata show --help shows how)"],
  [
    ['replay', '00', 'A1', 'B2', 'A1'],
    "too many arguments for 'replay': 4, not 2; put the schedule in quotes, as in 'A1 B2 A1'",
  ],
  [
    ['test', '00', '--driver'],
    "option '--driver <file>' argument missing (npx kata test --help shows how)",
  ],
  [['test', '00', '--driver', ''], '--driver: its value is empty (npx kata test --help shows how)'],
  [
    ['test', '00', '--scenario', 'two-writes', '--scenario=one-by-one'],
    '--scenario is given twice; give it once',
  ],
  [['dev'], 'dev what? new, check, answer, rebase or differ (npx kata dev --help shows how)'],
  [['dev', 'nope'], "there is no command 'dev nope' (npx kata dev --help shows them)"],
  [['dev', 'help', 'nope'], "there is no command 'dev nope' (npx kata dev --help shows them)"],
  [['help', 'tset'], "there is no command 'tset'; did you mean 'test'?"],
  [['test', '00', '--driver', 'nowhere.ts'], '--driver nowhere.ts: there is no such file'],
  [['test', '00', '--driver', '.'], '--driver .: this is a directory; name the driver file in it'],
  [
    ['test', '--driver', 'good.ts'],
    'which kata is good.ts a driver of? Name it: npx kata test 01 --driver good.ts',
  ],
  [['hint', '00', '--level', 'x'], '--level x: this kata has hints 1 to N'],
  [
    ['test', '00', '--sample', '0'],
    '--sample 0: not a number of interleavings; try --sample 10000',
  ],
  [
    ['replay', '00', 'A4 b'],
    "schedule: 'b' is not a step: write a task and a number of steps, as in A4, or an outcome, as A!1",
  ],
  [['replay', '00', ''], "schedule: it is empty; write tasks and steps, as in 'A4 B7 A3'"],
])('says in one sentence what is wrong with a command: %j', async (argv, sentence) => {
  const { code, out, err } = await kata(...argv);
  expect({ code, out, err: err.replace(/(1 to) \d/, '$1 N') }).toEqual({
    code: 2,
    out: '',
    err: `kata: ${sentence}\n`,
  });
});

it('says of a symbolic link that leads nowhere why it cannot be read', async () => {
  const loop = path.join(home, 'loop.ts');
  fs.symlinkSync(loop, loop);
  expect(await kata('test', '00', '--driver', loop)).toMatchObject({
    code: 2,
    err: `kata: --driver ${loop}: cannot be read (its symbolic links lead in a circle); name the driver file itself\n`,
  });
});

it.each([[['help']], [['help', 'test']], [['dev', 'help', 'new']]])(
  'helps who asks for it in words: %j',
  async (argv) => {
    const words = argv.filter((word) => word !== 'help');
    expect(await kata(...argv)).toEqual(await kata(...words, '--help'));
    expect(await kata(...argv)).toMatchObject({ code: 0, err: '' });
  },
);

it('lists without judging', async () => {
  const { code, out } = await kata('list', '--no-run', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    schema: 'kata-list/v1',
    katas: expect.arrayContaining([
      expect.objectContaining({ id: '00-lost-update', number: '00' }),
    ]) as unknown,
  });
});

it('shows a kata with the way to its file from here', async () => {
  const { out } = await kata('show', '0');
  expect(out).toContain('\nEdit    ../../../../katas/00-lost-update/tally.ts\n');
});

it('gives hints one by one', async () => {
  const [first, second] = [await kata('hint', '00'), await kata('hint', '0', '--level', '2')];
  expect(first.out).toMatch(/\nStill stuck\? {2}npx kata hint 00 {2}\(hint 2 of \d\)\n$/);
  expect(second.out.startsWith(first.out.split('\nStill stuck?')[0] ?? '')).toBe(true);
});

it('goes on to the stronger hint each time, and stays at the last', async () => {
  const asked: string[] = [];
  for (let i = 0; i < 6; i++) asked.push((await kata('hint', '04')).out);
  const counts = asked.map((out) => out.match(/^Hint \d/gm)?.length);
  expect(counts.slice(0, 3)).toEqual([1, 2, 3]);
  expect(asked.at(-1)).toBe(asked.at(-2));
  expect(asked.at(-1)).toContain('This was the last hint.');
});

it('means the kata in whose folder one stands', async () => {
  const folder = path.join(root, 'katas', '05-dm-minor-placeholder');
  expect((await kataIn(folder, 'show')).out).toContain('\nEdit    dm.ts\n');
  expect(
    (await kataIn(path.join(root, 'solutions', '03-ipc-put-ns', 'right'), 'show')).out,
  ).toContain('\nJudge   npx kata test 03\n');
  expect((await kataIn(folder, 'show', '00')).out).toContain('\nJudge   npx kata test 00\n');
});

it('remembers where somebody is and which hints were read, and nothing of the learner is touched', async () => {
  expect((await kata('next', '01')).out).toContain('01-rbd-put-client: The put that frees');
  expect((await kata('show')).out).toContain('01. The put that frees');
  await kata('hint', '--level', '3');
  expect((await kata('hint', '1')).out.match(/^Hint \d/gm)).toHaveLength(4);
  expect(JSON.parse((await kata('list', '--no-run', '--json')).out)).toMatchObject({
    current: '01-rbd-put-client',
  });
});

it('refuses to give a solution away, or to ask where nobody can answer', async () => {
  const spoiler = await kata('solution', '00');
  // Somebody may have solved it here.
  if (spoiler.code !== 0) {
    expect(spoiler).toMatchObject({ code: 2, out: '' });
    expect(spoiler.err).toContain('--reveal shows it all the same');
  }
  const revealed = await kata('solution', '00', '--reveal');
  expect(revealed.out).toContain('ours: solutions/00-lost-update/tally.ts');
});

/** Every command with the commands under it, as they are typed. */
function everyCommand(command: Command, name = ''): [string, Command][] {
  return command.commands.flatMap((below): [string, Command][] => {
    const whole = `${name}${below.name()}`;
    return [[whole, below], ...everyCommand(below, `${whole} `)];
  });
}

it('explains itself, with exit codes and an example for each command', async () => {
  const { code, out, err } = await kata('--help');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('\nExit codes:\n  0    the driver holds in every interleaving');
  const shell = { root, cwd, tool: '', style: PLAIN, write: () => {}, complain: () => {} };
  const all = everyCommand(commandLine(shell, { code: 0 }));
  expect(all.length).toBeGreaterThan(15);
  for (const [name] of all) {
    const help = (await kata(...name.split(' '), '--help')).out;
    expect(help).toMatch(new RegExp(`\n(Example:| ) npx kata ${name}\\b`));
    expect(help).toContain('--no-color');
  }
});
