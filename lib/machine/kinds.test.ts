// SPDX-License-Identifier: GPL-2.0-only
/** What the compiler accepts for kinds: the type check fails if a line after @ts-expect-error is correct. */
import { DEFINE_MUTEX } from '../kernel/mutex';
import { DEFINE_SPINLOCK } from '../kernel/spinlock';
import { type Kind, objectOf, type Op, request } from '.';
import { requestIn } from './op';

const lock = objectOf(DEFINE_SPINLOCK('lock'));
const other = objectOf(DEFINE_MUTEX('other'));

const NESTED: Kind<typeof lock, [subclass: number], number> = {
  name: 'nested',
  access: 'write',
  perform: (_machine, _task, { object, a }) => object.state + a,
};
const NAMED: Kind<null, [name: string, nr: number], void> = {
  name: 'named',
  access: 'none',
  perform: () => undefined,
};

/** Each of these would build an operation. None is called. */
const refused: readonly (() => Op<unknown>)[] = [
  // @ts-expect-error -- it gives a number
  (): Op<void> => request(NESTED, lock, 1),
  // @ts-expect-error -- it acts on spinlocks
  () => request(NESTED, other, 1),
  // @ts-expect-error -- a subclass is a number
  () => request(NESTED, lock, '1'),
  // @ts-expect-error -- the subclass is missing
  () => request(NESTED, lock),
  // @ts-expect-error -- the arguments are swapped
  () => request(NAMED, null, 1, 'name'),
];

it('refuses a wrong result, object or argument, and takes any kind for a Kind', () => {
  const accepted: Op<number> = request(NESTED, lock, 1);
  const kinds: readonly Kind[] = [NESTED, NAMED];
  expect(kinds.map(({ name }) => name)).toEqual(['nested', 'named']);
  expect(requestIn(accepted[Symbol.iterator]().next().value)?.a).toBe(1);
  expect(refused).toHaveLength(5);
});
