// SPDX-License-Identifier: GPL-2.0-only
/** JUnit XML: a suite for each kata, a case for each scenario. */
import { create } from 'xmlbuilder2';
import type { KataReportV1, TestVerdict } from '../../../lib/kata/verdict';
import { looked, type SoundReport } from '../faults';
import { typesEntry, visibleMessage, visibleName, visibleSentence, visibleText } from './visible';
import { plain } from '../odd';

/** The outcome of a case; a submission that was not run is one case of its own. */
interface Case {
  readonly name: string;
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  readonly sentence: string;
  readonly text: string;
}

interface Suite {
  readonly name: string;
  readonly seconds: number;
  readonly cases: readonly Case[];
}

/** The whole document; `nameOf` names a suite, for instance with the student it belongs to. A fault is an error. */
export function junit(
  reports: readonly KataReportV1[],
  nameOf: (report: KataReportV1) => string = ({ kata }) => kata,
): string {
  const suites = reports.map((report): Suite => {
    return {
      name: plain(nameOf(report)),
      seconds: report.durationMs / 1000,
      cases: casesOrFault(report),
    };
  });
  const all = suites.flatMap(({ cases }) => cases);
  const seconds = suites.reduce((sum, suite) => sum + suite.seconds, 0);
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: 'kernel-race-katas',
    ...counts(all),
    time: seconds.toFixed(3),
  });
  for (const suite of suites) {
    const element = root.ele('testsuite', {
      name: suite.name,
      ...counts(suite.cases),
      skipped: count(suite.cases, 'skipped'),
      time: suite.seconds.toFixed(3),
    });
    for (const { name, outcome, sentence, text } of suite.cases) {
      const testcase = element.ele('testcase', { classname: suite.name, name, time: '0' });
      if (outcome === 'skipped') testcase.ele('skipped');
      else if (outcome !== 'passed') testcase.ele(outcome, { message: sentence }).txt(text);
    }
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function counts(cases: readonly Case[]): Record<'tests' | 'failures' | 'errors', number> {
  return { tests: cases.length, failures: count(cases, 'failure'), errors: count(cases, 'error') };
}

function count(cases: readonly Case[], outcome: Case['outcome']): number {
  return cases.filter((one) => one.outcome === outcome).length;
}

function casesOrFault(report: KataReportV1): Case[] {
  const found = looked(report);
  if (found.fault === null) return casesOf(found.report);
  const { fault: sentence } = found;
  return [
    { name: plain(`${report.driver} is judged`), outcome: 'error', sentence, text: sentence },
  ];
}

function casesOf(report: SoundReport): Case[] {
  if (report.tests.length > 0) return [...typesCase(report), ...report.tests.map(caseOf)];
  const sentence = visibleMessage(report) ?? '';
  return [
    { name: plain(`${report.driver} is judged`), outcome: 'failure', sentence, text: sentence },
  ];
}

function typesCase(report: SoundReport): Case[] {
  const types = typesEntry(report);
  if (types === null) return [];
  const { passed, text } = types;
  const outcome = passed === null ? 'error' : passed ? 'passed' : 'failure';
  return [
    {
      name: plain(`${report.driver} type-checks`),
      outcome,
      sentence: text.split('\n', 1)[0] ?? '',
      text,
    },
  ];
}

const OUTCOME: Readonly<Record<TestVerdict['status'], Case['outcome']>> = {
  pass: 'passed',
  fail: 'failure',
  bound: 'failure',
  timeout: 'failure',
  error: 'error',
  skipped: 'skipped',
};

function caseOf(test: TestVerdict, place: number): Case {
  return {
    name: visibleName(test, place),
    outcome: OUTCOME[test.status],
    sentence: visibleSentence(test),
    text: visibleText(test),
  };
}
