// SPDX-License-Identifier: GPL-2.0-only
/** What `kata test` prints: a line per scenario, the report, the tally. */
import type { KataReportV1, TestVerdict } from '../../../lib/kata/verdict';
import type { Judgement } from '../judgement';
import type { Style } from './style';
import { wrapped, fitColumns, fitRows } from './fit';
import { findingLine } from './place';
import { count, firstOf } from './words';

/** A judgement and what surrounds it. */
export interface Shown {
  readonly judgement: Judgement;
  /** Null where it has just been told. */
  readonly title: string | null;
  /** `npx kata test 01`, with --driver where there is one. */
  readonly command: string;
  /** Every report instead of the first. */
  readonly all: boolean;
}

const PROBLEMS_MAX = 3;
const REST_MAX = 5;

/** Of so many failures something is printed, unless all reports are. */
export const REPORTS_SHOWN = 1 + REST_MAX;

/** Everything there is to say about a judgement, but not what to do next. */
export function printJudgement(shown: Shown, style: Style): string {
  const { report } = shown.judgement;
  const blocks = [
    shown.title === null ? '' : headingOf({ ...report, title: shown.title }, style),
    report.tests.length === 0 ? '' : scenarioLines(report.tests, style).join('\n'),
    problemLines(shown.judgement, style).join('\n'),
    ...failureBlocks(shown, style),
    report.tests.length === 0 ? '' : tally(shown.judgement, style).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** Which kata, which driver. */
export function headingOf(
  { kata, driver, title }: Pick<KataReportV1, 'kata' | 'driver'> & { readonly title: string },
  style: Style,
): string {
  const lines = wrapped(`${kata}: ${title}`, style.width).map(style.bold);
  return `${lines.join('\n')}\n${style.dim(driver)}`;
}

/** One line per scenario that was run. */
export function scenarioLines(tests: readonly TestVerdict[], style: Style): string[] {
  const words: Partial<Record<TestVerdict['status'], string>> = {
    pass: style.green('ok  '),
    fail: style.red('FAIL'),
    skipped: style.dim('skip'),
  };
  return tests
    .filter(({ status }) => status !== 'skipped')
    .flatMap((test) => {
      const word = words[test.status] ?? style.yellow('open');
      const told = `(${outcome(test)})`;
      const room = style.width - INDENT.length;
      const lines =
        test.name.length + told.length < room
          ? [`${test.name} ${style.dim(told)}`]
          : [...wrapped(test.name, room), ...wrapped(told, room, ' ').map(style.dim)];
      return lines.map((line, i) => (i === 0 ? `${word}  ${line}` : `${INDENT}${line}`));
    });
}

/** Below the name of a scenario. */
const INDENT = ' '.repeat(6);

function outcome({ status, kind, message, exploration }: TestVerdict): string {
  const { executions, failing, races = 0 } = exploration;
  const all = count(executions, 'interleaving');
  if (status === 'pass') {
    if (kind === 'reachable') return `possible: ${all} explored`;
    const holds = executions === 1 ? 'holds in the only interleaving' : `holds in all ${all}`;
    return message === null ? holds : `${holds} ${message}`;
  }
  if (status !== 'fail') return message ?? `nothing is proven after ${all}`;
  if (failing === 0) return `happens in none of ${all}`;
  if (executions === 1) return 'fails in the first interleaving explored';
  const wrong = failing - races;
  if (wrong === 0) return `data race in ${shareOf(races, executions)} explored`;
  const more = races === 0 ? '' : `, ${races} more with a data race`;
  return `fails in ${shareOf(wrong, executions)} explored${more}`;
}

/** `all 4 interleavings`, `3 of 4 interleavings`. */
function shareOf(some: number, all: number): string {
  return `${some === all ? 'all' : `${some} of`} ${count(all, 'interleaving')}`;
}

function problemLines({ report, problems }: Judgement, style: Style): string[] {
  const lines = firstOf(problems, PROBLEMS_MAX);
  const told = report.tests.length === 0 && report.message !== null ? [report.message] : [];
  const shown = problems.length > 0 ? lines : told;
  return shown.flatMap((line) => wrapped(line, style.problemWidth, '    ')).map(style.red);
}

/** The first report, or all, in a line each what else fails, and where to look: the report may have left the screen by then. */
export function failureBlocks(shown: Shown, style: Style): string[] {
  const { report } = shown.judgement;
  const failing = report.tests.filter(({ status }) => status === 'fail');
  const lines = (shown.all ? failing : failing.slice(0, 1)).flatMap((test) => {
    const line = findingLine(report, test);
    return line === null ? [] : wrapped(line, style.problemWidth, '    ').map(style.red);
  });
  const blocks = reportBlocks(shown, failing, style);
  return lines.length === 0 ? blocks : [...blocks, lines.join('\n')];
}

function reportBlocks(
  { command, all }: Shown,
  failing: readonly TestVerdict[],
  style: Style,
): string[] {
  const whole = all ? failing : failing.slice(0, 1);
  const rest = failing.slice(whole.length);
  const blocks = whole.map((test) => reportOf(test, all, style));
  if (rest.length === 0) return blocks;
  const rows = rest.slice(0, REST_MAX).map((test) => [`  ${test.id}`, headlineOf(test)]);
  const more = rest.length > REST_MAX ? [`  ... and ${rest.length - REST_MAX} more`] : [];
  const how = `  (${command} --scenario ${rest[0]?.id ?? ''} shows one report, --all every one)`;
  return [
    ...blocks,
    [
      'Also failing:',
      ...fitColumns(rows, style.width),
      ...more,
      ...wrapped(how, style.width, '   ').map(style.dim),
    ].join('\n'),
  ];
}

function reportOf(test: TestVerdict, titled: boolean, style: Style): string {
  const [headline = '', ...rest] = (test.failure?.report ?? headlineOf(test)).trimEnd().split('\n');
  const title = titled ? [style.dim(`--- ${test.id}: ${test.name}`)] : [];
  const bug = wrapped(headline, style.width, '  ').map((line) => style.bold(style.red(line)));
  return [...title, ...bug, ...rest].join('\n');
}

function headlineOf(test: TestVerdict): string {
  return test.failure?.headline ?? test.message ?? 'fails';
}

function tally({ report, problems }: Judgement, style: Style): string[] {
  const partial = report.tests.some(({ status }) => status === 'skipped');
  if (partial) return ['Not every scenario was run, so no points are given.'];
  const rows = report.tasks.map(({ id, title, points, earned }) => [
    `Task ${id}`,
    `${earned} of ${count(points, 'point')}`,
    title,
  ]);
  const told = fitRows(rows, style.width);
  const lines = report.tasks.flatMap((task, i) => {
    const whole = told[i] ?? [];
    return task.earned === task.points ? whole.map(style.green) : whole;
  });
  return [...lines, '', verdictLine(report, problems.length, style)];
}

/** The verdict in one line. */
export function verdictLine(report: KataReportV1, typeErrors: number, style: Style): string {
  const { status, tests } = report;
  const sum = tests.reduce((total, { exploration }) => total + exploration.executions, 0);
  const where = `${count(sum, 'interleaving')} of ${count(tests.length, 'scenario')}`;
  if (status === 'pass') {
    return style.bold(style.green(`The driver holds in all ${where}, exploration complete.`));
  }
  if (status === 'bound' || status === 'timeout') {
    return style.yellow(
      'No failure was found, but not everything was explored: nothing is proven.',
    );
  }
  const held = tests.filter((test) => test.status === 'pass').length;
  const hold = `${held} of ${count(tests.length, 'scenario')} ${held === 1 ? 'holds' : 'hold'}`;
  if (typeErrors === 0) return `${hold}.`;
  return `${hold}; a driver with ${count(typeErrors, 'type error')} earns no points.`;
}
