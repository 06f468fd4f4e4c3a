// SPDX-License-Identifier: GPL-2.0-only
/** Written by tools/house/lib-names.js from the types of lib/driver-lib.ts and lib/index.ts; do not edit. */

/** Exports whose result must be run with `yield*`. */
export const OP_EXPORTS: readonly string[] = `
  ASSERT_RTNL ATOMIC_INIT_NOTIFIER_HEAD BLOCKING_INIT_NOTIFIER_HEAD DECLARE_COMPLETION_ONSTACK DECLARE_STRUCT_ONSTACK INIT_DELAYED_WORK
  INIT_RCU_WORK INIT_WORK RCU_INIT_POINTER READ_ONCE WRITE_ONCE __module_get __set_current_state __skb_dequeue __skb_queue_head
  __skb_queue_purge __skb_queue_tail __skb_unlink __xa_alloc __xa_cmpxchg __xa_erase __xa_insert __xa_store add_disk add_timer add_wait_queue
  add_wait_queue_exclusive alloc_disk alloc_ordered_workqueue alloc_percpu alloc_skb alloc_workqueue anon_inode_getfd anon_inode_getfile
  atomic64_add atomic64_cmpxchg atomic64_dec atomic64_dec_and_test atomic64_inc atomic64_inc_not_zero atomic64_inc_return atomic64_read
  atomic64_set atomic64_sub atomic64_xchg atomic_add atomic_add_negative atomic_add_return atomic_add_unless atomic_and atomic_andnot
  atomic_cmpxchg atomic_cmpxchg_acquire atomic_cmpxchg_relaxed atomic_cmpxchg_release atomic_dec atomic_dec_and_lock
  atomic_dec_and_lock_irqsave atomic_dec_and_mutex_lock atomic_dec_and_test atomic_dec_if_positive atomic_dec_return atomic_dec_return_release
  atomic_dec_unless_positive atomic_fetch_add atomic_fetch_add_unless atomic_fetch_and atomic_fetch_dec atomic_fetch_inc atomic_fetch_or
  atomic_fetch_sub atomic_inc atomic_inc_and_test atomic_inc_not_zero atomic_inc_return atomic_inc_unless_negative atomic_long_add
  atomic_long_cmpxchg atomic_long_dec atomic_long_dec_and_test atomic_long_inc atomic_long_inc_not_zero atomic_long_inc_return
  atomic_long_read atomic_long_set atomic_long_sub atomic_long_xchg atomic_notifier_call_chain atomic_notifier_chain_register
  atomic_notifier_chain_unregister atomic_or atomic_read atomic_read_acquire atomic_set atomic_set_release atomic_sub atomic_sub_and_test
  atomic_sub_return atomic_try_cmpxchg atomic_xchg blk_alloc_queue blk_cleanup_disk blk_cleanup_queue blk_mq_alloc_disk blk_mq_alloc_tag_set
  blk_mq_free_tag_set blocking_notifier_call_chain blocking_notifier_chain_register blocking_notifier_chain_unregister call_rcu call_rcu_sched
  call_read_iter call_srcu cancel_delayed_work cancel_delayed_work_sync cancel_work cancel_work_sync ceph_create_client ceph_destroy_client
  ceph_destroy_options ceph_open_session ceph_osdc_start_request ceph_parse_options change_bit cleanup_srcu_struct clear_and_wake_up_bit
  clear_bit clear_bit_unlock close_fd cmpxchg cmpxchg_acquire cmpxchg_relaxed cmpxchg_release complete complete_all completion_done
  consume_skb copy_from_user copy_to_user cpu_relax create_singlethread_workqueue d_make_root deactivate_locked_super deactivate_super
  dec_ucount del_gendisk del_timer del_timer_sync delayed_work_pending delete_module destroy_workqueue device_add_disk device_initialize
  devm_add_action devm_add_action_or_reset devm_kfree devm_kzalloc devm_release_action devm_remove_action dget disable_irq disable_irq_nosync
  disable_work disable_work_sync down down_interruptible down_killable down_read down_read_interruptible down_read_killable down_read_nested
  down_read_trylock down_timeout down_trylock down_write down_write_killable down_write_nested down_write_trylock downgrade_write dput
  drain_workqueue enable_irq enable_work fc_mount fc_mount_longterm fd_install fget file_count files_lookup_fd_locked files_lookup_fd_raw
  files_lookup_fd_rcu finish_wait flush_delayed_work flush_rcu_work flush_work flush_workqueue fput free_irq free_percpu fs_context_for_mount
  generic_shutdown_super genl_register_family genl_unregister_family get_device get_disk get_file get_file_rcu get_task_struct get_tree_keyed
  get_tree_nodev get_unused_fd_flags get_user get_user_ns hlist_add_before_rcu hlist_add_behind_rcu hlist_add_head_rcu hlist_del_init_rcu
  hlist_del_rcu hlist_first_or_null_rcu hlist_next_or_null_rcu hrtimer_cancel hrtimer_forward_now hrtimer_is_queued hrtimer_setup
  hrtimer_start hrtimer_try_to_cancel ida_alloc ida_alloc_max ida_alloc_min ida_alloc_range ida_destroy ida_free ida_init ida_is_empty
  idr_alloc idr_alloc_cyclic idr_destroy idr_find idr_for_each idr_get_new idr_get_new_above idr_get_next idr_init idr_is_empty idr_pre_get
  idr_remove idr_replace inModuleText inc_ucount init_completion init_llist_head init_rwsem init_srcu_struct init_waitqueue_head iput jiffies
  kcalloc kern_mount kern_unmount kern_unmount_array kfree kfree_rcu kfree_rcu_mightsleep kfree_sensitive kfree_skb kill_anon_super
  kill_litter_super kmalloc kmalloc_array kmem_cache_alloc kmem_cache_create kmem_cache_destroy kmem_cache_free kmem_cache_zalloc kmemdup
  kobject_get kobject_get_unless_zero kobject_init kobject_put kref_get kref_get_unless_zero kref_init kref_put kref_put_lock kref_put_mutex
  kref_read kthread_create kthread_park kthread_parkme kthread_run kthread_should_park kthread_should_stop kthread_stop kthread_unpark kvfree
  kvfree_rcu kvfree_rcu_mightsleep kvmalloc kvmalloc_array kvzalloc kzalloc list_add_rcu list_add_tail_rcu list_del_init_careful list_del_rcu
  list_empty_careful list_first_or_null_rcu list_next_or_null_rcu list_replace_rcu llist_add llist_del_all llist_empty local_bh_disable
  local_bh_enable local_irq_disable local_irq_enable local_irq_restore local_irq_save lock_mount_hash lock_sock lock_sock_nested
  lockdep_set_class lockref_get lockref_get_not_dead lockref_get_not_zero lockref_init lockref_put_or_lock lockref_put_return mayFail
  mempool_alloc mempool_create_slab_pool mempool_destroy mempool_free memset might_lock might_sleep mnt_make_shortterm mntget mntput
  mod_delayed_work mod_timer module_put module_refcount module_text msleep mutex_init mutex_is_locked mutex_lock mutex_lock_interruptible
  mutex_lock_interruptible_nested mutex_lock_killable mutex_lock_killable_nested mutex_lock_nested mutex_trylock mutex_unlock new_inode
  ns_alloc_inum ns_free_inum per_cpu percpu_down_read percpu_down_read_trylock percpu_down_write percpu_free_rwsem percpu_init_rwsem
  percpu_ref_exit percpu_ref_get percpu_ref_init percpu_ref_is_dying percpu_ref_is_zero percpu_ref_kill percpu_ref_kill_and_confirm
  percpu_ref_put percpu_ref_reinit percpu_ref_tryget percpu_ref_tryget_live percpu_up_read percpu_up_write preempt_disable preempt_enable
  prepare_to_wait prepare_to_wait_exclusive put_device put_disk put_fs_context put_task_struct put_unused_fd put_user put_user_ns
  queue_delayed_work queue_rcu_work queue_work queue_work_on raw_notifier_call_chain raw_notifier_chain_register raw_notifier_chain_unregister
  rcu_access_pointer rcu_assign_pointer rcu_barrier rcu_barrier_sched rcu_dereference rcu_dereference_bh rcu_dereference_check
  rcu_dereference_protected rcu_dereference_raw rcu_read_lock rcu_read_lock_bh rcu_read_lock_sched rcu_read_unlock rcu_read_unlock_bh
  rcu_read_unlock_sched rcu_replace_pointer read_lock read_lock_bh read_lock_irq read_lock_irqsave read_seqbegin read_seqcount_begin
  read_seqcount_retry read_seqlock_excl read_seqretry read_sequnlock_excl read_trylock read_unlock read_unlock_bh read_unlock_irq
  read_unlock_irqrestore refcount_add refcount_add_not_zero refcount_dec refcount_dec_and_lock refcount_dec_and_lock_irqsave
  refcount_dec_and_mutex_lock refcount_dec_and_test refcount_dec_if_one refcount_dec_not_one refcount_inc refcount_inc_not_zero refcount_read
  refcount_set refcount_sub_and_test register_blkdev reinit_completion release_sock remove_wait_queue replace_fd request_irq rtnl_is_locked
  rtnl_lock rtnl_trylock rtnl_unlock rwlock_init schedule schedule_delayed_work schedule_timeout schedule_timeout_interruptible
  schedule_timeout_uninterruptible schedule_work sema_init seqlock_init set_bit set_current_state sget_fc signal_pending skb_dequeue
  skb_dequeue_tail skb_get skb_queue_empty_lockless skb_queue_head skb_queue_head_init skb_queue_len_lockless skb_queue_purge skb_queue_tail
  skb_shared skb_unlink smp_acquire__after_ctrl_dep smp_load_acquire smp_mb smp_mb__after_atomic smp_mb__after_spinlock smp_mb__before_atomic
  smp_rmb smp_store_release smp_wmb sock_hold sock_init_data sock_owned_by_user sock_put spin_lock spin_lock_bh spin_lock_init spin_lock_irq
  spin_lock_irqsave spin_lock_irqsave_nested spin_lock_nested spin_trylock spin_trylock_bh spin_trylock_irq spin_unlock spin_unlock_bh
  spin_unlock_irq spin_unlock_irqrestore srcu_barrier srcu_cleanup_notifier_head srcu_dereference srcu_init_notifier_head
  srcu_notifier_call_chain srcu_notifier_chain_register srcu_notifier_chain_unregister srcu_read_lock srcu_read_unlock synchronize_hardirq
  synchronize_irq synchronize_net synchronize_rcu synchronize_rcu_expedited synchronize_sched synchronize_srcu synchronize_srcu_expedited
  tasklet_disable tasklet_disable_in_atomic tasklet_disable_nosync tasklet_enable tasklet_hi_schedule tasklet_init tasklet_kill
  tasklet_schedule tasklet_setup test_and_clear_bit test_and_set_bit test_and_set_bit_lock test_bit this_cpu_add timer_delete
  timer_delete_sync timer_pending timer_setup timer_shutdown timer_shutdown_sync try_cmpxchg try_cmpxchg_acquire try_cmpxchg_relaxed
  try_cmpxchg_release try_module_get try_to_del_timer_sync try_wait_for_completion unlock_mount_hash unregister_blkdev up up_read up_write
  vfree vfs_create_mount vfs_get_tree vm_mmap vm_munmap vzalloc wait_event wait_event_freezable wait_event_idle wait_event_idle_exclusive
  wait_event_interruptible wait_event_interruptible_exclusive wait_event_interruptible_lock_irq wait_event_interruptible_timeout
  wait_event_killable wait_event_killable_exclusive wait_event_lock_irq wait_event_timeout wait_for_completion
  wait_for_completion_interruptible wait_for_completion_killable wait_for_completion_timeout wait_on_bit wait_on_bit_lock wait_var_event
  waitqueue_active wake_up wake_up_all wake_up_bit wake_up_interruptible wake_up_interruptible_all wake_up_interruptible_nr wake_up_nr
  wake_up_process wake_up_var work_pending wq_has_sleeper write_lock write_lock_bh write_lock_irq write_lock_irqsave write_seqcount_begin
  write_seqcount_end write_seqlock write_sequnlock write_trylock write_unlock write_unlock_bh write_unlock_irq write_unlock_irqrestore
  xa_alloc xa_cmpxchg xa_destroy xa_empty xa_erase xa_find xa_find_after xa_init xa_init_flags xa_insert xa_load xa_lock xa_lock_bh
  xa_lock_irq xa_lock_irqsave xa_store xa_unlock xa_unlock_bh xa_unlock_irq xa_unlock_irqrestore xchg xchg_relaxed
`
  .trim()
  .split(/\s+/);

