// SPDX-License-Identifier: GPL-2.0-only
/** Messages of a driver. After include/linux/printk.h. */

/**
 * Prints to the kernel log. Nobody reads it here; the call stays so that a port reads like its original.
 *
 * @example
 * yield* might_sleep();
 * pr_debug('nbd: up');
 * pr_info('nbd: up');
 * pr_warn('nbd: slow');
 * pr_err('nbd: gone');
 * printk('nbd: gone');
 * @kernel include/linux/printk.h
 * @context any; does not sleep
 * @ordering none
 * @divergence prints nothing
 */
export function printk(..._args: readonly unknown[]): void {
  // Deliberately silent.
}

/** printk() at level err. @kernel include/linux/printk.h @context any; does not sleep @ordering none @divergence prints nothing */
export const pr_err = printk;
/** printk() at level warning. @kernel include/linux/printk.h @context any; does not sleep @ordering none @divergence prints nothing */
export const pr_warn = printk;
/** printk() at level info. @kernel include/linux/printk.h @context any; does not sleep @ordering none @divergence prints nothing */
export const pr_info = printk;
/** printk() at level debug. @kernel include/linux/printk.h @context any; does not sleep @ordering none @divergence prints nothing */
export const pr_debug = printk;
