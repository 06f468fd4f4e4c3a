// SPDX-License-Identifier: GPL-2.0-only
/** Judging: explores a scenario completely, and reports the shortest failure if there is one. */
import {
  certificateText,
  confirmed,
  cutSchedule,
  dpor,
  type Exploration,
  type Explorer,
  type Failure as Failing,
  failureOf,
  fairEnding,
  graver,
  type MinimiseOptions,
  nonDeterministic,
  type GivesUp,
  Patience,
  portfolio,
  preemptionBound,
  replayTwice,
  type Turns,
  turnsIn,
  verdictText,
  type Witness,
  witness,
} from '../explore';
import { type FrameRules, renderReport, tellingOf } from '../report';
import { isFailurePoint } from '../kernel/may-fail';
import { Gravity, Machine, UsageError } from '../machine';
import { allMonitors } from '../sanitize';
import { programOf } from './program';
import type { Scenario } from '../scenario/scenario';
import { explorationOf, type Failure, type TestVerdict } from './verdict';

/** Executions explored beyond the first failure in search of a graver one: a data race often foreshadows a use after free. */
const BEYOND_FAILURE = 2000;

export interface JudgeOptions {
  /** Bound on the executions of one scenario. */
  readonly executionsMax?: number;
  /** Where a bound was reached: look for a failure in so many interleavings with few preemptions, and in as many at random. */
  readonly sample?: number;
  /** Which stack frames are the program's: names the driver file where it is in no kata's folder. */
  readonly frames?: FrameRules;
  /** The command that replays a schedule of a scenario, for the last line of its report. */
  readonly command?: (scenario: Scenario, schedule: string) => string;
  /** Say only which scenarios fail: no replay, no report. Much quicker, for checks that want no more. */
  readonly brief?: boolean;
  /** Explain failures as they were found, without a search for others with fewer preemptions. */
  readonly quick?: boolean;
  /** Steps that search may take; without it, as many as one failure alone is worth. */
  readonly stepsMax?: number;
  /** Reports without omissions. */
  readonly full?: boolean;
  /** Characters of a line of a report. */
  readonly width?: number;
  /** Told the kind of the first failure as soon as it is found, long before the shortest one is. */
  readonly failing?: (kind: string) => void;
}

/** A machine for a scenario with all detectors on. With patience, loops that give up after so many turns are explored, too. */
export function machineFor(scenario: Scenario, patience = 0): Machine {
  const program = programOf(scenario);
  const { stepsMax, commuting = false, fair = false, detectors, mayKeep = {} } = scenario;
  const monitors = allMonitors({ roots: () => program.roots(), mayKeep }).filter(
    ({ name }) => detectors?.includes(name) ?? true,
  );
  const options = { monitors, commuting, fair };
  const machine = new Machine(program, stepsMax === undefined ? options : { ...options, stepsMax });
  machine.patience = patience;
  return machine;
}

/** Turns in which nothing changes up to which a loop that gives up is explored: each may be the one in which others go on. */
const PATIENCE_MAX = 8;

/** An execution that was cut off counts as so many: it takes as long. */
const CUT = 50;

/** What exploring a scenario came to: plain data. */
export interface Explored {
  /** Of a scenario that fails it does not tell how yet. */
  readonly verdict: TestVerdict;
  readonly found: Found | null;
  /** How many steps it took. */
  readonly steps?: number;
}

/** A failure that can be explained. Plain data: it may be done by another process. */
export interface Found {
  readonly failure: Failing;
  readonly exploration: Exploration;
}

