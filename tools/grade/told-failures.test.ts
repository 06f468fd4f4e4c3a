// SPDX-License-Identifier: GPL-2.0-only
/** A real sandbox tells how failures happened, if somebody wants to hear of it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../kata/katas';
import { GOOD, RACY } from './canaries';
import { openGrader } from './grader';
import { build } from './testing/built';
import type { GradedReport, Grader, ToldFailure } from './types';

const root = repositoryRoot();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-told-'));
const KATA = '00-lost-update';
const heard: ToldFailure[] = [];
let grader: Grader;

beforeAll(() => {
  build(root);
  const told = (one: ToldFailure): void => void heard.push(one);
  grader = openGrader({ root, tool: 'test', types: false, told });
});

afterAll(async () => {
  await grader.close();
  fs.rmSync(folder, { recursive: true });
});

async function grade(text: string): Promise<GradedReport> {
  const file = path.join(folder, 'tally.ts');
  fs.writeFileSync(file, text);
  return grader.grade({ id: 'one', kata: KATA, file });
}

it('tells nothing of a driver that holds', async () => {
  await grade(GOOD);
  expect(heard).toEqual([]);
});

it('tells each failure step by step, in the words of the report and beside what was handed in', async () => {
  const report = await grade(`// </script>\tthe driver\n${RACY}`);
  expect(heard.map(({ test }) => test)).toEqual(
    report.tests.filter(({ failure }) => failure !== undefined),
  );
  for (const { test, execution } of heard) {
    const { headline, schedule } = test.failure ?? {};
    expect(execution).toMatchObject({ schedule, finding: { headline, report: '' } });
    expect(execution.title).toBe(`${KATA}, ${test.id}: ${schedule ?? ''}`);
    expect(execution.sources[0]?.lines[0]).toBe('// </script>  the driver');
    expect(execution.rows.some(({ at }) => at?.file === 'tally.ts')).toBe(true);
  }
});
