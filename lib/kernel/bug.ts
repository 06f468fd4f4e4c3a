// SPDX-License-Identifier: GPL-2.0-only
/** BUG(), WARN() and their conditions. After include/asm-generic/bug.h. */
import { current, here, TaskKilled } from '../machine';

/**
 * Ends the task with an oops if the condition holds; its locks stay held.
 *
 * @param condition whether the bug has happened
 * @kernel include/asm-generic/bug.h
 * @context any; does not sleep
 * @ordering none
 */
export function BUG_ON(condition: boolean): void {
  if (!condition) return;
  current.machine.complain({ check: 'bug', message: 'kernel BUG', object: null, site: here() });
  throw new TaskKilled('BUG_ON');
}

/**
 * Ends the task with an oops.
 *
 * @kernel include/asm-generic/bug.h
 * @context any; does not sleep
 * @ordering none
 */
export function BUG(): never {
  current.machine.complain({ check: 'bug', message: 'kernel BUG', object: null, site: here() });
  throw new TaskKilled('BUG');
}

/**
 * Reports a warning with its stack if the condition holds.
 *
 * @example
 * const users = DEFINE_ATOMIC('users', 1);
 * const left = yield* atomic_dec_return(users);
 * WARN_ON(left < 0); // => false
 * WARN(left < 0, 'users < 0'); // => false
 * WARN_ON_ONCE(left < 0) || WARN_ONCE(left < 0, 'users < 0'); // => false
 * BUG_ON(left < 0);
 * if (left < 0) BUG();
 * @param condition whether to warn
 * @returns the condition
 * @kernel include/asm-generic/bug.h
 * @context any; does not sleep
 * @ordering none
 */
export function WARN_ON(condition: boolean): boolean {
  if (condition)
    current.machine.complain({ check: 'warn', message: '', object: null, site: here() });
  return condition;
}

/**
 * WARN_ON() with a message.
 *
 * @param condition whether to warn
 * @param message the message
 * @returns the condition
 * @kernel include/asm-generic/bug.h
 * @context any; does not sleep
 * @ordering none
 */
export function WARN(condition: boolean, message: string): boolean {
  if (condition) current.machine.complain({ check: 'warn', message, object: null, site: here() });
  return condition;
}

/**
 * WARN_ON() that warns only the first time.
 *
 * @param condition whether to warn
 * @returns the condition, each time
 * @kernel include/asm-generic/bug.h
 * @context any; does not sleep
 * @ordering none
 * @divergence warns each time: the first is a failure already
 */
export function WARN_ON_ONCE(condition: boolean): boolean {
  return WARN_ON(condition);
}

/**
 * WARN() that warns only the first time.
 *
 * @param condition whether to warn
 * @param message the message
 * @returns the condition, each time
 * @kernel include/asm-generic/bug.h
 * @context any; does not sleep
 * @ordering none
 * @divergence warns each time: the first is a failure already
 */
export function WARN_ONCE(condition: boolean, message: string): boolean {
  return WARN(condition, message);
}
