// SPDX-License-Identifier: GPL-2.0-only
/** Files with litmus tests, judged one by one. */
import fs from 'node:fs';
import { reason } from '../errno';
import { LitmusProblem, problemOf } from './problem';
import { observationIn, readLitmus } from './read';
import type { LitmusTest } from './syntax';
import { judge, type Verdict } from './verdict';
import { type Witness, witnessOf } from './witness';

/** A test with its verdict, and the execution that makes the point. */
export interface Judged {
  readonly test: LitmusTest;
  readonly verdict: Verdict;
  readonly witness: Witness | null;
}

/** A file: judged, or with what is wrong with it. */
export interface TestedFile {
  readonly problem: { readonly line: number; readonly sentence: string } | null;
  readonly judged: Judged | null;
}

/** Reads a test and judges it. */
export function testFile(file: string, executions: number): TestedFile {
  try {
    const test = withObservation(readLitmus(textOf(file)), `${file}.expected`);
    const verdict = judge(test, executions);
    const witness = verdict.witness === null ? null : witnessOf(test, verdict.witness);
    return { problem: null, judged: { test, verdict, witness } };
  } catch (error) {
    const problem = problemOf(error);
    if (problem === null) throw error;
    return { problem: { line: problem.line, sentence: problem.sentence }, judged: null };
  }
}

/** The tests in a folder and below it, in alphabetical order. */
export function testsIn(folder: string): string[] {
  const entries = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries.filter((entry) => entry.endsWith('.litmus')).sort();
}

/** A test whose comment expects nothing may have what herd has said of it beside it. */
function withObservation(test: LitmusTest, beside: string): LitmusTest {
  if (test.expected !== null || !fs.existsSync(beside)) return test;
  return { ...test, expected: observationIn(textOf(beside)) };
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new LitmusProblem(1, reason(error, 'read'));
  }
}
