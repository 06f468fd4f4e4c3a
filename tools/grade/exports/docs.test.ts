// SPDX-License-Identifier: GPL-2.0-only
/** The commands of docs/grading.md, each run on an export of the shape it names: all give the same gradebook. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../../kata/katas';
import { build } from '../testing/built';
import { layOut, packed, type Pupil, rosterOf, SHAPES } from '../testing/exports';

const root = repositoryRoot();
const read = (name: string): string => fs.readFileSync(path.join(root, name), 'utf8');
const commands = [
  ...read('docs/grading.md').matchAll(/^npx kata (grade \S+ --kata .*?) +# (.*)$/gm),
];

const CLASS: readonly Pupil[] = [
  ['s1', read('solutions/01-rbd-put-client/rbd.ts')],
  ['s2', read('katas/01-rbd-put-client/rbd.ts')],
  ['s3', 'let n = 0;'],
].map(([id = '', text = '']) => ({ id, first: 'Ada', last: `B${id}`, files: { 'rbd.ts': text } }));
const ALL: readonly Pupil[] = [
  ...CLASS,
  { id: 's4', first: 'Eve', last: 'Null', files: { 'notes.txt': 'sorry' } },
];

let folder = '';
beforeAll(async () => {
  build(root);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-docs-'));
  const put = (name: string, data: string | Buffer): void => {
    fs.writeFileSync(path.join(folder, name), data);
  };
  put('people.csv', rosterOf(ALL));
  const files = (shape: string): Readonly<Record<string, string>> => SHAPES[shape]?.(ALL) ?? {};
  layOut(path.join(folder, 'handed-in'), files('plain folders'));
  layOut(path.join(folder, 'clones'), files('GitHub Classroom'));
  layOut(path.join(folder, 'classroom50'), files('GitHub Classroom'));
  put('moodle.zip', await packed(files('Moodle, folders')));
  put('canvas.zip', await packed(files('Canvas')));
  put('gradescope.zip', await packed(files('Gradescope')));
  const rows = CLASS.map(({ id }) => `${id},01,handed-in/${id}/rbd.ts`);
  put('class.csv', ['student_id,kata,path', ...rows, ''].join('\n'));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Its gradebook without what only some platforms know, and without who is not in a manifest. */
function gradebook(command: string): string[] {
  const args = [path.join(root, 'bin/kata.js'), ...command.split(' ')];
  const out = path.join(folder, 'results');
  fs.rmSync(out, { recursive: true, force: true });
  execFileSync(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], KATA_GRADE_CACHE: path.join(folder, 'cache') },
    stdio: 'pipe',
  });
  const [, ...rows] = fs.readFileSync(path.join(out, 'gradebook.csv'), 'utf8').trim().split('\n');
  return rows.map((row) =>
    row
      .split(',')
      .filter((_, i) => ![2, 11, 12].includes(i))
      .join(' '),
  );
}

it('are there for every platform', () => {
  expect(commands.map(([, , what = '']) => what.split(':')[0])).toEqual([
    ...['a folder or a zip file for each student', 'Moodle', 'Canvas', 'Gradescope'],
    ...['GitHub Classroom', 'Classroom 50', 'a manifest'],
  ]);
});

it.each(commands.map(([, command = '']): [string] => [command]))(
  'npx kata %s',
  (command) => {
    const rows = gradebook(command);
    const kata = '01-rbd-put-client ';
    const row = (id: string, score: number): string =>
      `${kata} ${id} B${id} Ada ${id}@x.org ${score} 0 ${score} 100 `;
    expect(rows.slice(0, 3)).toEqual([row('s1', 100), row('s2', 0), row('s3', 0)]);
    const absent = rows.slice(3).map((each) => each.replace(/"| {2}package\.json/g, ''));
    expect(absent).toEqual(
      command.includes('.csv --kata')
        ? []
        : ['  s4 Null Eve s4@x.org     nothing to grade; there was notes.txt'],
    );
  },
  120_000,
);
