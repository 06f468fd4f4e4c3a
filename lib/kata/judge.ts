// SPDX-License-Identifier: GPL-2.0-only
/** Judging: explores a scenario to its end, and tells the shortest failure if there is one. */
import { dpor, type Exploration, type Event } from '../explore';
import { type Finding, Gravity, Machine } from '../machine';
import { allMonitors } from '../sanitize';
import { programOf, type ScenarioProgram } from './program';
import type { Scenario } from './scenario';

/** Executions explored beyond the first failure in search of a graver one: a data race often foreshadows a use after free. */
const BEYOND_FAILURE = 2000;

/** A failing execution, as the exploration found it. */
export interface Found {
  readonly finding: Finding;
  readonly events: readonly Event[];
}

export interface Explored {
  readonly exploration: Exploration;
  readonly failing: number;
  readonly found: Found | null;
  /** A mark the scenario asks for was reached; true if it asks for none. */
  readonly reached: boolean;
}

export interface JudgeOptions {
  readonly executionsMax?: number;
}

/** A machine for a scenario with all detectors on. */
export function machineFor(scenario: Scenario): { machine: Machine; program: ScenarioProgram } {
  const program = programOf(scenario);
  const monitors = allMonitors({ roots: () => program.roots() });
  const { stepsMax } = scenario;
  const machine = new Machine(
    program,
    stepsMax === undefined ? { monitors } : { monitors, stepsMax },
  );
  return { machine, program };
}

function graver(a: Finding, b: Finding): boolean {
  if ((a.predicted ?? false) !== (b.predicted ?? false)) return b.predicted ?? false;
  return a.gravity < b.gravity;
}

/** Explores every interleaving of a scenario, up to the gravest failure it comes across. */
export function exploreScenario(scenario: Scenario, options: JudgeOptions = {}): Explored {
  const { machine } = machineFor(scenario);
  let found: Found | null = null;
  let failing = 0;
  let since = 0;
  let reached = scenario.reaches === undefined;
  const exploration = dpor(
    machine,
    ({ events }) => {
      if (scenario.reaches !== undefined && machine.marks.has(scenario.reaches)) reached = true;
      const finding = machine.gravest();
      if (finding !== null) {
        failing++;
        if (found === null || graver(finding, found.finding)) found = { finding, events };
      }
      if (found === null) return false;
      const { gravity, predicted } = found.finding;
      return (gravity <= Gravity.Deadlock && predicted !== true) || ++since > BEYOND_FAILURE;
    },
    options.executionsMax === undefined ? {} : { executionsMax: options.executionsMax },
  );
  return { exploration, failing, found, reached };
}
