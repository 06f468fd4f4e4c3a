// SPDX-License-Identifier: GPL-2.0-only
/** One submission from its file to its report: the result, and that the report has the published form. */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Ajv from 'ajv';
import { kataAt, repositoryRoot } from '../kata/katas';
import { GOOD, RACY } from './canaries';
import { openGrader } from './grader';
import { gradePool, marked } from './pool';
import { reportOf } from './report';
import { answerIn } from './sandbox/protocol';
import { build } from './testing/built';
import type { GradedReport, Grader, GraderOptions, OsLayer } from './types';

const root = repositoryRoot();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-grade-'));
const schema = JSON.parse(
  fs.readFileSync(path.join(root, 'docs', 'schema', 'kata-report-v1.json'), 'utf8'),
) as object;
const isReport = new Ajv({ strict: false }).compile(schema);
const KATA = '00-lost-update';

let grader: Grader;

beforeAll(() => {
  build(root);
  grader = openGrader({ root, tool: 'test' });
});

afterAll(async () => {
  await grader.close();
  fs.rmSync(folder, { recursive: true });
});

let files = 0;

function fileWith(text: string | Buffer): string {
  const file = path.join(folder, `${++files}.ts`);
  fs.writeFileSync(file, text);
  return file;
}

async function grade(text: string, how: Grader = grader): Promise<GradedReport> {
  const report = await how.grade({ id: 'one', kata: KATA, file: fileWith(text) });
  expect(isReport(report) ? [] : isReport.errors).toEqual([]);
  return report;
}

async function withGrader<T>(
  options: Partial<GraderOptions>,
  use: (grader: Grader) => Promise<T>,
): Promise<T> {
  const other = openGrader({ root, tool: 'test', ...options });
  try {
    return await use(other);
  } finally {
    await other.close();
  }
}

it('gives a driver that holds all points, and says what was judged and how', async () => {
  const report = await grade(GOOD);
  expect(report).toMatchObject({
    ...{ schema: 'kata-report/v1', kata: KATA, driver: 'tally.ts', tier: 'grading' },
    ...{ status: 'pass', message: null, score: 100, maxScore: 100 },
    types: { status: 'pass', problems: [] },
    grading: { layers: grader.layers, version: grader.version(KATA), untrusted: null },
  });
  expect(report.grading.submission?.bytes).toBe(Buffer.byteLength(GOOD));
});

it('tells a failure as kata test does: headline, report, schedule, replay command', async () => {
  const { manifest, driver } = kataAt(root, '01-rbd-put-client');
  const shipped = path.join(folder, 'shipped.ts');
  fs.copyFileSync(driver, shipped);
  const report = await grader.grade({ id: 'shipped', kata: manifest.id, file: shipped });
  expect(isReport(report)).toBe(true);
  const told = report.tests.map(({ id, status, failure }) => [
    id,
    status === 'pass' ? 'passes' : failure?.headline,
  ]);
  expect(Object.fromEntries(told)).toEqual(manifest.scenarios);
  const failure = report.tests.find(({ status }) => status === 'fail')?.failure;
  expect(failure?.report.split('\n')[0]).toBe(failure?.headline);
  expect(failure?.report).toMatch(/rbd_client_release rbd\.ts:\d+/);
  expect(failure?.replay).toBe(`npx kata replay 01 '${failure?.schedule ?? ''}'`);
});

it('grades twice alike, byte for byte but for the time', async () => {
  const [first, second] = [await grade(RACY), await grade(RACY)];
  expect({ ...first, durationMs: 0 }).toEqual({ ...second, durationMs: 0 });
});

it('gives no points for a task whose needs do not hold', async () => {
  const report = await grade(RACY);
  expect(report.tests.find(({ id }) => id === 'read-while-writing')?.status).toBe('pass');
  expect(report.tasks.map(({ earned }) => earned)).toEqual([0, 0]);
});

it('gives no points for a driver that does not type-check, and says so beside its scenarios', async () => {
  const report = await grade(`${GOOD}export const a: number = 'x';\n`);
  expect(report).toMatchObject({ status: 'fail', score: 0, types: { status: 'fail' } });
  expect(report.message).toMatch(/^tally\.ts:21:14: a number is wanted here, and this is a text/);
  expect(report.tests.every(({ status }) => status === 'pass')).toBe(true);
});

it('checks the types of each driver afresh, whatever the one before it declared', async () => {
  await grade(`${GOOD}declare module '#lib' { export const spin_lock: 'gone'; }\n`);
  await grade(`${GOOD}declare global { interface Array<T> { poisoned: T } }\nexport {};\n`);
  expect((await grade(GOOD)).types).toEqual({ status: 'pass', problems: [] });
});

