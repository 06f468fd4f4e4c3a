// SPDX-License-Identifier: GPL-2.0-only
/** Primitives for which a weaker one is taken: no look at zero, no wait, no lock, no mark, no patience. */
import {
  type Call,
  callsIn,
  type Driver,
  instead,
  type Mutation,
  type Mutator,
  textOf,
} from '../driver';

/** A weaker call: its text, given the arguments of the stronger one, and the primitives it needs. */
type Weaker = (args: readonly string[]) => { readonly text: string; readonly needs: string[] };

/** The same call of another primitive. */
const plain =
  (name: string): Weaker =>
  (args) => ({ text: `(yield* ${name}(${args.join(', ')}))`, needs: [name] });
/** A get that looks at nothing, and says that it has worked. */
const always =
  (name: string): Weaker =>
  ([counter = '']) => ({ text: `((yield* ${name}(${counter})), true)`, needs: [name] });
/** A put whose lock comes after the count. */
const lockedLate =
  (put: string, lock: string): Weaker =>
  ([counter = '', by = '']) => ({
    text: `((yield* ${put}(${counter})) && ((yield* ${lock}(${by})), true))`,
    needs: [put, lock],
  });
const member = (field: string): string =>
  /^'\w+'$/.test(field) ? `.${field.slice(1, -1)}` : `[${field}]`;

const WEAKER: Readonly<Record<string, Weaker>> = {
  kref_get_unless_zero: always('kref_get'),
  refcount_inc_not_zero: always('refcount_inc'),
  atomic_inc_not_zero: always('atomic_inc'),
  percpu_ref_tryget: always('percpu_ref_get'),
  percpu_ref_tryget_live: plain('percpu_ref_tryget'),
  try_module_get: always('__module_get'),
  refcount_dec_and_lock: lockedLate('refcount_dec_and_test', 'spin_lock'),
  refcount_dec_and_mutex_lock: lockedLate('refcount_dec_and_test', 'mutex_lock'),
  atomic_dec_and_lock: lockedLate('atomic_dec_and_test', 'spin_lock'),
  atomic_dec_and_mutex_lock: lockedLate('atomic_dec_and_test', 'mutex_lock'),
  kfree_rcu: ([object = '']) => ({ text: `(yield* kfree(${object}))`, needs: ['kfree'] }),
  wake_up_all: plain('wake_up'),
  complete_all: plain('complete'),
  smp_store_release: plain('WRITE_ONCE'),
  smp_load_acquire: plain('READ_ONCE'),
  READ_ONCE: ([object = '', field = "'value'"]) => ({
    text: `${object}${member(field)}`,
    needs: [],
  }),
  WRITE_ONCE: ([object = '', field = '', value = '']) => ({
    text: `(${object}${member(field)} = ${value})`,
    needs: [],
  }),
};

/**
 * What GFP_ATOMIC changes: whether one waits for memory or goes without. Elsewhere in the model an allocation fails as often with either, so
 * that only the other way round makes a difference: one that may sleep where it must not.
 */
const WAITS: readonly string[] = ['mempool_alloc', 'idr_pre_get'];

/** Takes weaker primitives, gives up where one would wait for memory, and waits where one may not. */
export const siblings: Mutator = (fn, driver) =>
  callsIn(fn).flatMap((call) => [...weakened(call, driver), ...otherFlags(call)]);

function otherFlags({ name, node }: Call): Mutation[] {
  return node.arguments.flatMap((argument): Mutation[] => {
    if (argument.type !== 'Identifier') return [];
    if (argument.name === 'GFP_KERNEL' && WAITS.includes(name))
      return [{ edits: [instead(argument, 'GFP_ATOMIC')], needs: ['GFP_ATOMIC'] }];
    if (argument.name === 'GFP_ATOMIC' || argument.name === 'GFP_NOWAIT')
      return [{ edits: [instead(argument, 'GFP_KERNEL')], needs: ['GFP_KERNEL'] }];
    return [];
  });
}

function weakened({ name, node, whole }: Call, driver: Driver): Mutation[] {
  const weaker = WEAKER[name];
  if (weaker === undefined) return [];
  const { text, needs } = weaker(node.arguments.map((argument) => textOf(driver, argument)));
  return [{ edits: [instead(whole, text)], needs }];
}
