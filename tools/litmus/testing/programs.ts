// SPDX-License-Identifier: GPL-2.0-only
/** Random programs that the axioms understand. */
import fc from 'fast-check';
import {
  addressOf,
  INTEGERS,
  type Line,
  type Ordering,
  POINTER,
  type Program,
} from '../axioms/program';

type Lines = readonly Line[];

/** Lines that belong together. `n` makes values and registers differ; `last` is the register that was read last. */
type Maker = (at: string, n: number, last: string | null) => Lines;

const ORDERINGS: readonly Ordering[] = ['relaxed', 'acquire', 'release', 'full'];

const write: Maker = (at, n) => [{ op: 'write', at, value: n, how: 'once' }];
const read: Maker = (at, n) => [{ op: 'read', to: `r${n}`, at, how: 'once' }];
const plainWrite: Maker = (at, n) => [{ op: 'write', at, value: n, how: 'plain' }];
const plainRead: Maker = (at, n) => [{ op: 'read', to: `r${n}`, at, how: 'plain' }];
const fence =
  (fence: 'mb' | 'rmb' | 'wmb' | 'sync-rcu'): Maker =>
  () => [{ op: 'fence', fence }];
const locked =
  (inner: Maker): Maker =>
  (at, n, last) => [{ op: 'lock' }, ...inner(at, n, last), { op: 'unlock' }];
const section =
  (inner: Maker): Maker =>
  (at, n, last) => [
    { op: 'fence', fence: 'rcu-lock' },
    ...inner(at, n, last),
    { op: 'fence', fence: 'rcu-unlock' },
  ];
const given =
  (inner: Maker): Maker =>
  (at, n, last) =>
    last === null
      ? inner(at, n, last)
      : [{ op: 'when', register: last, lines: inner(at, n, last) }];

const update =
  (op: 'xchg' | 'cmpxchg' | 'inc', order: Ordering): Maker =>
  (at, n) => [{ op, to: `r${n}`, at, value: n, order }];

/** The makers that come up, as often as they stand here. */
const MARKED: readonly Maker[] = [
  write,
  write,
  write,
  read,
  read,
  read,
  fence('mb'),
  fence('rmb'),
  fence('wmb'),
  fence('mb'),
  fence('rmb'),
  fence('wmb'),
  (at, n) => [{ op: 'write', at, value: n, how: 'release' }],
  (at, n) => [{ op: 'write', at, value: n, how: 'release' }],
  (at, n) => [{ op: 'read', to: `r${n}`, at, how: 'acquire' }],
  (at, n) => [{ op: 'read', to: `r${n}`, at, how: 'acquire' }],
  ...ORDERINGS.map((order) => update('xchg', order)),
  update('cmpxchg', 'full'),
  update('cmpxchg', 'relaxed'),
  ...ORDERINGS.map((order) => update('inc', order)),
  update('inc', 'none'),
  (at) => [{ op: 'fence', fence: 'before-atomic' }, ...update('inc', 'none')(at, 0, null)],
  (at) => [...update('inc', 'none')(at, 0, null), { op: 'fence', fence: 'after-atomic' }],
  locked(write),
  locked(read),
  (at, n) => [
    { op: 'lock' },
    { op: 'fence', fence: 'after-spinlock' },
    ...read(at, n, null),
    { op: 'unlock' },
  ],
  section(read),
  section(write),
  fence('sync-rcu'),
  (at, _n, last) => (last === null ? [] : [{ op: 'write', at, value: last, how: 'once' }]),
];

/** Plain accesses, mostly behind a load that has seen something. */
const PLAIN: readonly Maker[] = [
  plainWrite,
  plainWrite,
  plainWrite,
  given(plainRead),
  given(plainRead),
  given(plainRead),
  given(plainWrite),
  given(plainWrite),
  plainRead,
  locked(plainWrite),
  locked(plainRead),
  section(plainRead),
  section(plainWrite),
];

const POINTERS: readonly Maker[] = [
  (at) => [{ op: 'write', at: POINTER, value: addressOf(at), how: 'release' }],
  (at) => [{ op: 'write', at: POINTER, value: addressOf(at), how: 'once' }],
  (_at, n) => [
    { op: 'read', to: `q${n}`, at: POINTER, how: 'once' },
    { op: 'read', to: `r${n}`, at: { register: `q${n}` }, how: 'once' },
  ],
  (_at, n) => [
    { op: 'read', to: `q${n}`, at: POINTER, how: 'once' },
    { op: 'read', to: `r${n}`, at: { register: `q${n}` }, how: 'plain' },
  ],
  (_at, n) => [
    { op: 'read', to: `q${n}`, at: POINTER, how: 'once' },
    { op: 'write', value: n, at: { register: `q${n}` }, how: 'plain' },
  ],
  (_at, n) => [
    { op: 'read', to: `q${n}`, at: POINTER, how: 'once' },
    { op: 'write', value: n, at: { register: `q${n}` }, how: 'once' },
  ],
];

/** What programs are made of, by what they are about. */
const SORTS = {
  'marked accesses': MARKED,
  'plain accesses': [...MARKED, ...PLAIN, ...PLAIN],
  pointers: [...MARKED, ...PLAIN, ...POINTERS, ...POINTERS, ...POINTERS],
};

/** Programs of one sort, of two or three threads with up to `most` makers each. */
export function programs(sort: keyof typeof SORTS, most: number): fc.Arbitrary<Program> {
  const line = fc.tuple(fc.constantFrom(...SORTS[sort]), fc.constantFrom(...INTEGERS));
  const thread = fc.array(line, { minLength: 1, maxLength: most });
  return fc.array(thread, { minLength: 2, maxLength: 3 }).map((threads) =>
    threads.map((parts, t) => {
      let last: string | null = null;
      return parts.flatMap(([make, at], i) => {
        const lines = make(at, 10 * t + i + 1, last);
        for (const line of lines) if (line.op === 'read' && line.to.startsWith('r')) last = line.to;
        return lines;
      });
    }),
  );
}
