// SPDX-License-Identifier: GPL-2.0-only
/** Every kind of report in every format: the platforms' schemas hold, the points agree, and nothing hidden is shown. */
import fs from 'node:fs';
import path from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { convert } from 'xmlbuilder2';
import { looked, type SoundReport } from '../faults';
import { failing, HOLDING, HOSTILE, REPORTS, reportOf, soundOf } from '../testing/reports';
import { autolab, autolabScores } from './autolab';
import { check50 } from './check50';
import { classroom50, classroom50Context } from './classroom50';
import { exercism } from './exercism';
import { gradescope } from './gradescope';
import { junit } from './junit';
import { HIDDEN_TEXT } from './visible';

const ajv = new Ajv({
  allErrors: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
});

function schema(name: string, part = ''): ValidateFunction {
  const file = path.join(__dirname, 'schemas', `${name}.schema.json`);
  const whole = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
  return ajv.compile(part === '' ? whole : { ...whole, $ref: `#/definitions/${part}` });
}

function expectValid(validate: ValidateFunction, document: unknown): void {
  const value: unknown = JSON.parse(JSON.stringify(document));
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
}

const env = {
  ...{ CLASSROOM: 'os', ASSIGNMENT: 'kata-90', OWNER: 'alice', ASSIGNMENT_TYPE: 'group' },
  SUBMISSION_TAG: 'submit/2026-06-01T14-32-05Z-a1b2c3d',
  ...{ COMMIT_URL: 'https://c', RELEASE_URL: 'https://r', REVIEW_URL: 'https://v' },
};
const now = new Date('2026-06-01T14:33:11.500Z');
const context = classroom50Context(env, now);
if ('missing' in context) throw new Error('the context is whole');

const reports = Object.entries(REPORTS).flatMap(([name, report]): [string, SoundReport][] => {
  const found = looked(report);
  return found.fault === null ? [[name, found.report]] : [];
});
const validators = {
  gradescope: schema('gradescope'),
  classroom50: schema('classroom50'),
  exercism: schema('exercism-v3'),
  check50: schema('check50'),
  junit: schema('junit'),
  scores: schema('autolab', 'scores'),
  feedback: schema('autolab', 'feedback'),
};

describe.each(reports)('a report that says: %s', (_name, report) => {
  it('is what Gradescope takes, and the points of its tasks add up', () => {
    const results = gradescope([report]);
    expectValid(validators.gradescope, results);
    expect(results.tests.reduce((sum, { score = 0 }) => sum + score, 0)).toBe(report.score);
    expect(results.tests.reduce((sum, { max_score = 0 }) => sum + max_score, 0)).toBe(100);
  });

  it('is what Classroom 50 takes, and the points add up', () => {
    const result = classroom50([report], context);
    expectValid(validators.classroom50, result);
    expect(result.tests.reduce((sum, { score }) => sum + score, 0)).toBe(result.score);
    expect(result.tests.every((test) => test.score <= test['max-score'])).toBe(true);
  });

  it('is what Exercism takes', () => {
    const results = exercism(report);
    expectValid(validators.exercism, results);
    expect(results.status === 'pass').toBe(report.status === 'pass');
  });

  it('is what check50 prints', () => {
    expectValid(validators.check50, check50(report));
  });

  it('is what Autolab reads, the scores on the last line', () => {
    const lines = autolab([report]).trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expectValid(validators.feedback, JSON.parse(lines[0] ?? ''));
    expectValid(validators.scores, JSON.parse(lines[1] ?? ''));
    expect(autolabScores([report]).scoreboard).toEqual([report.score]);
  });

  it('is JUnit XML whose counts are right', () => {
    const xml = junit([report]);
    const read = convert({ encoding: 'UTF-8' }, xml, {
      format: 'object',
      group: false,
      verbose: true,
    });
    const suites = one((read as unknown as Xml)['testsuites']);
    const suite = one(suites['testsuite']);
    const cases = (suite['testcase'] as Xml[]).map((item) =>
      Object.fromEntries(Object.entries(item).map(([key, value]) => [key, single(value)])),
    );
    expectValid(validators.junit, {
      testsuites: { ...suites, testsuite: [{ ...suite, testcase: cases }] },
    });
    for (const [attribute, element] of [
      ['@failures', 'failure'],
      ['@errors', 'error'],
      ['@skipped', 'skipped'],
    ] as const) {
      const there = cases.filter((item) => item[element] !== undefined).length;
      expect([attribute, suite[attribute]]).toEqual([attribute, String(there)]);
    }
    expect(suite['@tests']).toBe(String(cases.length));
  });

  it('carries no control characters into any of them', () => {
    // eslint-disable-next-line no-control-regex -- control characters are what it is about
    const control = /[\u0000-\u0008\u000b-\u001f]|\\u00[01]|\\ud800/;
    for (const text of everything(report)) expect(text).not.toMatch(control);
  });
});

