// SPDX-License-Identifier: GPL-2.0-only
/** Written by tools/house/lib-names.js from the types of lib/driver-lib.ts and lib/index.ts; do not edit. */

/** Exports whose result must be run with `yield*`. */
export const OP_EXPORTS: readonly string[] = `
  DECLARE_COMPLETION_ONSTACK DECLARE_STRUCT_ONSTACK INIT_RCU_WORK INIT_WORK RCU_INIT_POINTER READ_ONCE
  WRITE_ONCE __module_get add_disk add_timer alloc_disk alloc_ordered_workqueue alloc_percpu
  alloc_workqueue atomic_add atomic_add_return atomic_add_unless atomic_cmpxchg atomic_dec
  atomic_dec_and_lock atomic_dec_and_mutex_lock atomic_dec_and_test atomic_dec_return atomic_inc
  atomic_inc_not_zero atomic_inc_return atomic_read atomic_set atomic_sub atomic_sub_and_test
  atomic_xchg blk_alloc_queue blk_cleanup_disk blk_cleanup_queue blk_mq_alloc_disk
  blk_mq_alloc_tag_set blk_mq_free_tag_set call_rcu call_rcu_sched call_read_iter cancel_work_sync
  ceph_create_client ceph_destroy_client ceph_destroy_options ceph_open_session
  ceph_osdc_start_request ceph_parse_options change_bit clear_bit clear_bit_unlock complete
  complete_all completion_done copy_from_user copy_to_user cpu_relax d_make_root
  deactivate_locked_super deactivate_super dec_ucount del_gendisk del_timer del_timer_sync
  delete_module destroy_workqueue device_add_disk dget down down_read down_read_trylock down_trylock
  down_write down_write_nested down_write_trylock downgrade_write dput drain_workqueue fc_mount
  fc_mount_longterm fget finish_wait flush_rcu_work flush_work flush_workqueue free_percpu
  fs_context_for_mount generic_shutdown_super genl_register_family genl_unregister_family get_disk
  get_tree_keyed get_tree_nodev get_user get_user_ns idr_alloc idr_destroy idr_find idr_for_each
  idr_get_new idr_get_new_above idr_init idr_pre_get idr_remove idr_replace inModuleText inc_ucount
  init_completion init_llist_head init_rwsem init_waitqueue_head iput jiffies kern_mount kern_unmount
  kern_unmount_array kfree kfree_rcu kill_anon_super kill_litter_super kmalloc kref_get
  kref_get_unless_zero kref_init kref_put kref_put_lock kref_put_mutex kref_read kzalloc llist_add
  llist_del_all llist_empty lock_mount_hash mayFail mempool_alloc mempool_create_slab_pool
  mempool_destroy mempool_free memset might_sleep mnt_make_shortterm mntget mntput mod_timer
  module_put module_refcount module_text msleep mutex_init mutex_is_locked mutex_lock
  mutex_lock_nested mutex_trylock mutex_unlock new_inode ns_alloc_inum ns_free_inum per_cpu
  percpu_ref_exit percpu_ref_get percpu_ref_init percpu_ref_is_dying percpu_ref_is_zero
  percpu_ref_kill percpu_ref_kill_and_confirm percpu_ref_put percpu_ref_reinit percpu_ref_tryget
  percpu_ref_tryget_live preempt_disable preempt_enable prepare_to_wait put_disk put_fs_context
  put_user put_user_ns queue_rcu_work queue_work rcu_access_pointer rcu_assign_pointer rcu_barrier
  rcu_barrier_sched rcu_dereference rcu_dereference_protected rcu_dereference_raw rcu_read_lock
  rcu_read_lock_sched rcu_read_unlock rcu_read_unlock_sched read_lock read_trylock read_unlock
  refcount_add refcount_dec refcount_dec_and_lock refcount_dec_and_mutex_lock refcount_dec_and_test
  refcount_dec_if_one refcount_dec_not_one refcount_inc refcount_inc_not_zero refcount_read
  refcount_set register_blkdev reinit_completion rwlock_init schedule schedule_work sema_init set_bit
  sget_fc smp_load_acquire smp_mb smp_mb__after_atomic smp_mb__after_spinlock smp_mb__before_atomic
  smp_rmb smp_store_release smp_wmb spin_lock spin_lock_init spin_lock_nested spin_trylock spin_unlock
  synchronize_rcu synchronize_rcu_expedited synchronize_sched test_and_clear_bit test_and_set_bit
  test_and_set_bit_lock test_bit this_cpu_add timer_delete timer_delete_sync timer_pending timer_setup
  timer_shutdown timer_shutdown_sync try_module_get try_to_del_timer_sync try_wait_for_completion
  unlock_mount_hash unregister_blkdev up up_read up_write vfs_create_mount vfs_get_tree vm_mmap
  vm_munmap wait_event wait_for_completion waitqueue_active wake_up wake_up_all write_lock
  write_trylock write_unlock
`
  .trim()
  .split(/\s+/);

