// SPDX-License-Identifier: GPL-2.0-only
/** The reasons why our answers differ from the kernel's, each written once. */

/** The model allows load buffering, but no execution of the machine shows it. */
export const LB =
  'A store would have to run ahead of an earlier load of its task (load buffering), and ours do not.';