/** Exports of lib/index.ts that only scenarios may import. */
export const SCENARIO_EXPORTS: readonly string[] = `
  FMODE_READ FMODE_WRITE alive allocated allocatedBesides asleep blkQueuesAllocating blkWatchQueues blkdev_get_by_dev blkdev_put
  cephDestroySleeps cephSessionsOpening cephWatchSessions countsOf current_task devres_release_all expect_eq expect_no_locks expect_true
  genl_rcv grace_period_log grace_periods idrLayersReady interrupted inumsInUse join listenUevents openFile open_by_devnum raise_irq reached
  scenario settle slabReuses spawn_task suite systemWorksLeft systemWorksOneAtATime userMapped user_alloc user_read user_write
`
  .trim()
  .split(/\s+/);

/** Exports that declare something at a driver's file scope. */
export const DECLARATORS: readonly string[] = `
  ATOMIC_NOTIFIER_HEAD BLOCKING_NOTIFIER_HEAD DECLARE_COMPLETION DECLARE_DELAYED_WORK DECLARE_RWSEM DECLARE_TASKLET DECLARE_TASKLET_DISABLED
  DECLARE_WAIT_QUEUE_HEAD DECLARE_WORK DEFINE_ATOMIC DEFINE_BLOCK_DEVICE_OPERATIONS DEFINE_FILE_OPERATIONS DEFINE_FILE_SYSTEM_TYPE
  DEFINE_FS_CONTEXT_OPERATIONS DEFINE_GENL_FAMILY DEFINE_IDA DEFINE_IDR DEFINE_MODULE DEFINE_MUTEX DEFINE_POINTER DEFINE_RWLOCK
  DEFINE_SEMAPHORE DEFINE_SEQLOCK DEFINE_SPINLOCK DEFINE_SRCU DEFINE_STATIC DEFINE_STATIC_PERCPU_RWSEM DEFINE_SUPER_OPERATIONS DEFINE_TIMER
  DEFINE_USER_NAMESPACE DEFINE_XARRAY DEFINE_XARRAY_ALLOC HLIST_HEAD LIST_HEAD LLIST_HEAD RAW_NOTIFIER_HEAD array fn ptr static_var struct
`
  .trim()
  .split(/\s+/);

