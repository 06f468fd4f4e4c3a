// SPDX-License-Identifier: GPL-2.0-only
/** The locations that several tasks share. A step that touches one is worth a row. */
import { changes, locationOf, type ReplayStep } from '../machine';

/** Locations that steps of different tasks touch, at least one of them writing. */
export function sharedLocations(steps: readonly ReplayStep[]): Set<number> {
  const first = new Map<number, number>();
  const several = new Set<number>();
  const written = new Set<number>();
  for (const { task, footprint } of steps) {
    for (const access of footprint) {
      const location = locationOf(access);
      if (!first.has(location)) first.set(location, task);
      if (first.get(location) !== task) several.add(location);
      if (changes(access)) written.add(location);
    }
  }
  return new Set([...several].filter((location) => written.has(location)));
}

/** Whether a step touches any of them. Every step of the final check does: it looks at what all tasks have left. */
export function isShared({ letter, footprint }: ReplayStep, shared: ReadonlySet<number>): boolean {
  return letter === '' || footprint.some((access) => shared.has(locationOf(access)));
}
