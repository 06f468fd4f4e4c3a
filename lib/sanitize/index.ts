// SPDX-License-Identifier: GPL-2.0-only
/** The detectors, and the set that every exploration uses. */
import type { Monitor } from '../machine';
import { atomicSleep } from './atomic-sleep';
import { complaints } from './complaints';
import { hungTask } from './hung-task';
import { kasan } from './kasan';
import { kcsan } from './kcsan';
import { kmemleak, type LeakOptions } from './kmemleak';
import { kmsan } from './kmsan';
import { lockdep } from './lockdep';
import { odebug } from './odebug';
import { softLockup } from './soft-lockup';

export { complaints, hungTask, kasan, kcsan, type LeakOptions, lockdep };

/**
 * All detectors, in the order in which the kernel's would report if several fired at once: kfree() checks locks, then
 * active objects, then KASAN. The leak search comes last, as it is silent after anything graver.
 */
export function allMonitors(options: LeakOptions = {}): Monitor[] {
  return [
    lockdep(),
    odebug(),
    kasan(),
    kmsan(),
    kcsan(),
    atomicSleep(),
    complaints(),
    hungTask(),
    softLockup(),
    kmemleak(options),
  ];
}