const HANGING = GOOD.replace(
  "  yield* WRITE_ONCE(file, 'pos'",
  "  /^(a+)+$/.test('a'.repeat(60) + 'b');\n  yield* WRITE_ONCE(file, 'pos'",
);

describe.each<[string, readonly OsLayer[] | undefined]>([
  ['the kernel', undefined],
  ['the parent', ['permission', 'bubblewrap']],
])('processor time, where %s counts it', (_who, layers) => {
  const options = { types: false, ...(layers === undefined ? {} : { layers }) };

  it('ends what never ends, and gives it no points', async () => {
    const limits = { cpuMs: 1000, explainMs: 1000 };
    await withGrader({ ...options, limits }, async (quick) => {
      const report = await grade(HANGING, quick);
      expect(report).toMatchObject({ status: 'timeout', score: 0 });
      const [stuck, ...rest] = report.tests.map(({ status }) => status);
      expect([stuck, ...new Set(rest)]).toEqual(['timeout', 'skipped']);
    });
  });
});

it('keeps the verdicts that were reached when the processor time is used up', async () => {
  // It hangs where only the last scenario comes: the first read of a file nobody has written.
  const late = RACY.replace(
    'export function* tally_read(): Op<number> {\n',
    "$&  if (tally_writes.value === 0) /^(a+)+$/.test('a'.repeat(60) + 'b');\n",
  );
  await withGrader({ types: false, limits: { cpuMs: 1000, explainMs: 1000 } }, async (quick) => {
    const report = await grade(late, quick);
    expect(report).toMatchObject({ status: 'fail', score: 0 });
    const statuses = report.tests.map(({ status }) => status);
    expect(statuses).toContain('fail');
    expect(statuses).toContain('timeout');
    expect(report.message).toBe(report.tests.find(({ status }) => status === 'fail')?.message);
  });
});

it('takes a machine that gives no processor time for a fault of its own, and never for a zero', async () => {
  await withGrader({ types: false, limits: { wallMs: 300 } }, async (starved) => {
    const report = await grade(HANGING, starved);
    expect(report.status).toBe('error');
    expect(JSON.stringify(report)).toContain('did not give it 150 s of processor time');
  });
});

it('gives the same report beside others that keep the machine busy', async () => {
  const limits = { cpuMs: 4000, explainMs: 4000 };
  await withGrader({ limits, types: false }, async (limited) => {
    const alone = await grade(RACY, limited);
    const forever = ['-e', 'for (;;);'];
    const busy = Array.from({ length: 6 }, () => spawn(process.execPath, forever));
    try {
      const beside = await grade(RACY, limited);
      expect({ ...beside, durationMs: 0 }).toEqual({ ...alone, durationMs: 0 });
    } finally {
      for (const child of busy) child.kill('SIGKILL');
    }
  });
});

it('tells a failure without its report when explaining has used up its own time', async () => {
  await withGrader({ types: false, limits: { explainMs: -1 } }, async (terse) => {
    const report = await grade(RACY, terse);
    expect(report).toMatchObject({ status: 'fail', score: 0 });
    const [failed] = report.tests.filter(({ status }) => status === 'fail');
    expect(failed?.failure).toBeUndefined();
    expect(failed?.message).not.toBeNull();
  });
});

it('says that nothing is proven, too, when an array is too large for the engine to go on', async () => {
  const large = "  'x'.repeat(2 ** 28).split('');\n";
  const report = await grade(GOOD.replace(/^export function\* tally_write.*\n/m, `$&${large}`));
  expect(report.status).toBe('bound');
  expect(report.message).toContain('ran out of memory');
});

it('says that nothing is proven when the bound on interleavings is reached', async () => {
  await withGrader({ limits: { executionsMax: 2 }, types: false }, async (bounded) => {
    expect(await grade(GOOD, bounded)).toMatchObject({ status: 'bound', score: 0 });
  });
});

it('refuses what it does not read, and says why in one sentence', async () => {
  const link = path.join(folder, 'link.ts');
  fs.symlinkSync(fileWith(GOOD), link);
  const refused = async (file: string): Promise<string | null> => {
    const report = await grader.grade({ id: 'odd', kata: KATA, file });
    expect(report).toMatchObject({ status: 'rejected', score: 0, types: { status: 'skipped' } });
    expect(isReport(report)).toBe(true);
    return report.message;
  };
  expect(await refused(link)).toBe('tally.ts is a symbolic link');
  expect(await refused(folder)).toBe('tally.ts is not a regular file');
  expect(await refused(fileWith(Buffer.from([0xc3, 0x28])))).toBe('tally.ts is not UTF-8 text');
  expect(await refused(fileWith(' \n'))).toBe('tally.ts:1:1: this file is empty');
  expect(await refused(fileWith('x'.repeat(70_000)))).toBe('tally.ts is larger than 65536 bytes');
  expect(await refused(fileWith('let n = 0;'))).toMatch(/^tally\.ts:1:1: 'let' at file scope/);
});

