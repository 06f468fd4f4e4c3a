// SPDX-License-Identifier: GPL-2.0-only
/** Exploration: all strategies behind one interface. */
export { type Wanted, wantedOf } from './attempts';
export { dfs } from './dfs';
export { dpor } from './dpor';
export { cutSchedule, fairEnding } from './endless';
export {
  type Event,
  EXECUTIONS_MAX,
  type Execution,
  type Exploration,
  type Explorer,
} from './explorer';
export { type GivesUp, Patience } from './patience';
export { certificateText, type MinimiseOptions } from './minimise';
export { portfolio } from './portfolio';
export { preemptionBound } from './preemption-bound';
export { random } from './random';
export { replay } from './replay';
export { formatSchedule, parseSchedule, scheduleOf, type Turn, turnsOf } from './schedule';
export { traceKey } from './trace';
export { verdictText } from './verdict-text';
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
