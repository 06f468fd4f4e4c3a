// SPDX-License-Identifier: GPL-2.0-only
/** Everything a kata may import: the simulated kernel, and what scenarios are written with. */
export * from './driver-lib';
export { blkdev_put, open_by_devnum } from './block/block-dev-2006';
export { blkQueuesAllocating, blkWatchQueues } from './block/blkdev';
export { listenUevents, type uevent } from './block/uevent';
export {
  alive,
  allocated,
  current_task,
  expect_eq,
  expect_no_locks,
  expect_true,
  reached,
} from './kata/expect';
export { type Scenario, scenario, type ScenarioKind, type Suite, suite } from './kata/scenario';
export { cephDestroySleeps, cephSessionsOpening, cephWatchSessions } from './net/ceph';
