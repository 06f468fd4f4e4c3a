// SPDX-License-Identifier: GPL-2.0-only
/** A wrong command gets one sentence, before anything is graded or written. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Refusal } from '../../kata/errors';
import { repositoryRoot } from '../../kata/katas';
import { PLAIN } from '../../kata/print/style';
import type { Shell } from '../../kata/shell';
import { FORMATS } from '../output/formats';
import { grade, merge } from './main';
import type { GradeOptions } from './options';

let cwd = '';
beforeEach(() => {
  cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-usage-'));
  for (const name of ['full/ada/00-lost-update', 'empty']) {
    fs.mkdirSync(path.join(cwd, name), { recursive: true });
  }
  fs.writeFileSync(path.join(cwd, 'full/ada/00-lost-update/tally.ts'), '');
  fs.writeFileSync(path.join(cwd, 'some.ts'), '');
  fs.writeFileSync(path.join(cwd, 'bad.zip'), 'PK');
  fs.mkdirSync(path.join(cwd, 'done'));
  fs.writeFileSync(path.join(cwd, 'done', 'batch.json'), '{}');
});
afterEach(() => {
  fs.rmSync(cwd, { recursive: true, force: true });
});

function shell(): Shell {
  const silent = (): void => undefined;
  const root = repositoryRoot();
  return { root, cwd, tool: 'kata 0', style: PLAIN, write: silent, complain: silent };
}

type Given = Omit<GradeOptions, 'types'>;

it.each<[string | undefined, Given, RegExp]>([
  [undefined, {}, /^grade what\? Name a folder of submissions, or one driver$/],
  ['nowhere', { out: 'o' }, /^nowhere: there is no such file or folder$/],
  ['full', {}, /^where to\? Name a folder for the results with --out DIR$/],
  ['full', { out: 'done' }, /^--out done: it holds results already; continue with --resume/],
  ['empty', { out: 'o' }, /^empty: nothing to grade in it$/],
  ['bad.zip', { out: 'o' }, /^bad\.zip: the zip file is damaged/],
  ['full', { out: 'o', kata: ['77'] }, /^there is no kata '77'/],
  ['full', { out: 'o', format: 'gradscope' }, /^there is no format 'gradscope': kata, gradescope/],
  ['full', { out: 'o', format: 'toString' }, /^there is no format 'toString'/],
  ['full', { out: 'o', format: 'classroom50' }, /^--format classroom50 is for one submission/],
  ['full', { out: 'o', jobs: '0' }, /^--jobs 0: write a whole number from 1 to 1024$/],
  ['full', { out: 'o', shard: '3/2' }, /^--shard 3\/2: write i\/n with i from 1 to n/],
  ['full', { out: 'o', similarity: true, shard: '1/2' }, /^--similarity compares a whole class/],
  ['full', { out: 'o', timeLimit: '1h' }, /^--time-limit 1h: write a whole number/],
  ['full', { out: 'o', hidden: 'nowhere' }, /^--hidden nowhere: there is no such folder$/],
  ['full', { out: 'o', roster: 'nowhere.csv' }, /^nowhere\.csv: cannot be read \(ENOENT\)$/],
  ['some.ts', {}, /^which kata is some\.ts a driver of\? Name it with --kata$/],
  [
    'some.ts',
    { kata: ['0'], format: 'junit,check50' },
    /^one submission is written in one format; give --format once$/,
  ],
  ['empty', { one: true }, /there is no driver of a kata in it$/],
  ['full', { out: '' }, /^--out: the name is empty; name a folder$/],
  ['full', { out: 'some.ts' }, /^--out some\.ts: it is not a folder$/],
  ['full', { out: 'some.ts/sub' }, /^--out some\.ts\/sub: .*some\.ts is not a folder$/],
  ['some.ts', { kata: ['0'], out: '' }, /^--out: the name is empty; name a file$/],
  ['some.ts', { kata: ['0'], out: 'empty' }, /^--out empty: it is a folder; name a file$/],
  ['some.ts', { kata: ['0'], out: 'no/x.json' }, /^--out no\/x\.json: there is no folder .*no$/],
  ['some.ts', { kata: ['0'], jobs: '2' }, /^--jobs is for a class: leave it out/],
  ['some.ts', { kata: ['0'], shard: '1/2' }, /^--shard is for a class/],
  ['some.ts', { kata: ['0'], resume: true }, /^--resume is for a class/],
  ['some.ts', { kata: ['0'], similarity: true }, /^--similarity is for a class/],
  [
    undefined,
    { makeGradescopeZip: 'no/x.zip', kata: ['0'] },
    /^--make-gradescope-zip no\/x\.zip: there is no folder .*no$/,
  ],
  [undefined, { makeGradescopeZip: '', kata: ['0'] }, /^--make-gradescope-zip: the name is empty/],
  [undefined, { makeGradescopeZip: 'x.zip' }, /^which katas may students hand in\?/],
])('kata grade %s %j', async (given, options, sentence) => {
  const before = fs.readdirSync(cwd).sort();
  const failure = await grade(shell(), given, { types: true, ...options }).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Refusal);
  expect((failure as Refusal).message).toMatch(sentence);
  expect(fs.readdirSync(cwd).sort()).toEqual(before);
});

it('kata grade merge, of what is not a result', async () => {
  const merging = merge(shell(), ['empty'], { out: 'o' });
  await expect(merging).rejects.toThrow(/holds no batch\.json: no results of npx kata grade$/);
});

const onDevices = fs.existsSync('/dev/full') ? it : it.skip;

onDevices('kata grade, with a device for the results', async () => {
  const options = { types: true, out: '/dev/full' };
  await expect(grade(shell(), 'full', options)).rejects.toThrow(
    /^--out \/dev\/full: it is not a folder$/,
  );
  const one = grade(shell(), 'some.ts', { ...options, kata: ['0'] });
  await expect(one).rejects.toThrow(/^--out \/dev\/full: it is not a regular file$/);
});

it('names the formats there are', () => {
  const command = fs.readFileSync(
    path.join(repositoryRoot(), 'tools/kata/commands/grade.ts'),
    'utf8',
  );
  expect(command).toContain(`const FORMATS = '${Object.keys(FORMATS).join(', ')}';`);
});
