// SPDX-License-Identifier: GPL-2.0-only
/** Answers to litmus tests, as text and as a document. */
import { conditionText } from '../../litmus/condition';
import type { TestedFile } from '../../litmus/tested';
import type { Verdict } from '../../litmus/verdict';
import { drawWitness } from '../../litmus/witness';
import type { Style } from './style';
import { count } from './words';

/** A file, with its name. */
export interface Tested extends TestedFile {
  readonly file: string;
}

const ANSWER = 20;

function widthOf(files: readonly string[]): number {
  return Math.max(4, ...files.map(({ length }) => length));
}

/** The heads of the columns of rowOf(). */
export function heading(files: readonly string[]): string {
  return `${'test'.padEnd(widthOf(files))}  ${'answer'.padEnd(ANSWER)}  executions`;
}

/** One line for a file. */
export function rowOf(
  { file, problem, judged }: Tested,
  files: readonly string[],
  style: Style,
): string {
  if (judged === null) return style.yellow(problemText(file, problem));
  const { verdict } = judged;
  const { executions, comparison } = verdict;
  const note = noteOf(verdict);
  const cells = [
    file.padEnd(widthOf(files)),
    answerText(verdict).padEnd(ANSWER),
    String(executions).padStart(10),
    note,
  ];
  const line = cells.join('  ').trimEnd();
  return comparison === 'differs' ? style.red(line) : line;
}

function problemText(file: string, problem: Tested['problem']): string {
  return `${file}:${problem?.line ?? 1}: ${problem?.sentence ?? ''}`;
}

function answerText({ answer, race, executions }: Verdict): string {
  const text = answer ?? (executions > 0 ? 'not known' : 'no execution');
  return race ? `${text}, data race` : text;
}

/** What there is to say beside an answer. */
function noteOf({ answer, comparison, expected, race, executions, mayBuffer }: Verdict): string {
  const result = `${expected?.answer ?? ''}${expected?.race === true ? ', data race' : ''}`;
  switch (comparison) {
    case 'agrees':
      return race ? 'agrees on the data race' : 'agrees';
    case 'differs':
      return `DIFFERS: ${result} is expected`;
    case 'load buffering':
      return `${result} is expected; that needs load buffering, which is not explored`;
    case 'open':
      return `${result} is expected; given up after ${count(executions, 'execution')}`;
    case 'nothing expected':
      if (answer === null) return `given up after ${count(executions, 'execution')}`;
      return mayBuffer && answer !== 'Sometimes' ? 'load buffering is not explored' : '';
  }
}

/** One test by itself, with the execution that makes the point. */
export function printOne({ file, problem, judged }: Tested, style: Style, width: number): string {
  if (judged === null) return `${style.yellow(problemText(file, problem))}\n`;
  const { test, verdict, witness } = judged;
  const { positive, negative, comparison } = verdict;
  const note = noteOf(verdict);
  const first = `${test.name}: ${answerText(verdict)}${note === '' ? '' : ` (${note})`}`;
  const asked = `${test.quantifier} (${conditionText(test.condition)})`;
  const lines = [
    comparison === 'differs' ? style.red(first) : style.bold(first),
    `${asked} holds in ${positive} of ${count(positive + negative, 'ending')}; ${count(verdict.executions, 'execution')} explored${verdict.complete ? '' : ', not all'}`,
  ];
  if (verdict.cutOff) lines.push('Loops were followed for four turns.');
  const race = witness?.race ?? null;
  if (race !== null) lines.push(`data race: ${race}`);
  const drawn = witness === null ? [] : ['', ...drawWitness(test, witness, width)];
  return `${[...lines, ...drawn].join('\n')}\n`;
}

/** How many tests came out how. */
export function summary(tested: readonly Tested[]): string {
  const of = (comparison: Verdict['comparison']): number =>
    tested.filter(({ judged }) => judged?.verdict.comparison === comparison).length;
  const unread = tested.filter(({ problem }) => problem !== null).length;
  const parts = [
    said(of('agrees'), 'agree'),
    said(of('differs'), 'differ'),
    said(of('load buffering'), 'need', ' load buffering'),
    said(of('nothing expected'), 'expect', ' nothing'),
    of('open') === 0 ? [] : `${of('open')} given up`,
    unread === 0 ? [] : `${unread} cannot be read`,
  ].flat();
  return `${count(tested.length, 'test')}: ${parts.join(', ')}.\nnpx kata litmus FILE shows the execution of one.\n`;
}

/** `3 agree`, `1 agrees`; nothing of none. */
function said(number: number, verb: string, object = ''): string[] {
  return number === 0 ? [] : [`${number} ${verb}${number === 1 ? 's' : ''}${object}`];
}

/** All that is known, for programs. */
export function documentOf(tested: readonly Tested[], tool: string): unknown {
  const tests = tested.map(({ file, problem, judged }) => {
    if (judged === null) return { file, problem };
    const { test, verdict, witness } = judged;
    const { mayBuffer, witness: _schedule, ...rest } = verdict;
    const asked = { quantifier: test.quantifier, condition: conditionText(test.condition) };
    return { file, name: test.name, ...asked, ...rest, loadBufferingPossible: mayBuffer, witness };
  });
  return { schema: 'kata-litmus/v1', tool, tests };
}
