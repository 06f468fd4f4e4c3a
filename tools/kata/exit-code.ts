// SPDX-License-Identifier: GPL-2.0-only
/** Exit codes: what a script can tell from a run without reading a word of it. */
import type { KataReportV1 } from '../../lib/kata/verdict';

export const EXIT = {
  holds: 0,
  fails: 1,
  usage: 2,
  fault: 3,
  bound: 4,
  interrupted: 130,
} as const;

/** As `kata --help` tells them. */
export const EXIT_HELP = `Exit codes:
  0    the driver holds in every interleaving; commands that judge nothing: done
  1    the driver fails: a report, a type error, a syntax error, a refused construct
       (check-all: one of them; doctor, dev check: something has to be done;
       litmus: an answer differs from what its test expects)
  2    the command cannot be understood or done as it is: it names what does not exist
       or a patch that does not apply, would spoil a solution, or asks where nobody
       can answer
  3    a fault of this tool, never of your driver (KATA_DEBUG=1 shows where)
  4    a bound was reached or a scenario did not answer: nothing is proven
  130  interrupted with Ctrl-C; nothing is left half-written`;

/** The exit code a verdict stands for. */
export function exitCodeOf(status: KataReportV1['status']): number {
  switch (status) {
    case 'pass':
      return EXIT.holds;
    case 'fail':
    case 'rejected':
      return EXIT.fails;
    case 'error':
      return EXIT.fault;
    case 'bound':
    case 'timeout':
      return EXIT.bound;
  }
}