/** Explores interleavings by a strategy, up to the gravest failure it comes across. */
function explore(
  explorer: Explorer,
  machine: Machine,
  scenario: Scenario,
  options: JudgeOptions,
): Run {
  const patience = new Patience();
  let failure: Failing | null = null;
  let told = false;
  let failing = 0;
  let races = 0;
  let since = 0;
  let cut: Turns | null = null;
  let reached = scenario.reaches === undefined;
  const { executionsMax } = options;
  const restarted = (): void => {
    failing = races = since = 0;
    failure = cut = null;
    patience.restarted();
  };
  const exploration = explorer(
    machine,
    (execution) => {
      if (scenario.reaches !== undefined && machine.marks.has(scenario.reaches)) reached = true;
      const found = failureOf(execution);
      patience.note(execution);
      if (found !== null) failing++;
      if (found !== null && isForeboding(found)) races++;
      failure = graver(failure, found);
      if (failure === found) patience.failed(machine, found?.finding.kind);
      if (found !== null && !told && !patience.waits) {
        told = true;
        options.failing?.(found.finding.kind);
      }
      if (machine.cut) cut ??= turnsIn(execution);
      if (failure === null) return false;
      const { gravity, predicted } = failure.finding;
      // A task that polls at the end may still go on. That is not a failure yet, so look for one.
      if (options.brief === true && !patience.waits) return true;
      if (gravity === Gravity.Memory && !predicted) return true;
      since += machine.cut ? CUT : 1;
      return since > BEYOND_FAILURE;
    },
    executionsMax === undefined ? { restarted } : { restarted, executionsMax },
  );
  // What waits for a loop that gives up does not wait for ever.
  const open = patience.givesUp(() => machineFor(scenario, machine.patience), failing > 0);
  if (open !== null)
    return { exploration, failing: 0, races: 0, failure: null, cut, reached, open };
  return { exploration, failing, races, failure, cut, reached, open };
}

/** Whether a finding only foreshadows a failure: the execution itself went well by luck. */
function isForeboding({ finding: { gravity, predicted } }: Failing): boolean {
  return gravity === Gravity.DataRace || predicted;
}

interface Run {
  readonly exploration: Exploration;
  readonly failing: number;
  /** How many of them show no more than a data race, or what might go wrong. */
  readonly races: number;
  readonly failure: Failing | null;
  /** The first execution that was cut off, if any was. */
  readonly cut: Turns | null;
  /** A loop that gives up, which is not explored. */
  readonly open: GivesUp | null;
  readonly reached: boolean;
}

/** Judges one scenario. */
export function judgeScenario(scenario: Scenario, options: JudgeOptions = {}): TestVerdict {
  return explainScenario(scenario, exploreScenario(scenario, options), options);
}

/** Explores one scenario: whether it fails, but not how. */
export function exploreScenario(scenario: Scenario, options: JudgeOptions = {}): Explored {
  const { sample } = options;
  const whole = exploreBy(dpor, scenario, options);
  if (whole.verdict.status !== 'bound' || sample === undefined) return whole;
  return sampled(scenario, whole, { ...options, executionsMax: sample });
}

/** A failure that is found in a sample is one. Where none is, the verdict stays open: a sample proves nothing. */
function sampled(scenario: Scenario, open: Explored, options: JudgeOptions): Explored {
  const words: string[] = [];
  for (const explorer of [preemptionBound, portfolio]) {
    const { exploration, ...explored } = exploreBy(explorer, scenario, options);
    if (explored.verdict.status !== 'bound') return explored;
    words.push(verdictText(exploration));
  }
  const message = [...words, open.verdict.message].join('; ');
  return { ...open, verdict: { ...open.verdict, message } };
}

function exploreBy(
  explorer: Explorer,
  scenario: Scenario,
  options: JudgeOptions,
): Explored & { readonly exploration: Exploration } {
  let machine = machineFor(scenario);
  let run = explore(explorer, machine, scenario, options);
  for (let patience = run.open?.turns ?? 0; run.open !== null && patience <= PATIENCE_MAX;) {
    machine = machineFor(scenario, patience);
    run = explore(explorer, machine, scenario, options);
    patience += run.open?.turns ?? 0;
  }
  const { exploration, cut } = run;
  const { steps } = exploration;
  // What was cut off may have kept the others from running.
  const failure = run.failure ?? (cut === null ? null : fairEnding(machine, cut));
  const failing = run.failure === null && failure !== null ? 1 : run.failing;
  const verdict = {
    id: scenario.id,
    name: scenario.title,
    task: scenario.task,
    kind: scenario.kind,
    hidden: false,
    exploration: explorationOf(exploration, failing, run.races),
  };
  if (failure !== null) {
    const { kind } = failure.finding;
    // A whole exploration has seen whatever there is to a prediction.
    const seen = options.brief === true || exploration.complete;
    const found = { failure: seen ? failure : confirmed(machine, failure), exploration };
    const message = options.brief === true ? kind : unexplained(kind);
    return { verdict: { ...verdict, status: 'fail', message }, found, steps, exploration };
  }
  const without = outcome(machine, scenario, run, options);
  return { verdict: { ...verdict, ...without }, found: null, steps, exploration };
}

