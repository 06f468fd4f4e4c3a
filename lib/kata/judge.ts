// SPDX-License-Identifier: GPL-2.0-only
/** Judging: explores a scenario to its end, and tells the shortest failure if there is one. */
import {
  certificateText,
  dpor,
  type Exploration,
  type Failure as Failing,
  failureOf,
  graver,
  nonDeterministic,
  replayTwice,
  witness,
} from '../explore';
import { type FrameRules, renderReport, tellingOf } from '../report';
import { Gravity, Machine } from '../machine';
import { allMonitors } from '../sanitize';
import { programOf } from './program';
import type { Scenario } from '../scenario/scenario';
import { explorationOf, type Failure, type TestVerdict } from './verdict';

/** Executions explored beyond the first failure in search of a graver one: a data race often foreshadows a use after free. */
const BEYOND_FAILURE = 2000;

export interface JudgeOptions {
  /** Bound on the executions of one scenario. */
  readonly executionsMax?: number;
  /** Which stack frames are the program's: names the driver file where it is in no kata's folder. */
  readonly frames?: FrameRules;
  /** The command that replays a schedule of a scenario, for the last line of its report. */
  readonly command?: (scenario: Scenario, schedule: string) => string;
  /** Say only which scenarios fail: no replay, no report. Much quicker, for checks that want no more. */
  readonly brief?: boolean;
  /** Reports without omissions. */
  readonly full?: boolean;
  /** Characters of a line of a report. */
  readonly width?: number;
  /** Told the kind of the first failure as soon as it is found, long before the shortest one is. */
  readonly failing?: (kind: string) => void;
}

/** A machine for a scenario with all detectors on. */
export function machineFor(scenario: Scenario): Machine {
  const program = programOf(scenario);
  const { stepsMax, commuting = false, detectors } = scenario;
  const monitors = allMonitors({ roots: () => program.roots() }).filter(
    ({ name }) => detectors?.includes(name) ?? true,
  );
  const options = { monitors, commuting };
  return new Machine(program, stepsMax === undefined ? options : { ...options, stepsMax });
}

interface Explored {
  readonly exploration: Exploration;
  readonly failing: number;
  /** How many of them show no more than a data race, or what might go wrong. */
  readonly races: number;
  readonly failure: Failing | null;
  readonly reached: boolean;
}

/** Explores every interleaving, up to the gravest failure it comes across. */
function explore(machine: Machine, scenario: Scenario, options: JudgeOptions): Explored {
  let failure: Failing | null = null;
  let failing = 0;
  let races = 0;
  let since = 0;
  let reached = scenario.reaches === undefined;
  const { executionsMax } = options;
  const restarted = (): void => {
    failing = races = since = 0;
    failure = null;
  };
  const exploration = dpor(
    machine,
    (execution) => {
      if (scenario.reaches !== undefined && machine.marks.has(scenario.reaches)) reached = true;
      const found = failureOf(execution);
      if (found !== null && failing++ === 0) options.failing?.(found.finding.kind);
      if (found !== null && isForeboding(found)) races++;
      failure = graver(failure, found);
      if (failure === null) return false;
      const { gravity, predicted } = failure.finding;
      if (options.brief === true || (gravity === Gravity.Memory && predicted !== true)) return true;
      return ++since > BEYOND_FAILURE;
    },
    executionsMax === undefined ? { restarted } : { restarted, executionsMax },
  );
  return { exploration, failing, races, failure, reached };
}

/** The execution went well by luck: nothing wrong has come of what was found. */
function isForeboding({ finding: { gravity, predicted } }: Failing): boolean {
  return gravity === Gravity.DataRace || predicted === true;
}

/** Judges one scenario. */
export function judgeScenario(scenario: Scenario, options: JudgeOptions = {}): TestVerdict {
  const machine = machineFor(scenario);
  const explored = explore(machine, scenario, options);
  const { exploration, failing, races } = explored;
  const verdict = {
    id: scenario.id,
    name: scenario.title,
    task: scenario.task,
    kind: scenario.kind,
    hidden: false,
    exploration: explorationOf(exploration, failing, races),
  };
  if (explored.failure !== null && options.brief === true) {
    return { ...verdict, status: 'fail', message: explored.failure.finding.kind };
  }
  if (explored.failure !== null) {
    const failure = tell(machine, scenario, explored.failure, exploration, options);
    return { ...verdict, status: 'fail', message: failure.headline, failure };
  }
  if (!exploration.complete) {
    return { ...verdict, status: 'bound', message: boundMessage(machine, exploration) };
  }
  if (!explored.reached) {
    const message = `none of ${exploration.executions} interleavings reaches '${scenario.reaches ?? ''}'`;
    return { ...verdict, status: 'fail', message };
  }
  return { ...verdict, status: 'pass', message: null };
}

/** Judges all scenarios of a suite, in order. */
export function judgeSuite(
  scenarios: readonly Scenario[],
  options: JudgeOptions = {},
): TestVerdict[] {
  return scenarios.map((scenario) => judgeScenario(scenario, options));
}

/** What a schedule does in a scenario: the report of its failure, or null if it passes. Throws Diverged if it does not fit. */
export function replayScenario(
  scenario: Scenario,
  schedule: string,
  options: JudgeOptions = {},
): string | null {
  const { replay, difference } = replayTwice(machineFor(scenario), schedule, { tracing: true });
  const finding = difference === null ? replay.finding : nonDeterministic(difference);
  if (finding === null) return null;
  return renderReport({
    finding,
    telling: tellingOf(options.frames),
    replay,
    command: options.command?.(scenario, schedule) ?? `'${schedule}'`,
    full: options.full ?? false,
    ...(options.width === undefined ? {} : { width: options.width }),
  });
}

function boundMessage(machine: Machine, { bound, executions }: Exploration): string {
  return bound === 'steps'
    ? `an execution was cut off after ${machine.stepsMax} steps: it may never end, so nothing is proven`
    : `given up after ${executions} interleavings without a failure: nothing is proven`;
}

function tell(
  machine: Machine,
  scenario: Scenario,
  failing: Failing,
  exploration: Exploration,
  options: JudgeOptions,
): Failure {
  const { replay, finding, schedule, minimised } = witness(machine, failing);
  const telling = tellingOf(options.frames);
  const command = options.command?.(scenario, schedule) ?? `'${schedule}'`;
  const report = renderReport({
    finding,
    telling,
    replay,
    exploration,
    command,
    full: options.full ?? false,
    ...(options.width === undefined ? {} : { width: options.width }),
    ...(minimised === null ? {} : { certificate: certificateText(minimised) }),
  });
  return {
    kind: finding.kind,
    headline: report.split('\n', 1)[0] ?? '',
    report,
    schedule,
    replay: command,
    contextSwitches: minimised?.contextSwitches ?? 0,
  };
}
