// SPDX-License-Identifier: GPL-2.0-only
/** Everything a kata may import: the simulated kernel, and what scenarios are written with. */
export * from './driver-lib';
export { open_by_devnum } from './block/block-dev-2006';
export { blkdev_get_by_dev, FMODE_READ, FMODE_WRITE } from './block/block-dev-2021';
export { blkQueuesAllocating, blkWatchQueues } from './block/blkdev';
export { blkdev_put } from './block/genhd';
export { listenUevents, type uevent } from './block/uevent';
export {
  alive,
  allocated,
  allocatedBesides,
  asleep,
  current_task,
  expect_eq,
  expect_no_locks,
  expect_true,
  reached,
} from './scenario/expect';
export { devres_release_all } from './kernel/devres';
export { grace_period_log, grace_periods } from './kernel/grace-periods';
export { idrLayersReady } from './kernel/idr-layers';
export { raise_irq } from './kernel/interrupt';
export { join, spawn_task } from './kernel/join';
export { inumsInUse } from './kernel/proc_ns';
export { type GracePeriod } from './kernel/rcu-state';
export { slabReuses } from './kernel/slab-reuse';
export { countsOf } from './kernel/user_namespace';
export { systemWorksLeft, systemWorksOneAtATime } from './kernel/workqueue-busy';
export { interrupted } from './scenario/interrupted';
export { settle } from './scenario/settle';
export { type Scenario, scenario, type ScenarioKind, type Suite, suite } from './scenario/scenario';
export { openFile } from './kernel/fs';
export { user_alloc, user_read, user_write, userMapped } from './kernel/user-memory';
export { cephDestroySleeps, cephSessionsOpening, cephWatchSessions } from './net/ceph';
export { genl_rcv } from './net/genetlink';