/** Exports of lib/index.ts that only scenarios may import. */
export const SCENARIO_EXPORTS: readonly string[] = `
  FMODE_READ FMODE_WRITE alive allocated blkQueuesAllocating blkWatchQueues blkdev_get_by_dev
  blkdev_put cephDestroySleeps cephSessionsOpening cephWatchSessions countsOf current_task expect_eq
  expect_no_locks expect_true genl_rcv grace_period_log grace_periods inumsInUse join listenUevents
  openFile open_by_devnum reached scenario settle slabReuses spawn_task suite systemWorksOneAtATime
  userMapped user_alloc user_read user_write
`
  .trim()
  .split(/\s+/);

/** Exports that declare something at a driver's file scope. */
export const DECLARATORS: readonly string[] = `
  DECLARE_COMPLETION DECLARE_RWSEM DECLARE_WAIT_QUEUE_HEAD DECLARE_WORK DEFINE_ATOMIC
  DEFINE_BLOCK_DEVICE_OPERATIONS DEFINE_FILE_SYSTEM_TYPE DEFINE_FS_CONTEXT_OPERATIONS
  DEFINE_GENL_FAMILY DEFINE_IDR DEFINE_MODULE DEFINE_MUTEX DEFINE_POINTER DEFINE_RWLOCK
  DEFINE_SEMAPHORE DEFINE_SPINLOCK DEFINE_STATIC DEFINE_SUPER_OPERATIONS DEFINE_TIMER
  DEFINE_USER_NAMESPACE LIST_HEAD LLIST_HEAD array fn ptr static_var struct
`
  .trim()
  .split(/\s+/);

