// SPDX-License-Identifier: GPL-2.0-only
/** Names that a kernel file may use without a thought and a driver here has not, with what is written in their place. */

const NO_TIME =
  'as a delay orders nothing; wait for the event itself, with wait_event() or a completion';
const NO_MODULE_LINE =
  'as a driver is not built as a module; delete this line, and write export before what the scenarios call';
const FIELD_TYPE = 'a field of a struct() is an int, a bool, a text or a ptr<type>()';

const SENTENCES: readonly (readonly [names: string, sentence: string])[] = [
  ['NULL nullptr nil None', 'write null'],
  ['TRUE True', 'write true'],
  ['FALSE False', 'write false'],
  ['likely unlikely', 'write the condition alone'],
  ['assert ASSERT static_assert BUILD_BUG_ON', 'write WARN_ON(condition) for what must not be'],
  [
    'printf fprintf sprintf snprintf puts perror dev_info dev_dbg dev_err dev_warn netdev_info',
    'write printk(text)',
  ],
  [
    'KERN_INFO KERN_ERR KERN_WARNING KERN_DEBUG KERN_NOTICE',
    'leave it out: printk() has no levels here',
  ],
  ['malloc vmalloc', 'write yield* kmalloc(type, GFP_KERNEL), with the structure as type'],
  ['calloc', 'write yield* kzalloc(type, GFP_KERNEL), with the structure as type'],
  ['free', 'write yield* kfree(object)'],
  ['sizeof', 'memory is asked for by its structure, as in kzalloc(device, GFP_KERNEL)'],
  ['offsetof typeof', "a field is named by its text, as in container_of(ref, device, 'ref')"],
  ['strcmp strncmp', 'compare texts with ==='],
  ['strlen', 'write text.length'],
  ['strcpy strncpy strscpy strlcpy strdup kstrdup', 'assign the text with ='],
  ['memcpy memmove', 'assign the fields one by one'],
  ['usleep_range udelay ndelay mdelay', NO_TIME],
  ['ssleep', 'write yield* msleep(milliseconds)'],
  ['ktime_get', 'write yield* jiffies()'],
  ['min_t max_t clamp_t abs', 'write min(), max(), clamp() or Math.abs()'],
  ['swap', 'keep one of the two in a const, and assign twice'],
  ['ARRAY_SIZE', 'write list.length'],
  ['BIT BIT_MASK', 'write 1 << nr'],
  ['DIV_ROUND_UP', 'write Math.ceil(a / b)'],
  [
    'get_random_u32 prandom_u32 get_random_bytes rand random',
    'the scheduler is the only source of choice',
  ],
  ['smp_processor_id raw_smp_processor_id get_cpu', 'a driver does not know the CPU it runs on'],
  ['guard scoped_guard', 'take the lock, and release it on every way out'],
  ['fallthrough', 'end each case with break or return'],
  ['pass', 'an empty block is {}'],
  ['panic exit abort', 'write BUG() where nothing can go on'],
  ['goto', 'write what stands at the label in its place'],
  ['errno raise', 'return the error itself, as in return -EIO'],
  ['__func__ __FUNCTION__ __LINE__ __FILE__', 'write the text itself'],
  [
    'asm __asm__ __asm __sync_synchronize atomic_thread_fence',
    'write smp_mb() where a barrier is meant',
  ],
  ['cond_resched might_resched', 'any other task may run between two operations anyway'],
  ['DEFINE_WAIT', 'write yield* wait_event(queue, function* () { return condition; })'],
  ['current', 'write get_current()'],
  ['barrier', 'READ_ONCE() and WRITE_ONCE() mark an access, and smp_mb() orders two of them'],
  [
    'ACCESS_ONCE',
    "write yield* READ_ONCE(object, 'field') or yield* WRITE_ONCE(object, 'field', value)",
  ],
  ['mb rmb wmb', 'write smp_mb(), smp_rmb() or smp_wmb()'],
  ['raw_spin_lock', 'write yield* spin_lock(lock)'],
  ['raw_spin_unlock', 'write yield* spin_unlock(lock)'],
  ['raw_spin_lock_irqsave', 'write const flags = yield* spin_lock_irqsave(lock)'],
  ['raw_spin_unlock_irqrestore', 'write yield* spin_unlock_irqrestore(lock, flags)'],
  ['pthread_mutex_lock', 'write yield* mutex_lock(lock)'],
  ['pthread_mutex_unlock', 'write yield* mutex_unlock(lock)'],
  ['ATOMIC_INIT', "a count at file scope is declared by DEFINE_ATOMIC('name', 0)"],
  ['__SPIN_LOCK_UNLOCKED', "a lock at file scope is declared by DEFINE_SPINLOCK('name')"],
  [
    'EXPORT_SYMBOL EXPORT_SYMBOL_GPL MODULE_LICENSE MODULE_AUTHOR MODULE_DESCRIPTION module_init module_exit MODULE_ALIAS MODULE_VERSION module_param module_param_named early_initcall core_initcall postcore_initcall subsys_initcall fs_initcall device_initcall late_initcall',
    NO_MODULE_LINE,
  ],
  ['number unsigned long short char float double u8 u16 u32 u64 size_t', FIELD_TYPE],
  ['string boolean void', FIELD_TYPE],
  [
    'list_for_each_entry_rcu',
    'write a for loop of list_first_or_null_rcu() and list_next_or_null_rcu()',
  ],
  [
    'hlist_for_each_entry_rcu',
    'write a for loop of hlist_first_or_null_rcu() and hlist_next_or_null_rcu()',
  ],
  ['xa_for_each', 'write a for loop of xa_find() and xa_find_after()'],
  ['idr_for_each_entry', 'write a loop of idr_get_next()'],
  ['THIS_MODULE', 'the module is a static of the driver: DEFINE_MODULE()'],
];

const OF: ReadonlyMap<string, string> = new Map(
  SENTENCES.flatMap(([names, sentence]) =>
    names.split(' ').map((name) => [name, sentence] as const),
  ),
);

/** What is written here in place of a name of C or the kernel; null for other names. */
export function insteadOf(name: string): string | null {
  return OF.get(name) ?? null;
}

/** Lines at file scope that say how a module is built. */
export function isModuleLine(name: string): boolean {
  return OF.get(name) === NO_MODULE_LINE;
}
