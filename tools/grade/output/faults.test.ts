// SPDX-License-Identifier: GPL-2.0-only
/** Faults of ours, made on purpose, against everything that is written of a grade: in none of it is a number. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { repositoryRoot } from '../../kata/katas';
import { GOOD } from '../canaries';
import { progressOn } from '../batch/progress';
import { readResult, writeResult } from '../batch/results';
import { faultOf } from '../faults';
import { canvasGradebook, genericGradebook, moodleGradebook } from '../gradebook/gradebooks';
import { gradePool, openGrader } from '../index';
import { classPage } from '../summary/html';
import { tally } from '../summary/tally';
import { summaryText } from '../summary/text';
import { type Breaking, brokenRoot, MARK, REAL } from '../testing/broken';
import { build } from '../testing/built';
import type { GradedReport, GraderOptions } from '../types';
import { documentOf, FORMATS } from './formats';

const root = repositoryRoot();
const KATA = '00-lost-update';
const student = { id: 'ada', email: 'ada@x.org', lastName: '', firstName: '' };
const env = {
  ...{ CLASSROOM: 'os', ASSIGNMENT: 'a', OWNER: 'ada', SUBMISSION_TAG: 'submit/1' },
  ...{ COMMIT_URL: 'https://c', RELEASE_URL: 'https://r', REVIEW_URL: 'https://v' },
};

let folder = '';
beforeAll(() => {
  build(root);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-faults-'));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

interface Injected {
  readonly judge?: Breaking;
  readonly canary?: Breaking;
  readonly types?: Breaking;
  readonly limits?: GraderOptions['limits'];
}

const DIES = 'process.kill(process.pid, "SIGKILL");';
const HALF = 'const [declared, first] = answer(); say(declared); say(first);';

/** Each with what is said of it. */
const FAULTS: Readonly<Record<string, readonly [Injected, RegExp]>> = {
  'the sandbox cannot be started': [{ judge: 'throw new Error("no");' }, /without an answer \(1\)/],
  'it is killed': [{ judge: DIES }, /without an answer \(SIGKILL\)/],
  'it is killed when half is done': [{ judge: HALF + DIES }, /without an answer/],
  'it says nothing': [{ judge: '' }, /no answer/],
  'it says something else': [{ judge: 'fs.writeSync(3, "PASS\\n");' }, /no answer/],
  'it stops in the middle of a line': [{ judge: 'fs.writeSync(3, "{");' }, /no answer/],
  'it answers about other scenarios': [
    { judge: 'say({ type: "declared", declared: [] }); say({ type: "end" });' },
    /other scenarios/,
  ],
  'it says that it failed': [{ judge: 'say({ type: "fault", message: "lost" });' }, /failed: lost/],
  'a scenario cannot be judged': [
    {
      judge: `for (const line of answer()) say(line.type !== 'verdict' ? line :
        { ...line, verdict: { ...line.verdict, status: 'error', message: 'lost' } });`,
    },
    /lost/,
  ],
  'the machine gives it no time': [
    { judge: 'for (;;);', limits: { wallMs: 2500 } },
    /did not give it/,
  ],
  'the compiler dies': [{ types: DIES }, /the compiler ended without an answer/],
  'the canary that is right is refused': [
    { canary: 'say({ type: "refused", problems: ["no"] });' },
    /the canary that is right got 'rejected'/,
  ],
  'the canary that races passes': [
    {
      canary: `for (const line of answer()) if (line.verdict?.failure === undefined) say(line.type !== 'verdict' ? line :
        { ...line, verdict: { ...line.verdict, status: 'pass', exploration: { ...line.verdict.exploration, complete: true } } });`,
    },
    /the canary that races got 'pass'/,
  ],
};

async function gradedWith(name: string, injected: Injected): Promise<GradedReport> {
  const { limits, judge = REAL, ...more } = injected;
  const broken = brokenRoot(root, path.join(folder, name.replace(/ /g, '-')), { judge, ...more });
  const file = path.join(broken, 'tally.ts');
  fs.writeFileSync(file, MARK + GOOD);
  const options = { root: broken, tool: 'test', layers: [], types: injected.types !== undefined };
  const grader = openGrader({ ...options, ...(limits === undefined ? {} : { limits }) });
  let found: GradedReport | undefined;
  const graded = (_: unknown, report: GradedReport): void => void (found = report);
  try {
    await gradePool(grader, [{ id: 'ada', kata: KATA, file }], { workers: 1, graded });
  } finally {
    await grader.close();
  }
  if (found === undefined) throw new Error('nothing was graded');
  return found;
}

/** Everything that is written of a grade, as text; null where nothing is written. */
async function outputs(report: GradedReport): Promise<Map<string, string | null>> {
  const grades = [{ student, report }];
  const counted = tally(grades);
  const file = path.join(folder, 'result.json');
  await writeResult(file, report);
  let lines = '';
  const stream = new Writable({
    write: (text, _encoding, done) => {
      lines += String(text);
      done();
    },
  });
  const progress = progressOn(stream);
  progress.start(1, 0);
  progress.graded({ place: 0, student, kata: KATA, result: '' }, report, false);
  return new Map([
    ...Object.entries(FORMATS).map(([name, format]): [string, string | null] => [
      name,
      documentOf(format, [report], env).text,
    ]),
    ['result', fs.readFileSync(file, 'utf8')],
    ['gradebook', genericGradebook(grades)],
    ['moodle', moodleGradebook(KATA, grades)],
    ['canvas', canvasGradebook(grades)],
    ['page', classPage(counted, { tool: 'test', untrusted: null, layers: [] })],
    ['summary', summaryText(counted)],
    ['progress', lines],
  ]);
}

/** A number that somebody could take for a grade. */
const POINTS =
  /"(?:score|earned|scores|scoreboard)": ?\S*\d|"scores"|"passed": ?true|\b\d+ of 100|^[^\n]*ada@x\.org/m;

const NO_FILE = ['gradescope', 'classroom50'];

it('would see a number: a report without a fault has one everywhere', async () => {
  const report = await gradedWith('nothing', {});
  expect(faultOf(report)).toBeNull();
  for (const [name, text] of await outputs(report)) {
    if (['junit', 'exercism'].includes(name)) continue;
    expect([name, text]).toEqual([name, expect.stringMatching(POINTS)]);
  }
});

describe.each(Object.entries(FAULTS))('%s', (name, [injected, why]) => {
  let report: GradedReport;
  beforeAll(async () => {
    report = await gradedWith(name, injected);
  });

  it('is a fault, and said to be one', () => {
    expect(faultOf(report)).toMatch(why);
  });

  it('leaves no number in anything that is written', async () => {
    for (const [output, text] of await outputs(report)) {
      if (NO_FILE.includes(output)) expect([output, text]).toEqual([output, null]);
      else expect([output, text?.match(POINTS)?.[0] ?? null]).toEqual([output, null]);
    }
  });

  it('is an error in the words of each platform', async () => {
    const told = await outputs(report);
    expect(JSON.parse(told.get('exercism') ?? '')).toMatchObject({ status: 'error' });
    expect(JSON.parse(told.get('check50') ?? '')).toMatchObject({ error: { type: 'GraderFault' } });
    expect(told.get('junit')).toContain('<error message=');
    expect(told.get('autolab')).toMatch(/^kata: not graded: [^{]*\n$/);
    expect(told.get('progress')).toContain('no grade: ');
  });

  it('is still one when it is read again', async () => {
    const file = path.join(folder, 'again.json');
    await writeResult(file, report);
    const again = readResult(file);
    expect(again === null ? null : faultOf(again)).toMatch(why);
  });
});
