// SPDX-License-Identifier: GPL-2.0-only
/** The types of C, and what stands for them here. */

const NUMBERS =
  'int unsigned signed long short char float double u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s32 __le32 __be32 ' +
  'size_t ssize_t loff_t off_t gfp_t dev_t pid_t sector_t umode_t uint8_t uint16_t uint32_t uint64_t int8_t int16_t int32_t int64_t uint ulong';
const NUMBER = new Set(NUMBERS.split(' '));

/** What a variable or a parameter of C is. */
export interface CType {
  /** Without `struct`, `const` and the like. */
  readonly name: string;
  readonly struct: boolean;
  readonly pointer: boolean;
}

/** Matches a type of C with its stars: words in front, `struct x`, a word that is a type, or any word that is followed by a star. */
export const C_TYPE = String.raw`(?:(?:const|volatile|register|extern|static|inline|noinline|__\w+|auto)\s+)*(?:struct\s+\w+|union\s+\w+|enum\s+\w+|(?:(?:unsigned|signed|long|short)\s+)*(?:${NUMBERS.replace(/ /g, '|')}|void|bool|_Bool|\w+_t))\b(?:\s*(?:\*|const\b|__\w+\b))*`;

/** Takes a type apart. */
export function cType(text: string): CType {
  const words = text.replace(/\*/g, ' ').trim().split(/\s+/);
  const struct = words.includes('struct') || words.includes('union');
  const name = words.filter((word) => !isQualifier(word)).at(-1) ?? '';
  return { name, struct, pointer: text.includes('*') };
}

/** Also `__init` and whatever else begins so and is not a number. */
function isQualifier(word: string): boolean {
  return QUALIFIERS.has(word) || (word.startsWith('__') && !NUMBER.has(word));
}

const QUALIFIERS = new Set(
  'const volatile register extern static inline noinline __always_inline auto struct union enum __user __rcu __iomem __percpu'.split(
    ' ',
  ),
);

/** The type that is written here. */
export function typeHere({ name, struct, pointer }: CType): string {
  if (!struct && name === 'char' && pointer) return 'string';
  if (!struct && name === 'void') return pointer ? 'object' : 'void';
  if (!struct && (name === 'bool' || name === '_Bool')) return 'boolean';
  return !struct && NUMBER.has(name) ? 'number' : name;
}

/** Is it a type of numbers and the like, which have no address here? */
export function isPlain(type: CType): boolean {
  return !type.struct && ['number', 'string', 'boolean'].includes(typeHere(type));
}

/** How objects of the kernel's own types are declared at file scope. */
const DECLARED: Readonly<Record<string, (name: string) => string>> = {
  spinlock_t: (name) => `DEFINE_SPINLOCK('${name}')`,
  raw_spinlock_t: (name) => `DEFINE_SPINLOCK('${name}')`,
  rwlock_t: (name) => `DEFINE_RWLOCK('${name}')`,
  mutex: (name) => `DEFINE_MUTEX('${name}')`,
  semaphore: (name) => `DEFINE_SEMAPHORE('${name}', 1)`,
  rw_semaphore: (name) => `DECLARE_RWSEM('${name}')`,
  completion: (name) => `DECLARE_COMPLETION('${name}')`,
  wait_queue_head_t: (name) => `DECLARE_WAIT_QUEUE_HEAD('${name}')`,
  wait_queue_head: (name) => `DECLARE_WAIT_QUEUE_HEAD('${name}')`,
  list_head: (name) => `LIST_HEAD('${name}')`,
  llist_head: (name) => `LLIST_HEAD('${name}')`,
  idr: (name) => `DEFINE_IDR('${name}')`,
  atomic_t: (name) => `DEFINE_ATOMIC('${name}', 0)`,
  atomic64_t: (name) => `DEFINE_ATOMIC('${name}', 0)`,
  atomic_long_t: (name) => `DEFINE_ATOMIC('${name}', 0)`,
  seqlock_t: (name) => `DEFINE_SEQLOCK('${name}')`,
  seqcount_t: (name) => `DEFINE_SEQLOCK('${name}')`,
};

/** `DEFINE_SPINLOCK('lock')` for a spinlock_t; null for a type that has nothing of the kind. */
export function declaredAs({ name: type }: CType, name: string): string | null {
  return Object.hasOwn(DECLARED, type) ? (DECLARED[type]?.(name) ?? null) : null;
}
