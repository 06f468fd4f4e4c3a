// SPDX-License-Identifier: GPL-2.0-only
/** What is true of all answers at once: git takes every patch as we do, and what they make has the right types and form. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FOLDER } from '../lib/answer';
import { readKatas } from '../lib/kata/files';
import { answerFiles, type Applied, applied, baseText } from '../tools/answers/files';
import { binOf } from '../tools/house/checks.js';
import { driverTypes } from '../tools/kata/type-problems';

const root = path.join(__dirname, '..');
const answers = readKatas(path.join(root, 'katas')).flatMap(({ manifest }) =>
  answerFiles(root, manifest.id).map((file): Applied & { readonly from: string } => {
    const answer = applied(root, manifest, file);
    return { ...answer, from: baseText(root, manifest, answer.answer.base) };
  }),
);

/** A folder with a fresh copy of its base for each answer, under the number of the answer. */
let fresh = '';
beforeAll(() => {
  fresh = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-answers-'));
  answers.forEach(({ from }, i) => {
    fs.mkdirSync(path.dirname(copyOf(i)), { recursive: true });
    fs.writeFileSync(copyOf(i), from);
  });
});
afterAll(() => {
  fs.rmSync(fresh, { recursive: true });
});

function copyOf(i: number): string {
  const { base = 'port', kata = '', driver = '' } = answers[i]?.answer ?? {};
  return path.join(fresh, `${i}`, FOLDER[base], kata, driver);
}

it('git applies every patch to a fresh copy, and makes the same driver of it as we do', () => {
  // All at once, each in its own folder: starting git takes longer than what it does.
  const patches = answers.map(({ file }, i) =>
    fs
      .readFileSync(file, 'utf8')
      .replace(/^(---|\+\+\+) ([ab])\/(?=katas|solutions)/gm, `$1 $2/${i}/`),
  );
  const { status, stderr } = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
    cwd: fresh,
    input: patches.join(''),
    encoding: 'utf8',
    // Not in the repository around it, if there is one.
    env: { ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(fresh) },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const differing = answers.filter(({ text }, i) => fs.readFileSync(copyOf(i), 'utf8') !== text);
  expect(differing.map(({ shown }) => shown)).toEqual([]);
});

/** What is declared at file scope of one text and not of another: the rest is formatted as its base is, which is checked elsewhere. */
function changed(from: string, text: string): string {
  const known = new Set(declarations(from));
  return declarations(text)
    .filter((declaration) => !known.has(declaration))
    .join('\n\n');
}

function declarations(text: string): string[] {
  return text.trimEnd().split(/\n\n(?=\S)/);
}

it('every answer is formatted as a driver is', () => {
  answers.forEach(({ from, text }, i) => {
    fs.writeFileSync(copyOf(i), `${changed(from, text)}\n`);
  });
  const config = path.join(root, '.prettierrc.json');
  const args = [binOf('prettier'), '--config', config, '--log-level', 'warn', '--check', fresh];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const named = `${stdout}${stderr}`.matchAll(/kata-answers-[^/]+\/(\d+)\//g);
  expect([...named].map(([, i]) => answers[Number(i)]?.shown)).toEqual([]);
  expect(stderr).toBe('');
});

/** TypeScript's number for what is declared and never used. */
const UNUSED = 6133;

it('every answer has the right types, and a right one declares and imports only what it uses', () => {
  const sources = new Map(
    answers.map(({ shown, text, kind }) => [shown.replace(/patch$/, 'ts'), { text, kind }]),
  );
  const texts = new Map([...sources].map(([file, { text }]) => [path.join(root, file), text]));
  const found = driverTypes(root, { noUnusedLocals: true }).problems(texts);
  const problems = [...sources].flatMap(([file, { kind }]) =>
    (found.get(path.join(root, file)) ?? [])
      // A wrong answer may well leave behind what nobody calls any more.
      .filter(({ code }) => kind === 'right' || code !== UNUSED)
      .map(({ line, message }) => `${file}:${line}: ${message}`),
  );
  expect(problems).toEqual([]);
});
