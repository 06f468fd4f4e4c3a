// SPDX-License-Identifier: GPL-2.0-only
/** The reasons our answers differ from the kernel's, each said once. */

/** The model allows load buffering; no execution of ours shows it. */
export const LB =
  'A store would have to run ahead of an earlier load of its task (load buffering), and ours do not.';