it('believes no answer but a whole one, to its own question and about its own scenarios', () => {
  const exploration = { strategy: 'dpor', executions: 1, complete: true, failing: 0 };
  const one = { id: 'x', name: 'x', task: 1, kind: 'race' };
  const verdict = { ...one, hidden: false, status: 'pass', message: null, exploration };
  const lines = (...said: object[]): string =>
    said.map((line) => `${JSON.stringify({ nonce: 'a', ...line })}\n`).join('');
  const declared = { type: 'declared', declared: [one] };
  const answer = lines(declared, { type: 'verdict', verdict }, { type: 'end' });
  const judged = { type: 'judged', declared: [one], verdicts: [verdict], executions: new Map() };
  expect(answerIn(answer, 'a')).toEqual({ ...judged, whole: true });
  expect(answerIn(answer, 'b')).toBeNull();
  // What had been said before something ended it stays said.
  expect(answerIn(lines(declared, { type: 'verdict', verdict }), 'a')).toMatchObject(judged);
  expect(answerIn(`${lines(declared)}{"nonce":"a"`, 'a')).toMatchObject({ verdicts: [] });
  const fail = { ...verdict, status: 'fail' };
  for (const said of [
    [{ type: 'verdict', verdict }],
    [declared, { type: 'verdict', verdict: {} }],
    [declared, { type: 'verdict', verdict: { ...verdict, id: 'y' } }],
    [declared, { type: 'verdict', verdict: fail }, { type: 'verdict', verdict }],
    [declared, { type: 'end' }, { type: 'verdict', verdict }],
    // No failure was reported of which this could be the execution.
    [declared, { type: 'verdict', verdict: fail }, { type: 'execution', id: 'x', execution: {} }],
    [declared, { type: 'execution', id: 'x', execution: {} }],
    [declared, { type: 'refused', problems: [] }],
  ]) {
    expect(answerIn(lines(...said), 'a')).toBeNull();
  }
  const frame = {
    frame: {
      ...{ tool: 'test', manifest: kataAt(root, KATA).manifest },
      ...{ driver: 'tally.ts', durationMs: 0 },
    },
    grading: { submission: null, version: '', layers: [], untrusted: null },
    visibility: new Map(),
  };
  const parsed = answerIn(answer, 'a');
  if (parsed === null) throw new Error('the answer above is one');
  expect(reportOf(frame, { how: 'answered', answer: parsed })).toMatchObject({
    status: 'error',
    score: 0,
  });
});

it('grades many at a time, between canaries that give no surprise', async () => {
  const submissions = Array.from({ length: 6 }, (_, i) => ({
    id: String(i),
    kata: KATA,
    file: fileWith(i % 2 === 0 ? GOOD : RACY),
  }));
  const scores = new Map<string, number>();
  const end = await gradePool(grader, submissions, {
    workers: 3,
    graded: ({ id }, { score }) => void scores.set(id, score),
  });
  expect(end).toEqual({ graded: 6, untrusted: null });
  expect([...scores].sort().map(([, score]) => score)).toEqual([100, 0, 100, 0, 100, 0]);
});

it('marks a batch in which a canary gives a surprise', async () => {
  await withGrader({ limits: { executionsMax: 1 }, types: false }, async (broken) => {
    const reports: GradedReport[] = [];
    const submissions = [{ id: 'one', kata: KATA, file: fileWith(GOOD) }];
    const end = await gradePool(broken, submissions, {
      graded: (_, report) => void reports.push(report),
    });
    expect(end.untrusted).toBe("the canary that is right got 'bound', no points");
    expect(reports[0]?.grading.untrusted).toBe(end.untrusted);
  });
  expect(marked(grader.pending({ id: '', kata: KATA, file: '' }), 'why').grading.untrusted).toBe(
    'why',
  );
});

