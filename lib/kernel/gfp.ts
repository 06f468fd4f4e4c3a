// SPDX-License-Identifier: GPL-2.0-only
/** Flags of allocations. After include/linux/gfp.h, and gfp_types.h, which has had the flags since Linux 6.0. */

/** Allocation may sleep: process context only. @kernel include/linux/gfp_types.h */
export const GFP_KERNEL = 0xcc0;
/** Allocation must not sleep: for atomic context. @kernel include/linux/gfp_types.h */
export const GFP_ATOMIC = 0x820;
/** Allocation must not sleep and uses no reserves. @kernel include/linux/gfp_types.h */
export const GFP_NOWAIT = 0x800;
const GFP_DIRECT_RECLAIM = 0x400;

/**
 * Whether an allocation with these flags may sleep.
 *
 * @param flags GFP_KERNEL, GFP_ATOMIC or GFP_NOWAIT
 * @returns true for GFP_KERNEL
 * @kernel include/linux/gfp.h
 * @context any; does not sleep
 * @ordering none
 */
export function gfpflags_allow_blocking(flags: number): boolean {
  return (flags & GFP_DIRECT_RECLAIM) !== 0;
}
