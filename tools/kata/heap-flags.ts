// SPDX-License-Identifier: GPL-2.0-only
/** An execution leaves nothing behind: the more of them fit into the young generation, the seldomer it is gone through. */
const YOUNG_MB = 32;

/** Node's flags for the heap of a process that explores: so much may be kept in it. */
export function heapFlags(keptMaxMb: number): readonly string[] {
  return [
    `--max-old-space-size=${keptMaxMb}`,
    `--max-semi-space-size=${YOUNG_MB}`,
    `--min-semi-space-size=${YOUNG_MB}`,
  ];
}
