// SPDX-License-Identifier: GPL-2.0-only
/** Plain, marked and atomic accesses. */
import * as k from '../../../kernel';
import type { Op } from '../../../machine';
import { doing, giving, type Make, pick, plain, two } from './kit';

const vars = two((name) => k.static_var<number>(name, 0), 'v');
const atomics = two((name) => k.DEFINE_ATOMIC(name, 0), 'a');

export const memory: Make[] = [
  (i) => plain(`last = v${i}.value`, (r) => (r.last = pick(vars, i).value)),
  (i, value) => plain(`v${i}.value = ${value}`, () => (pick(vars, i).value = value)),
  (i) => plain(`v${i}.value = last + 1`, (r) => (pick(vars, i).value = r.last + 1)),
  (i) => giving(`READ_ONCE(v${i})`, () => k.READ_ONCE(pick(vars, i), 'value')),
  (i, value) =>
    doing(`WRITE_ONCE(v${i}, ${value})`, () => k.WRITE_ONCE(pick(vars, i), 'value', value)),
  (i) =>
    doing(`WRITE_ONCE(v${i}, last + 1)`, (r) => k.WRITE_ONCE(pick(vars, i), 'value', r.last + 1)),
  (i) => giving(`atomic_read(a${i})`, () => k.atomic_read(pick(atomics, i))),
  (i, value) => doing(`atomic_set(a${i}, ${value})`, () => k.atomic_set(pick(atomics, i), value)),
  (i) => doing(`atomic_inc(a${i})`, () => k.atomic_inc(pick(atomics, i))),
  (i) => giving(`atomic_inc_not_zero(a${i})`, () => k.atomic_inc_not_zero(pick(atomics, i))),
  (i, value) =>
    giving(`atomic_cmpxchg(a${i}, ${value}, 2)`, () =>
      k.atomic_cmpxchg(pick(atomics, i), value, 2),
    ),
  (i, value) =>
    giving(`atomic_fetch_add(${value}, a${i})`, () => k.atomic_fetch_add(value, pick(atomics, i))),
  (i) => giving(`atomic_dec_if_positive(a${i})`, () => k.atomic_dec_if_positive(pick(atomics, i))),
  (i, value) => giving(`xchg(v${i}, ${value})`, () => k.xchg(pick(vars, i), 'value', value)),
  (i, value) =>
    giving(`cmpxchg(v${i}, ${value}, 1)`, () => k.cmpxchg(pick(vars, i), 'value', value, 1)),
];

/** The values of all shared memory, as part of an execution's outcome. */
export function* finalState(): Op<string> {
  const parts: string[] = [];
  for (const variable of vars) parts.push(String(variable.value));
  for (const atomic of atomics) parts.push(String(yield* k.atomic_read(atomic)));
  return parts.join(',');
}
