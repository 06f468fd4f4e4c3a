// SPDX-License-Identifier: GPL-2.0-only
/** One line of the doctor's, and what to do under it. */
import type { DoctorFinding } from '../doctor/finding';
import type { Style } from './style';

export function printDoctor({ about, state, says, remedy }: DoctorFinding, style: Style): string {
  const words = { ok: style.green('ok  '), note: style.yellow('note'), bad: style.red('BAD ') };
  const todo = remedy === null ? '' : `      ${remedy}\n`;
  return `${words[state]}  ${about}: ${says}\n${todo}`;
}
