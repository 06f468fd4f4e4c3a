// SPDX-License-Identifier: GPL-2.0-only
/** Litmus tests: what our exploration and the kernel memory model answer to the classic questions. */
export { LITMUS } from './all';
export { type Litmus, observe } from './litmus';
export { RACES } from './races';
export { litmusRows, raceRows } from './table';
