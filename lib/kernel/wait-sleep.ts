// SPDX-License-Identifier: GPL-2.0-only
/** Sleeping on a wait queue until a wake_up(), or until something else ends the wait. */
import { current, type Op, request } from '../machine';
import { sleeper, stateOf } from './task-state';
import type { Ending } from './wait-ends';

const SLEEP: Readonly<Record<Ending, ReturnType<typeof sleeper>>> = {
  signal: sleeper('schedule', 'signal'),
  fatal_signal: sleeper('schedule', 'fatal_signal'),
  timeout: sleeper('schedule_timeout', 'timeout'),
  chosen: sleeper('schedule_timeout', 'chosen'),
};

/** Sleeps; true if it was woken. */
export function sleepUntil(ending: Ending): Op<boolean> {
  return request(SLEEP[ending], stateOf(current.machine.task));
}
