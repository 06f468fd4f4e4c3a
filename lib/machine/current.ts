// SPDX-License-Identifier: GPL-2.0-only
/** The machine that is running: field accesses are plain JavaScript and have no other way to find it. */
import type { Machine } from './machine';

/** Holder of the running machine. One at a time: the whole project is single-threaded by design. */
export const current: { machine: Machine } = {
  machine: null as unknown as Machine, // set by Machine.boot() before any code of a program runs
};
