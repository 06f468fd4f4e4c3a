// SPDX-License-Identifier: GPL-2.0-only
/** Device numbers. After include/linux/kdev_t.h. */

/** Bits of a minor number. @kernel include/linux/kdev_t.h @divergence 3, not 20: there are eight minors, so that they run out soon */
export const MINORBITS = 3;
const MINORMASK = (1 << MINORBITS) - 1;

/** A device number, which combines a major and a minor. */
export type dev_t = number;

/**
 * The device number of a major and a minor.
 *
 * @example
 * const dev = MKDEV(253, 3);
 * yield* might_sleep();
 * MAJOR(dev); // => 253
 * MINOR(dev); // => 3
 * format_dev_t(dev); // => '253:3'
 * @param major number of the driver
 * @param minor number of the device, from 0 to 7
 * @returns the major above the MINORBITS bits of the minor
 * @kernel include/linux/kdev_t.h
 * @context any; does not sleep
 * @ordering none
 */
export function MKDEV(major: number, minor: number): dev_t {
  return (major << MINORBITS) | minor;
}

/**
 * The major of a device number.
 *
 * @param dev device number, as MKDEV() makes it
 * @returns the bits above the MINORBITS lowest
 * @kernel include/linux/kdev_t.h
 * @context any; does not sleep
 * @ordering none
 */
export function MAJOR(dev: dev_t): number {
  return dev >> MINORBITS;
}

/**
 * The minor of a device number.
 *
 * @param dev device number, as MKDEV() makes it
 * @returns the MINORBITS lowest bits, a number from 0 to 7
 * @kernel include/linux/kdev_t.h
 * @context any; does not sleep
 * @ordering none
 */
export function MINOR(dev: dev_t): number {
  return dev & MINORMASK;
}

/**
 * A device number as text, `253:0`.
 *
 * @param dev device number, as MKDEV() makes it
 * @returns `major:minor`, both decimal
 * @kernel include/linux/kdev_t.h
 * @context any; does not sleep
 * @ordering none
 */
export function format_dev_t(dev: dev_t): string {
  return `${MAJOR(dev)}:${MINOR(dev)}`;
}
