// SPDX-License-Identifier: GPL-2.0-only
/** Reordering: the executions that the Linux kernel memory model allows besides the interleavings. */
export { Access, type Strength } from './access';
export { type Effect, type Wanted } from './choose';
export { Log } from './log';
export { makeMarked, markedChoices, markedReading, type Reading } from './marked';
export { type MissingFence, type PassedOver } from './missing';