it('adds the scenarios and wrong-input cases of an instructor', async () => {
  const hidden = path.join(folder, 'hidden');
  fs.mkdirSync(path.join(hidden, KATA), { recursive: true });
  fs.writeFileSync(
    path.join(hidden, KATA, 'scenarios.ts'),
    `import { expect_eq, type Op, scenario, suite } from '#lib';
import { rbdWorld } from '../worlds/rbd';
type Tally = { tally_file: never; tally_write(file: never): Op<void>; tally_read(): Op<number> };
export default suite<Tally>((tally) => [
  scenario({
    id: 'nobody-writes', title: 'without a write there is nothing to count', task: 3, kind: 'function',
    tasks: { *reader(): Op<void> { expect_eq(yield* tally.tally_read(), 0, 'writes'); } },
    setup: function* () { return rbdWorld; },
  }),
]);
`,
  );
  fs.writeFileSync(
    path.join(hidden, KATA, 'hidden.json'),
    JSON.stringify({
      visibility: 'after_due_date',
      tasks: [{ title: 'Corners', points: 7, needs: ['one-by-one'] }],
      scenarios: { 'nobody-writes': 'hidden' },
      cases: [
        {
          id: 'read-fresh',
          title: 'a read gives a number',
          task: 3,
          call: 'tally_read',
          returns: 0,
        },
        {
          id: 'read-error',
          title: 'a read gives -EIO',
          task: 1,
          call: 'tally_read',
          returns: '-EIO',
        },
      ],
    }),
  );
  await withGrader({ hidden, types: false }, async (stricter) => {
    expect(stricter.maxScore(KATA)).toBe(107);
    expect(stricter.version(KATA)).not.toBe(grader.version(KATA));
    const report = await grade(GOOD, stricter);
    expect(
      report.tests
        .filter(({ hidden }) => hidden)
        .map(({ id, status, visibility }) => [id, status, visibility]),
    ).toEqual([
      ['nobody-writes', 'pass', 'hidden'],
      ['read-fresh', 'pass', 'after_due_date'],
      ['read-error', 'fail', 'after_due_date'],
    ]);
    // Task 1 needs its hidden case; what the learner may not see is not told.
    expect(report.tasks.map(({ earned }) => earned)).toEqual([0, 40, 7]);
    expect(report.message).toBe("one of the instructor's scenarios does not hold");
  });
});

it('tells an instructor in one sentence what is wrong with the hidden folder', () => {
  const hidden = path.join(folder, 'odd');
  fs.mkdirSync(path.join(hidden, KATA), { recursive: true });
  const opened = (about: object): (() => unknown) => {
    fs.writeFileSync(path.join(hidden, KATA, 'hidden.json'), JSON.stringify(about));
    return () => openGrader({ root, tool: 'test', hidden });
  };
  const one = { id: 'x', title: 'x', task: 1, call: 'tally_read', returns: 0 };
  expect(opened({ cases: [{ ...one, task: 9 }] })).toThrow(
    'x belongs to task 9, and there is no such task',
  );
  expect(opened({ cases: [{ ...one, call: 'f' }] })).toThrow(
    'case x calls f, which no driver exports',
  );
  expect(opened({ cases: [{ ...one, returns: '-ENONE' }] })).toThrow('there is no error -ENONE');
  expect(opened({ visibility: 'never' })).toThrow('visibility must be one of visible, hidden');
  expect(opened({ scenario: {} })).toThrow('there is no field scenario');
});

it('refuses a hidden folder that would have no effect, and takes the short name of a kata', async () => {
  const hidden = fs.mkdtempSync(path.join(folder, 'short-'));
  const opened = (): unknown => openGrader({ root, tool: 'test', hidden });
  expect(opened).toThrow('there is no folder of a kata in it');
  fs.mkdirSync(path.join(hidden, '00'));
  expect(opened).toThrow('--hidden: 00: there is neither a scenario');
  const one = { id: 'x', title: 'x', task: 1, call: 'tally_read', returns: 0 };
  fs.writeFileSync(path.join(hidden, '00', 'hidden.json'), JSON.stringify({ cases: [one] }));
  await withGrader({ hidden, types: false }, async (more) => {
    expect([more.hidden(KATA), more.hidden('01-rbd-put-client')]).toEqual([1, 0]);
    expect((await grade(GOOD, more)).tests.at(-1)).toMatchObject({ id: 'x', status: 'pass' });
  });
  fs.mkdirSync(path.join(hidden, KATA));
  expect(opened).toThrow(`00 and ${KATA} are both ${KATA}`);
  fs.rmdirSync(path.join(hidden, KATA));
  fs.mkdirSync(path.join(hidden, '77-nothing'));
  expect(opened).toThrow("--hidden: 77-nothing: there is no kata '77-nothing'");
});

it('leaves nothing a driver can get hold of that it could change', () => {
  const script = path.join(root, 'dist', 'tools', 'grade', 'sandbox', 'probe.js');
  const { stdout } = spawnSync(process.execPath, ['--disable-proto=delete', script], {
    encoding: 'utf8',
  });
  const { objects, open, calls } = JSON.parse(stdout) as Record<string, unknown>;
  expect(open).toEqual([]);
  expect(objects).toBeGreaterThan(500);
  expect(calls).toBeGreaterThan(500);
});
