// SPDX-License-Identifier: GPL-2.0-only
/** The instructions random programs are made of; the explorers must agree on any mix of them. */
import { allocating } from './allocating';
import { control } from './control';
import { deferring } from './deferring';
import { interrupting } from './interrupting';
import type { Make } from './kit';
import { locks } from './locks';
import { memory } from './memory';
import { timing } from './timing';
import { waiting } from './waiting';

export { prepareMemory } from './allocating';
export { prepareInterrupts } from './interrupting';
export { prepareRefs } from './locks';
export type { Instruction, Registers } from './kit';
export { finalState } from './memory';

/** All families; a random program draws from them by number. */
export const FAMILIES: readonly (readonly Make[])[] = [
  memory,
  locks,
  control,
  waiting,
  deferring,
  allocating,
  timing,
  interrupting,
];
