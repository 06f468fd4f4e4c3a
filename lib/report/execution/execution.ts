// SPDX-License-Identifier: GPL-2.0-only
/** Makes plain data of a traced execution, for players. It runs nothing and changes nothing. */
import type { Finding, PassedOver, PlainAccess, ReplayStep } from '../../machine';
import { programFrames, type FrameRules } from '../frames';
import { participantsOf } from '../participants';
import { renderReport } from '../report';
import type { Row } from '../row-list';
import { rowsOf, Weight } from '../rows';
import type { SceneTask } from '../scene';
import { tellingOf } from '../telling';
import { edgesOf } from '../trace/edges';
import { tasksOf, told, type Traced, wordsFor } from '../trace/traced';
import { stepsUpTo } from '../up-to';
import { bandsOf, countsOf, livesOf } from './lasting';
import type {
  Execution,
  ExecutionAccess,
  ExecutionFinding,
  ExecutionPlace,
  ExecutionRow,
  ExecutionStanding,
  ExecutionStep,
  ExecutionTask,
} from './types';

/** What a trace does not know about its execution. */
export interface ExecutionContext {
  readonly schedule: string;
  /** The lines of the files that places name, the driver first. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
  /** The command that shows this execution again, for the last line of the report. */
  readonly command: string;
  /** The report, if there is one already that tells more: how far was searched. */
  readonly report?: string;
}

/** Describes a traced execution as plain data. */
export function executionOf(traced: Traced, context: ExecutionContext): Execution {
  const { scenes, title } = traced;
  const { rows, guilty } = rowsIn(traced);
  return {
    schema: 'kata-execution/v1',
    title,
    schedule: context.schedule,
    tasks: taskList(traced),
    rows,
    steps: traced.recorded.steps.map((step, i) => stepOf(traced, step, guilty.has(i + 1))),
    standings: scenes.map(({ tasks }) => tasks.map((task) => standingOf(task, traced.rules))),
    bands: bandsOf(traced),
    lives: livesOf(traced),
    counts: countsOf(traced),
    edges: edgesOf(traced).map((edge) => ({ ...edge, from: edge.from + 1, to: edge.to + 1 })),
    finding: findingOf(traced, guilty, context),
    sources: Object.entries(context.sources).map(([file, lines]) => ({ file, lines })),
  };
}

/** The rows up to the finding as its report has them, then those after it; and the steps that the finding mentions. */
function rowsIn(traced: Traced): { rows: ExecutionRow[]; guilty: ReadonlySet<number> } {
  const { recorded, finding, rules } = traced;
  const { telling, rows } = told(traced);
  const upTo = stepsUpTo(recorded, finding);
  const later =
    finding === null
      ? []
      : rowsOf(recorded, null, telling.asked, rules)
          .filter(({ letter, step }) => letter !== '' && step >= upTo)
          .map((row) => ({ ...row, mark: '' }));
  const steps = recorded.steps.length;
  const last = rows.filter(({ letter }) => letter !== '').length;
  const [ran, checked] = [rows.slice(0, last), rows.slice(last)];
  const all = [
    ...[...ran, ...later].map((row) => rowOf(row, row.step + 1, Math.min(row.last + 1, steps))),
    ...checked.map((row) => rowOf(row, steps + 1, steps + 1)),
  ];
  const guilty = new Set(all.filter((row) => row.guilty).map(({ last: step }) => step));
  return { rows: all, guilty };
}

function rowOf(row: Row, step: number, last: number): ExecutionRow {
  const { letter, depth, text, object, at, weight, mark } = row;
  const kind = weight === Weight.Entry ? 'entry' : weight === Weight.Print ? 'print' : 'operation';
  const note = mark.trim();
  return { letter, step, last, depth, kind, text, object, at, guilty: mark !== '', note };
}

function taskList(traced: Traced): ExecutionTask[] {
  const { recorded } = traced;
  const { steps } = recorded;
  const tasks = tasksOf(traced);
  const participants = participantsOf(
    recorded,
    tasks.map(({ letter }) => ({ letter })),
  );
  return tasks.map(({ id, letter, comm, context }) => {
    const { cpu = id, from = '' } = participants.find((one) => one.letter === letter) ?? {};
    return {
      letter,
      cpu,
      comm,
      context: context === 'rcu' ? 'softirq' : context,
      born: steps.findIndex(({ born }) => born.includes(id)) + 1,
      from,
    };
  });
}

function stepOf(traced: Traced, step: ReplayStep, guilty: boolean): ExecutionStep {
  const { letter, object, site, outcome, result, accesses, prints, passed } = step;
  return {
    letter,
    text: wordsFor(step),
    object,
    stack: placesOf(site, traced.rules),
    outcome,
    result,
    accesses: accesses.map((access) => accessOf(access, traced.rules)),
    prints: prints.map(({ text }) => text),
    reordered: passed === null ? null : reorderedText(passed, step),
    guilty,
  };
}

function accessOf(
  { object, field, write, value, site }: PlainAccess,
  rules: FrameRules,
): ExecutionAccess {
  const [at = null] = placesOf(site, rules);
  return { what: field === '' ? object : `${object}.${field}`, write, value, at };
}

/** Step numbers count from 1 for readers. */
function reorderedText({ read, over }: PassedOver, { result }: ReplayStep): string {
  const newer = over < 0 ? 'a newer store' : `the newer store of step ${over + 1}`;
  if (read === null) return `stored before ${newer}`;
  const from = read < 0 ? 'from before the first step' : `of step ${read + 1}`;
  return `reads ${result ?? 'the value'} ${from}, not ${newer}`;
}

function standingOf(task: SceneTask, rules: FrameRules): ExecutionStanding {
  const { letter, state, next, held, waitsFor } = task;
  return {
    letter,
    state,
    next: next === null ? '' : wordsFor(next),
    stack: next === null || next.operation === 'start' ? [] : placesOf(next.site, rules),
    holds: held.filter(({ type }) => type !== 'map').map(({ object }) => object),
    waitsFor,
  };
}

function placesOf(site: string, rules: FrameRules): ExecutionPlace[] {
  return programFrames(site, rules).map(({ file, line, name }) => ({ file, line, within: name }));
}

function findingOf(
  { recorded, finding, rules }: Traced,
  guilty: ReadonlySet<number>,
  { command, report }: ExecutionContext,
): ExecutionFinding | null {
  if (finding === null) return null;
  return {
    kind: finding.kind,
    headline: headlineOf(finding, rules),
    at: stepsUpTo(recorded, finding),
    guilty: [...guilty].sort((a, b) => a - b),
    report:
      report ?? renderReport({ finding, telling: tellingOf(rules), replay: recorded, command }),
  };
}

function headlineOf(finding: Finding, rules: FrameRules): string {
  return finding.headline(tellingOf(rules));
}
