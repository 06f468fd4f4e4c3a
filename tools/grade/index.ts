// SPDX-License-Identifier: GPL-2.0-only
/** Grading: strangers' drivers in, reports out. */
export { openGrader } from './grader';
export { gradePool, marked } from './pool';
export type * from './types';
