// SPDX-License-Identifier: GPL-2.0-only
/** Litmus tests: the answers of our exploration and of the kernel memory model to the classic questions. */
export { LITMUS } from './all';
export { type Litmus, observe } from './litmus';
export { RACES } from './races';
export { litmusRows, raceRows } from './table';
