// SPDX-License-Identifier: GPL-2.0-only
/** The size of a table of descriptors. After include/linux/fdtable.h. */

/** How many descriptors get_unused_fd_flags() gives. @kernel include/linux/fdtable.h @divergence 8; in Linux 64, and more when needed */
export const NR_OPEN_DEFAULT = 8;
