// SPDX-License-Identifier: GPL-2.0-only
/** The scenarios a kata is about. */
import type { Manifest } from './manifest';

/** The scenarios in which the driver as shipped fails, in their order. */
export function failingScenarios({ scenarios }: Pick<Manifest, 'scenarios'>): string[] {
  return Object.keys(scenarios).filter((id) => scenarios[id] !== 'passes');
}