/** The message of a failure until it is explained. There is no report yet. */
function unexplained(kind: string): string {
  return `${kind}; there is no report, as the processor time or the memory for it was used up`;
}

/** The verdict on a scenario without a failure. */
function outcome(
  machine: Machine,
  scenario: Scenario,
  { exploration, cut, reached, open }: Run,
  { command }: JudgeOptions,
): Pick<TestVerdict, 'status' | 'message'> {
  if (cut !== null) {
    const schedule = cutSchedule(machine, cut);
    const how = command?.(scenario, schedule) ?? `'${schedule}'`;
    const message = `an execution did not finish within ${machine.stepsMax} steps, so nothing is proven: ${how}`;
    return { status: 'bound', message };
  }
  if (open !== null) {
    const { comm, turns, schedule } = open;
    const how = command?.(scenario, schedule) ?? `'${schedule}'`;
    const times = turns === 1 ? 'once' : `${turns} times`;
    const message = `${comm} polls or sleeps ${times} and then goes on, whatever it sees. How long that takes is not known, so nothing is proven: ${how}`;
    return { status: 'bound', message };
  }
  if (!exploration.complete) {
    const message = `given up after ${exploration.executions} interleavings without a failure: nothing is proven`;
    return { status: 'bound', message };
  }
  mustBeAsked(scenario);
  if (reached) return { status: 'pass', message: expiriesText(machine) };
  const message = `none of ${exploration.executions} interleavings reaches '${scenario.reaches ?? ''}'`;
  return { status: 'fail', message };
}

/** A name that is misspelt would let nothing fail, and the scenario pass for that. */
function mustBeAsked({ id, failures = {} }: Scenario): void {
  const unknown = Object.keys(failures).filter((name) => !isFailurePoint(name));
  if (unknown.length === 0) return;
  throw new UsageError(
    `${id}: nothing asks whether '${unknown.join("', '")}' fails; correct the name in failures`,
  );
}

/** What a scenario holds under: how often what some execution armed once more may expire. Null if nothing was. */
function expiriesText({ exhausted }: Machine): string | null {
  if (exhausted.size === 0) return null;
  const each = [...exhausted].sort(([a], [b]) => (a < b ? -1 : 1));
  return `with at most ${each.map(([name, max]) => `${max} ${max === 1 ? 'expiry' : 'expiries'} of ${name}`).join(', ')}`;
}

/** The verdict on a scenario that fails, with the report of its shortest failure. */
export function explainScenario(
  scenario: Scenario,
  { verdict, found }: Explored,
  options: JudgeOptions = {},
): TestVerdict {
  if (found === null || options.brief === true) return verdict;
  const failure = tell(scenario, found, options);
  return { ...verdict, message: failure.headline, failure };
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

/** The last witness of each failure, and how long it was searched for: a report at another width needs no search. */
const witnesses = new WeakMap<Failing, { readonly stepsMax?: number; readonly witness: Witness }>();

function witnessOf(scenario: Scenario, failure: Failing, search: MinimiseOptions): Witness {
  const known = witnesses.get(failure);
  if (known !== undefined && known.stepsMax === search.stepsMax) return known.witness;
  const found = witness(machineFor(scenario), failure, search);
  witnesses.set(failure, { ...search, witness: found });
  return found;
}

function tell(scenario: Scenario, found: Found, options: JudgeOptions): Failure {
  const { failure, exploration } = found;
  const { stepsMax } = options;
  const search =
    options.quick === true ? { stepsMax: 0 } : stepsMax === undefined ? {} : { stepsMax };
  const { replay, finding, schedule, minimised } = witnessOf(scenario, failure, search);
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
