// SPDX-License-Identifier: GPL-2.0-only
/** The smaller and the larger of two numbers. After include/linux/minmax.h. */

/**
 * The smaller of two numbers.
 *
 * @example
 * const queued = static_var('queued', 9);
 * yield* might_sleep();
 * min(queued.value, 4); // => 4
 * max(queued.value, 4); // => 9
 * clamp(queued.value, 1, 8); // => 8
 * @param a a number
 * @param b a number
 * @returns the smaller one
 * @kernel include/linux/minmax.h
 * @context any; does not sleep
 * @ordering none
 */
export function min(a: number, b: number): number {
  return a < b ? a : b;
}

/**
 * The larger of two numbers.
 *
 * @param a a number
 * @param b a number
 * @returns the larger one
 * @kernel include/linux/minmax.h
 * @context any; does not sleep
 * @ordering none
 */
export function max(a: number, b: number): number {
  return a > b ? a : b;
}

/**
 * A number, but not less or more than two others.
 *
 * @param value the number
 * @param low the least result
 * @param high the greatest result
 * @returns the number, `low` or `high`
 * @kernel include/linux/minmax.h
 * @context any; does not sleep
 * @ordering none
 */
export function clamp(value: number, low: number, high: number): number {
  return min(max(value, low), high);
}
