// SPDX-License-Identifier: GPL-2.0-only
/** Answers are rebased after a change of their port or solution. Those that cannot be are named, and nothing of them is lost. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { diffAgainst, printAnswer } from '../../lib/answer';
import { answerFile, applied } from './files';
import { placeOf, readLaidOut } from './laid-out';
import { rebase } from './rebase';
import { writePortPatch } from './shipped';
import { sha256, textOrNull } from './text';

const lines = Array.from({ length: 30 }, (_, i) => `line(${i});`);
const PORT = `${lines.join('\n')}\n`;
const SOLUTION = PORT.replace('line(3)', 'locked(3)');
const id = '01-toy';
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-rebase-'));
const at = (file: string): string => path.join(root, file);
const DRIVER = at('katas/01-toy/toy.ts');
const SOLVED = at('solutions/01-toy/toy.ts');
const message = { subject: 'Do', why: 'Because.', fails: ['race'], tasks: [1] };

/** The kata as kata.json has it now. */
const kata = () => {
  const { shipped } = JSON.parse(fs.readFileSync(at('katas/01-toy/kata.json'), 'utf8')) as {
    shipped: string;
  };
  return { id, driver: 'toy.ts', shipped };
};
const late = answerFile(root, id, 'wrong', 'late');
const near = answerFile(root, id, 'right', 'near');

beforeEach(() => {
  for (const folder of ['katas/01-toy', 'solutions/01-toy/wrong', 'solutions/01-toy/right'])
    fs.mkdirSync(at(folder), { recursive: true });
  fs.writeFileSync(DRIVER, PORT);
  fs.writeFileSync(SOLVED, SOLUTION);
  fs.writeFileSync(at('katas/01-toy/kata.json'), JSON.stringify({ shipped: sha256(PORT) }));
  writePortPatch(root, kata(), PORT);
  const about = { kata: id, driver: 'toy.ts' };
  const toPort = diffAgainst(
    { ...about, base: 'port' },
    PORT,
    PORT.replace('line(20)', 'late(20)'),
  );
  fs.writeFileSync(late.file, printAnswer(message, 'port', toPort));
  const toSolution = diffAgainst(
    { ...about, base: 'solution' },
    SOLUTION,
    SOLUTION.replace('locked(3)', 'near(3)'),
  );
  fs.writeFileSync(
    near.file,
    printAnswer({ ...message, fails: [], tasks: [] }, 'solution', toSolution),
  );
});
afterEach(() => {
  fs.rmSync(root, { recursive: true, force: true });
});

const same = (text: string): Promise<string> => Promise.resolve(text);

it('applies a change of the port, and nothing else', async () => {
  const port = `new();\n${PORT}`;
  fs.writeFileSync(DRIVER, port);
  expect(await rebase(root, kata(), same)).toEqual({
    written: [late.shown, 'solutions/01-toy/port.patch', 'katas/01-toy/kata.json'],
    unchanged: 1,
    byHand: [],
  });
  const { text, answer } = applied(root, kata(), late);
  expect(text).toBe(port.replace('line(20)', 'late(20)'));
  expect(answer).toMatchObject(message);
});

it('applies a change of the solution: port.patch leads back to the old one', async () => {
  fs.writeFileSync(SOLVED, SOLUTION.replace('line(10)', 'unlocked(10)'));
  expect(await rebase(root, kata(), same)).toMatchObject({
    written: ['solutions/01-toy/port.patch'],
    unchanged: 2, // neither is near the change
    byHand: [],
  });
});

it('lays out a conflicting answer, and reports it until it is folded back', async () => {
  const before = textOrNull(late.file);
  fs.writeFileSync(DRIVER, PORT.replace('line(20)', 'other(20)'));
  const place = '.kata/answers/01-toy/wrong/late.ts';
  expect((await rebase(root, kata(), same)).byHand).toEqual([
    `${place}:21: both have changed this`,
  ]);
  const laid = readLaidOut(placeOf(root, id, late), place);
  expect(laid?.message).toEqual(message);
  expect(laid?.text).toContain(
    '<<<<<<< the answer\nlate(20);\n||||||| the old base\nline(20);\n=======\nother(20);\n>>>>>>> the new base\n',
  );
  expect(textOrNull(late.file)).toBe(before);
  expect((await rebase(root, kata(), same)).byHand).toEqual([
    `${place}: still to be folded back; its patch does not fit any more`,
  ]);
});

it('names an answer that has become superfluous', async () => {
  fs.writeFileSync(DRIVER, PORT.replace('line(20)', 'late(20)'));
  expect((await rebase(root, kata(), same)).byHand).toEqual([
    `${late.shown}:1: the port does now what this patch did; delete it`,
  ]);
});

it('writes port.patch if all answers still fit, whatever was changed', async () => {
  fs.writeFileSync(DRIVER, PORT.replace('line(10)', 'x(10)'));
  fs.writeFileSync(SOLVED, SOLUTION.replace('line(10)', 'y(10)'));
  expect(await rebase(root, kata(), same)).toEqual({
    written: ['solutions/01-toy/port.patch', 'katas/01-toy/kata.json'],
    unchanged: 2,
    byHand: [],
  });
});

it('refuses two changes at once', async () => {
  fs.writeFileSync(DRIVER, PORT.replace('line(20)', 'x(20)'));
  fs.writeFileSync(SOLVED, SOLUTION.replace('locked(3)', 'x(3)'));
  await expect(rebase(root, kata(), same)).rejects.toThrow(
    'have both changed: put one of them back',
  );
});
