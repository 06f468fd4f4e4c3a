// SPDX-License-Identifier: GPL-2.0-only
/** Messages of a driver. After include/linux/printk.h. */
import { current, here, lineText } from '../machine';

/**
 * Prints a line to the kernel log. It becomes a row of the interleaving when a failure is shown; exploration ignores it.
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
 * @param args texts and values; the first text may contain %d, %u, %x, %s and %p
 * @divergence there are no levels, and a conversion for which no value is left stays as it is
 */
export function printk(...args: readonly unknown[]): void {
  const { recorder } = current.machine;
  recorder?.printed(() => lineText(args), here);
}

/** printk() at level err. @kernel include/linux/printk.h @context any; does not sleep @ordering none @divergence as printk() */
export const pr_err = printk;
/** printk() at level warning. @kernel include/linux/printk.h @context any; does not sleep @ordering none @divergence as printk() */
export const pr_warn = printk;
/** printk() at level info. @kernel include/linux/printk.h @context any; does not sleep @ordering none @divergence as printk() */
export const pr_info = printk;
/** printk() at level debug. @kernel include/linux/printk.h @context any; does not sleep @ordering none @divergence as printk() */
export const pr_debug = printk;
