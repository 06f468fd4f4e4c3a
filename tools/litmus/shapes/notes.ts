// SPDX-License-Identifier: GPL-2.0-only
/** The reasons our answers differ from the kernel's, each said once. */

/** The model allows marked accesses to be reordered; every execution of ours is an interleaving. */
export const SC =
  'The kernel lets these marked accesses be reordered; we are sequentially consistent and cannot see it.';
