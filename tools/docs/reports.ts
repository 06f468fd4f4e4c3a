// SPDX-License-Identifier: GPL-2.0-only
/**
 * The examples of docs/reports.md: each is a small driver in the page. `setup` makes its world; every other exported function is a
 * task of that name.
 */
import { LIB_EXPORTS } from '../../lib/kata/files';
import { judgeScenario } from '../../lib/kata/judge';
import { linkSource } from '../../lib/kata/linking';
import type { Scenario } from '../../lib/scenario/scenario';
import { startDriver } from '../../lib/kata/starting';
import { traceScenario } from '../../lib/kata/trace';
import { type Execution, executionOf } from '../../lib/report';

/** A driver in a page. */
export interface Example {
  readonly name: string;
  /** The file of the example's detector; null if it shows something else. */
  readonly detector: string | null;
  readonly source: string;
}

/** The examples of a page, in order. */
export function examplesOf(page: string): Example[] {
  const blocks = page.matchAll(/^```ts example ([\w-]+)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, name = '', source = '']) => ({
    name,
    detector: NO_DETECTORS.has(name) ? null : `lib/sanitize/${name}.ts`,
    source,
  }));
}

/** Examples of features that several detectors' reports have. */
const NO_DETECTORS = new Set(['reordered']);

/** The report of an example, without the replay line, as it belongs to no kata. */
export function reportOf(example: Example): string {
  return failureOf(example).report;
}

/** The execution that the report of an example is about. */
export function executionOfExample(example: Example): Execution {
  const { scenario, schedule, report } = failureOf(example);
  const file = fileOf(example);
  const traced = traceScenario(scenario, schedule, { frames: { drivers: [file] } });
  const sources = { [file]: example.source.trimEnd().split('\n') };
  return executionOf(traced, { schedule, report, command: '', sources });
}

interface Failed {
  readonly scenario: Scenario;
  readonly schedule: string;
  readonly report: string;
}

function failureOf(example: Example): Failed {
  const { name, source } = example;
  const file = fileOf(example);
  const scenario = scenarioOf(name, driverOf(file, source));
  const { failure } = judgeScenario(scenario, { frames: { drivers: [file] }, command: () => '' });
  if (failure === undefined) throw new Error(`the example ${name} does not fail`);
  const report = failure.report.replace(/\n+replay it:.*\s*$/, '');
  return { scenario, schedule: failure.schedule, report };
}

function fileOf({ name }: Example): string {
  return `${name}.ts`;
}

function driverOf(file: string, source: string): Readonly<Record<string, unknown>> {
  const linked = linkSource(source, file, { exports: [] }, LIB_EXPORTS);
  const started = linked.ok ? startDriver(linked, file) : linked;
  if (!started.ok) throw new Error(started.problems.join('\n'));
  return started.driver;
}

function scenarioOf(id: string, driver: Readonly<Record<string, unknown>>): Scenario {
  const { setup, ...tasks } = driver as Scenario['tasks']; // the linker has checked that they are functions
  const scenario = {
    id,
    title: id,
    task: 1,
    kind: 'race',
    tasks,
    failures: { register: 1 },
  } as const;
  return setup === undefined ? scenario : { ...scenario, setup: () => setup(undefined) };
}

/** The "Misses" part of a detector's file, as a paragraph. */
export function missesOf(file: string): string {
  const [, text] = /^ \* (Misses: [\s\S]*?)\n \*\/$/m.exec(file) ?? [];
  if (text === undefined) throw new Error('a detector says what it misses');
  return `It misses${text.replace(/\n \* ?/g, ' ').slice('Misses'.length)}`;
}
