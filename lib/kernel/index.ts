// SPDX-License-Identifier: GPL-2.0-only
/** The simulated kernel, one file per header. */
export * from './atomic';
export * from './atomic-long';
export * from './atomic-order';
export * from './atomic-rare';
export * from './atomic64';
export * from './lockref';
export * from './bitops';
export * from './bug';
export * from './err';
export * from './anon_inodes';
export {
  close_fd,
  current_files,
  fdtable,
  files_lookup_fd_locked,
  files_lookup_fd_raw,
  files_lookup_fd_rcu,
  files_struct,
  NR_OPEN_DEFAULT,
} from './fdtable';
export * from './file';
export {
  call_read_iter,
  DEFINE_FILE_OPERATIONS,
  file,
  file_count,
  type file_operations,
  type FileFunctions,
  get_file,
  get_file_rcu,
  kiocb,
} from './fs';
export {
  DEFINE_IDR,
  idr,
  idr_alloc,
  idr_destroy,
  idr_find,
  idr_init,
  idr_remove,
  idr_replace,
  type IdrOptions,
} from './idr';
export * from './ida';
export * from './idr-old';
export * from './idr-walk';
export {
  __xa_cmpxchg,
  __xa_erase,
  __xa_insert,
  __xa_store,
  xa_cmpxchg,
  xa_destroy,
  xa_empty,
  xa_erase,
  xa_err,
  xa_insert,
  xa_is_err,
  xa_load,
  xa_store,
} from './xarray';
export * from './xarray-alloc';
export * from './xarray-init';
export * from './xarray-lock';
export { type xa_head, xarray } from './xarray-object';
export * from './kref';
export {
  container_of,
  INIT_LIST_HEAD,
  list_add,
  list_add_tail,
  list_del,
  list_del_init,
  list_empty,
  list_entry,
  list_first_entry,
  list_for_each_entry,
  list_for_each_entry_safe,
  list_head,
  LIST_HEAD,
} from './list';
export * from './list-careful';
export * from './list-entry';
export * from './list-move';
export {
  hlist_add_before,
  hlist_add_behind,
  hlist_add_head,
  hlist_del,
  hlist_del_init,
  hlist_empty,
  hlist_entry,
  hlist_entry_safe,
  hlist_for_each_entry,
  hlist_for_each_entry_safe,
  HLIST_HEAD,
  hlist_head,
  hlist_move_list,
  hlist_node,
  hlist_unhashed,
  INIT_HLIST_HEAD,
  INIT_HLIST_NODE,
} from './hlist';
export * from './rculist-hlist';
export * from './rculist';
export * from './cmpxchg';
export * from './atomic-fetch';
export * from './lockdep';
export { mayFail } from './may-fail';
export * from './mempool';
export * from './might-sleep';
export * from './minmax';
export * from './mm';
export * from './module';
export {
  DEFINE_MUTEX,
  mutex,
  mutex_init,
  mutex_is_locked,
  mutex_lock,
  mutex_lock_nested,
  mutex_trylock,
  mutex_unlock,
} from './mutex';
export * from './on-stack';
export { READ_ONCE, smp_load_acquire, smp_store_release, WRITE_ONCE } from './once';
export { DEFINE_POINTER } from './poison';
export * from './percpu';
export * from './printk';
export { ns_alloc_inum, ns_common, ns_free_inum } from './proc_ns';
export {
  refcount_add,
  refcount_add_not_zero,
  refcount_dec,
  refcount_dec_and_test,
  refcount_dec_if_one,
  refcount_dec_not_one,
  refcount_inc,
  refcount_inc_not_zero,
  refcount_read,
  REFCOUNT_SATURATED,
  refcount_set,
  refcount_sub_and_test,
  refcount_t,
} from './refcount';
export * from './refcount-lock';
export * from './slab';
export * from './slab-array';
export * from './slab-cache';
export * from './kmemdup';
export * from './vmalloc';
export {
  disable_irq,
  disable_irq_nosync,
  enable_irq,
  free_irq,
  IRQ_HANDLED,
  IRQ_NONE,
  IRQF_SHARED,
  request_irq,
  synchronize_hardirq,
  synchronize_irq,
} from './interrupt';
export { type irq_handler_t, type irqreturn_t } from './irq-core';
export * from './irqflags';
export * from './spinlock';
export {
  spin_lock_bh,
  spin_lock_irq,
  spin_lock_irqsave,
  spin_trylock_bh,
  spin_trylock_irq,
  spin_unlock_bh,
  spin_unlock_irq,
  spin_unlock_irqrestore,
} from './spinlock-irq';
export { DEFINE_STATIC, static_var } from './static-var';
export * from './string';
export * from './types';
export {
  dec_ucount,
  DEFINE_USER_NAMESPACE,
  get_user_ns,
  inc_ucount,
  put_user_ns,
  UCOUNT_IPC_NAMESPACES,
  ucounts,
  user_namespace,
} from './user_namespace';
export * from './uaccess';
export { type user, vm_mmap, vm_munmap } from './user-memory';
export {
  complete,
  complete_all,
  completion,
  completion_done,
  DECLARE_COMPLETION,
  DECLARE_COMPLETION_ONSTACK,
  init_completion,
  reinit_completion,
  try_wait_for_completion,
  wait_for_completion,
} from './completion';
export { cpu_relax } from './processor';
export * from './rwlock';
export * from './rwlock-irq';
export { DEFINE_SEMAPHORE, down, down_trylock, sema_init, semaphore, up } from './semaphore';
export {
  add_wait_queue,
  add_wait_queue_exclusive,
  DECLARE_WAIT_QUEUE_HEAD,
  finish_wait,
  init_waitqueue_head,
  prepare_to_wait,
  prepare_to_wait_exclusive,
  remove_wait_queue,
  type wait_condition_t,
  wait_event,
  waitqueue_active,
  wake_up,
  wake_up_all,
  wake_up_interruptible,
  wake_up_interruptible_all,
  wake_up_interruptible_nr,
  wake_up_nr,
} from './wait';
export { wait_queue_head_t } from './wait-queue';
export * from './sched';
export * from './kthread';
export { type threadfn_t } from './kthread-core';
export {
  TASK_INTERRUPTIBLE,
  TASK_KILLABLE,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
} from './task-state';
export { type task_struct } from './join';
export {
  DECLARE_RWSEM,
  down_read,
  down_read_nested,
  down_read_trylock,
  down_write,
  down_write_nested,
  down_write_trylock,
  downgrade_write,
  init_rwsem,
  rw_semaphore,
  up_read,
  up_write,
} from './rwsem';
export * from './rwsem-ends';
export * from './rcu-pointer';
export * from './rcu-work';
export * from './rcu-bh';
export * from './kfree-rcu';
export {
  call_rcu,
  call_rcu_sched,
  preempt_disable,
  preempt_enable,
  rcu_barrier,
  rcu_barrier_sched,
  rcu_read_lock,
  rcu_read_lock_held,
  rcu_read_lock_sched,
  rcu_read_unlock,
  rcu_read_unlock_sched,
  synchronize_rcu,
  synchronize_rcu_expedited,
  synchronize_sched,
} from './rcupdate';
export { type rcu_callback_t, rcu_head } from './rcu-callback';
export * from './notifier';
export { notifier_block, type notifier_fn_t } from './notifier-core';
export * from './notifier-srcu';
export * from './percpu-rwsem';
export * from './srcu';
export { srcu_struct } from './srcu-state';
export {
  alloc_ordered_workqueue,
  alloc_workqueue,
  create_singlethread_workqueue,
  DECLARE_WORK,
  INIT_WORK,
  queue_work,
  queue_work_on,
  schedule_work,
  system_wq,
  WQ_HIGHPRI,
  WQ_MEM_RECLAIM,
  WQ_UNBOUND,
} from './workqueue';
export {
  cancel_work,
  cancel_work_sync,
  disable_work,
  disable_work_sync,
  enable_work,
  work_pending,
} from './workqueue-cancel';
export { destroy_workqueue, drain_workqueue, flush_work, flush_workqueue } from './workqueue-wait';
export * from './workqueue-delayed';
export { type work_func_t, work_struct, type workqueue_struct } from './workqueue-core';
export * from './barrier';
export * from './llist';
export {
  percpu_ref,
  percpu_ref_exit,
  type percpu_ref_func_t,
  percpu_ref_init,
  PERCPU_REF_INIT_ATOMIC,
  PERCPU_REF_INIT_DEAD,
  percpu_ref_is_dying,
  percpu_ref_is_zero,
  percpu_ref_reinit,
} from './percpu-ref-object';
export * from './percpu-refcount';
export { HZ, jiffies, msecs_to_jiffies, time_after, time_before } from './jiffies';
export * from './delay';
export * from './hrtimer';
export * from './tasklet';
export { type tasklet_callback_t, type tasklet_func_t, tasklet_struct } from './tasklet-core';
export * from './timer';
export * from './timer-delete';
export { type timer_func_t, timer_list } from './timer-core';
export {
  down_interruptible,
  down_killable,
  down_timeout,
  mutex_lock_interruptible,
  mutex_lock_killable,
  wait_for_completion_interruptible,
  wait_for_completion_killable,
  wait_for_completion_timeout,
} from './interruptible';
export * from './nested';
export * from './wait-event';
export * from './wait-event-lock';
export * from './wait-bit';
export * from './seqlock';
export {
  kobject,
  kobject_get,
  kobject_get_unless_zero,
  kobject_init,
  kobject_put,
} from './kobject';
export * from './device';
export {
  devm_add_action,
  devm_add_action_or_reset,
  devm_kfree,
  devm_kzalloc,
  devm_release_action,
  devm_remove_action,
  devres_head,
} from './devres';
