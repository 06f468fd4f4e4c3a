// SPDX-License-Identifier: GPL-2.0-only
/** All mutators by the names of their families. */
import type { Mutator } from '../driver';
import { conditions } from './conditions';
import { exits } from './exits';
import { locks } from './locks';
import { loops } from './loops';
import { doubled, dropped } from './operations';
import { order } from './order';
import { results } from './results';
import { sections } from './sections';
import { siblings } from './siblings';

/** The families, in the order in which of two mutations to the same text one is kept. */
export const MUTATORS: Readonly<Record<string, Mutator>> = {
  ...{ sections, dropped, doubled, siblings, locks, order },
  ...{ conditions, loops, exits, results },
};
