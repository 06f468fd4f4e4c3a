// SPDX-License-Identifier: GPL-2.0-only
/** What the player shows. */
export type * from '../../lib/report/execution/types';