/** What the parameters of every function must be: a word of lib/kata/parameters.ts, or the type of a kernel object. */
export const PARAMETERS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  `
  ASSERT_RTNL() ATOMIC_INIT_NOTIFIER_HEAD(atomic_notifier_head) ATOMIC_NOTIFIER_HEAD(name) BLOCKING_INIT_NOTIFIER_HEAD(blocking_notifier_head)
  BLOCKING_NOTIFIER_HEAD(name) BUG() BUG_ON(boolean) DECLARE_COMPLETION(name) DECLARE_COMPLETION_ONSTACK(name)
  DECLARE_DELAYED_WORK(name,function) DECLARE_RWSEM(name) DECLARE_STRUCT_ONSTACK(type,name) DECLARE_TASKLET(name,function)
  DECLARE_TASKLET_DISABLED(name,function) DECLARE_WAIT_QUEUE_HEAD(name) DECLARE_WORK(name,function) DEFINE_ATOMIC(name,number)
  DEFINE_BLOCK_DEVICE_OPERATIONS(name,table) DEFINE_FILE_OPERATIONS(name,table) DEFINE_FILE_SYSTEM_TYPE(name,table)
  DEFINE_FS_CONTEXT_OPERATIONS(name,table) DEFINE_GENL_FAMILY(name,table) DEFINE_IDA(name) DEFINE_IDR(name,table?) DEFINE_MODULE(name)
  DEFINE_MUTEX(name) DEFINE_POINTER(name) DEFINE_RWLOCK(name) DEFINE_SEMAPHORE(name,number) DEFINE_SEQLOCK(name) DEFINE_SPINLOCK(name)
  DEFINE_SRCU(name) DEFINE_STATIC(name,type) DEFINE_STATIC_PERCPU_RWSEM(name) DEFINE_SUPER_OPERATIONS(name,table) DEFINE_TIMER(name,function)
  DEFINE_USER_NAMESPACE(name,number) DEFINE_XARRAY(name) DEFINE_XARRAY_ALLOC(name) ERR_CAST(own) ERR_PTR(number) HLIST_HEAD(name)
  INIT_DELAYED_WORK(delayed_work,function) INIT_HLIST_HEAD(hlist_head) INIT_HLIST_NODE(hlist_node) INIT_LIST_HEAD(list_head)
  INIT_RCU_WORK(rcu_work,function) INIT_WORK(work_struct,function) IS_ERR(own) IS_ERR_OR_NULL(own) LIST_HEAD(name) LLIST_HEAD(name)
  MAJOR(number) MINOR(number) MKDEV(number,number) PTR_ERR(own) PTR_ERR_OR_ZERO(own) RAW_NOTIFIER_HEAD(name)
  RCU_INIT_POINTER(object,field,value) READ_ONCE(object,field) WARN(boolean,string) WARN_ON(boolean) WARN_ONCE(boolean,string)
  WARN_ON_ONCE(boolean) WRITE_ONCE(object,field,value) XA_LIMIT(number,number) __lockref_is_dead(lockref) __module_get(module)
  __set_current_state(number) __skb_dequeue(sk_buff_head) __skb_queue_head(sk_buff_head,sk_buff) __skb_queue_purge(sk_buff_head)
  __skb_queue_tail(sk_buff_head,sk_buff) __skb_unlink(sk_buff,sk_buff_head) __xa_alloc(xarray,out,value,table,number)
  __xa_cmpxchg(xarray,number,value,value,number) __xa_erase(xarray,number) __xa_insert(xarray,number,value,number)
  __xa_store(xarray,number,value,number) add_disk(gendisk) add_timer(timer_list) add_wait_queue(wait_queue_head_t)
  add_wait_queue_exclusive(wait_queue_head_t) alloc_disk(number) alloc_ordered_workqueue(name,number) alloc_percpu() alloc_skb(number,number)
  alloc_workqueue(name,number,number) anon_inode_getfd(string,file_operations,object,number)
  anon_inode_getfile(string,file_operations,object,number) array(scalar,number) atomic64_add(number,atomic64_t)
  atomic64_cmpxchg(atomic64_t,number,number) atomic64_dec(atomic64_t) atomic64_dec_and_test(atomic64_t) atomic64_inc(atomic64_t)
  atomic64_inc_not_zero(atomic64_t) atomic64_inc_return(atomic64_t) atomic64_read(atomic64_t) atomic64_set(atomic64_t,number)
  atomic64_sub(number,atomic64_t) atomic64_xchg(atomic64_t,number) atomic_add(number,atomic_t) atomic_add_negative(number,atomic_t)
  atomic_add_return(number,atomic_t) atomic_add_unless(atomic_t,number,number) atomic_and(number,atomic_t) atomic_andnot(number,atomic_t)
  atomic_cmpxchg(atomic_t,number,number) atomic_cmpxchg_acquire(atomic_t,number,number) atomic_cmpxchg_relaxed(atomic_t,number,number)
  atomic_cmpxchg_release(atomic_t,number,number) atomic_dec(atomic_t) atomic_dec_and_lock(atomic_t,spinlock_t)
  atomic_dec_and_lock_irqsave(atomic_t,spinlock_t,out) atomic_dec_and_mutex_lock(atomic_t,mutex) atomic_dec_and_test(atomic_t)
  atomic_dec_if_positive(atomic_t) atomic_dec_return(atomic_t) atomic_dec_return_release(atomic_t) atomic_dec_unless_positive(atomic_t)
  atomic_fetch_add(number,atomic_t) atomic_fetch_add_unless(atomic_t,number,number) atomic_fetch_and(number,atomic_t)
  atomic_fetch_dec(atomic_t) atomic_fetch_inc(atomic_t) atomic_fetch_or(number,atomic_t) atomic_fetch_sub(number,atomic_t)
  atomic_inc(atomic_t) atomic_inc_and_test(atomic_t) atomic_inc_not_zero(atomic_t) atomic_inc_return(atomic_t)
  atomic_inc_unless_negative(atomic_t) atomic_long_add(number,atomic_long_t) atomic_long_cmpxchg(atomic_long_t,number,number)
  atomic_long_dec(atomic_long_t) atomic_long_dec_and_test(atomic_long_t) atomic_long_inc(atomic_long_t)
  atomic_long_inc_not_zero(atomic_long_t) atomic_long_inc_return(atomic_long_t) atomic_long_read(atomic_long_t)
  atomic_long_set(atomic_long_t,number) atomic_long_sub(number,atomic_long_t) atomic_long_xchg(atomic_long_t,number)
  atomic_notifier_call_chain(atomic_notifier_head,number,object) atomic_notifier_chain_register(atomic_notifier_head,notifier_block)
  atomic_notifier_chain_unregister(atomic_notifier_head,notifier_block) atomic_or(number,atomic_t) atomic_read(atomic_t)
  atomic_read_acquire(atomic_t) atomic_set(atomic_t,number) atomic_set_release(atomic_t,number) atomic_sub(number,atomic_t)
  atomic_sub_and_test(number,atomic_t) atomic_sub_return(number,atomic_t) atomic_try_cmpxchg(atomic_t,out,number) atomic_xchg(atomic_t,number)
  blk_alloc_queue(number) blk_cleanup_disk(gendisk) blk_cleanup_queue(request_queue) blk_mq_alloc_disk(blk_mq_tag_set,object)
  blk_mq_alloc_tag_set(blk_mq_tag_set) blk_mq_free_tag_set(blk_mq_tag_set) blocking_notifier_call_chain(blocking_notifier_head,number,object)
  blocking_notifier_chain_register(blocking_notifier_head,notifier_block)
  blocking_notifier_chain_unregister(blocking_notifier_head,notifier_block) call_rcu(rcu_head,function) call_rcu_sched(rcu_head,function)
  call_read_iter(file,kiocb) call_srcu(srcu_struct,rcu_head,function) cancel_delayed_work(delayed_work) cancel_delayed_work_sync(delayed_work)
  cancel_work(work_struct) cancel_work_sync(work_struct) ceph_compare_options(ceph_options,ceph_client) ceph_create_client(ceph_options)
  ceph_destroy_client(ceph_client) ceph_destroy_options(ceph_options) ceph_open_session(ceph_client) ceph_osdc_start_request(ceph_client)
  ceph_parse_options(string,string) change_bit(number,object,field) clamp(number,number,number) cleanup_srcu_struct(srcu_struct)
  clear_and_wake_up_bit(number,object,field) clear_bit(number,object,field) clear_bit_unlock(number,object,field) close_fd(number)
  cmpxchg(object,field,value,value) cmpxchg_acquire(object,field,value,value) cmpxchg_relaxed(object,field,value,value)
  cmpxchg_release(object,field,value,value) complete(completion) complete_all(completion) completion_done(completion) consume_skb(sk_buff)
  container_of(object,type,name) copy_from_user(object,number) copy_to_user(number,object) cpu_relax() create_singlethread_workqueue(name)
  current_files() current_mm() d_make_root(fs_inode) data_race(function) deactivate_locked_super(super_block) deactivate_super(super_block)
  dec_ucount(ucounts,number) del_gendisk(gendisk) del_timer(timer_list) del_timer_sync(timer_list) delayed_work_pending(delayed_work)
  delete_module(module,function) destroy_workqueue(workqueue_struct) dev_get_drvdata(device) dev_set_drvdata(device,object)
  device_add_disk(nothing,gendisk,nothing) device_initialize(device) devm_add_action(device,function,object)
  devm_add_action_or_reset(device,function,object) devm_kfree(device,object) devm_kzalloc(device,type,number)
  devm_release_action(device,function,object) devm_remove_action(device,function,object) dget(dentry) disable_irq(number)
  disable_irq_nosync(number) disable_work(work_struct) disable_work_sync(work_struct) down(semaphore) down_interruptible(semaphore)
  down_killable(semaphore) down_read(rw_semaphore) down_read_interruptible(rw_semaphore) down_read_killable(rw_semaphore)
  down_read_nested(rw_semaphore,number) down_read_trylock(rw_semaphore) down_timeout(semaphore,number) down_trylock(semaphore)
  down_write(rw_semaphore) down_write_killable(rw_semaphore) down_write_nested(rw_semaphore,number) down_write_trylock(rw_semaphore)
  downgrade_write(rw_semaphore) dput(dentry) drain_workqueue(workqueue_struct) elementAt(object,number) enable_irq(number)
  enable_work(work_struct) errname(number) fc_mount(fs_context) fc_mount_longterm(fs_context) fd_install(number,file) fget(number)
  file_count(file) files_lookup_fd_locked(files_struct,number) files_lookup_fd_raw(files_struct,number)
  files_lookup_fd_rcu(files_struct,number) finish_wait(wait_queue_head_t) flush_delayed_work(delayed_work) flush_rcu_work(rcu_work)
  flush_work(work_struct) flush_workqueue(workqueue_struct) fn() for_each_possible_cpu() format_dev_t(number) fput(file)
  free_irq(number,object) free_percpu(percpu_int) from_tasklet(type,tasklet_struct,field) from_timer(type,timer_list,field)
  fs_context_for_mount(file_system_type,number) generic_shutdown_super(super_block) genl_register_family(genl_family)
  genl_unregister_family(genl_family) genlmsg_reply(table,info) get_capacity(gendisk) get_current() get_device(device) get_disk(gendisk)
  get_file(file) get_file_rcu(file) get_task_struct(task_struct) get_tree_keyed(fs_context,function,object)
  get_tree_nodev(fs_context,function) get_unused_fd_flags(number) get_user(out,number,field) get_user_ns(user_namespace)
  gfpflags_allow_blocking(number) hlist_add_before(hlist_node,hlist_node) hlist_add_before_rcu(hlist_node,hlist_node)
  hlist_add_behind(hlist_node,hlist_node) hlist_add_behind_rcu(hlist_node,hlist_node) hlist_add_head(hlist_node,hlist_head)
  hlist_add_head_rcu(hlist_node,hlist_head) hlist_del(hlist_node) hlist_del_init(hlist_node) hlist_del_init_rcu(hlist_node)
  hlist_del_rcu(hlist_node) hlist_empty(hlist_head) hlist_entry(hlist_node,type,field) hlist_entry_safe(hlist_node,type,field)
  hlist_first_or_null_rcu(hlist_head,type,field) hlist_for_each_entry(hlist_head,type,field) hlist_for_each_entry_safe(hlist_head,type,field)
  hlist_move_list(hlist_head,hlist_head) hlist_next_or_null_rcu(hlist_node,type,field) hlist_unhashed(hlist_node) hrtimer_cancel(hrtimer)
  hrtimer_forward_now(hrtimer,number) hrtimer_is_queued(hrtimer) hrtimer_setup(hrtimer,function,number,number)
  hrtimer_start(hrtimer,number,number) hrtimer_try_to_cancel(hrtimer) ida_alloc(ida,number) ida_alloc_max(ida,number,number)
  ida_alloc_min(ida,number,number) ida_alloc_range(ida,number,number,number) ida_destroy(ida) ida_free(ida,number) ida_init(ida)
  ida_is_empty(ida) idr_alloc(idr,value,number,number,number) idr_alloc_cyclic(idr,value,number,number,number) idr_destroy(idr)
  idr_find(idr,number) idr_for_each(idr,function,own) idr_get_new(idr,value,out) idr_get_new_above(idr,value,number,out) idr_get_next(idr,out)
  idr_init(idr,table?) idr_is_empty(idr) idr_pre_get(idr,number) idr_remove(idr,number) idr_replace(idr,value,number)
  inModuleText(module,function) in_hardirq() in_interrupt() in_irq() in_serving_softirq() in_softirq() in_task()
  inc_ucount(user_namespace,number,number) init_completion(completion) init_llist_head(llist_head) init_rwsem(rw_semaphore)
  init_srcu_struct(srcu_struct) init_waitqueue_head(wait_queue_head_t) iput(fs_inode) irqs_disabled() jiffies() kcalloc(number,type,number)
  kern_mount(file_system_type) kern_unmount(vfsmount) kern_unmount_array(array,number) kfree(object) kfree_rcu(object,field)
  kfree_rcu_mightsleep(object) kfree_sensitive(object) kfree_skb(sk_buff) kill_anon_super(super_block) kill_litter_super(super_block)
  kmalloc(type,number) kmalloc_array(number,type,number) kmem_cache_alloc(kmem_cache,number) kmem_cache_create(name,type,number,function)
  kmem_cache_destroy(kmem_cache) kmem_cache_free(kmem_cache,object) kmem_cache_zalloc(kmem_cache,number) kmemdup(object,type,number)
  kobject_get(kobject) kobject_get_unless_zero(kobject) kobject_init(kobject,function) kobject_put(kobject) kref_get(kref)
  kref_get_unless_zero(kref) kref_init(kref) kref_put(kref,function) kref_put_lock(kref,function,spinlock_t)
  kref_put_mutex(kref,function,mutex) kref_read(kref) kthread_create(function,value,name) kthread_park(task_struct) kthread_parkme()
  kthread_run(function,value,name) kthread_should_park() kthread_should_stop() kthread_stop(task_struct) kthread_unpark(task_struct)
  kvfree(object) kvfree_rcu(object,field) kvfree_rcu_mightsleep(object) kvmalloc(type,number) kvmalloc_array(number,type,number)
  kvzalloc(type,number) kzalloc(type,number) list_add(list_head,list_head) list_add_rcu(list_head,list_head)
  list_add_tail(list_head,list_head) list_add_tail_rcu(list_head,list_head) list_count_nodes(list_head) list_del(list_head)
  list_del_init(list_head) list_del_init_careful(list_head) list_del_rcu(list_head) list_empty(list_head) list_empty_careful(list_head)
  list_entry(list_head,type,field) list_first_entry(list_head,type,field) list_first_entry_or_null(list_head,type,field)
  list_first_or_null_rcu(list_head,type,field) list_for_each_entry(list_head,type,field)
  list_for_each_entry_continue(object,list_head,type,field) list_for_each_entry_from(object,list_head,type,field)
  list_for_each_entry_reverse(list_head,type,field) list_for_each_entry_safe(list_head,type,field) list_is_first(list_head,list_head)
  list_is_last(list_head,list_head) list_is_singular(list_head) list_last_entry(list_head,type,field) list_move(list_head,list_head)
  list_move_tail(list_head,list_head) list_next_entry(object,type,field) list_next_or_null_rcu(list_head,list_head,type,field)
  list_prev_entry(object,type,field) list_replace(list_head,list_head) list_replace_init(list_head,list_head)
  list_replace_rcu(list_head,list_head) list_rotate_left(list_head) list_splice(list_head,list_head) list_splice_init(list_head,list_head)
  list_splice_tail(list_head,list_head) list_splice_tail_init(list_head,list_head) llist_add(llist_node,llist_head) llist_del_all(llist_head)
  llist_empty(llist_head) llist_entry(llist_node,type,field) llist_for_each_entry(llist_node,type,field)
  llist_for_each_entry_safe(llist_node,type,field) llist_reverse_order(llist_node) local_bh_disable() local_bh_enable() local_irq_disable()
  local_irq_enable() local_irq_restore(number) local_irq_save() lock_mount_hash() lock_sock(sock) lock_sock_nested(sock,number)
  lockdep_assert_held(object) lockdep_assert_held_read(object) lockdep_assert_held_write(object) lockdep_assert_irqs_disabled()
  lockdep_assert_irqs_enabled() lockdep_assert_not_held(object) lockdep_is_held(object) lockdep_set_class(object,string) lockref_get(lockref)
  lockref_get_not_dead(lockref) lockref_get_not_zero(lockref) lockref_init(lockref) lockref_mark_dead(lockref) lockref_put_or_lock(lockref)
  lockref_put_return(lockref) max(number,number) mayFail(name) mempool_alloc(mempool_t,number) mempool_create_slab_pool(number,type)
  mempool_destroy(mempool_t) mempool_free(object,mempool_t) memset(object,number) might_lock(object) might_sleep() min(number,number)
  mnt_make_shortterm(vfsmount) mntget(vfsmount) mntput(vfsmount) mod_delayed_work(workqueue_struct,delayed_work,number)
  mod_timer(timer_list,number) module_put(module) module_refcount(module) module_text(module) msecs_to_jiffies(number) msleep(number)
  mutex_init(mutex) mutex_is_locked(mutex) mutex_lock(mutex) mutex_lock_interruptible(mutex) mutex_lock_interruptible_nested(mutex,number)
  mutex_lock_killable(mutex) mutex_lock_killable_nested(mutex,number) mutex_lock_nested(mutex,number) mutex_trylock(mutex) mutex_unlock(mutex)
  new_inode(super_block) nla_get_u32(attribute) notifier_from_errno(number) notifier_to_errno(number) ns_alloc_inum(ns_common)
  ns_free_inum(ns_common) per_cpu(percpu_int,number) percpu_down_read(percpu_rw_semaphore) percpu_down_read_trylock(percpu_rw_semaphore)
  percpu_down_write(percpu_rw_semaphore) percpu_free_rwsem(percpu_rw_semaphore) percpu_init_rwsem(percpu_rw_semaphore)
  percpu_ref_exit(percpu_ref) percpu_ref_get(percpu_ref) percpu_ref_init(percpu_ref,function,number,number) percpu_ref_is_dying(percpu_ref)
  percpu_ref_is_zero(percpu_ref) percpu_ref_kill(percpu_ref) percpu_ref_kill_and_confirm(percpu_ref,function) percpu_ref_put(percpu_ref)
  percpu_ref_reinit(percpu_ref) percpu_ref_tryget(percpu_ref) percpu_ref_tryget_live(percpu_ref) percpu_up_read(percpu_rw_semaphore)
  percpu_up_write(percpu_rw_semaphore) pr_debug(...) pr_err(...) pr_info(...) pr_warn(...) preempt_disable() preempt_enable()
  prepare_to_wait(wait_queue_head_t,number?) prepare_to_wait_exclusive(wait_queue_head_t,number) printk(...) ptr() put_device(device)
  put_disk(gendisk) put_fs_context(fs_context) put_task_struct(task_struct) put_unused_fd(number) put_user(value,number,field)
  put_user_ns(user_namespace) queue_delayed_work(workqueue_struct,delayed_work,number) queue_rcu_work(workqueue_struct,rcu_work)
  queue_work(workqueue_struct,work_struct) queue_work_on(number,workqueue_struct,work_struct)
  raw_notifier_call_chain(raw_notifier_head,number,object) raw_notifier_chain_register(raw_notifier_head,notifier_block)
  raw_notifier_chain_unregister(raw_notifier_head,notifier_block) rcu_access_pointer(object,field) rcu_assign_pointer(object,field,value)
  rcu_barrier() rcu_barrier_sched() rcu_dereference(object,field) rcu_dereference_bh(object,field) rcu_dereference_check(object,field,boolean)
  rcu_dereference_protected(object,field,boolean) rcu_dereference_raw(object,field) rcu_read_lock() rcu_read_lock_bh() rcu_read_lock_held()
  rcu_read_lock_sched() rcu_read_unlock() rcu_read_unlock_bh() rcu_read_unlock_sched() rcu_replace_pointer(object,field,value,boolean)
  read_lock(rwlock_t) read_lock_bh(rwlock_t) read_lock_irq(rwlock_t) read_lock_irqsave(rwlock_t) read_seqbegin(seqlock_t)
  read_seqcount_begin(seqcount_t) read_seqcount_retry(seqcount_t,number) read_seqlock_excl(seqlock_t) read_seqretry(seqlock_t,number)
  read_sequnlock_excl(seqlock_t) read_trylock(rwlock_t) read_unlock(rwlock_t) read_unlock_bh(rwlock_t) read_unlock_irq(rwlock_t)
  read_unlock_irqrestore(rwlock_t,number) refcount_add(number,refcount_t) refcount_add_not_zero(number,refcount_t) refcount_dec(refcount_t)
  refcount_dec_and_lock(refcount_t,spinlock_t) refcount_dec_and_lock_irqsave(refcount_t,spinlock_t,out)
  refcount_dec_and_mutex_lock(refcount_t,mutex) refcount_dec_and_test(refcount_t) refcount_dec_if_one(refcount_t)
  refcount_dec_not_one(refcount_t) refcount_inc(refcount_t) refcount_inc_not_zero(refcount_t) refcount_read(refcount_t)
  refcount_set(refcount_t,number) refcount_sub_and_test(number,refcount_t) register_blkdev(number,name) reinit_completion(completion)
  release_sock(sock) remove_wait_queue(wait_queue_head_t) replace_fd(number,file,number) request_irq(number,function,number,name,object)
  rtnl_is_locked() rtnl_lock() rtnl_trylock() rtnl_unlock() rwlock_init(rwlock_t) schedule() schedule_delayed_work(delayed_work,number)
  schedule_timeout(number) schedule_timeout_interruptible(number) schedule_timeout_uninterruptible(number) schedule_work(work_struct)
  sema_init(semaphore,number) seqcount_init(seqcount_t) seqlock_init(seqlock_t) set_bit(number,object,field) set_capacity(gendisk,number)
  set_current_state(number) sget_fc(fs_context,function) signal_pending(task_struct) sk_sleep(sock) skb_dequeue(sk_buff_head)
  skb_dequeue_tail(sk_buff_head) skb_get(sk_buff) skb_peek(sk_buff_head) skb_queue_empty(sk_buff_head) skb_queue_empty_lockless(sk_buff_head)
  skb_queue_head(sk_buff_head,sk_buff) skb_queue_head_init(sk_buff_head) skb_queue_len(sk_buff_head) skb_queue_len_lockless(sk_buff_head)
  skb_queue_purge(sk_buff_head) skb_queue_tail(sk_buff_head,sk_buff) skb_shared(sk_buff) skb_unlink(sk_buff,sk_buff_head)
  smp_acquire__after_ctrl_dep() smp_load_acquire(object,field) smp_mb() smp_mb__after_atomic() smp_mb__after_spinlock()
  smp_mb__before_atomic() smp_rmb() smp_store_release(object,field,value) smp_wmb() sock_hold(sock) sock_init_data(sock)
  sock_owned_by_user(sock) sock_put(sock) spin_lock(spinlock_t) spin_lock_bh(spinlock_t) spin_lock_init(spinlock_t) spin_lock_irq(spinlock_t)
  spin_lock_irqsave(spinlock_t) spin_lock_irqsave_nested(spinlock_t,number) spin_lock_nested(spinlock_t,number) spin_trylock(spinlock_t)
  spin_trylock_bh(spinlock_t) spin_trylock_irq(spinlock_t) spin_unlock(spinlock_t) spin_unlock_bh(spinlock_t) spin_unlock_irq(spinlock_t)
  spin_unlock_irqrestore(spinlock_t,number) srcu_barrier(srcu_struct) srcu_cleanup_notifier_head(srcu_notifier_head)
  srcu_dereference(object,field,srcu_struct) srcu_init_notifier_head(srcu_notifier_head)
  srcu_notifier_call_chain(srcu_notifier_head,number,object) srcu_notifier_chain_register(srcu_notifier_head,notifier_block)
  srcu_notifier_chain_unregister(srcu_notifier_head,notifier_block) srcu_read_lock(srcu_struct) srcu_read_lock_held(srcu_struct)
  srcu_read_unlock(srcu_struct,number) static_var(name,value) struct(name,fields) synchronize_hardirq(number) synchronize_irq(number)
  synchronize_net() synchronize_rcu() synchronize_rcu_expedited() synchronize_sched() synchronize_srcu(srcu_struct)
  synchronize_srcu_expedited(srcu_struct) tasklet_disable(tasklet_struct) tasklet_disable_in_atomic(tasklet_struct)
  tasklet_disable_nosync(tasklet_struct) tasklet_enable(tasklet_struct) tasklet_hi_schedule(tasklet_struct)
  tasklet_init(tasklet_struct,function,object) tasklet_kill(tasklet_struct) tasklet_schedule(tasklet_struct)
  tasklet_setup(tasklet_struct,function) test_and_clear_bit(number,object,field) test_and_set_bit(number,object,field)
  test_and_set_bit_lock(number,object,field) test_bit(number,object,field) this_cpu_add(percpu_int,number) time_after(number,number)
  time_before(number,number) timer_delete(timer_list) timer_delete_sync(timer_list) timer_pending(timer_list)
  timer_setup(timer_list,function,number) timer_shutdown(timer_list) timer_shutdown_sync(timer_list) to_delayed_work(work_struct)
  to_rcu_work(work_struct) try_cmpxchg(object,field,out,value) try_cmpxchg_acquire(object,field,out,value)
  try_cmpxchg_relaxed(object,field,out,value) try_cmpxchg_release(object,field,out,value) try_module_get(module)
  try_to_del_timer_sync(timer_list) try_wait_for_completion(completion) unlock_mount_hash() unregister_blkdev(number,name) up(semaphore)
  up_read(rw_semaphore) up_write(rw_semaphore) vfree(object) vfs_create_mount(fs_context) vfs_get_tree(fs_context) vm_mmap(object)
  vm_munmap(number) vzalloc(type) wait_event(wait_queue_head_t,function) wait_event_freezable(wait_queue_head_t,function)
  wait_event_idle(wait_queue_head_t,function) wait_event_idle_exclusive(wait_queue_head_t,function)
  wait_event_interruptible(wait_queue_head_t,function) wait_event_interruptible_exclusive(wait_queue_head_t,function)
  wait_event_interruptible_lock_irq(wait_queue_head_t,function,spinlock_t) wait_event_interruptible_timeout(wait_queue_head_t,function,number)
  wait_event_killable(wait_queue_head_t,function) wait_event_killable_exclusive(wait_queue_head_t,function)
  wait_event_lock_irq(wait_queue_head_t,function,spinlock_t) wait_event_timeout(wait_queue_head_t,function,number)
  wait_for_completion(completion) wait_for_completion_interruptible(completion) wait_for_completion_killable(completion)
  wait_for_completion_timeout(completion,number) wait_on_bit(object,field,number,number) wait_on_bit_lock(object,field,number,number)
  wait_var_event(object,function) waitqueue_active(wait_queue_head_t) wake_up(wait_queue_head_t) wake_up_all(wait_queue_head_t)
  wake_up_bit(object,string,number) wake_up_interruptible(wait_queue_head_t) wake_up_interruptible_all(wait_queue_head_t)
  wake_up_interruptible_nr(wait_queue_head_t,number) wake_up_nr(wait_queue_head_t,number) wake_up_process(task_struct) wake_up_var(object)
  work_pending(work_struct) wq_has_sleeper(wait_queue_head_t) write_lock(rwlock_t) write_lock_bh(rwlock_t) write_lock_irq(rwlock_t)
  write_lock_irqsave(rwlock_t) write_seqcount_begin(seqcount_t) write_seqcount_end(seqcount_t) write_seqlock(seqlock_t)
  write_sequnlock(seqlock_t) write_trylock(rwlock_t) write_unlock(rwlock_t) write_unlock_bh(rwlock_t) write_unlock_irq(rwlock_t)
  write_unlock_irqrestore(rwlock_t,number) xa_alloc(xarray,out,value,table,number) xa_cmpxchg(xarray,number,value,value,number)
  xa_destroy(xarray) xa_empty(xarray) xa_erase(xarray,number) xa_err(own) xa_find(xarray,out,number,number)
  xa_find_after(xarray,out,number,number) xa_init(xarray) xa_init_flags(xarray,number) xa_insert(xarray,number,value,number) xa_is_err(own)
  xa_load(xarray,number) xa_lock(xarray) xa_lock_bh(xarray) xa_lock_irq(xarray) xa_lock_irqsave(xarray) xa_store(xarray,number,value,number)
  xa_unlock(xarray) xa_unlock_bh(xarray) xa_unlock_irq(xarray) xa_unlock_irqrestore(xarray,number) xchg(object,field,value)
  xchg_relaxed(object,field,value)
`
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [name = '', words = ''] = entry.slice(0, -1).split('(');
      return [name, words === '' ? [] : words.split(',')];
    }),
);
