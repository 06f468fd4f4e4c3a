// SPDX-License-Identifier: GPL-2.0-only
/** Exploration: strategies behind one seam. */
export { dfs } from './dfs';
export { dpor, type DporResult } from './dpor';
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
export { Diverged, type Replay, replay } from './replay';
export { parseSchedule } from './schedule';
export { traceKey } from './trace';
export {
  type Failure,
  failureOf,
  graver,
  nonDeterministic,
  replayTwice,
  type Witness,
  witness,
} from './witness';
