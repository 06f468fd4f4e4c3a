// SPDX-License-Identifier: GPL-2.0-only
/** The judge of lib/kata behind this tool's seam. */
import {
  explainScenario,
  exploreScenario,
  judgeScenario,
  type JudgeOptions as LibOptions,
  replayScenario,
} from '../../lib/kata/judge';
import { formatSchedule, parseSchedule, scheduleOf, turnsOf } from '../../lib/explore';
import type { Judge, JudgeOptions } from './judge';

/** The real thing. */
export const realJudge: Judge = {
  explore: (scenario, options) => exploreScenario(scenario, libOptions(options)),
  explain: (scenario, explored, options) =>
    explainScenario(scenario, explored, libOptions(options)),
  /** The failure a verdict shows is shown again byte for byte, how far was searched included: so it is searched again. */
  replay(scenario, schedule, options) {
    const report = replayScenario(scenario, schedule, libOptions(options));
    if (report === null) return null;
    const { failure } = judgeScenario(scenario, libOptions(options));
    return failure?.schedule === canonical(schedule) ? failure.report : report;
  },
};

/** The schedule as a report would write it. */
function canonical(schedule: string): string {
  return formatSchedule(scheduleOf(turnsOf(parseSchedule(schedule))));
}

function libOptions({ command, drivers, ...rest }: JudgeOptions): LibOptions {
  return { ...rest, frames: { drivers }, command: (_, schedule) => command(schedule) };
}
