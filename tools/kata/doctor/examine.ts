// SPDX-License-Identifier: GPL-2.0-only
/** The examinations of `kata doctor`, one after another; none of them changes anything that is the learner's. */
import type { Shell } from '../shell';
import type { DoctorFinding, Examination } from './finding';
import { examineBuild, examineGit, examineInstall, examineNode } from './installation';
import {
  examineDrivers,
  examineEvents,
  examineJudge,
  examineState,
  examineTerminal,
} from './workings';

const EXAMINATIONS: readonly Examination[] = [
  examineNode,
  examineInstall,
  examineBuild,
  examineGit,
  examineTerminal,
  examineDrivers,
  examineState,
  examineEvents,
  examineJudge,
];

/** Everything that was found, as it is found. */
export async function* examine(shell: Shell): AsyncGenerator<DoctorFinding, void, void> {
  for (const examination of EXAMINATIONS) yield await examination(shell);
}