type Xml = Record<string, unknown>;

function one(value: unknown): Xml {
  return (Array.isArray(value) ? value[0] : value) as Xml;
}

function single(value: unknown): unknown {
  return Array.isArray(value) ? (value[0] as unknown) : value;
}

function everything(report: SoundReport): string[] {
  return [
    JSON.stringify(gradescope([report])),
    JSON.stringify(classroom50([report], context as Exclude<typeof context, { missing: unknown }>)),
    JSON.stringify(exercism(report)),
    JSON.stringify(check50(report)),
    autolab([report]),
    junit([report]),
  ];
}

const report = (name: string): SoundReport => soundOf(REPORTS[name] ?? reportOf([]));

it('tells a hidden scenario to nobody but Gradescope, which keeps it until its time', () => {
  const [first, ...others] = everything(report('fails hidden'));
  for (const text of others) {
    expect(text).not.toContain('secret');
    expect(text).toContain(HIDDEN_TEXT);
  }
  const told = gradescope([report('fails hidden')]).tests.filter(({ output = '' }) =>
    output.includes('secret'),
  );
  expect(told.map(({ visibility }) => visibility)).toEqual(['after_due_date']);
  expect(first).toContain(HIDDEN_TEXT);
});

it('tells a hidden scenario that is visible by now', () => {
  const visible = { ...failing('BUG: the secret'), hidden: true, visibility: 'visible' } as const;
  for (const text of everything(soundOf(reportOf([...HOLDING.slice(0, 1), visible])))) {
    expect(text).toContain('BUG: the secret');
  }
});

it('orders and numbers the entries of several katas for Gradescope', () => {
  const { tests, score } = gradescope([
    report('holds'),
    soundOf({ ...report('fails'), kata: '91-more' }),
  ]);
  expect(score).toBe(160);
  expect(tests.map(({ number }) => number)).toEqual([
    ...['90.0', '90.1', '90.2', '90.1.1', '90.2.1'],
    ...['91.0', '91.1', '91.2', '91.1.1', '91.2.1'],
  ]);
});

it('gives Exercism at most half a megabyte', () => {
  const long = failing(`BUG\n${'\u20ac'.repeat(70_000)}`);
  const many = Array.from({ length: 20 }, (_, i) => ({ ...long, id: `s${i}` }));
  const text = JSON.stringify(exercism(soundOf(reportOf(many))));
  expect(Buffer.byteLength(text)).toBeLessThan(500_000);
});

it('escapes what XML would take for markup, and keeps the words', () => {
  const xml = junit([report('hostile')]);
  expect(xml).not.toContain('<script>');
  expect(xml).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(HOSTILE).toContain('<script>');
});

it('names what the runner of Classroom 50 should have set', () => {
  expect(classroom50Context({ CLASSROOM: 'os' }, now)).toEqual({
    missing: ['ASSIGNMENT', 'OWNER', 'SUBMISSION_TAG', 'COMMIT_URL', 'RELEASE_URL', 'REVIEW_URL'],
  });
  expect(context).toMatchObject({
    ...{ datetime: '2026-06-01T14:32:05Z', graded_at: '2026-06-01T14:33:11Z' },
    assignment_type: 'group',
  });
});
