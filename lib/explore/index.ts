// SPDX-License-Identifier: GPL-2.0-only
/** Exploration: strategies behind one seam. */
export { type Wanted, wantedOf } from './attempts';
export { dfs } from './dfs';
export { dpor, type DporResult } from './dpor';
export { cutSchedule, fairEnding } from './endless';
export {
  type Event,
  EXECUTIONS_MAX,
  type Execution,
  type Exploration,
  type Explorer,
  type ExploreOptions,
  type Visitor,
} from './explorer';
export { certificateText } from './minimise';
export { pct, type PctOptions } from './pct';
export { portfolio } from './portfolio';
export { preemptionBound, type PreemptionBoundOptions } from './preemption-bound';
export { random } from './random';
export { Diverged, type Replay, replay, type ReplayOptions, type ReplayStep } from './replay';
export { SAMPLES_MAX, type SampleOptions } from './sample';
export { formatSchedule, parseSchedule, scheduleOf, type Turn, turnsOf } from './schedule';
export { traceKey } from './trace';
export { verdictText } from './verdict-text';
export { walk } from './walk';
export {
  confirmed,
  type Failure,
  failureOf,
  graver,
  nonDeterministic,
  replayTwice,
  type Turns,
  turnsIn,
  type Witness,
  witness,
} from './witness';
