// SPDX-License-Identifier: GPL-2.0-only
/** One submission in a platform's format: on standard output, or in a file that is never half written. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../../kata/katas';
import { PLAIN } from '../../kata/print/style';
import { build } from '../testing/built';
import { grade } from './main';
import type { GradeOptions } from './options';

const root = repositoryRoot();
let cwd = '';
beforeAll(() => build(root));
beforeEach(() => {
  cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-one-'));
});
afterEach(() => {
  fs.rmSync(cwd, { recursive: true, force: true });
});

async function graded(
  given: string,
  options: Omit<GradeOptions, 'types'>,
): Promise<{ code: number; out: string }> {
  let out = '';
  const write = (text: string): void => void (out += text);
  const complain = (text: string): void => {
    throw new Error(text);
  };
  const shell = { root, cwd, tool: 'kata 0', style: PLAIN, write, complain };
  return { code: await grade(shell, given, { ...options, types: false }), out };
}

it('is printed for Autolab, the scores on the last line, and nothing else', async () => {
  const solution = path.join(root, 'solutions/00-lost-update/tally.ts');
  const { code, out } = await graded(solution, { format: 'autolab' });
  expect(code).toBe(0);
  const [feedback = '', scores = '', ...more] = out.split('\n');
  expect(JSON.parse(feedback)).toMatchObject({
    _presentation: 'semantic',
    stages: ['00-lost-update'],
  });
  const { scores: tasks } = JSON.parse(scores) as { scores: Record<string, number> };
  expect(Object.values(tasks).reduce((sum, points) => sum + points, 0)).toBe(100);
  expect(more).toEqual(['']);
});

it('is a verdict, and the exit code 0, when there is nothing of what was asked for', async () => {
  fs.mkdirSync(path.join(cwd, 'submission'));
  const options = { one: true, kata: ['0', '1'], format: 'gradescope', out: 'results.json' };
  expect(await graded('submission', options)).toEqual({ code: 0, out: '' });
  const results: unknown = JSON.parse(fs.readFileSync(path.join(cwd, 'results.json'), 'utf8'));
  expect(results).toMatchObject({
    score: 0,
    output:
      '00-lost-update: 0 of 100: there is no tally.ts\n01-rbd-put-client: 0 of 100: there is no rbd.ts',
  });
  expect(fs.readdirSync(cwd).sort()).toEqual(['results.json', 'submission']);
});
