// SPDX-License-Identifier: GPL-2.0-only
/**
 * Load buffering: whether the memory model lets a store run before an earlier load of its thread. The machine never does that. So
 * if the model may, an unobserved outcome is still possible.
 */
import type { Performed } from './on-machine';

/** Whether a store of a thread may run before an earlier load, given what the thread did. */
export function mayBuffer(thread: readonly Performed[]): boolean {
  return thread.some((load, i) => {
    if (!isLoad(load) || ordersWhatFollows(load)) return false;
    let unlocked = false;
    for (let j = i + 1; j < thread.length; j++) {
      const later = thread[j];
      if (later === undefined || isFence(later)) return false;
      if (later.step.kind === 'unlock') unlocked = true;
      if (unlocked && later.step.kind === 'lock') return false;
      if (isStore(later) && !comesAfter(later, load, i)) return true;
    }
    return false;
  });
}

/** Full barriers, and operations that contain one. */
function isFence({ step, answer }: Performed): boolean {
  switch (step.kind) {
    case 'fence':
      return step.fence === 'mb';
    case 'synchronize':
    case 'synchronize srcu':
      return true;
    case 'rmw':
      return step.ordering === 'full' && step.update(answer) !== null;
    default:
      return false;
  }
}

function isLoad({ step }: Performed): boolean {
  return step.kind === 'load' || step.kind === 'rmw' || step.kind === 'is locked';
}

function isStore({ step, answer }: Performed): boolean {
  return step.kind === 'store' || (step.kind === 'rmw' && step.update(answer) !== null);
}

/** Whether a load comes before everything after it. */
function ordersWhatFollows(performed: Performed): boolean {
  const { step } = performed;
  if (step.kind === 'load') return step.acquire;
  return step.kind === 'rmw' && (step.ordering === 'acquire' || isFence(performed));
}

/** Whether a store stays after a load: it is a release, is to the same location, or depends on the loaded value. */
function comesAfter({ step }: Performed, load: Performed, nth: number): boolean {
  if ([step.address, step.data, step.control].some((sources) => sources.has(nth))) return true;
  if (step.kind === 'store' && step.release) return true;
  if (step.kind === 'rmw' && step.ordering === 'release') return true;
  if (step.kind !== 'store' && step.kind !== 'rmw') return false;
  const { step: loaded } = load;
  return (loaded.kind === 'load' || loaded.kind === 'rmw') && loaded.at === step.at;
}
