// SPDX-License-Identifier: GPL-2.0-only
/**
 * A look at an execution in progress: all that a player needs to decide which task runs next. It has values only, so it
 * can be sent between processes. It depends only on scenario and schedule, so going back means running again.
 */
import {
  certificateText,
  formatSchedule,
  replay,
  scheduleOf,
  type Turn,
  turnsOf,
  wantedOf,
  witness,
} from '../explore';
import type { Finding } from '../machine';
import {
  type FrameRules,
  isOver,
  choiceText,
  programFrames,
  renderReport,
  rowsOf,
  type Scene,
  type SceneTask,
  stepsUpTo,
  tellingOf,
  told,
  type Traced,
  Weight,
} from '../report';
import { machineFor } from './judge';
import type { Scenario } from '../scenario/scenario';
import { traceScenario } from './trace';

/** A line of a source file. */
export interface LookPlace {
  /** Its name in reports. */
  readonly file: string;
  readonly line: number;
  /** The function it is in. */
  readonly within: string;
}

/** A way the next step may go. */
export interface LookChoice {
  readonly outcome: number;
  readonly text: string;
}

export interface LookTask extends Pick<
  SceneTask,
  'id' | 'letter' | 'comm' | 'context' | 'state' | 'waitsFor'
> {
  /** The operation it would run next, `spin_lock(node_lock)`; empty once it has ended. */
  readonly next: string;
  /** What each outcome of that operation means; empty if there is only one. */
  readonly choices: readonly LookChoice[];
  /** Where that operation is written; null before the task's first step. */
  readonly at: LookPlace | null;
  /** Labels of the objects it holds. */
  readonly holds: readonly string[];
}

/** What a step did. */
export interface LookLine {
  readonly step: number;
  readonly letter: string;
  readonly text: string;
  readonly line: number | null;
  readonly marked: boolean;
}

/** The length of a schedule and how often it switches: a failure with less of both is easier to follow. */
export interface Effort {
  readonly schedule: string;
  readonly steps: number;
  readonly contextSwitches: number;
  readonly preemptions: number;
}

export interface Look extends Effort {
  readonly tasks: readonly LookTask[];
  readonly counts: Scene['counts'];
  readonly memory: Scene['memory'];
  readonly statics: Scene['statics'];
  /** The rows so far, oldest first. */
  readonly log: readonly LookLine[];
  /** First line of the report, if there is a finding. */
  readonly headline: string | null;
  /** The effort up to the step of the finding; null if there is none. */
  readonly failing: Effort | null;
  /** No task can take another step. */
  readonly over: boolean;
  /** The machine cut the execution off at its step bound. */
  readonly cut: boolean;
}

/** Describes the state after a schedule. Throws Diverged if the schedule does not fit. */
export function look(scenario: Scenario, turns: readonly Turn[], frames: FrameRules): Look {
  const traced = lookedAt(scenario, turns, frames);
  const { recorded, scenes, finding } = traced;
  const scene = scenes[scenes.length - 1] ?? NOTHING;
  const { headline, telling } = told(traced);
  // Include what happened after the finding.
  const rows = rowsOf(recorded, null, telling.asked, frames);
  return {
    ...effortOf(traced),
    tasks: scene.tasks.map((task) => taskOf(task, frames)),
    counts: scene.counts,
    memory: scene.memory,
    statics: scene.statics,
    log: rows
      .filter(({ weight }) => weight !== Weight.Entry)
      .map(({ step, letter, text, at, mark }) => ({
        step: step + 1,
        letter,
        text,
        line: at?.line ?? null,
        marked: mark !== '',
      })),
    headline,
    failing: finding === null ? null : effortOf(traced, stepsUpTo(recorded, finding)),
    over: isOver(scene),
    cut: scene.cut,
  };
}

const NOTHING: Scene = {
  tasks: [],
  counts: [],
  memory: [],
  statics: [],
  gracePeriods: [],
  cut: false,
};

function lookedAt(scenario: Scenario, turns: readonly Turn[], frames: FrameRules): Traced {
  return traceScenario(scenario, formatSchedule(scheduleOf(turns)), { frames, stop: true });
}

function taskOf(task: SceneTask, frames: FrameRules): LookTask {
  const { id, letter, comm, context, state, waitsFor, next, held } = task;
  const begun = next !== null && next.operation !== 'start';
  const [frame] = begun ? programFrames(next.site, frames) : [];
  return {
    id,
    letter,
    comm,
    context,
    state,
    waitsFor,
    choices: choicesOf(task),
    next: next === null ? '' : `${next.operation}(${next.object})`,
    at: frame === undefined ? null : { file: frame.file, line: frame.line, within: frame.name },
    holds: held.map(({ object }) => object),
  };
}

function choicesOf({ next, outcomes }: SceneTask): LookChoice[] {
  return outcomes.map((one) => ({
    outcome: one.outcome,
    text: choiceText(next?.operation ?? '', one),
  }));
}

/** The effort of an execution, up to one of its steps. */
function effortOf({ recorded, scenes }: Traced, steps = recorded.steps.length): Effort {
  const turns = recorded.steps
    .slice(0, steps)
    .map(({ letter, outcome }): Turn => ({ path: letter, outcome }));
  const switches = turns.flatMap(({ path }, i) =>
    i > 0 && turns[i - 1]?.path !== path ? [i] : [],
  );
  const preemptions = switches.filter((i) => {
    const left = turns[i - 1]?.path;
    return scenes[i]?.tasks.find(({ letter }) => letter === left)?.state === 'ready';
  });
  return {
    schedule: formatSchedule(scheduleOf(turns)),
    steps,
    contextSwitches: switches.length,
    preemptions: preemptions.length,
  };
}

/** The report of the finding that a schedule leads to; null if there is none. */
export function reportAt(
  scenario: Scenario,
  turns: readonly Turn[],
  frames: FrameRules,
  command: (schedule: string) => string,
): string | null {
  const traced = lookedAt(scenario, turns, frames);
  const { recorded: replayed, finding } = traced;
  if (finding === null) return null;
  const { schedule } = effortOf(traced);
  const telling = tellingOf(frames);
  return renderReport({ finding, telling, replay: replayed, command: command(schedule) });
}

/** The shortest schedule of a failure. */
export interface Shortest extends Effort {
  readonly headline: string;
  /** What is proven about it: `1 preemption; every schedule without one passes`. */
  readonly certificate: string;
}

/** The shortest schedule for the failure that a schedule ends in. Null if it does not fail, or fails differently when run again. */
export function shortest(
  scenario: Scenario,
  turns: readonly Turn[],
  frames: FrameRules,
): Shortest | null {
  const machine = machineFor(scenario);
  const { finding, steps } = replay(machine, scheduleOf(turns));
  if (finding === null) return null;
  const found = witness(machine, {
    finding: wantedOf(finding),
    turns: steps,
    eager: [],
    reordered: true,
    patience: 0,
  });
  if (found.minimised === null) return null;
  const { schedule } = found.minimised;
  return {
    ...effortOf(lookedAt(scenario, turnsOf(schedule), frames)),
    headline: headlineOf(found.finding, frames),
    certificate: certificateText(found.minimised),
  };
}

function headlineOf(finding: Finding, frames: FrameRules): string {
  return finding.headline(tellingOf(frames));
}
