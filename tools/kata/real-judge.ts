// SPDX-License-Identifier: GPL-2.0-only
/** The judge of lib/kata behind this tool's seam. */
import { replayTwice } from '../../lib/explore';
import { type JudgeOptions as LibOptions, judgeScenario, machineFor } from '../../lib/kata/judge';
import type { Scenario } from '../../lib/kata/scenario';
import { UsageError } from '../../lib/machine';
import { renderReport, tellingOf } from '../../lib/report';
import type { Judge, JudgeOptions } from './judge';

/** The real thing. */
export const realJudge: Judge = {
  judge: (scenario, options) => judgeScenario(scenario, libOptions(options)),
  replay(scenario: Scenario, schedule: string, options: JudgeOptions): string | null {
    const { replay, difference } = replayTwice(machineFor(scenario), schedule);
    if (difference !== null) throw new UsageError(`not deterministic: ${difference.words}`);
    const { finding } = replay;
    if (finding === null) return null;
    const telling = tellingOf({ drivers: options.drivers });
    const command = options.command(schedule);
    return renderReport({ finding, telling, replay, command, full: options.full });
  },
};

function libOptions({ command, drivers, full }: JudgeOptions): LibOptions {
  return { frames: { drivers }, full, command: (_, schedule) => command(schedule) };
}