/** What parameters must be: a type of values, or of kernel objects; empty for anything. */
export const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  BUG_ON: ['boolean'],
  DECLARE_COMPLETION: ['string'],
  DECLARE_COMPLETION_ONSTACK: ['string'],
  DECLARE_RWSEM: ['string'],
  DECLARE_STRUCT_ONSTACK: ['', 'string'],
  DECLARE_WAIT_QUEUE_HEAD: ['string'],
  DECLARE_WORK: ['string', ''],
  DEFINE_ATOMIC: ['string', 'number'],
  DEFINE_BLOCK_DEVICE_OPERATIONS: ['string', ''],
  DEFINE_FILE_SYSTEM_TYPE: ['string', ''],
  DEFINE_FS_CONTEXT_OPERATIONS: ['string', ''],
  DEFINE_GENL_FAMILY: ['string', ''],
  DEFINE_IDR: ['string', ''],
  DEFINE_MODULE: ['string'],
  DEFINE_MUTEX: ['string'],
  DEFINE_POINTER: ['string'],
  DEFINE_RWLOCK: ['string'],
  DEFINE_SEMAPHORE: ['string', 'number'],
  DEFINE_SPINLOCK: ['string'],
  DEFINE_STATIC: ['string', ''],
  DEFINE_SUPER_OPERATIONS: ['string', ''],
  DEFINE_TIMER: ['string', ''],
  DEFINE_USER_NAMESPACE: ['string', 'number'],
  ERR_PTR: ['number'],
  INIT_WORK: ['work_struct', ''],
  LIST_HEAD: ['string'],
  LLIST_HEAD: ['string'],
  MAJOR: ['number'],
  MINOR: ['number'],
  MKDEV: ['number', 'number'],
  WARN: ['boolean', 'string'],
  WARN_ON: ['boolean'],
  __module_get: ['module'],
  alloc_disk: ['number'],
  alloc_ordered_workqueue: ['string', 'number'],
  alloc_workqueue: ['string', 'number', 'number'],
  array: ['', 'number'],
  atomic_add: ['number', 'atomic_t'],
  atomic_add_return: ['number', 'atomic_t'],
  atomic_add_unless: ['atomic_t', 'number', 'number'],
  atomic_cmpxchg: ['atomic_t', 'number', 'number'],
  atomic_dec: ['atomic_t'],
  atomic_dec_and_lock: ['atomic_t', 'spinlock_t'],
  atomic_dec_and_mutex_lock: ['atomic_t', 'mutex'],
  atomic_dec_and_test: ['atomic_t'],
  atomic_dec_return: ['atomic_t'],
  atomic_inc: ['atomic_t'],
  atomic_inc_not_zero: ['atomic_t'],
  atomic_inc_return: ['atomic_t'],
  atomic_read: ['atomic_t'],
  atomic_set: ['atomic_t', 'number'],
  atomic_sub: ['number', 'atomic_t'],
  atomic_sub_and_test: ['number', 'atomic_t'],
  atomic_xchg: ['atomic_t', 'number'],
  blk_alloc_queue: ['number'],
  call_rcu: ['rcu_head', ''],
  call_rcu_sched: ['rcu_head', ''],
  cancel_work_sync: ['work_struct'],
  ceph_parse_options: ['string', 'string'],
  change_bit: ['number', '', 'string'],
  clear_bit: ['number', '', 'string'],
  clear_bit_unlock: ['number', '', 'string'],
  complete: ['completion'],
  complete_all: ['completion'],
  completion_done: ['completion'],
  container_of: ['', '', 'string'],
  copy_from_user: ['', 'number'],
  copy_to_user: ['number', ''],
  dec_ucount: ['', 'number'],
  delete_module: ['module', ''],
  destroy_workqueue: ['workqueue_struct'],
  down: ['semaphore'],
  down_read: ['rw_semaphore'],
  down_read_trylock: ['rw_semaphore'],
  down_trylock: ['semaphore'],
  down_write: ['rw_semaphore'],
  down_write_nested: ['rw_semaphore', 'number'],
  down_write_trylock: ['rw_semaphore'],
  downgrade_write: ['rw_semaphore'],
  drain_workqueue: ['workqueue_struct'],
  errname: ['number'],
  fget: ['number'],
  finish_wait: ['wait_queue_head_t'],
  flush_work: ['work_struct'],
  flush_workqueue: ['workqueue_struct'],
  format_dev_t: ['number'],
  from_timer: ['', '', 'string'],
  fs_context_for_mount: ['', 'number'],
  get_user: ['', 'number', ''],
  gfpflags_allow_blocking: ['number'],
  idr_alloc: ['idr', '', 'number', 'number', 'number'],
  idr_destroy: ['idr'],
  idr_find: ['idr', 'number'],
  idr_for_each: ['idr', '', ''],
  idr_get_new: ['idr', '', ''],
  idr_get_new_above: ['idr', '', 'number', ''],
  idr_init: ['idr', ''],
  idr_pre_get: ['idr', 'number'],
  idr_remove: ['idr', 'number'],
  idr_replace: ['idr', '', 'number'],
  inModuleText: ['module', ''],
  inc_ucount: ['', 'number', 'number'],
  init_completion: ['completion'],
  init_llist_head: ['llist_head'],
  init_rwsem: ['rw_semaphore'],
  init_waitqueue_head: ['wait_queue_head_t'],
  kern_unmount_array: ['', 'number'],
  kfree_rcu: ['', 'string'],
  kmalloc: ['', 'number'],
  kref_get: ['kref'],
  kref_get_unless_zero: ['kref'],
  kref_init: ['kref'],
  kref_put: ['kref', ''],
  kref_put_lock: ['kref', '', 'spinlock_t'],
  kref_put_mutex: ['kref', '', 'mutex'],
  kref_read: ['kref'],
  kzalloc: ['', 'number'],
  list_entry: ['', '', 'string'],
  list_first_entry: ['', '', 'string'],
  list_for_each_entry: ['', '', 'string'],
  list_for_each_entry_safe: ['', '', 'string'],
  llist_add: ['', 'llist_head'],
  llist_del_all: ['llist_head'],
  llist_empty: ['llist_head'],
  llist_entry: ['', '', 'string'],
  llist_for_each_entry: ['', '', 'string'],
  llist_for_each_entry_safe: ['', '', 'string'],
  mayFail: ['string'],
  mempool_alloc: ['mempool_t', 'number'],
  mempool_create_slab_pool: ['number', ''],
  mempool_destroy: ['mempool_t'],
  mempool_free: ['', 'mempool_t'],
  memset: ['', 'number'],
  mod_timer: ['', 'number'],
  module_put: ['module'],
  module_refcount: ['module'],
  module_text: ['module'],
  msecs_to_jiffies: ['number'],
  msleep: ['number'],
  mutex_init: ['mutex'],
  mutex_is_locked: ['mutex'],
  mutex_lock: ['mutex'],
  mutex_lock_nested: ['mutex', 'number'],
  mutex_trylock: ['mutex'],
  mutex_unlock: ['mutex'],
  per_cpu: ['', 'number'],
  percpu_ref_exit: ['percpu_ref'],
  percpu_ref_get: ['percpu_ref'],
  percpu_ref_init: ['percpu_ref', '', 'number', 'number'],
  percpu_ref_is_dying: ['percpu_ref'],
  percpu_ref_is_zero: ['percpu_ref'],
  percpu_ref_kill: ['percpu_ref'],
  percpu_ref_kill_and_confirm: ['percpu_ref', ''],
  percpu_ref_put: ['percpu_ref'],
  percpu_ref_reinit: ['percpu_ref'],
  percpu_ref_tryget: ['percpu_ref'],
  percpu_ref_tryget_live: ['percpu_ref'],
  prepare_to_wait: ['wait_queue_head_t'],
  put_user: ['', 'number', ''],
  queue_rcu_work: ['workqueue_struct', ''],
  queue_work: ['workqueue_struct', 'work_struct'],
  rcu_dereference_protected: ['', '', 'boolean'],
  read_lock: ['rwlock_t'],
  read_trylock: ['rwlock_t'],
  read_unlock: ['rwlock_t'],
  refcount_add: ['number', 'refcount_t'],
  refcount_dec: ['refcount_t'],
  refcount_dec_and_lock: ['refcount_t', 'spinlock_t'],
  refcount_dec_and_mutex_lock: ['refcount_t', 'mutex'],
  refcount_dec_and_test: ['refcount_t'],
  refcount_dec_if_one: ['refcount_t'],
  refcount_dec_not_one: ['refcount_t'],
  refcount_inc: ['refcount_t'],
  refcount_inc_not_zero: ['refcount_t'],
  refcount_read: ['refcount_t'],
  refcount_set: ['refcount_t', 'number'],
  register_blkdev: ['number', 'string'],
  reinit_completion: ['completion'],
  rwlock_init: ['rwlock_t'],
  schedule_work: ['work_struct'],
  sema_init: ['semaphore', 'number'],
  set_bit: ['number', '', 'string'],
  set_capacity: ['', 'number'],
  spin_lock: ['spinlock_t'],
  spin_lock_init: ['spinlock_t'],
  spin_lock_nested: ['spinlock_t', 'number'],
  spin_trylock: ['spinlock_t'],
  spin_unlock: ['spinlock_t'],
  static_var: ['string', ''],
  struct: ['string', ''],
  test_and_clear_bit: ['number', '', 'string'],
  test_and_set_bit: ['number', '', 'string'],
  test_and_set_bit_lock: ['number', '', 'string'],
  test_bit: ['number', '', 'string'],
  this_cpu_add: ['', 'number'],
  time_after: ['number', 'number'],
  time_before: ['number', 'number'],
  timer_setup: ['', '', 'number'],
  to_rcu_work: ['work_struct'],
  try_module_get: ['module'],
  try_wait_for_completion: ['completion'],
  unregister_blkdev: ['number', 'string'],
  up: ['semaphore'],
  up_read: ['rw_semaphore'],
  up_write: ['rw_semaphore'],
  vm_munmap: ['number'],
  wait_event: ['wait_queue_head_t', ''],
  wait_for_completion: ['completion'],
  waitqueue_active: ['wait_queue_head_t'],
  wake_up: ['wait_queue_head_t'],
  wake_up_all: ['wait_queue_head_t'],
  write_lock: ['rwlock_t'],
  write_trylock: ['rwlock_t'],
  write_unlock: ['rwlock_t'],
};
